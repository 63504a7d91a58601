"""One reader: what it takes is what RFC 8259 and 8785 take, and lines end at a line feed."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kaoping.foreign.strict_json import MAX_DEPTH, MAX_INTEGER, JsonFault, NotJson, lines, loads, loads_object

SIGNS = st.characters(exclude_categories=["Cs"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.text(SIGNS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(SIGNS), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_whatever_is_strict_reads_as_it_was_and_can_be_written_canonically(value):
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False), rfc8785.dumps(value).decode()):
        assert loads(text) == value
    rfc8785.dumps(loads(json.dumps(value)))


@given(st.lists(VALUES, max_size=6))
def test_a_line_is_what_ends_at_a_line_feed(values):
    text = "\n".join(json.dumps(value, ensure_ascii=False) for value in values)
    assert [loads(line) for _number, line in lines(text)] == values


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text):
    try:
        loads(text)
    except JsonFault as fault:
        assert fault.message and fault.remedy


@pytest.mark.parametrize(
    ("text", "message", "field"),
    [
        ('{"a": 1, "b": 2, "a": 1}', "写了两次", "a"),
        ('{"a": {"b": 1, "b": 2}}', "写了两次", "b"),
        ('{"\\u0061": 1, "a": 2}', "写了两次", "a"),
        ("NaN", "NaN", None),
        ("[-Infinity]", "Infinity", None),
        ("1e999", "过大", None),
        ("-1e400", "过大", None),
        (str(MAX_INTEGER + 1), "超过", None),
        ("-" + "1" * 5000, "超过", None),
        ('{"a": "\\ud800x"}', "半个字符", "a"),
        ('{"\\udc00": 1}', "半个字符", None),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "嵌套", None),
        ('{"a":' * 3000 + "1" + "}" * 3000, "嵌套", None),
        ("[" * 100_000, "嵌套", None),
    ],
)
def test_each_refusal_says_what_and_where(text, message, field):
    with pytest.raises(JsonFault, match=message) as caught:
        loads(text)
    assert caught.value.field == field and caught.value.remedy


def test_the_bounds_themselves_are_taken():
    assert loads(str(MAX_INTEGER)) == MAX_INTEGER and loads(str(-MAX_INTEGER)) == -MAX_INTEGER
    deepest = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert loads(deepest) == json.loads(deepest)
    assert loads('"\\ud83d\\ude00"') == "\U0001f600"
    assert loads("[" + "[]," * 500 + "[]]")


@pytest.mark.parametrize("text", ["", "{", "{'a': 1}", "01", "1 2", "\ufeff1", '"\t"', "[1,]"])
def test_other_grammars_are_named_as_such(text):
    with pytest.raises(NotJson):
        loads(text)


def test_an_object_is_asked_for():
    with pytest.raises(JsonFault, match="对象"):
        loads_object("[]")
