"""A ledger kept elsewhere becomes observations, all rows or none."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from kaoping.accounts.actor import Actor, Refused
from kaoping.evidence import queries, register
from kaoping.evidence.register import KINDS, LEDGER, Known, repeats
from kaoping.evidence.services import RegisterRefused, import_register
from kaoping.foreign.sheet import Offered, lay_out
from tests.ledger import whose

ITEMS = {"K3.2": ("ratio",), "K3.8": ("count",), "K3.9": ("points",)}
MOST = {"K3.9": Fraction(40)}
HEAD = ["单位代码", "指标", "种类", "取值", "观察日期", "理由", "依据网址"]
OFFICE = Actor("1", "wang", "王经办", (("office_handler", "city"),))
NOW = datetime(2025, 12, 1, tzinfo=UTC)


def read_register(lines, *, sheet="", **rules):
    return register.read_register(lay_out(Offered(sheet, lines), LEDGER), **rules)


def read(*rows):
    return read_register(
        [(1, HEAD), *enumerate(rows, start=2)], units={"E"}, items=ITEMS, today=date(2025, 12, 1), most=MOST
    )


ROW = ["E", "K3.8", "件数", "2", "2025-11-30", "", ""]


def read_lines(*lines):
    return read_register(list(enumerate(lines, start=1)), units={"E"}, items=ITEMS, today=date(2025, 12, 1))


def test_a_title_above_the_heading_and_a_heading_said_twice_are_no_rows():
    lines, faults = read_lines(["某市台账"] * 7, HEAD, HEAD, ROW, HEAD, ROW)
    assert faults == [] and [one.number for one in lines] == [4, 6]


def test_a_comma_too_many_is_a_fault_of_its_row():
    lines, faults = read_lines(HEAD, ROW, [*ROW[:5], "甲", "乙", ""])
    assert [str(one) for one in faults] == [
        "第 3 行：有 8 格，列名只有 7 列，末尾多了一格。请删去多余的格；含逗号的文字要整格加引号。"
    ]
    assert len(lines) == 1


@pytest.mark.parametrize("value", ["9" * 5000, "²", "9" * 16])
def test_a_count_that_is_none_is_a_fault(value):
    _lines, faults = read_lines(HEAD, [*ROW[:3], value, *ROW[4:]])
    assert len(faults) == 1 and faults[0].key == "value"


def test_ratio_and_count_are_read():
    lines, faults = read(
        ["E", "K3.2", "比例", "9/10", "2025-11-30", "要点分解表", ""],
        ["E", "K3.8", "件数", 2.0, "2025年11月3日", "", ""],
    )
    assert faults == []
    assert [one.value for one in lines] == [{"done": 9, "of": 10}, 2]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["X", "K3.2", "比例", "9/10", "2025-11-30"], "名录里没有“X”"),
        (["E", "K9", "比例", "9/10", "2025-11-30"], "规则集里没有“K9”"),
        (["E", "K3.2", "件数", "9", "2025-11-30"], "K3.2 只收 比例"),
        (["E", "K3.2", "比例", "11/10", "2025-11-30"], "前数不大于后数，现在是“11/10”"),
        (["E", "K3.2", "比例", "9/10", "2026-11-30"], "不能晚于今天"),
        (["E", "K3.2", "比例", "９/10", "2025-11-30"], "数字请用半角"),
        (["E", "K3.8", "件数", "1" + "0" * 30, "2025-11-30"], "应写整数，如 3"),
        (["E", "K3.8", "件数", "9" * 12, "2025-11-30"], "多输了位数"),
        (["E", "K3.8", "件数", "１２", "2025-11-30"], "应写整数，如 3"),
        (["E", "K3.8", "件数", "1_0", "2025-11-30"], "应写整数，如 3"),
        (["E", "K3.9", "得分", "350", "2025-11-30"], "K3.9 最高 40 分，不能登记 350 分"),
        (["E", "K3.9", "得分", 4000.0, "2025-11-30"], "K3.9 最高 40 分"),
        (["E", "K3.9", "得分", "-5", "2025-11-30"], "不能是负数"),
        (["E", "K3.9", "得分", "３５", "2025-11-30"], "半角"),
        (["E", "K3.9", "得分", "3_0", "2025-11-30"], "半角"),
        (["E", "K3.2", "比例", "9/10", "去年"], "日期应形如"),
        (["E", "K3.2", "比例", "9/10", "2025-02-30"], "没有这一天"),
        (["E", "K3.2", "比例", "9/10", "2025-11-30", "", "javascript:x"], "http://"),
    ],
)
def test_every_fault_names_row_column_and_remedy(row, said):
    _lines, faults = read(row)
    assert said in str(faults[0])
    assert "第 2 行" in str(faults[0])


@pytest.mark.parametrize("typed", ["4000", "-5", "１０", "3_0", "1e3", "1" + "0" * 30])
@pytest.mark.parametrize(("item", "kind"), [("K3.9", "得分"), ("K3.2", "比例"), ("K3.10", "档次")])
def test_values_that_are_not_the_item_s_are_refused_whatever_their_kind(item, kind, typed):
    """Beyond the maximum, negative, full-width: nothing is cut or guessed. A count of 4,000 pieces can be true."""
    row = ["E", item, kind, typed, "2025-11-30", "", ""]
    lines, faults = read_register(
        [(1, HEAD), (2, row)],
        units={"E"},
        items=ITEMS | {"K3.10": ("level",)},
        today=date(2025, 12, 1),
        most=MOST,
        levels={"K3.10": {"good": "好", "none": "没有"}},
    )
    assert lines == []
    assert [one.key for one in faults] == ["value"]
    if kind == "档次":
        assert "可写 good（好）、none（没有）" in faults[0].message


@pytest.mark.parametrize("typed", ["-5", "１０", "3_0", "1e3", "1" + "0" * 30])
def test_counts_negative_or_full_width_are_refused(typed):
    lines, faults = read(["E", "K3.8", "件数", typed, "2025-11-30", "", ""])
    assert (lines, [one.key for one in faults]) == ([], ["value"])


def test_an_item_that_enters_elsewhere_says_where():
    _lines, faults = read_register(
        [(1, HEAD), (2, ["E", "V9", "结论", "不符合", "2025-11-30", "", ""])],
        units={"E"},
        items=ITEMS,
        today=date(2025, 12, 1),
        elsewhere={"V9": "V9 在别处登记"},
    )
    assert str(faults[0]) == "第 2 行 B 列（指标）：V9 在别处登记。"


def csv(*rows):
    return ("\ufeff" + "\n".join(",".join(row) for row in [HEAD, *rows])).encode()


@pytest.mark.django_db
def test_the_same_file_twice_is_recorded_once(settings, tmp_path):
    settings.KAOPING_FILES = tmp_path
    content = csv(["E", "K3.2", "比例", "9/10", "2025-11-30", "", ""])
    for _time in range(2):
        import_register(
            whose=whose(),
            actor=OFFICE,
            filename="台账.csv",
            content=content,
            confirmed=True,
            items=ITEMS,
            units={"E"},
            now=NOW,
        )
    [one] = queries.of_unit("E")
    assert (one.source, one.value) == ("register", {"done": 9, "of": 10})
    assert queries.artefact_bytes(one.artefacts[0].sha256) == content


@pytest.mark.django_db
def test_one_bad_row_records_nothing(settings, tmp_path):
    settings.KAOPING_FILES = tmp_path
    content = csv(
        ["E", "K3.2", "比例", "9/10", "2025-11-30", "", ""], ["E", "K3.2", "比例", "x", "2025-11-30", "", ""]
    )
    with pytest.raises(RegisterRefused, match="第 3 行"):
        import_register(
            whose=whose(),
            actor=OFFICE,
            filename="台账.csv",
            content=content,
            confirmed=True,
            items=ITEMS,
            units={"E"},
            now=NOW,
        )
    assert queries.of_unit("E") == []


@pytest.mark.django_db
def test_only_the_office_imports():
    with pytest.raises(Refused, match="经办导入"):
        import_register(
            whose=whose(),
            actor=Actor("2", "x", "x"),
            filename="a.csv",
            content=b"",
            items={},
            units=(),
            now=NOW,
        )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cell", ["", "x", "met?", "九成", "1/", "-", "１", "1.5.2", "true"])
def test_what_is_said_of_a_cell_is_in_the_words_of_the_table(kind, cell):
    _lines, faults = read_register(
        [(1, HEAD), (2, ["E", "K1", kind, cell, "2025-11-30"])],
        units={"E"},
        items={"K1": (KINDS[kind],)},
        today=date(2025, 12, 1),
        levels={"K1": {"good": "好"}},
    )
    said = "".join(map(str, faults))
    assert not any(word in said for word in ("done", "met、", "not_met", "{", "integer"))


def lines_of(*rows):
    lines, faults = read(*rows)
    assert faults == []
    return lines


def row(item, kind, value, *, day="2025-11-30", reason="逾期", url=""):
    return ["E", item, kind, value, day, reason, url]


def known(line, **other):
    given = {
        "unit": line.unit, "item": line.item, "kind": line.kind, "value": line.value, "on": date(2025, 11, 30),
        "reason": line.reason, "url": line.url, "told": "台账里 2025年11月30日由王经办导入的一条",
    }  # fmt: skip
    return Known(**(given | other))


def test_one_row_twice_would_cost_twice():
    faults = repeats(lines_of(row("K3.8", "件数", "3"), row("K3.8", "件数", "3")), [])
    assert [str(one) for one in faults] == [
        "第 3 行：与第 2 行完全相同。确是另一件的，请在理由里写明是哪一件。"
    ]


@pytest.mark.parametrize(
    "other",
    [{"reason": "另一件逾期"}, {"day": "2025-11-29"}, {"url": "http://a.cn/2"}, {"value": "2"}],
)
def test_another_matter_is_no_repetition(other):
    given = {"item": "K3.8", "kind": "件数", "value": "3"}
    assert repeats(lines_of(row(**given), row(**(given | other))), []) == []


def test_of_two_values_of_one_day_neither_counts_silently():
    faults = repeats(lines_of(row("K3.2", "比例", "9/10"), row("K3.2", "比例", "5/10", reason="更新")), [])
    assert [one.place.cell for one in faults] == ["D3"]
    assert "与第 2 行是同一单位、同一指标、同一天，取值不同" in str(faults[0])
    later = row("K3.2", "比例", "5/10", day="2025-11-29")
    assert repeats(lines_of(row("K3.2", "比例", "9/10"), later), []) == []


def test_a_standing_line_of_the_ledger_is_a_row_as_well():
    [line] = lines_of(row("K3.8", "件数", "3"))
    [fault] = repeats([line], [known(line)])
    assert "与台账里 2025年11月30日由王经办导入的一条完全相同" in str(fault)
    assert repeats([line], [known(line, reason="另一件")]) == []
    [ratio] = lines_of(row("K3.2", "比例", "9/10"))
    [fault] = repeats([ratio], [known(ratio, value={"done": 5, "of": 10}, reason="原来的")])
    assert "台账里的先撤回再导入" in str(fault)


def test_headings_alone_are_no_ledger():
    lines, faults = read()
    assert lines == []
    assert [str(one) for one in faults] == ["第 1 行（列名）：列名下面没有内容。请从下一行起每件写一行。"]


def test_in_a_workbook_every_fault_names_its_sheet_and_cell_all_at_once():
    rows = [
        HEAD,
        ["X", "K3.2", "比例", "2025-09-10", "去年", "", "x"],
        ["", "", "", "", "", "", ""],
        ROW,
        ROW,
    ]
    lines, faults = read_register(
        list(enumerate(rows, start=3)), sheet="台账", units={"E"}, items=ITEMS, today=date(2025, 12, 1)
    )
    assert [one.place.cell for one in faults if one.place.number == 4] == ["E4", "G4", "A4", "D4"]
    assert "表格软件把它当成了日期，请把这一列设成文本格式再填" in str(faults[3])
    assert len([one for one in faults if one.place.number == 5]) == 4
    assert str(repeats(lines, [])[0]).startswith("表“台账”第 7 行：与表“台账”第 6 行完全相同。")


def test_columns_that_the_ledger_does_not_know_are_named():
    found = lay_out(Offered("", [(1, [*HEAD, "", "备注"]), (2, [*ROW, "旁注", "x"])]), LEDGER)
    assert found.faults == ()
    assert found.notes == ("I 列“备注”不认识，没有读。", "第 2 行 H 列在没有列名的列里，没有读。")
