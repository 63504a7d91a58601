"""Codes that look equal are equal; none is a path, markup or invisible."""

import pytest

from kaoping.foreign.codes import code_fault, rulebook_id_fault


@pytest.mark.parametrize(
    "code", ["K2.1.a", "11320400MB0123456X", "CZ-D03", "教育局", "q1", "U_1", "G1（甲）"]
)
def test_codes_in_use_are_codes(code):
    assert code_fault(code) is None


@pytest.mark.parametrize(
    "code",
    [
        "",
        " A",
        "A ",
        "A\u3000B",
        "A\nB",
        "A\u200bB",
        "A\u202eB",
        "A\x1b",
        "<A>",
        "../A",
        "A\\B",
        "A\ud800",
        "A" * 81,
        "A&B",
        "\ue000",
    ],
)
def test_what_only_looks_like_a_code_is_none(code):
    assert code_fault(code)


@pytest.mark.parametrize("name", ["../x", ".x", "-x", "a/b", "", "x\n", "x:y"])
def test_the_id_of_a_rulebook_names_a_folder(name):
    assert rulebook_id_fault(name)
    assert rulebook_id_fault("changzhou-2020") is None and rulebook_id_fault("某区-2027") is None
