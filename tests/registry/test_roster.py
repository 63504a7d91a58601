import io
from datetime import date

import pytest
import xlsxwriter

from kaoping.registry.roster import cross_check, read_roster

HEAD = "code,name,kind,parent,valid_from,valid_to,participates,successor,site_url\n"


def problems(text, stored=None):
    roster = read_roster("名录.csv", text.encode())
    return [*roster.problems, *cross_check(roster.rows, stored or {})]


def test_reads_rows_in_english_and_chinese():
    roster = read_roster(
        "名录.csv",
        "\ufeff单位代码,单位名称,类别,设立日期,参评,备注\n0102,样例市教育局,工作部门,2019年3月1日,否,共建\n".encode(),
    )
    [row] = roster.rows
    assert not roster.problems
    assert row.code == "0102"
    assert row.values["kind"] == "department"
    assert row.values["valid_from"] == date(2019, 3, 1)
    assert row.values["participates"] is False
    assert row.extra == {"备注": "共建"}
    assert roster.warnings == ["字段“备注”不认识，原样保留在备注里，不参与考核。"]


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
        ("U1,教育局,department,,2024-02-30,,,,", "valid_from", "不是日期"),
        ("U1,教育局,department,,2024-02-01,2024-01-01,,,", "valid_to", "早于设立日期"),
        ("U1,教育局,department,,,,也许,,", "participates", "看不懂"),
        ("U1,教育局,department,,,,,U1,", "valid_to", "没有撤销日期"),
        ("U1,教育局,department,,,,,,javascript:alert(1)", "site_url", "不是网址"),
        ("U 1,教育局,department,,,,,,", "code", "不能作代码"),
        ("U1,教育局,department,,,,,,,,多", "行", "格数多于字段数"),
    ],
)
def test_each_problem_names_line_field_and_remedy(line, field, words):
    found = problems(HEAD + line + "\n")
    assert any(one.line == 2 and one.field == field and words in one.message and one.remedy for one in found)


def test_duplicates_missing_columns_and_rubbish():
    assert "与第 2 行重复" in str(problems("code,name,kind\nU1,A,department\nU1,B,department\n")[0])
    assert "缺这个字段" in str(problems("code,name\nU1,A\n")[0])
    assert "没有内容" in str(problems("")[0])
    assert "读不出来" in str(read_roster("x.xlsx", b"not a workbook").problems[0])
    assert "读不出来" in str(read_roster("x.csv", b"\xff\xff\xfe\x00\x81").problems[0])


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
    [problem] = roster.problems
    assert (problem.line, problem.field) == (3, "code")
    assert "前面的零" in problem.message
