"""Tables that people offer: a hostile one costs an answer in words, nothing more."""

import pytest

from kaoping.support import tables
from kaoping.support.reading import CAUSES, NotRead
from kaoping.support.tables import read
from tests.evidence.files import xlsx, zipped
from tests.foreign.sheet.examples import SHEET
from tests.support.sheetmaking import table


def far_apart(place):
    """A sheet of two cells, the second one very far away: 1 kB that once asked for 500 GB."""
    column, row = place
    cells = (
        '<row r="1"><c r="A1"><v>1</v></c></row>' + f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>'
    )
    kinds = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped(
        {
            "[Content_Types].xml": kinds,
            "_rels/.rels": f'<Relationships xmlns="{rels}"><Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{rels}"><Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
        }
    )


def only_fault(content, filename="样表.xlsx"):
    [fault] = read(content, filename, SHEET).faults
    return fault


def test_two_cells_at_the_ends_of_a_sheet_are_refused_in_words_and_the_next_file_is_read():
    assert "超过" in only_fault(far_apart(("XFD", 1_048_576))).message
    found = read("代码,名称\nA-1,一件\n".encode("gb18030"), "样表.csv", SHEET)
    assert found.faults == () and found.rows[0].values == {"code": "A-1", "name": "一件"}


def test_what_a_sheet_says_of_itself_arrives_from_the_child():
    # A file without the parts a reader needs is a fault in words, too.
    for content in (b"no table", xlsx("x")):
        fault = only_fault(content)
        assert fault.message and fault.remedy


@pytest.mark.parametrize("cause", CAUSES)
def test_whatever_becomes_of_the_child_is_said_with_a_remedy(monkeypatch, cause):
    def fail(*_arguments):
        raise NotRead(cause)

    monkeypatch.setattr(tables, "_in_a_child", fail)
    fault = only_fault(b"a", "样表.csv")
    assert "没有能检查这个文件" in fault.message and fault.remedy.endswith("。")


def test_a_larger_file_is_not_even_read(monkeypatch):
    monkeypatch.setattr(tables, "_in_a_child", lambda *_arguments: pytest.fail("read"))
    assert "超过 10 MB" in only_fault(b"x" * (tables.MAX_BYTES + 1), "样表.csv").message


def test_a_file_is_read_by_its_declaration():
    text = "代码\t名称\nA-1\t一件\n\t两件\n"
    found = read(text.encode("utf-16"), "样表.txt", SHEET)
    assert found.rows[0].values == {"code": "A-1", "name": "一件"}
    assert [str(one) for one in found.faults] == ["第 3 行 A 列（代码）：没有填。例如 A-1。"]
    found = read(table(["代码", "名称"], ["甲 乙", "一件"]), "样表.xlsx", SHEET)
    assert [str(one) for one in found.faults] == ["表“Sheet1”A2（代码）：“甲 乙”不能作代码。例如 A-1。"]


def test_a_file_that_is_no_table_is_one_fault():
    assert str(only_fault(b"%PDF-1.7")) == "文件：不是表格文件。请另存为 XLSX 或 CSV（UTF-8）后再选。"
