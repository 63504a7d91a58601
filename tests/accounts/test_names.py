"""Which sign-in names are given."""

import pytest

from kaoping.accounts.names import refusal_of_name


@pytest.mark.parametrize("name", ["chenjing", "a1", "czd03", "chen.jing", "20250001", "x" * 60, "1380013800"])
def test_names(name):
    assert refusal_of_name(name) is None


@pytest.mark.parametrize("name", ["", "a", "陈静", "-a", "a b", "x" * 61, "ａｂ"])
def test_what_is_no_name(name):
    assert "例如 chenjing" in refusal_of_name(name)


@pytest.mark.parametrize(
    "name",
    ["320402199001010011", "32040219900101001x", "32040219900101001X", "320402900101001", "13800138000"],
)
def test_numbers_of_a_person_are_none(name):
    assert "身份证号" in refusal_of_name(name)
