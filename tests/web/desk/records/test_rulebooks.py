import pytest

from kaoping.standards import queries

pytestmark = pytest.mark.django_db
URL = "/desk/rulebooks/"


@pytest.fixture
def desk(year, signed_in):
    return signed_in(year.handler)


def test_adopt_look_and_compare(year, desk, signed_in):
    page = desk.get(URL).content.decode()
    assert "已采用 1 版" in page and "还没有采用" in page
    assert signed_in(year.head).post(URL + "adopt/", {"rulebook": "changzhou-2020"}).status_code == 409
    assert desk.post(URL + "adopt/", {"rulebook": "nothing"}).status_code == 404
    assert desk.post(URL + "adopt/", {"rulebook": "changzhou-2020"}).status_code == 302
    new, old = queries.versions()
    tree = desk.get(f"{URL}{new.pk}/").content.decode()
    assert "待核" in tree and "考核办法 第六条" in tree and "怎么计分" in tree
    assert '"K1.1"' in desk.get(f"{URL}{new.pk}/?format=csv").content.decode("utf-8-sig")
    chosen = desk.get(f"{URL}difference/?before={old.pk}&after={new.pk}")
    page = desk.get(chosen.headers["Location"]).content.decode()
    assert "加 " in page and "删 " in page and "改 " in page
    assert desk.get(f"{URL}{old.pk}/difference/{new.pk}/?format=csv").status_code == 200
    assert desk.get(f"{URL}difference/?before=x&after=1").status_code == 404
    assert desk.get(f"{URL}999/").status_code == 404
