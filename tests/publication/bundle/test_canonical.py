"""Canonical JSON, read strictly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.publication.bundle.canonical import NotStrict, dumps, loads, loads_canonical

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def test_keys_are_sorted_and_nothing_is_between():
    assert dumps({"b": [1, None], "a": "常州"}) == '{"a":"常州","b":[1,null]}'.encode()


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_what_is_written_is_read_again(value):
    assert loads_canonical(dumps(value)) == value


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"a":1,"a":1}', "字段 a 写了两次"),
        (b'{"x":{"a":1,"b":2,"a":3}}', "写了两次"),
        (b"[NaN]", "不允许 NaN"),
        (b"[-Infinity]", "不允许 -Infinity"),
        (b"[1.5]", "应写成文本"),
        (b"[1e999]", "应写成文本"),
        (b"[9007199254740993]", "数字过大"),
        (b"[" + b"9" * 5000 + b"]", "数字过大"),
        (b'["\\ud800"]', "无法规范写出"),
        (b"[" * 100_000, "嵌套过深"),
        (b"\xff", "不是 UTF-8"),
        (b"{", "不是 JSON"),
        (b"", "不是 JSON"),
    ],
)
def test_loose_json_is_refused_with_its_reason(content, why):
    with pytest.raises(NotStrict, match=why):
        loads(content)


@pytest.mark.parametrize("content", [b'{"a": 1}', b'{"b":1,"a":2}', b'["\\u5e38"]', b"[1]\n"])
def test_another_spelling_of_the_same_is_noticed(content):
    loads(content)
    with pytest.raises(NotStrict, match="规范写法"):
        loads_canonical(content)
