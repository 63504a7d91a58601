"""In whatever way an office saves a table as text, the same cells are read."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.foreign.sheet.texts import decoded, delimiter_of
from tests.foreign.sheet.examples import SHEET

TEXT = "代码,名称\nA-1,一件\n"
SAVED = {
    "utf-8": TEXT.encode(),
    "utf-8 with its mark": TEXT.encode("utf-8-sig"),
    "gb18030": TEXT.encode("gb18030"),
    "utf-16": TEXT.encode("utf-16"),
    "utf-16, the other order": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-16 without its mark": TEXT.encode("utf-16-le"),
    "utf-16 without its mark, the other order": TEXT.encode("utf-16-be"),
}


@pytest.mark.parametrize("name", SAVED)
def test_every_encoding_of_an_office_is_read(name):
    assert decoded(SAVED[name]) == TEXT


@pytest.mark.parametrize("content", [b"\xff\xff\xfe\x00\x81", b"\xff\xfe\x00", b"\x81\x00"])
def test_what_is_none_of_them_is_no_text(content):
    assert decoded(content) is None


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=40))
def test_what_is_saved_is_what_is_read(text):
    assert decoded(text.encode("utf-8-sig")) == text
    assert decoded(codecs.BOM_UTF16_LE + text.encode("utf-16-le")) == text


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("代码,名称\nA,一\n", ","),
        ("代码;名称\nA;一,二\n", ";"),
        ("代码\t名称\nA\t一;二,三\n", "\t"),
        ("某市,样表\n代码\t名称\n", "\t"),
        ("代码,名称\nA,一;二;三;四\n", ","),
        ("无,表头\n", ","),
        ("", ","),
        ('代码,"名称', ","),
    ],
)
def test_the_sign_between_cells_is_the_one_that_parts_the_headings(text, sign):
    assert delimiter_of(text, SHEET.headings) == sign
