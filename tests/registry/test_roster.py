import io
from datetime import date

import pytest
import xlsxwriter

from kaoping.registry.roster import cross_check, out_of_order, read_roster

HEAD = "code,name,kind,parent,valid_from,valid_to,participates,successor,site_url\n"


def faults(text, stored=None):
    roster = read_roster("名录.csv", text.encode())
    return [*roster.faults, *cross_check(roster.rows, stored or {})]


def test_reads_rows_in_english_and_chinese():
    roster = read_roster(
        "名录.csv",
        "\ufeff单位代码,单位名称,类别,设立日期,参评,备注\n0102,样例市教育局,工作部门,2019年3月1日,否,共建\n".encode(),
    )
    [row] = roster.rows
    assert not roster.faults
    assert row.code == "0102"
    assert row.values["kind"] == "department"
    assert row.values["valid_from"] == date(2019, 3, 1)
    assert row.values["participates"] is False
    assert row.extra == {"备注": "共建"}
    assert roster.notes == ("F 列“备注”不认识，原样保留在备注里，不参与考核。",)


def test_columns_that_the_file_lacks_are_not_touched():
    [row] = read_roster("x.csv", b"code,name,kind\nU1,A,department\n").rows
    assert set(row.values) == {"code", "name", "kind"}


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ("U1,教育局,agency,,,,,,", "kind", "没有“agency”这个类别"),
        (",教育局,department,,,,,,", "code", "没有填"),
        ("U1,,department,,,,,,", "name", "没有填"),
        ("U1,教育局,department,U9,,,,,", "parent", "名录里没有代码 U9"),
        ("U1,教育局,department,U1,,,,,", "parent", "绕回了自己"),
        ("U1,教育局,department,,2024-02-30,,,,", "valid_from", "没有这一天"),
        ("U1,教育局,department,,明天,,,,", "valid_from", "不是日期"),
        ("U1,教育局,department,,2024-02-01,2024-01-01,,,", "valid_to", "早于设立日期"),
        ("U1,教育局,department,,,,也许,,", "participates", "看不懂"),
        ("U1,教育局,department,,,,,U1,", "valid_to", "没有撤销日期"),
        ("U1,教育局,department,,,,,,javascript:alert(1)", "site_url", "不是网址"),
        ("U 1,教育局,department,,,,,,", "code", "不能作代码"),
        ("U1,教育局,department,,,,,,,,多", "", "列名只有 9 列，“多”上面没有列名"),
    ],
)
def test_each_problem_names_line_field_and_remedy(line, field, words):
    found = faults(HEAD + line + "\n")
    assert any(
        one.place.number == 2 and one.key == field and words in one.message and one.remedy for one in found
    )


def test_duplicates_missing_columns_and_rubbish():
    assert "与第 2 行重复" in str(faults("code,name,kind\nU1,A,department\nU1,B,department\n")[0])
    assert "缺“类别”这一列" in str(faults("code,name\nU1,A\n")[0])
    assert "没有内容" in str(faults("")[0])
    assert "读不出来" in str(read_roster("x.xlsx", b"not a workbook").faults[0])
    assert "读不出来" in str(read_roster("x.csv", b"\xff\xff\xfe\x00\x81").faults[0])


def test_gb18030_is_read():
    assert read_roster("x.csv", "code,name,kind\nU1,教育局,department\n".encode("gb18030")).rows[0].values[
        "name"
    ] == ("教育局")


def test_xlsx_codes_must_be_text():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for column, name in enumerate(["code", "name", "kind", "valid_from"]):
        sheet.write(0, column, name)
    sheet.write_string(1, 0, "0101")
    sheet.write_number(2, 0, 102)
    for row in (1, 2):
        sheet.write(row, 1, f"单位{row}")
        sheet.write(row, 2, "department")
    sheet.write_datetime(1, 3, date(2020, 1, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    book.close()
    roster = read_roster("名录.xlsx", out.getvalue())
    assert roster.rows[0].code == "0101"
    assert roster.rows[0].values["valid_from"] == date(2020, 1, 1)
    [fault] = roster.faults
    assert (fault.place.number, fault.key) == (3, "code")
    assert "前面的零" in fault.message


def from_office(fill):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    fill(book)
    book.close()
    return read_roster("名录.xlsx", out.getvalue())


HEADINGS = ["单位代码", "单位名称", "类别", "分组"]


def test_a_group_merged_over_its_units_is_each_units_group():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "某市考核单位名录")
        sheet.write_row(1, 0, HEADINGS)
        for number in range(1, 5):
            sheet.write_row(number + 1, 0, [f"U{number}", f"{number}局", "工作部门"])
        sheet.merge_range(2, 3, 4, 3, "经济类")
        sheet.write(5, 3, "综合类")

    roster = from_office(fill)
    assert not roster.faults
    assert [row.values["group"] for row in roster.rows] == ["经济类", "经济类", "经济类", "综合类"]
    assert [row.row.number for row in roster.rows] == [3, 4, 5, 6]
    assert roster.notes == ("表头在第 2 行，上面的 1 行是标题或说明，没有读。",)


def test_the_visible_sheet_is_read_and_not_the_hidden_one_before_it():
    def fill(book):
        old, new = book.add_worksheet("去年"), book.add_worksheet("今年")
        for sheet, code in ((old, "OLD"), (new, "NEW")):
            sheet.write_row(0, 0, HEADINGS)
            sheet.write_row(1, 0, [code, "某局", "工作部门", ""])
        old.hide()
        new.activate()

    assert [row.code for row in from_office(fill).rows] == ["NEW"]


def test_a_heading_over_two_rows_is_no_unit():
    def fill(book):
        sheet = book.add_worksheet()
        for column, name in enumerate(HEADINGS):
            sheet.merge_range(0, column, 1, column, name)
        sheet.write_row(2, 0, ["U1", "某局", "工作部门", "甲"])

    assert [row.code for row in from_office(fill).rows] == ["U1"]


def test_what_a_heading_below_a_title_lacks_is_said_of_it():
    [fault] = read_roster("x.csv", "名录\n单位代码,单位名称\nU1,某局\n".encode()).faults
    assert (fault.place.number, fault.key) == (2, "kind") and str(fault).startswith(
        "第 2 行（列名）：缺“类别”这一列"
    )


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("code,name,kind\nU1,甲,乙局,department\n", 2, ""),
        ("code,name,kind,,\nU1,甲,乙局,department,\n", 2, ""),
        ("code,name,kind\nU1,甲局,department,\n", 2, ""),
        ('code,name,kind\nU1,"甲\n乙局",department\n', 2, "name"),
        ("code,name,kind\nU1,甲\u200b局,department\n", 2, "name"),
        ("code,name,kind\nU1,甲\u202e局,department\n", 2, "name"),
        ("code,name,kind,group\nU1,甲局,department,\x1b[31m\n", 2, "group"),
        ("code,name,kind\nU1\u200b,甲局,department\n", 2, "code"),
        ('code,name,kind\n"U\n1",甲局,department\n', 2, "code"),
    ],
)
def test_what_shifts_or_hides_is_a_problem_of_its_row(text, line, field):
    assert (line, field) in {
        (one.place.number, one.key) for one in read_roster("x.csv", text.encode()).faults
    }


@pytest.mark.parametrize("name", ["parent", "leading_department", "successor"])
def test_links_that_come_round_are_refused(name):
    rows = f"code,name,kind,{name}\nA,甲,department,B\nB,乙,department,C\nC,丙,department,A\n"
    roster = read_roster("x.csv", rows.encode())
    assert {one.key for one in cross_check(roster.rows, {})} == {name}
    stored = {"B": {name: "A"}}
    roster = read_roster("x.csv", f"code,name,kind,{name}\nA,甲,department,B\n".encode())
    assert [one.key for one in cross_check(roster.rows, stored)] == [name]


def test_one_date_is_compared_with_the_registers_other_one():
    rows = read_roster("x.csv", b"code,name,kind,valid_to\nA,A,department,2020-01-01\nB,B,department,\n").rows
    found = out_of_order(rows, {"A": (date(2021, 1, 1), None), "B": (date(2021, 1, 1), date(2022, 1, 1))})
    assert [(one.place.number, one.key) for one in found] == [(2, "valid_to")]
    assert out_of_order(rows, {"A": (date(2020, 1, 1), None)}) == []
