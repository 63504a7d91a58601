"""A table of vetoes and major deductions: every row is told, every refused cell by sheet and cell."""

from datetime import date

from kaoping.campaigns.logic.severe_table import HEADINGS, SEVERE_TABLE, read_rows
from kaoping.foreign.sheet import Offered, lay_out
from tests.campaigns.logic.test_severe import RULES

HEAD = HEADINGS
GOOD = ["U1", "D1", 1.0, date(2025, 10, 8), "常复决〔2025〕12号", "复议纠正一件。", "决定书.pdf"]
FILES = ("决定书.pdf",)


def read(*rows, sheet="台账", files=FILES):
    offered = Offered(sheet, list(enumerate(rows, start=1)))
    return read_rows(lay_out(offered, SEVERE_TABLE), RULES, files=files)


def test_good_rows_are_taken_and_named_by_their_number():
    found = read(["2025 年台账"], HEAD, GOOD, ["U1", "V1", "", *GOOD[3:]])
    assert found.good
    assert [(one.number, one.line.item, one.line.value) for one in found.rows] == [
        (3, "D1", "1"),
        (4, "V1", "not_met"),
    ]


def test_every_refused_cell_is_named():
    bad = ["U9", "D1", "４", "昨天", "", "短", "没有附.pdf"]
    found = read(HEAD, GOOD, bad)
    assert not found.good
    assert (found.refused, found.rows[0].faults) == (1, ())
    cells = [str(one).split("：", 1)[0] for one in found.rows[1].faults]
    assert cells == [
        "表“台账”A3（单位代码）",
        "表“台账”C3（取值）",
        "表“台账”D3（认定日期）",
        "表“台账”E3（文号）",
        "表“台账”F3（认定事实）",
        "表“台账”G3（附件）",
    ]
    assert str(read(HEAD, bad, sheet="").rows[0].faults[0]).startswith("第 2 行 A 列（单位代码）：")


def test_the_same_document_twice_in_one_table_is_refused_once():
    found = read(HEAD, GOOD, GOOD)
    assert [one.line is not None for one in found.rows] == [True, False]
    assert "E3（文号）：这家单位的这一事项已凭这份文书" in str(found.rows[1].faults[0])


def test_a_cell_without_a_column_and_a_document_without_a_row_are_named():
    found = read(HEAD, [*GOOD, "多出来"], files=("决定书.pdf", "别的.pdf"))
    assert "表“台账”H2：有 8 格，列名只有 7 列，“多出来”上面没有列名" in str(found.rows[0].faults[0])
    assert "别的.pdf" in str(found.faults[0])
    assert not read(HEAD, GOOD, files=("决定书.pdf", "别的.pdf")).good


def test_a_file_without_columns_or_rows_says_so():
    assert "第一行写列名" in str(read().faults[0])
    assert [one for one in read(HEAD[1:], GOOD).faults if "单位代码" in str(one)]
    assert "出现了两次" in str(read([*HEAD, "文号"], GOOD).faults[0])
    assert "没有内容。请从下一行起每行写一件" in str(read(HEAD).faults[0])
    assert "最多 500 行" in str(read(HEAD, *([GOOD] * 501)).faults[0])


def test_empty_cells_at_the_end_of_a_row_are_no_cells_and_remarks_beside_the_table_are_named():
    assert read(HEAD, [*GOOD, "", ""], sheet="").good
    found = read([*HEAD, ""], [*GOOD, "旁注"])
    assert found.good and found.notes == ("表“台账”H2在没有列名的列里，没有读。",)
