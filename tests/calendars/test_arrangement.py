"""The notice as a file: both forms say the same, and whatever is wrong is named with its place."""

import json
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from kaoping.calendars import (
    ArrangementError,
    DayKind,
    calendar_from_seed,
    days_as_csv,
    provisional_table,
    read_arrangement,
    seed_table,
    table_to_json,
)
from tests.calendars.making import NOTICE_2027, SCHEMA


def csv_of(*lines: str) -> bytes:
    return "\n".join(("date,working,name", *lines)).encode()


def test_json_and_csv_say_the_same():
    given = read_arrangement(json.dumps(NOTICE_2027, ensure_ascii=False).encode())
    lines = [f"{day['date']},{str(day['working']).lower()},{day['name']}" for day in NOTICE_2027["days"]]
    same = read_arrangement(csv_of(*lines), source=NOTICE_2027["source"])
    assert same == given
    assert given.source == "示例发电〔2026〕1号"
    assert given.warnings() == []


def test_the_example_follows_the_documented_schema():
    Draft202012Validator(SCHEMA).validate(NOTICE_2027)


def test_a_spreadsheet_in_chinese_with_bom_or_gb18030():
    text = "日期,上班,名称\r\n2027/1/1,放假,元旦\r\n2027/2/14,上班,春节\r\n"
    for content in (text.encode("utf-8-sig"), text.encode("gb18030")):
        found = read_arrangement(content)
        assert found.years == (2027,)
        assert [day.kind for day in found.days] == [DayKind.HOLIDAY, DayKind.MAKE_UP]


def test_what_is_exported_is_read_again():
    for year in (2025, 2026):
        one = calendar_from_seed().table.days_of(year)
        assert read_arrangement(days_as_csv(one).encode()).days == tuple(one)
    content = json.dumps(table_to_json(seed_table(), "汇总")).encode()
    assert read_arrangement(content).table() == seed_table()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (csv_of("2027-01-01,false,元旦", "2027-01-01,false,元旦"), "第 3 行，date：2027-01-01 列了两次"),
        (
            csv_of("2027-01-01,false,元旦", "2026-12-31,false,元旦"),
            "第 3 行，date：2026-12-31 不在所写的年份里",
        ),
        (csv_of("2027-01-01,false,元旦", "2027-02-09,true,春节"), "2027-02-09 是星期二，本来就上班"),
        (csv_of("2027-02-30,false,春节"), "第 2 行，date：“2027-02-30”没有这一天。应为日期，如"),
        (csv_of("2027-01-01,maybe,元旦"), "第 2 行，working：“maybe”看不懂。应写“上班”或“放假”"),
        (csv_of("2027-01-01,false"), "第 2 行：有 2 格，应为 3 格"),
        (csv_of("2027-01-01,false,\x1b[31m"), "第 2 行，name：应为一行文字"),
        (csv_of(), "没有一天"),
        (b",,\n", "没有一天"),
        (csv_of('2027-01-01,false,"元旦'), "第 2 行：引号没有成对"),
        (b"day,off\n2027-01-01,1\n", "缺“日期”这一列。第一行写 日期,上班,名称，或者不写这一行、从第一天写起"),
        (b"date,working,name,name\n2027-01-01,1,a,b\n", "“名称”这一列出现了两次。在 C、D 列"),
        (b"", "没有内容"),
        (b"\xff\xfe\x00", "文字编码读不懂"),
        (b"{", "不是 JSON"),
        (b"[]", "应为 JSON 对象"),
        (b'{"years": [2027], "years": [2026], "days": []}', "years：同一个键写了两次"),
        (b'{"years": [2027, 2027], "days": []}', "2027 年写了两次"),
        (b'{"years": [1999], "days": []}', "不在 2004 到 2100 年之间"),
        (b'{"years": [-5], "days": []}', "不在 2004 到 2100 年之间"),
        (b'{"years": [4000], "days": []}', "不在 2004 到 2100 年之间"),
        (f'{{"years": [{10**30}], "days": []}}'.encode(), "years"),
        (b'{"years": [1e3], "days": []}', "years"),
        ('{"years": ["２０２７"], "days": []}'.encode(), "years：应为年份的数组"),
        (csv_of("２０２７-01-01,false,元旦"), "第 2 行，date：“２０２７-01-01”不是日期。应为日期"),
        (b'{"years": [true], "days": []}', "years：应为年份的数组"),
        (b'{"years": [2027], "day": []}', "day：不认识这个键"),
        (b'{"years": [2027], "source": 7}', "source：应为文本"),
        (b'{"years": [2027], "days": [{"date": "2028-01-01", "working": false}]}', "不在所写的年份里"),
        (b'{"years": [2027], "days": [{"date": 20270101, "working": false}]}', "days 第 1 项的 date"),
        (b'{"years": [2027], "days": [{"date": "2027-01-01", "working": 0}]}', "days 第 1 项的 working"),
        (b"[" * 100_000, "不是 JSON"),
        (b"x" * 300_000, "超过 200 KB"),
        (
            b"date,working,\x1b[31mname\n2027-01-01,1,a\n",
            "不认识“\\u001b[31mname”这一列。可用的列名是日期、上班、名称、依据",
        ),
        (b'{"years": [2027], "\\u001b[2J": 1}', "�[2J：不认识这个键"),
    ],
)
def test_a_wrong_file_says_what_and_where(content, words):
    with pytest.raises(ArrangementError, match=".*") as caught:
        read_arrangement(content)
    assert words in str(caught.value)


def test_everything_wrong_is_named_at_once():
    content = csv_of(
        "2027-01-01,false,元旦", "2027-13-01,false,x", "2027-02-09,true,春节", "2027-01-01,false,元旦"
    )
    with pytest.raises(ArrangementError) as caught:
        read_arrangement(content)
    assert [one.line for one in caught.value.problems] == [3, 4, 5]


def test_a_stray_day_does_not_restate_the_year_before():
    """A notice for 2027 that names one day of 2026 must not turn 2026 into a year without holidays."""
    with pytest.raises(ArrangementError, match="2026 年那几天到 2026 年的安排里录入"):
        read_arrangement(csv_of("2026-12-31,false,元旦", "2027-01-01,false,元旦"))


class TestWarnings:
    def test_a_festival_that_works(self):
        days = [day for day in NOTICE_2027["days"] if day["name"] != "端午节"]
        found = read_arrangement(json.dumps({**NOTICE_2027, "days": days}).encode()).warnings()
        assert any("2027-06-09 是端午节" in words for words in found)
        assert any("是 12 天，法定节日是 13 天" in words for words in found)

    def test_a_forgotten_make_up_day(self):
        days = [day for day in NOTICE_2027["days"] if not day["working"]]
        [words] = read_arrangement(json.dumps({**NOTICE_2027, "days": days}).encode()).warnings()
        assert "对不上" in words

    def test_what_the_state_council_announced_gives_none(self):
        for year in (2025, 2026):
            content = days_as_csv(seed_table().days_of(year)).encode()
            assert read_arrangement(content).warnings() == []

    def test_a_year_by_statute_alone_gives_none(self):
        content = days_as_csv(provisional_table(2030).days_of(2030)).encode()
        assert read_arrangement(content).warnings() == []

    def test_days_without_a_name(self):
        content = csv_of("2027-01-01,false,", "2027-01-04,false,")
        assert any(
            "没有写节日名称：2027-01-01、2027-01-04" in one for one in read_arrangement(content).warnings()
        )


def test_an_entered_make_up_day_counts():
    calendar = calendar_from_seed(read_arrangement(json.dumps(NOTICE_2027).encode()).table())
    assert calendar.day(date(2027, 2, 20)).label == "调休上班（春节）"
    assert calendar.is_working(date(2027, 2, 20))


def test_chinese_commas_of_a_hand_written_list_are_read():
    given = read_arrangement("日期，上班，名称\n2027-01-01，放假，元旦\n2027-01-03,上班，补班\n".encode())
    assert [(one.date.isoformat(), one.works, one.name) for one in given.days] == [
        ("2027-01-01", False, "元旦"),
        ("2027-01-03", True, "补班"),
    ]


def test_a_comma_inside_a_name_stays_there():
    given = read_arrangement("日期,上班,名称\n2027-01-01,放假,元旦，周五\n".encode())
    assert [one.name for one in given.days] == ["元旦，周五"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2027-01-01,放,元旦", "第 2 行，上班：“放”看不懂。应写“上班”或“放假”"),
        ("2027/1/1x,放假,元旦", "第 2 行，日期：“2027/1/1x”不是日期。应为日期"),
        ("2027-01-01,放假," + "元" * 41, "第 2 行，名称：应为一行文字"),
        ("1990-01-01,放假,元旦", "年份：1990 年不在"),
    ],
)
def test_a_chinese_list_is_answered_by_its_own_headings(line, words):
    with pytest.raises(ArrangementError) as caught:
        read_arrangement(f"日期,上班,名称\n{line}\n".encode())
    assert words in str(caught.value)
    assert not any(name in str(caught.value) for name in ("date", "working", "name", "true", "years"))


def test_days_without_a_heading_are_read_in_their_order():
    given = read_arrangement("2027-01-01，放假，元旦\n2027-01-03，上班，补班\n".encode())
    assert [(one.date.isoformat(), one.works, one.name) for one in given.days] == [
        ("2027-01-01", False, "元旦"),
        ("2027-01-03", True, "补班"),
    ]
    with pytest.raises(ArrangementError, match="第 2 行，上班：“补”看不懂。应写“上班”或“放假”"):
        read_arrangement("2027-01-01,放假\n2027-01-03,补\n".encode())


@pytest.mark.parametrize("sign", [",", "，", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_titles_above_and_other_signs_between_cells_are_read(sign, encoding):
    lines = [
        "2027年放假安排",
        "",
        sign.join(("日期", "上班", "名称")),
        sign.join(("2027年1月1日", "放假", "元旦")),
    ]
    [day] = read_arrangement("\n".join(lines).encode(encoding)).days
    assert (day.date, day.works, day.name) == (date(2027, 1, 1), False, "元旦")


@pytest.mark.parametrize("day", ["2027-02-30", "２０２７-01-01", "2027-13-01"])
def test_a_first_line_that_is_meant_for_a_day_is_judged_as_one(day):
    """Without a heading too: the fault is the day's, not that of five columns."""
    with pytest.raises(ArrangementError) as error:
        read_arrangement(f"{day},放假,元旦\n2027-01-02,放假,元旦\n".encode(), source="通知")
    assert len(error.value.problems) == 1 and day in str(error.value.problems[0])


def test_the_heading_that_the_form_names_is_known():
    given = read_arrangement("日期,上班或放假,名称\n2027-01-01,放假,元旦\n".encode(), source="通知")
    assert [(one.works, one.name) for one in given.days] == [(False, "元旦")]
