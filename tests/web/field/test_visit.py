import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kaoping.evidence.services.withdrawal import close_days
from kaoping.inspection import queries
from kaoping.inspection.models import Draw
from kaoping.inspection.services import commit_draw, run_draw
from kaoping.registry.queries.organisers import main_year
from kaoping.support import clock
from tests.campaigns.examples import make_year
from tests.ledger import ledger
from tests.rectification.making import drafted

pytestmark = pytest.mark.django_db
LATE = "到达时本轮已截止，存档不计分"
JPEG = b"\xff\xd8\xff" + b"0" * 50


@pytest.fixture
def client(cast, signed_in, units, stored_files):
    return signed_in(cast("inspector", name="孙检"))


def form(client, url, **changes):
    page = client.get(url).content.decode()
    given = {
        "client_id": re.search(r'name="client_id" value="([^"]+)"', page).group(1),
        "visited_at": re.search(r'name="visited_at" value="([^"]+)"', page).group(1),
        "place": "办事大厅查阅点",
        "item": "K4.3.p",
        "outcome": "not_met",
        "note": "终端黑屏",
        "photo": SimpleUploadedFile("a.jpg", JPEG),
        "no_secret": "1",
    }
    return given | changes


def test_only_inspectors(cast, signed_in, units):
    browser = signed_in(cast("office_handler"))
    assert browser.get("/field/").status_code == 403
    assert browser.get("/field/visit/U1/").status_code == 403


def test_today_is_empty_in_words_and_units_are_found_by_name(client):
    page = client.get("/field/?words=教育").content.decode()
    assert "今天没有抽中的单位" in page and "/field/visit/U1/" in page
    assert "没有找到这个单位" in client.get("/field/?words=没有").content.decode()


def test_a_visit_without_script(client, now):
    sent = form(client, "/field/visit/U1/")
    assert sent["visited_at"] == "2025-11-24T09:30"
    done = client.post("/field/visit/U1/", sent)
    assert done.status_code == 302
    page = client.get(done["Location"]).content.decode()
    assert "市教育局" in page and "终端黑屏" in page and "几分钟内会立整改单" in page
    again = client.post(
        "/field/visit/U1/", sent | {"photo": SimpleUploadedFile("a.jpg", JPEG), "no_secret": "1"}
    )
    assert again["Location"] == done["Location"] and len(ledger()) == 1
    assert client.get(f"/field/photo/{queries.visits()[0].photo}/").content == JPEG


def test_what_arrived_after_the_round_says_so_wherever_it_stands(client, cast, signed_in, now, monkeypatch):
    """A visit that came in time counts and says nothing."""
    first = client.post("/field/visit/U1/", form(client, "/field/visit/U1/", note="在前"))["Location"]
    day = now.date()
    spans = {"": (date(day.year, 1, 1), day), "K4.3.p": (date(day.year, 1, 1), day)}
    close_days(key=main_year(2025), spans=spans, closed=True, now=now)
    sent = form(client, "/field/visit/U1/", note="在后", visited_at="2025-11-24T08:00")
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1))
    done = client.post("/field/visit/U1/", sent)["Location"]
    assert LATE in client.get(done).content.decode()  # with the answer to the form
    assert LATE in client.get(done).content.decode()  # and ever after
    assert LATE not in client.get(first).content.decode()
    assert client.get("/field/").content.decode().count(LATE) == 1
    office = signed_in(cast("office_handler"))
    assert office.get("/desk/visits/").content.decode().count(LATE) == 1
    table = office.get("/desk/visits/?format=csv").content.decode("utf-8-sig").splitlines()
    assert [LATE in line for line in table] == [False, True, False]


def test_what_is_missing_is_said_and_kept(client):
    sent = form(client, "/field/visit/U1/", place="", outcome="")
    page = client.post("/field/visit/U1/", sent)
    text = page.content.decode()
    assert page.status_code == 422 and "有 2 处要改" in text
    assert "终端黑屏" in text and sent["client_id"] in text and "照片没有存下" in text


@pytest.mark.parametrize(
    "when", ["2025-11-24T08:00+05:00", "2025-W48-1T08:00", "20251124T0800", "2025-11-24", ""]
)
def test_a_time_that_is_none(client, when):
    """The field's zone is Beijing; a time of another zone would have been read as Beijing's."""
    page = client.post("/field/visit/U1/", form(client, "/field/visit/U1/", visited_at=when))
    assert page.status_code == 422 and "请写到场的时间" in page.content.decode()


def test_a_time_before_the_year_s_period_is_refused_and_one_within_it_is_taken_late(client, cast, now):
    make_year(cast, now)
    sent = form(client, "/field/visit/U1/", visited_at="1990-06-30T09:00")
    page = client.post("/field/visit/U1/", sent)
    assert page.status_code == 422
    assert "不在考核期内（2024年12月1日起）" in page.content.decode()
    assert not queries.visits().exists()
    late = form(client, "/field/visit/U1/", visited_at="2024-12-02T09:00")
    assert client.post("/field/visit/U1/", late).status_code == 302
    assert "2024年12月2日 09:00" in client.get("/field/").content.decode()


def test_an_unknown_unit(client):
    assert client.get("/field/visit/NONE/").status_code == 404


def test_everything_missing_is_said_at_once(client):
    sent = form(client, "/field/visit/U1/", place="", item="", outcome="", visited_at="", no_secret="")
    text = client.post("/field/visit/U1/", sent).content.decode()
    assert "有 5 处要改" in text
    sent = form(client, "/field/visit/U1/", note="", visited_at="", no_secret="")
    text = client.post("/field/visit/U1/", sent).content.decode()
    assert "有 3 处要改" in text
    assert "请勾选" in text


def test_every_own_visit_can_be_reached(client):
    for number in range(12):
        sent = form(client, "/field/visit/U1/", note=f"第 {number} 次")
        assert client.post("/field/visit/U1/", sent).status_code == 302
    assert client.get("/field/").content.decode().count("/field/result/") == 10
    page = client.get("/field/").content.decode()
    assert "看全部 12 条" in page
    assert client.get("/field/?all=1").content.decode().count("/field/result/") == 12


def test_a_drawn_unit(client, cast, now):
    office = cast("office_handler")
    draw = commit_draw(
        actor=office,
        title="第四季度抽查",
        sizes={"未分组": 2},
        source="示例彩票",
        source_on=date(2099, 1, 1),
        now=now,
    )
    Draw.objects.update(source_on=None, published_at=now)
    run_draw(actor=office, draw=draw, public_value="2025322 12345", now=now)
    assert "还有 2 个单位要去" in client.get("/field/").content.decode()
    url = f"/field/visit/U1/?draw={draw.pk}"
    assert client.post(url, form(client, url)).status_code == 302
    assert ledger()[0].source == "draw" and "还有 1 个单位要去" in client.get("/field/").content.decode()


def test_the_next_visit_picks_the_place_from_the_units_list(client, now):
    url = "/field/visit/U1/"
    assert '<select id="f-place"' not in client.get(url).content.decode()
    assert client.post(url, form(client, url)).status_code == 302
    page = client.get(url).content.decode()
    assert '<select id="f-place"' in page and '<option value="办事大厅查阅点">' in page
    assert "办事大厅查阅点" not in client.get("/field/visit/U2/").content.decode()
    typed = {"place": "", "new_place": "大厅查阅点"}
    refused = client.post(url, form(client, url, **typed))
    assert refused.status_code == 422 and "名单上已有“办事大厅查阅点”" in refused.content.decode()
    assert 'value="大厅查阅点"' in refused.content.decode()
    assert client.post(url, form(client, url, **typed, another="1")).status_code == 302
    assert client.post(url, form(client, url)).status_code == 302
    assert [one.target for one in ledger()] == ["place:U1-1", "place:U1-2", "place:U1-1"]
    assert {ref.url for one in ledger() for ref in one.artefacts} == {None}


def test_a_known_fault(client, now):
    case = drafted(now)
    url = f"/field/visit/U1/?case={case.number}"
    assert "是否已整改到位" in client.get(url).content.decode()
    assert client.post(url, form(client, url, outcome="met")).status_code == 302
    assert (ledger()[-1].check, ledger()[-1].target) == (case.check_id, case.target)
    assert client.get(f"/field/visit/U2/?case={case.number}").status_code == 404


def test_without_a_photo_none_is_said_to_be_stored(client):
    sent = form(client, "/field/visit/U1/", outcome="undecided", photo="", no_secret="")
    done = client.post("/field/visit/U1/", sent, follow=True).content.decode()
    assert "已登记" in done
    assert "照片已存" not in done
    with_one = client.post("/field/visit/U1/", form(client, "/field/visit/U1/"), follow=True)
    assert "照片已存" in with_one.content.decode()


@pytest.mark.parametrize("typed", ["U1", "u1", "Ｕ１", "教育局"])
def test_a_unit_is_found_as_it_is_typed(client, typed):
    assert "/field/visit/U1/" in client.get("/field/", {"words": typed}).content.decode()
