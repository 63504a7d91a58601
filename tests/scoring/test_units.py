"""The units file: read, refused with a place, written."""

import pytest

from kaoping.scoring.units import (
    UnitsError,
    read_numbered_units,
    read_units_csv,
    refuse_slips,
    write_units_csv,
)


def test_missing_columns_are_null_and_unknown_ones_kept_with_a_warning():
    units, warnings = read_units_csv("\ufeffcode,name,电话\r\n007,某局,0519-1\r\n")
    [unit] = units
    assert (unit.code, unit.name, unit.short_name, unit.kind, unit.group) == ("007", "某局", "某局", "", None)
    assert unit.participates
    assert unit.extra == (("电话", "0519-1"),)
    assert warnings == ["C 列“电话”不认识，原样保留"]


def test_what_is_written_reads_the_same():
    text = (
        "code,name,short_name,kind,group,valid_from,participates,备注\n"
        "A,甲局,甲,department,市级部门,2024-01-01,no,x\nB,乙局,乙,township,,,yes,\n"
    )
    units, _ = read_units_csv(text)
    assert read_units_csv(write_units_csv(units))[0] == units
    assert units[0].participates is False


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("name\n甲\n", 1, "code"),
        ("code,code\nA,B\n", 1, "code"),
        ("code,name\n,甲\n", 2, "code"),
        ("code,name\nA,甲\nA,乙\n", 3, "code"),
        ("code,kind\nA,office\n", 2, "kind"),
        ("code,valid_to\nA,2025-13-01\n", 2, "valid_to"),
        ("code,participates\nA,maybe\n", 2, "participates"),
    ],
)
def test_a_bad_file_is_refused_with_line_and_column(text, line, field):
    with pytest.raises(UnitsError) as refused:
        read_units_csv(text)
    assert (refused.value.line, refused.value.field) == (line, field)


def test_a_misspelt_column_is_guessed_at():
    _units, warnings = read_units_csv("code,particpates,remark\nE,no,x\n")
    assert warnings == [
        "B 列“particpates”、C 列“remark”不认识，原样保留",
        "B 列“particpates”是不是“participates”？是的话请改列名",
    ]
    _units, warnings = read_units_csv("code,participates,particpates\nE,no,x\n")
    assert warnings == ["C 列“particpates”不认识，原样保留"]


def test_a_link_to_units_that_are_not_listed_is_one_line_with_the_count() -> None:
    numbered = read_numbered_units(
        "code,name,parent\r\n" + "".join(f"E{n},局{n},CZ0\r\n" for n in range(43)) + "F,所,E9X\r\n"
    )[0]
    # The government above all of them is assessed by nobody and stands in no list of a bundle.
    assert refuse_slips(numbered, whole=False) == [
        "第 45 行 parent：单位表里没有 E9X。不参评的上级可以不列，不影响计分；如是笔误请改正",
    ]
    others = read_numbered_units("code,name,successor\r\nA,甲,X\r\nB,乙,X\r\n")[0]
    assert refuse_slips(others, whole=False) == ["第 2 行等 2 行 successor：单位表里没有 X"]


def test_all_that_is_wrong_is_named_at_once():
    with pytest.raises(UnitsError) as refused:
        read_units_csv("code,name,kind,备注,备注\n,甲,office,,\nA,乙,,,\nA,丙,,,,多\n")
    places = [(one.place.number, one.key) for one in refused.value.faults]
    assert places == [(1, "备注"), (2, "code"), (2, "kind"), (4, "")]
    numbered = read_numbered_units("code,parent,valid_from,valid_to\nA,B,2025-02-01,2025-01-01\nB,X,,\n")[0]
    with pytest.raises(UnitsError) as refused:
        refuse_slips(numbered, whole=True)
    assert [(one.place.number, one.key) for one in refused.value.faults] == [(2, "valid_to"), (3, "parent")]


def test_a_title_above_and_another_sign_between_cells_are_read():
    [(line, unit)] = read_numbered_units("某市单位\n\ncode;name\nA;甲\n")[0]
    assert (line, unit.code, unit.name) == (4, "A", "甲")


@pytest.mark.parametrize("text", ["某市单位\ncode,name\nA,甲\n", "code;name\nA;甲\n"])
def test_a_file_of_this_program_is_read_in_its_one_form(text):
    with pytest.raises(UnitsError):
        read_units_csv(text)


def test_columns_of_others_leave_as_they_came():
    text = "code,name,联 系,电话\nA,甲,,1\n"
    [unit] = read_units_csv(text)[0]
    assert unit.extra == (("联 系", ""), ("电话", "1"))


def test_a_list_of_nobody_is_a_list():
    assert read_units_csv("code,name\n") == ([], [])
