"""A rulebook out of a stranger's bundle is data, never a burden: nothing in it may expand."""

import pytest

from kaoping.standards.yaml_lines import YamlError, parse


def test_aliases_are_refused_before_they_multiply():
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    with pytest.raises(YamlError, match="别名") as caught:
        parse(bomb)
    assert caught.value.line == 1


@pytest.mark.parametrize("text", ["1e999999999", '"1E+999999999"', "-2.5e-99999"])
def test_numbers_with_a_huge_exponent_are_refused(text):
    with pytest.raises(YamlError, match="科学记数法"):
        parse(f"max: {text}\n")


def test_a_long_row_of_digits_is_read_in_no_time():
    assert parse(f'note: "{"1" * 500_000}x"\n')[0]["note"].endswith("x")


def test_texts_with_an_e_stay_texts():
    assert parse("id: 12e5\nname: 1e2x\n")[0] == {"id": "12e5", "name": "1e2x"}
