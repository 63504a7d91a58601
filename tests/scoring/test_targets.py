"""One module reads, writes and words targets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.scoring import targets
from kaoping.scoring.targets import Target, TargetError

KEPT = [
    ("page:https://a.test/b?c=1", Target("page", "https://a.test/b?c=1")),
    ("site:a.test:8080", Target("site", "a.test:8080")),
    ("place:U1-3", Target("place", "U1-3")),
    ("document:常政办发〔2025〕3 号", Target("document", "常政办发〔2025〕3 号")),
    ("row:requests:2025-017", Target("row", "requests:2025-017")),
    ("account:weixin:gh_1", Target("account", "weixin:gh_1")),
]


@pytest.mark.parametrize(("text", "expected"), KEPT)
def test_every_form_is_read_and_may_be_recorded(text, expected):
    assert targets.parse(text) == expected
    assert targets.refusal(text) is None


@pytest.mark.parametrize(
    "text",
    ["", "https://a.test/", "page:a.test", "page:https://a.test/#top", "row:requests", "photo:1", "place: "],
)
def test_what_is_no_target(text):
    assert targets.parse(text) is None
    assert targets.refusal(text)


@pytest.mark.parametrize(
    "text", ["page:http://A.test/", "page:http://a.test", "site:A.test", f"redacted:{'0' * 32}"]
)
def test_what_may_be_read_but_not_recorded(text):
    assert targets.parse(text)
    assert targets.refusal(text)


def test_a_page_and_its_site():
    assert targets.page("HTTP://A.test:80/x#y") == "page:http://a.test/x"
    assert targets.site("https://A.test/x") == targets.site("http://a.test") == "site:a.test"
    assert targets.site("http://a.test:8080/") == "site:a.test:8080"
    for made in (targets.page, targets.site):
        with pytest.raises(TargetError, match="网址"):
            made("大厅")


def test_a_place_needs_an_id_and_a_document_a_number():
    assert targets.place("U1-3") == "place:U1-3"
    assert targets.document("苏政发〔2025〕1号") == "document:苏政发〔2025〕1号"
    with pytest.raises(TargetError):
        targets.place("")


def test_an_address_of_an_earlier_format_is_not_spelt_anew():
    assert targets.of_address("HTTP://A.test/b") == "HTTP://A.test/b"
    assert targets.of_address("http://A.test/b") == "page:http://A.test/b"
    assert targets.of_address("place:大厅") == "place:大厅"
    assert targets.of_address("page:http://a.test/") == "page:http://a.test/"


def test_a_new_line_about_a_stored_fault_keeps_its_identity():
    assert targets.named("") == (None, None)
    assert targets.named("page:http://a.test/") == ("page:http://a.test/", "http://a.test/")
    assert targets.named("http://a.test/b") == ("page:http://a.test/b", "http://a.test/b")
    assert targets.named("http://A.test/b") == (None, "http://A.test/b")
    assert targets.named("place:大厅") == ("place:大厅", None)
    assert targets.named("site:a.test") == ("site:a.test", None)


@given(
    st.one_of(st.sampled_from([text for text, _ in KEPT]), st.text(max_size=20), st.just("http://A.test/"))
)
def test_whatever_is_stored_a_new_line_about_it_is_the_same_fault(stored):
    target, address = targets.named(stored)
    assert (target or targets.of_address(address or "")) == targets.of_address(stored)


def test_words_for_screens():
    names = {"U1-3": "大厅（政务服务中心）"}.get
    assert targets.words("place:U1-3", names) == "大厅（政务服务中心）"
    assert targets.words("place:查阅点") == "查阅点"
    assert targets.words("page:https://a.test/b/") == targets.words("https://a.test/b/") == "a.test/b"
    assert targets.words("site:a.test") == "a.test"
    assert targets.words("row:requests:17") == "requests 17"
    assert targets.words("account:weixin:gh_1") == "weixin gh_1"
    assert targets.words(f"redacted:{'0' * 32}") == "（已遮蔽）"


def test_only_a_page_can_be_opened():
    assert targets.address("page:http://a.test/") == targets.address("http://a.test/") == "http://a.test/"
    assert targets.address("place:U1-3") == targets.address("site:a.test") == targets.address("") == ""
