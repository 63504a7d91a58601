"""Nothing that steers a terminal passes, and JSON that passes is the same JSON."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.foreign.visible import TURNING, harmless, undirected, visible

STEERING = [
    "\x1b[31m",
    "\x1b]0;t\x07",
    "\x9b2J",
    "\r",
    "\x08",
    "\x7f",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\u2028",
    "\x85",
    "\U000e0041",
    "\x00",
    "\ud800",
]


@pytest.mark.parametrize("text", STEERING)
def test_what_steers_is_shown(text):
    for door in (harmless, visible):
        shown = door(f"前{text}后")
        assert shown.isprintable() and shown.startswith("前\\u") and shown.endswith("后")


def test_only_one_line_is_one_line():
    assert harmless("a\tb\nc") == "a\tb\nc"
    assert visible("a\tb\nc") == "a\\u0009b\\u000ac"


@given(st.text())
def test_whatever_comes_out_is_harmless(text):
    shown = visible(text)
    assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in shown)
    shown.encode()
    assert visible(shown) == shown


@given(
    st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)
)
def test_json_stays_the_same_json(value):
    assert json.loads(harmless(json.dumps(value, ensure_ascii=False))) == value


@pytest.mark.parametrize("text", ["常州市 教育局（示例）", "全角　空格", "é\xa0½", "𠮷野家", "ASCII ~"])
def test_ordinary_texts_stay_as_they_are(text):
    assert visible(text) == harmless(text) == text


def test_nothing_turns_round_what_stands_behind_it():
    turning = [sign for sign in map(chr, range(0x110000)) if unicodedata.bidirectional(sign) in DIRECTIONS]
    marks = list("\u061c\u200e\u200f")
    assert sorted([*turning, *marks]) == sorted(TURNING)
    assert undirected(f"张{TURNING}三，\u200b“好”") == "张三，\u200b“好”"


DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
