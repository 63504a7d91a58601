"""A table is read by its declaration; whatever is wrong is said of its cell, with what stands there and what to write."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.foreign.sheet import Column, Offered, Sheet, Wrong, lay_out, letters, read_cell, text_of
from tests.foreign.sheet.examples import COLUMNS, GOOD, HEADINGS, SHEET


def read(*rows, sheet=SHEET, name="台账", notes=()):
    return lay_out(Offered(name, list(enumerate(rows, start=1)), notes), sheet)


as_typed = datetime.fromisoformat  # a spreadsheet's days and times know no zone


def said(rows):
    return [str(one) for one in rows.faults]


def test_every_kind_is_read():
    found = read(HEADINGS, GOOD)
    assert found.faults == () and found.notes == ()
    [row] = found.rows
    assert row.sound and row.number == 2
    assert row.values == {
        "code": "A-1",
        "name": "一件",
        "on": date(2025, 3, 1),
        "at": datetime(2025, 3, 1, 1, tzinfo=UTC),
        "amount": Decimal("0.5"),
        "kind": "a",
        "yes": False,
        "note": "两\n行",
    }
    assert row.texts["note"] == "两\n行"


def test_a_spreadsheets_own_kinds_of_cells_are_read():
    cells = [
        "A-1",
        7.0,
        as_typed("2025-03-01"),
        as_typed("2025-03-01T09:00"),
        3.0,
        "b",
        True,
        date(2025, 3, 1),
    ]
    [row] = read(HEADINGS, cells).rows
    assert row.sound
    assert (row.values["name"], row.values["on"], row.values["amount"]) == ("7", date(2025, 3, 1), 3)
    assert row.values["at"].astimezone(UTC) == datetime(2025, 3, 1, 1, tzinfo=UTC)
    assert (row.values["kind"], row.values["note"]) == ("b", "2025-03-01")


def test_what_is_empty_reads_as_the_declaration_says():
    [row] = read(HEADINGS, ["A-1", "一件", None, " ", "", "", "", ""]).rows
    assert row.sound
    assert [row.values[key] for key in ("on", "at", "amount", "kind", "yes", "note")] == [
        None,
        None,
        None,
        "",
        True,
        "",
    ]


@pytest.mark.parametrize(
    ("key", "cell", "words"),
    [
        ("code", "", "A2（代码）：没有填。例如 A-1。"),
        ("code", 12.0, "A2（代码）：这一格是数字，前面的零可能已经丢了。"),
        ("code", "甲 1", "A2（代码）：“甲 1”不能作代码。例如 A-1。"),
        ("code", "Ａ-１", "A2（代码）：“Ａ-１”不能作代码。例如 A-1；数字、字母用半角。"),
        ("name", "一二三四五六七", "B2（名称）：超过 6 个字。请缩短。"),
        ("name", "一\n二", "B2（名称）：含有换行或看不见的字符。"),
        ("name", "一\u202e二", "B2（名称）：含有换行或看不见的字符。"),
        ("on", "明天", "C2（日期）：“明天”不是日期。请写成 2025-01-31"),
        ("on", "2025-02-30", "C2（日期）：“2025-02-30”没有这一天。"),
        ("on", "２０２５-01-31", "C2（日期）：“２０２５-01-31”不是日期。请写成 2025-01-31，数字用半角。"),
        ("on", "20250131", "C2（日期）：“20250131”不是日期。"),
        ("at", "九点", "D2（时间）：“九点”不是时间。"),
        ("amount", "１０", "E2（数量）：“１０”不是数字。"),
        ("amount", "1e3", "E2（数量）：“1e3”不是数字。"),
        ("amount", "3_0", "不是数字"),
        ("amount", True, "不是数字"),
        ("amount", float("inf"), "不是数字"),
        ("kind", "丙类", "F2（类别）：没有“丙类”这个类别。请写 甲类、乙类 之一。"),
        ("yes", "也许", "G2（参加）：“也许”看不懂。请写 yes 或 no（是、否）。"),
        ("note", "坏", "H2（说明）：不要说坏话。"),
        ("kind", "长" * 90, f"没有“{'长' * 20}…”这个类别"),
        ("kind", "\x1b[31m", "没有“\\u001b[31m”这个类别"),
    ],
)
def test_a_wrong_cell_is_named_with_what_stands_there_and_the_remedy(key, cell, words):
    row = list(GOOD)
    row[[one.key for one in COLUMNS].index(key)] = cell
    found = read(HEADINGS, row)
    [fault] = found.faults
    assert words in str(fault) and str(fault).startswith("表“台账”")
    assert fault.key == key and not found.rows[0].sound and key not in found.rows[0].values


def test_all_faults_are_named_at_once_and_the_other_rows_are_read():
    found = read(HEADINGS, ["", "", "x", "x", "x", "x", "x", "坏"], GOOD, ["甲 乙", *GOOD[1:]])
    assert [one.place.cell for one in found.faults] == [*(f"{letters(at)}2" for at in range(8)), "A4"]
    assert [row.sound for row in found.rows] == [False, True, False]
    assert [one.place.cell for one in found.of(found.rows[2])] == ["A4"]


def test_a_csv_says_lines_and_columns():
    assert said(read(HEADINGS, ["", *GOOD[1:]], name="")) == ["第 2 行 A 列（代码）：没有填。例如 A-1。"]


def test_titles_above_and_headings_said_again_are_no_rows():
    found = read(["某市样表"] * 8, ["单位：件", *[""] * 7], HEADINGS, HEADINGS, GOOD, HEADINGS, GOOD)
    assert found.faults == () and [row.number for row in found.rows] == [5, 7]
    assert found.notes == ("表头在第 3 行，上面的 2 行是标题或说明，没有读。",)


def test_names_in_any_accepted_form_are_the_same_column():
    [row] = read(["ＣＯＤＥ", " 名\n称 "], ["A-1", "一件"]).rows
    assert row.values == {"code": "A-1", "name": "一件"}
    assert row.head.columns["code"] == (0, "代码") and row.head.written["code"] == "ＣＯＤＥ"
    found = read(["code", "Code", "名称"], ["A-1", "x", "一件"])
    assert found.rows[0].extra == {"Code": "x"} and "B 列“Code”不认识，没有读" in found.notes[0]


def test_missing_and_doubled_columns_are_named_at_once_with_what_was_likely_meant():
    found = read(["单位代号", "日期", "数量", "日期"], ["x", "y", "1", "z"])
    assert found.rows == ()
    assert said(found) == [
        "表“台账”第 1 行（列名）：缺“代码”这一列。请加一列，列名写“代码” 或 “code”。",
        "表“台账”第 1 行（列名）：缺“名称”这一列。请加一列，列名写“名称”。",
        "表“台账”第 1 行（列名）：“日期”这一列出现了两次。在 B、D 列；请删去一列，合并的列名请取消合并。",
    ]
    [fault] = read(["代码", "件名称", "x"], ["A", "b", ""]).faults
    assert "“件名称”是不是它？是的话，列名改成“名称”" in fault.remedy
    longer = Sheet("样表", (*COLUMNS, Column("above", ("上级代码",))), row="每行写一件")
    [fault] = read(["上级代码", "名称"], ["A", "b"], sheet=longer).faults
    assert "是不是它" not in fault.remedy  # a column that is known is no other one


def test_columns_that_are_not_known_are_named_and_kept():
    found = read([*HEADINGS, "备注", "参 加 否"], [*GOOD, "共建", ""])
    assert found.rows[0].extra == {"备注": "共建"}
    assert found.notes == ("I 列“备注”、J 列“参加否”不认识，没有读。",)
    assert read(["代码", "名称", "类别们"], ["A", "一", ""]).notes == (
        "C 列“类别们”不认识，没有读。",
        "C 列“类别们”是不是“类别”？是的话请改列名。",
    )
    found = read(["代码", "名称", "备注", "备注"], ["A", "一", "前", "后"])
    assert found.notes[1] == "“备注”这一列在 C、D 列都有，只留最后一列。"
    assert found.rows[0].extra == {"备注": "后"}
    [note] = read(["代码", "名称", *map(str, range(20))], ["A", "一"]).notes
    assert note.endswith("J 列“7”等 20 列不认识，没有读。")


def test_a_sheet_may_refuse_what_is_not_declared():
    strict = Sheet("样表", COLUMNS, row="每行写一件", unknown=None)
    [fault] = read([*HEADINGS, "备注"], [*GOOD, ""], sheet=strict).faults
    assert str(fault).startswith("表“台账”I1：不认识“备注”这一列。可用的列名是代码、名称")


def test_what_was_shifted_is_a_fault_of_its_row_and_not_of_each_cell():
    found = read(HEADINGS[:2], ["A-1", "一", "件"], ["A-1", "一", ""], name="")
    assert said(found) == [
        "第 2 行 C 列：有 3 格，列名只有 2 列，“件”上面没有列名。请删去多余的格；含逗号的文字要整格加引号。",
        "第 3 行：有 3 格，列名只有 2 列，末尾多了一格。请删去多余的格；含逗号的文字要整格加引号。",
    ]
    assert [row.values for row in found.rows] == [{}, {}]
    loose = Sheet("样表", COLUMNS, row="每行写一件", loose_ends=True)
    assert read(HEADINGS[:2], ["A-1", "一", ""], sheet=loose).rows[0].sound


def test_words_under_no_heading_are_a_fault_or_a_note_as_declared():
    rows = (["代码", "", "名称"], ["A", "旁注", "一"])
    assert "B2：“旁注”在没有列名的列里。请给那一列写上列名" in said(read(*rows))[0]
    beside = Sheet("样表", COLUMNS, row="每行写一件", beside=True)
    found = read(*rows, rows[1], sheet=beside)
    assert found.faults == () and found.notes == ("表“台账”B2 等 2 格在没有列名的列里，没有读。",)


def test_tables_without_rows_say_how_one_looks():
    assert said(read()) == [
        "表“台账”：没有内容。第一行写列名：代码、名称、日期、时间、数量、类别、参加、说明；以下每行写一件。"
    ]
    assert said(read(HEADINGS)) == ["表“台账”第 1 行（列名）：列名下面没有内容。请从下一行起每行写一件。"]
    few = Sheet("样表", COLUMNS, row="每行写一件", most_rows=1)
    assert said(read(HEADINGS, GOOD, GOOD, sheet=few)) == [
        "表“台账”：有 2 行，一次最多 1 行。请拆成几个文件。"
    ]


def test_notes_of_the_file_come_first():
    assert read(HEADINGS, GOOD, notes=("工作表“旧”是隐藏的",)).notes == ("工作表“旧”是隐藏的",)


def test_an_app_says_its_own_faults_in_the_same_form():
    [row] = read(HEADINGS, GOOD).rows
    assert (
        str(row.fault("name", "名录里没有它", "请先加入。")) == "表“台账”B2（名称）：名录里没有它。请先加入。"
    )
    assert str(row.fault("", "与第 1 行相同")) == "表“台账”第 2 行：与第 1 行相同。"


def test_letters_of_columns():
    assert [letters(one) for one in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_day_in_its_one_form():
    column = Column("on", ("日期",), "date", exact=True)
    assert read_cell(column, "2025-03-01") == date(2025, 3, 1)
    with pytest.raises(Wrong):
        read_cell(column, "2025/3/1")


cell = st.one_of(
    st.none(), st.text(max_size=12), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes()
)


@given(st.lists(st.lists(cell, max_size=10), max_size=8))
def test_whatever_stands_in_it_the_answer_is_in_words(rows):
    for offered in (rows, [HEADINGS, *rows]):
        found = lay_out(Offered("", list(enumerate(offered, start=1))), SHEET)
        for row in found.rows:
            assert row.sound == (not found.of(row))
        assert all(one.message and str(one).count("：") for one in found.faults)


@given(st.fractions(min_value=0, max_value=10**9).map(lambda one: Fraction(round(one * 1000), 1000)))
def test_a_number_is_what_its_digits_say(value):
    text = str(Decimal(value.numerator) / Decimal(value.denominator))
    if "E" not in text:
        assert Fraction(read_cell(Column("n", ("数量",), "number"), text)) == value


def test_texts_of_cells():
    assert [text_of(one) for one in (None, True, 2.0, 2.5, 1e300, " a ", as_typed("2025-01-02T03:04"))] == [
        "",
        "是",
        "2",
        "2.5",
        "1e+300",
        "a",
        "2025-01-02 03:04",
    ]
