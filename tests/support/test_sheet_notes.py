"""What of a workbook is not read, or is read though nobody sees it, is named: never silently one or the other."""

import io
import zipfile

import pytest

from kaoping.support.sheets import read_cells
from tests.foreign.sheet.examples import SHEET
from tests.support.sheetmaking import MAIN, book, by_hand, cells, table


def notes(fill):
    return read_cells("x.xlsx", book(fill), {}).notes


def test_a_plain_workbook_has_nothing_to_be_said():
    assert read_cells("x.xlsx", table(["a"], ["b"]), {}).notes == ()


@pytest.mark.parametrize("how", ["hide", "very_hidden"])
def test_hidden_sheets_with_content_are_named(how):
    def fill(made):
        first, empty, last = made.add_worksheet("去年"), made.add_worksheet("空"), made.add_worksheet("今年")
        first.write(0, 0, "旧")
        getattr(first, how)()
        getattr(empty, how)()
        last.write(0, 0, "新")
        last.activate()

    assert notes(fill) == ("工作表 “去年” 是隐藏的，没有读；要用的请取消隐藏，单独存成一个文件。",)


def test_the_sheet_that_looks_like_the_table_is_read_and_others_like_it_are_named():
    def fill(made):
        for name in ("说明", "空着", "一", "二", "参考"):
            sheet = made.add_worksheet(name)
            sheet.write(0, 0, "填表说明" if name == "说明" else "")
            if name in ("一", "二"):
                sheet.write_row(1, 0, ["代码", "名称"])
                sheet.write_row(2, 0, [name, name])
            if name == "参考":
                sheet.write_row(0, 0, ["代码", "别的"])

    found = read_cells("x.xlsx", book(fill), SHEET.headings)
    assert found.sheet == "一" and found.lines == [(2, ["代码", "名称"]), (3, ["一", "一"])]
    assert found.notes == ("只读了工作表“一”；“二” 也是这样的表，没有读，要用的请单独存成一个文件。",)


def test_without_a_sheet_that_looks_like_the_table_the_first_with_content_is_read():
    def fill(made):
        for name in ("空着", "一", "二"):
            made.add_worksheet(name).write(0, 0, "" if name == "空着" else name)

    assert read_cells("x.xlsx", book(fill), SHEET.headings).lines == [(1, ["一"])]


def test_hidden_rows_and_columns_with_content_are_read_and_named():
    def fill(made):
        sheet = made.add_worksheet("名录")
        for row in range(9):
            sheet.write_row(row, 0, ["a", "b", "c"])
        for row in (2, 4, 20):
            sheet.set_row(row, None, None, {"hidden": True})
        sheet.set_row(5, 0)
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_column(7, 9, None, None, {"hidden": True})

    found = read_cells("x.xlsx", book(fill), {})
    assert len(found.lines) == 9 and found.lines[2] == (3, ["a", "b", "c"])
    assert found.notes == (
        "表“名录”里隐藏的第 3、5、6 行有内容，照样读了；不要的请先取消隐藏，删去。",
        "表“名录”里隐藏的第 B 列有内容，照样读了；不要的请先取消隐藏，删去。",
    )


def test_many_hidden_rows_are_counted():
    def fill(made):
        sheet = made.add_worksheet("名录")
        for row in range(30):
            sheet.write(row, 0, "a")
            sheet.set_row(row, None, None, {"hidden": row > 0})

    assert notes(fill) == (
        "表“名录”里隐藏的第 2、3、4、5、6 等 29 行有内容，照样读了；不要的请先取消隐藏，删去。",
    )


def test_formulas_that_came_to_nothing_are_named():
    def fill(made):
        sheet = made.add_worksheet("名录")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_formula(1, 1, "=NA()", None, "#N/A")
        sheet.write(1, 0, "x")

    assert notes(fill) == ("表“名录”B2的算式没有结果（如 #N/A，或没有算过），按空格读；请改成文字或数字。",)


def test_a_workbook_that_hides_all_columns_there_can_be_costs_nothing():
    sheet = (
        f'<worksheet xmlns="{MAIN}"><cols><col min="1" max="99999999" hidden="1"/><col min="x" max="" hidden="1"/></cols>'
        '<sheetData><row r="1" hidden="true"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
    )
    found = read_cells("x.xlsx", by_hand(sheet), {})
    assert [one.split("有内容")[0] for one in found.notes] == [
        "表“S”里隐藏的第 1 行",
        "表“S”里隐藏的第 A 列",
    ]
    assert read_cells("x.xlsx", by_hand(sheet, target="/xl/worksheets/a.xml"), {}) == found


def test_formulas_that_were_never_computed_are_named():
    """As programs write them that cannot compute; what was computed, even to an empty text, is a value."""
    row = '<c r="A1"><f>1+1</f></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1" t="str"><f>""</f><v></v></c>'
    sheet = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row>{row}</row>'
        '<row><c r="A2"><v>1</v></c><c r="B2"><f>A2</f></c></row></sheetData></worksheet>'
    )
    found = read_cells("x.xlsx", by_hand(sheet), {})
    assert [one.split("的算式")[0] for one in found.notes] == ["表“S”A1、B2"]


def test_a_sheet_that_cannot_be_read_stands_in_nobodys_way():
    content = table(["代码", "名称"], ["A", "甲"])
    broken = cells("A1").replace('r="A1"', 'r="A1" t="s"').replace("<v>1", "<v>999")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/workbook.xml":
                text = text.replace(b"</sheets>", b'<sheet name="b" sheetId="2" r:id="rId99"/></sheets>')
            if name == "xl/_rels/workbook.xml.rels":
                kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
                link = (
                    b'<Relationship Id="rId99" Type="%s" Target="worksheets/b.xml"/></Relationships>' % kind
                )
                text = text.replace(b"</Relationships>", link)
            new.writestr(name, text)
        new.writestr("xl/worksheets/b.xml", broken)
    found = read_cells("x.xlsx", out.getvalue(), SHEET.headings)
    assert found.sheet == "Sheet1" and found.lines[1] == (2, ["A", "甲"]) and found.notes == ()
