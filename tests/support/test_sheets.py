"""Tables as offices save them are read; what would break the reader is refused in words before it is built."""

import pickle
import struct
import subprocess
import sys
import zipfile
from io import BytesIO

import pytest

from kaoping.support.sheets import MAX_COLUMNS, MAX_ROWS, SheetError, read_cells
from kaoping.support.workbooks import MAX_MEMBERS, MAX_MERGES
from tests.cli.hostile import in_time
from tests.support.sheetmaking import MAIN, book, by_hand, cells, table

HEAD = ["单位代码", "单位名称", "类别", "分组"]


def read_lines(name, content):
    return read_cells(name, content, {}).lines


def refusal(content, name="名录.xlsx"):
    with in_time(60), pytest.raises(SheetError) as caught:
        read_lines(name, content)
    assert caught.value.remedy
    return caught.value.message


def test_rows_come_with_their_numbers():
    assert read_lines("x.xlsx", table(["a", 1], [], ["b", 2.5])) == [(1, ["a", 1]), (3, ["b", 2.5])]
    assert read_lines("x.csv", "a,1\n\n,\nb,2\n".encode("gb18030")) == [(1, ["a", "1"]), (4, ["b", "2"])]
    assert read_lines("名录.csv", table(["a"])) == [(1, ["a"])]


def test_a_merged_range_says_its_value_in_every_cell():
    def fill(made):
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for number in range(3):
            sheet.write_row(number + 1, 0, [f"U{number}", "局", "工作部门"])
        sheet.merge_range(1, 3, 3, 3, "甲组")
        sheet.merge_range(5, 0, 5, 3, "合计")
        sheet.write(4, 0, "U3")

    rows = [row for _number, row in read_lines("x.xlsx", book(fill))]
    assert [row[3] for row in rows[1:5]] == ["甲组", "甲组", "甲组", ""]
    assert rows[5] == ["合计"] * 4


def test_an_empty_merged_range_changes_nothing():
    def fill(made):
        sheet = made.add_worksheet()
        sheet.merge_range(0, 0, 2, 0, "")
        sheet.write_row(0, 1, ["a", "b"])
        sheet.write_row(1, 1, ["c", "d"])

    assert [row[1:] for _number, row in read_lines("x.xlsx", book(fill))] == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize("how", ["hide", "very_hidden"])
def test_a_hidden_sheet_is_passed_over(how):
    def fill(made):
        first, empty, second = (
            made.add_worksheet("旧表"),
            made.add_worksheet("空"),
            made.add_worksheet("名录"),
        )
        first.write(0, 0, "旧")
        getattr(first, how)()
        empty.write_blank(0, 0, None, made.add_format({"bold": True}))
        second.write(0, 0, "新")
        second.activate()

    assert read_lines("x.xlsx", book(fill)) == [(1, ["新"])]


def test_hidden_sheets_alone_are_refused_by_name():
    content = table(["a"])
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(b'sheetId="1"', b'sheetId="1" state="hidden"'))
    assert "“Sheet1” 都是隐藏的" in refusal(out.getvalue())


def test_formats_far_below_the_table_are_no_content():
    def fill(made):
        sheet, bold = made.add_worksheet(), made.add_format({"bold": True})
        sheet.write(0, 0, "a")
        sheet.write_blank(1_048_575, 16_383, None, bold)

    assert read_lines("x.xlsx", book(fill)) == [(1, ["a"])]


FAR = {
    "opposite corners": (cells("A1", "XFD1048576"), "行"),
    "wide": (cells("A1", "XFD1"), f"超过 {MAX_COLUMNS} 列"),
    "long": (cells(f"A{MAX_ROWS + 1}"), f"超过 {MAX_ROWS} 行"),
    "beyond every sheet": (cells("ZZZZ99999999"), "行"),
    "a rectangle": (cells("A1", "GR20000"), "格"),
    "places that are counted": (
        f'<worksheet xmlns="{MAIN}"><sheetData>'
        + f"<row>{'<c><v>1</v></c>' * 201}</row></sheetData></worksheet>",
        "列",
    ),
    "rows that say a number": (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1048576"><c><v>1</v></c></row></sheetData></worksheet>',
        "行",
    ),
    "another prefix": (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c r="XFD9"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>',
        "列",
    ),
    "texts inside": (
        f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>',
        "列",
    ),
    "merges": (
        f'<worksheet xmlns="{MAIN}"><sheetData/><mergeCells>'
        + '<mergeCell ref="A1:XFD1048576"/>' * (MAX_MERGES + 1)
        + "</mergeCells></worksheet>",
        "合并",
    ),
    "entities": (
        f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet xmlns="{MAIN}">&b;</worksheet>',
        "实体",
    ),
    "a place that is none": (cells("1A"), "读不出来"),
    "cut off": (f'<worksheet xmlns="{MAIN}"><sheetData>', "读不出来"),
}


@pytest.mark.parametrize("name", FAR)
def test_what_reaches_too_far_is_refused_in_words(name):
    sheet, message = FAR[name]
    content = by_hand(sheet)
    assert len(content) < 5000
    assert message in refusal(content)


def test_a_sheet_under_another_name_is_looked_at_too():
    assert "行" in refusal(by_hand(cells("A1", "XFD1048576"), target="elsewhere/x.xml"))
    assert "行" in refusal(by_hand(cells("A1", "XFD1048576"), target="WORKSHEETS/SHEET1.XML"))
    assert "读不出来" in refusal(by_hand(cells("A1", "XFD1048576"), target="worksheets/sheet1.png"))


def test_corners_cost_a_few_megabytes_only():
    """A process of its own: the peak of memory is of the whole process."""
    script = (
        "import resource, sys\n"
        "from kaoping.support.sheets import SheetError, read_cells\n"
        "content = sys.stdin.buffer.read()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    read_cells('x.xlsx', content, {})\n"
        "except SheetError as error:\n    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    for content in (by_hand(cells("A1", "XFD1048576")), bomb(), by_hand(cells("A1", "ZZ60000"))):
        done = subprocess.run([sys.executable, "-c", script], input=content, capture_output=True, check=True)
        assert int(done.stdout) < 16 * 1024, done  # kB


def bomb():
    """A member of 300 MB that packs into 300 kB."""
    return by_hand(cells("A1"), more={"xl/media/x.xml": b" " * 300_000_000})


def test_bombs_and_crowds_are_refused():
    assert "解开后超过" in refusal(bomb())
    assert "个文件" in refusal(by_hand(cells("A1"), more={f"m/{n}": b"" for n in range(MAX_MEMBERS)}))


def test_a_member_that_lies_about_its_size_is_read_to_its_real_end():
    content = bytearray(by_hand(cells("A1"), more={"z.bin": b"\0" * 100_000_000}))
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, 10)
    assert "解开后超过" in refusal(bytes(content))


def test_outside_links_are_not_followed():
    content = by_hand(
        cells("A1"),
        more={
            "xl/externalLinks/externalLink1.xml": b'<externalLink xmlns="x"/>',
            "xl/worksheets/_rels/sheet1.xml.rels": (
                b'<Relationships><Relationship Id="r1" TargetMode="External" Type="x/hyperlink" Target="http://127.0.0.1:9/"/></Relationships>'
            ),
        },
    )
    assert read_lines("x.xlsx", content) == [(1, [1.0])]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "XLS"),
        (b"%PDF-1.7", "不是表格"),
        (b"<!DOCTYPE html><html><table></table></html>", "不是表格"),
        (b"PK\x03\x04rubbish", "读不出来"),
        (b"a,b\n\xff\xff\xff", "读不出来"),
        (b"a,b", "读不出来"),
        (b'a,"b', "第 1 行"),
        (b",".join([b"x"] * (MAX_COLUMNS + 1)), "列"),
        (b"x\n" * (MAX_ROWS + 1), "行"),
        (b"x" * 11_000_000, "10 MB"),
    ],
)
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a"])
def test_other_files_are_refused_by_name(content, message, name):
    if content.startswith((b"a,", b",", b"x")) and name == "a.xlsx" and "MB" not in message:
        message = "读不出来"
    elif content == b"a,b":
        return
    assert message in refusal(content, name)


@pytest.mark.parametrize(
    ("inside", "word"),
    [("mimetype", "ODS"), ("word/document.xml", "Word"), ("xl/workbook.bin", "XLSB"), ("x", "不是 XLSX")],
)
def test_other_packages_are_refused_by_name(inside, word):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(inside, "x")
    assert word in refusal(out.getvalue())


def test_a_refusal_comes_whole_out_of_another_process():
    error = pickle.loads(pickle.dumps(SheetError("甲", "乙")))
    assert (error.message, error.remedy, str(error)) == ("甲", "乙", "甲。乙")
