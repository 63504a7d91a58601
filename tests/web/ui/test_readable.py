"""No address and no form of either face takes a NUL further than the door: what PostgreSQL would stumble over is a 400."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import NoReverseMatch, reverse

from tests.web.portal.conftest import folder, visitor  # noqa: F401 - the outside face is asked here too
from tests.web.product_pages import patterns

pytestmark = pytest.mark.django_db
ANSWERS = {400, 403, 404, 405}
# The value that an address takes at this place, where it takes more than words.
PLAIN = {"int": "1", "uuid": "0" * 32, "slug": "x", "str": "x\0y", "path": "x\0y"}


def addresses(urlconf):
    for name, pattern in patterns(urlconf).items():
        kinds = {
            key: type(one).__name__.removesuffix("Converter").lower()
            for key, one in pattern.pattern.converters.items()
        }
        given = {
            key: PLAIN["str"] if kind in ("string", "path") else PLAIN.get(kind, "1")
            for key, kind in kinds.items()
        }
        try:
            yield reverse(name, urlconf=urlconf, kwargs=given), "\0" in "".join(given.values())
        except NoReverseMatch:  # its own converter lets nothing but its own signs through
            continue


def test_inside(units, cast, signed_in):
    client, seen = signed_in(cast("office_handler")), 0
    for address, spoilt in addresses("kaoping.config.urls_inside"):
        if spoilt:
            assert client.get(address).status_code in ANSWERS, address
        address = address.replace("%00", "z")
        assert client.get(address, {"q": "a\0b"}).status_code == 400, address
        assert client.post(address, {"q": "a\0b"}).status_code == 400, address
        seen += 1
    assert seen > 100


def test_names(units, cast, signed_in):
    client = signed_in(cast("office_handler"))
    assert client.get("/", {"q\0": "a"}).status_code == 400
    sent = {"file\0": SimpleUploadedFile("a.csv", b"code")}
    assert client.post("/desk/register/import/", sent).status_code == 400


BROKEN = "reason=%ED%A0%80x%FF&note=%E4%B8%89%E6%9C%88%E5%BC%80%E4%BC%9A"
SENT = {"data": BROKEN, "content_type": "application/x-www-form-urlencoded"}


def test_bytes_that_are_no_characters_come_back_with_the_words(units, cast, signed_in):
    client = signed_in(cast("office_handler"))
    own = {"origin": "http://testserver", "referer": "http://testserver/desk/ledger/"}
    page = client.post("/desk/ledger/x/move/", **SENT, headers=own)
    assert page.status_code == 400
    words = page.content.decode()
    assert "读不出的字符" in words and "没有提交，内容还在" in words
    assert "三月开会</textarea>" in words and 'action="/desk/ledger/x/move/"' in words
    foreign = client.post("/desk/ledger/x/move/", **SENT)
    assert foreign.status_code == 400 and "三月开会" not in foreign.content.decode()
    told = client.post("/desk/ledger/x/move/", **SENT, headers={"accept": "application/json"})
    assert told.status_code == 400 and "读不出的字符" in told.json()["refused"]


def test_no_form_of_the_inside_takes_them(units, cast, signed_in):
    client = signed_in(cast("office_handler"))
    for address, spoilt in addresses("kaoping.config.urls_inside"):
        if not spoilt and not address.startswith(("/words/", "/look/")):
            assert client.post(address, **SENT).status_code in ANSWERS, address


def test_no_form_of_the_outside_takes_them(visitor):  # noqa: F811
    for address, spoilt in addresses("kaoping.config.urls_outside"):
        if not spoilt:
            assert visitor.post(address, **SENT).status_code in ANSWERS, address


def test_outside(visitor):  # noqa: F811
    for address, spoilt in addresses("kaoping.config.urls_outside"):
        if spoilt:
            assert visitor.get(address).status_code in ANSWERS, address
        address = address.replace("%00", "z")
        assert visitor.get(address, {"q": "a\0b"}).status_code == 400, address
        assert visitor.post(address, {"q": "a\0b"}).status_code in ANSWERS, address


def test_it_says_what_to_do(units, cast, signed_in):
    page = signed_in(cast("office_handler")).get("/desk/cases/?q=%00").content.decode()
    assert "没有看懂这次请求" in page
    assert "请回到上一页重新打开" in page


def test_a_search_of_many_pages_is_told_so(units, cast, signed_in):
    """No list and no search stumbles over what nobody types."""
    client = signed_in(cast("office_handler"))
    assert too_long(client, "kaoping.config.urls_inside") > 100
    assert client.get("/desk/register/", {"words": "教" * 2_000}).status_code == 200


def test_a_search_of_many_pages_is_told_so_outside(visitor):  # noqa: F811
    assert too_long(visitor, "kaoping.config.urls_outside") > 8


def too_long(client, urls):
    seen = 0
    for address, _spoilt in addresses(urls):
        page = client.get(address.replace("%00", "z"), {"words": "教" * (60_000 if not seen else 2_001)})
        assert page.status_code == 400 and "一次最多查 2,000 字" in page.content.decode(), address
        seen += 1
    return seen


def test_the_address_of_an_act_that_is_opened_says_what_it_is(units, cast, signed_in):
    client, seen = signed_in(cast("office_handler")), 0
    for address, _spoilt in addresses("kaoping.config.urls_inside"):
        page = client.get(address.replace("%00", "z"))
        if page.status_code == 405:
            assert "POST" in page.headers["Allow"]
            assert "打开它什么也没有办" in page.content.decode(), address
            seen += 1
    assert seen > 8
    page = client.post("/desk/register/")
    assert page.status_code == 405 and "这一页不收表单" in page.content.decode()
    asked = client.get("/words/seal/", headers={"accept": "application/json"})
    assert asked.status_code == 405 and "不能直接打开" in asked.json()["refused"]
