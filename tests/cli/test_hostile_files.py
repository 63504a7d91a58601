"""Bad input of every kind ends with 2, names its place and says what to do; it never ends 3, hangs or shows a traceback."""

import io
import json
import zipfile

import pytest

from kaoping.cli.main import main
from tests.cli.hostile import BALLOT, CASE, LINE, PAGE, QUESTIONNAIRE, UNITS, Year, in_time
from tests.standards.making import ABOUT, RUBRIC, TIMETABLE

HUGE = "9" * 5000
DEEP = "[" * 5000 + "]" * 5000
DEEP_OBJECT = '{"a":' * 200 + "1" + "}" * 200
CELL = "长" * 140_000


def line(**changed):
    return json.dumps({**LINE, **changed}, ensure_ascii=False) + "\n"


def raw(field, text, base=LINE):
    """A line in which the value of ``field`` is written as ``text``, whatever that is."""
    return json.dumps({**base, field: "@@"}, ensure_ascii=False).replace('"@@"', text) + "\n"


def doubled(text, field, again):
    return text.rstrip()[:-1] + f', "{field}": {again}}}\n'


def ballot(answers):
    return raw("answers", answers, BALLOT)


def units(*rows):
    return UNITS + "".join(f"{row}\n" for row in rows)


# kind: [(what is replaced, its text, the command that reads it, what the refusal names)]
TEXTS = {
    "numbers of thousands of digits": [
        ("o.jsonl", raw("value", HUGE), "score", "第 1 行"),
        ("o.jsonl", raw("value", f'{{"done": 1, "of": {HUGE}}}').replace("points", "ratio"), "bundle", "第 1 行"),
        ("b.jsonl", ballot(f'{{"q1": {HUGE}}}'), "tally", "第 1 行"),
        ("q.yaml", QUESTIONNAIRE + f"min_n: {HUGE}\n", "tally", "min_n"),
        ("book/rubric.yaml", RUBRIC.replace('max: "40"', f"max: {HUGE}", 1), "check-rulebook", "max"),
        ("book/rubric.yaml", RUBRIC.replace('each: "0.5"', f'each: "{HUGE}"'), "score", "each"),
        ("book/cases/one.yaml", CASE.replace("2025\n", f"{HUGE}\n", 1), "check-rulebook", "year"),
        ("book/cases/one.yaml", CASE.replace('"30"', HUGE, 1), "check-rulebook", "cases/one.yaml"),
    ],
    "nesting without end": [
        ("o.jsonl", DEEP + "\n", "score", "第 1 行"),
        ("o.jsonl", line() + raw("value", DEEP_OBJECT), "bundle", "第 2 行"),
        ("b.jsonl", ballot(DEEP_OBJECT), "tally", "第 1 行"),
        ("b.jsonl", DEEP, "tally", "第 1 行"),
        ("q.yaml", DEEP, "tally", "40 层"),
        ("q.yaml", DEEP_OBJECT, "tally", "64 层"),
        ("book/rubric.yaml", f"indicators: {DEEP}\n", "check-rulebook", "rubric.yaml"),
        ("book/about.yaml", DEEP_OBJECT, "score", "about.yaml"),
        ("book/cases/one.yaml", f"units: {DEEP}\n", "check-rulebook", "cases/one.yaml"),
    ],
    "instants at the ends of the calendar": [
        ("o.jsonl", line(observed_at="9999-12-31T23:59:59-12:00"), "score", "observed_at"),
        ("o.jsonl", line(recorded_at="0001-01-01T00:00:00+14:00"), "bundle", "recorded_at"),
        ("o.jsonl", line(observed_at="0001-01-01T00:00:00+14:00"), "bundle", "observed_at"),
        ("book/cases/one.yaml", CASE.replace("2026-01-10", "9999-12-31"), "check-rulebook", "as_of"),
        ("book/cases/one.yaml", CASE.replace("2026-01-10", "0001-01-01"), "check-rulebook", "as_of"),
        ("book/cases/one.yaml", CASE.replace("2025-03-01", "9999-12-31"), "check-rulebook", "observed_at"),
        ("book/cases/one.yaml", CASE.replace("year: 2025", "year: 9999"), "check-rulebook", "year"),
    ],
    "cells without measure": [
        ("units.csv", units(f"V,{CELL},department,,,,,"), "score", "第 3 行"),
        ("units.csv", units(f'V,"{CELL}",department,,,,,'), "bundle", "128 KB"),
        ("units.csv", f"code,name,{CELL}\nU,甲\n", "score", "第 1 行"),
        ("units.csv", units(f'V,"未完{CELL}'), "score", "第 3 行"),
    ],
    "quotes and commas": [
        ("units.csv", units('V,"乙局,department,,,,,', "W,丙局,department,,,,,"), "score", "第 3 行"),
        ("units.csv", units('V,"乙"局,department,,,,,'), "bundle", "第 3 行"),
        ("units.csv", units("V,乙局,丙局,department,,,,,"), "score", "第 3 行"),
        ("units.csv", units("V,乙,局,department,,,,,"), "bundle", "9 格"),
        ("units.csv", units("V,乙局,department,,,,,", '"'), "score", "第 4 行"),
    ],
    "half a character": [
        ("o.jsonl", raw("reason", '"\\ud800"'), "bundle", "reason"),
        ("o.jsonl", raw("reason", '"a\\udfff"'), "score", "reason"),
        ("b.jsonl", ballot('{"q1": "\\udc00"}'), "tally", "q1"),
        ("b.jsonl", ballot('{"\\ud83d": "good"}'), "tally", "第 1 行"),
        ("q.yaml", QUESTIONNAIRE.replace("label: 好", 'label: "\\uD800"'), "tally", "第 8 行"),
        ("book/about.yaml", ABOUT.replace("title: 小规则集", 'title: "\\uDC00"'), "check-rulebook", "第 3 行"),
    ],
    "whole numbers that a double cannot hold": [
        ("o.jsonl", raw("value", str(2**53)).replace("points", "count"), "bundle", "第 1 行"),
        ("o.jsonl", raw("value", "9" * 30).replace("points", "count"), "score", "第 1 行"),
        ("o.jsonl", raw("value", '{"done": 0, "of": 9007199254740993}').replace("points", "ratio"), "bundle", "第 1 行"),
        ("b.jsonl", ballot('{"q1": -9007199254740992}'), "tally", "第 1 行"),
    ],
    "what is no number": [
        ("o.jsonl", raw("value", "NaN"), "score", "NaN"),
        ("o.jsonl", raw("value", "-Infinity"), "bundle", "Infinity"),
        ("o.jsonl", raw("value", "1e400"), "score", "过大"),
        ("b.jsonl", ballot('{"q1": Infinity}'), "tally", "Infinity"),
        ("q.yaml", '{"id": "q", "version": "1", "min_n": NaN, "questions": []}', "tally", "NaN"),
    ],
    "keys written twice": [
        ("o.jsonl", doubled(line(), "value", '"40"'), "score", "字段 value"),
        ("o.jsonl", line() + doubled(line(id="o2"), "id", '"o3"'), "bundle", "第 2 行"),
        ("b.jsonl", ballot('{"q1": "good", "q1": "bad"}'), "tally", "字段 q1"),
        ("q.yaml", '{"id": "q", "id": "r", "version": "1", "questions": []}', "tally", "字段 id"),
        ("q.yaml", QUESTIONNAIRE + "id: r\n", "tally", "id"),
    ],
    "lines that are no object": [
        ("o.jsonl", line() + "\u2028\n", "score", "第 2 行"),
        ("o.jsonl", line() + "[1]\n", "bundle", "第 2 行"),
        ("b.jsonl", '"b1"\n', "tally", "第 1 行"),
        ("b.jsonl", json.dumps(BALLOT) + "\r" + json.dumps(BALLOT) + "\n", "tally", "第 1 行"),
    ],
    "other encodings": [
        ("o.jsonl", line().encode("gb18030"), "score", "UTF-8"),
        ("b.jsonl", json.dumps(BALLOT).encode("utf-16"), "tally", "UTF-8"),
        ("book/about.yaml", ABOUT.encode("gb18030"), "check-rulebook", "UTF-8"),
        ("q.yaml", QUESTIONNAIRE.encode("gb18030"), "tally", "UTF-8"),
        ("units.csv", UNITS.encode("utf-16-le") + b"\xff", "score", "UTF-8"),
    ],
    "an end before the beginning": [
        ("units.csv", units("V,乙,department,,,2025-02-01,2025-01-31,"), "score", "第 3 行"),
        ("units.csv", units("V,乙,department,,,2025-02-01,0001-01-01,"), "bundle", "valid_to"),
        ("units.csv", units("V,乙,department,,,9999-12-31,2025-01-31,"), "score", "valid_to"),
    ],
    "links to nobody or round": [
        ("units.csv", units("V,乙,department,X,,,,"), "score", "parent"),
        ("units.csv", units("V,乙,department,,X,,,"), "bundle", "leading_department"),
        ("units.csv", units("V,乙,department,,,,,X"), "score", "successor"),
        ("units.csv", units("V,乙,department,V,,,,"), "score", "parent"),
        ("units.csv", units("V,乙,department,,,,,W", "W,丙,department,,,,,V"), "bundle", "successor"),
        ("units.csv", units("V,乙,department,W,,,,", "W,丙,department,Y,,,,", "Y,丁,department,V,,,,"), "score", "绕回"),
        ("units.csv", units("V,乙,department,,W,,,", "W,丙,department,,V,,,"), "score", "leading_department"),
    ],
    "codes that only look like codes": [
        ("units.csv", units('"V\nW",乙,department,,,,,'), "score", "code"),
        ("units.csv", units("V\u200b,乙,department,,,,,"), "score", "U+200B"),
        ("units.csv", units("<b>V</b>,乙,department,,,,,"), "bundle", "<"),
        ("units.csv", units("V\x1b[31m,乙,department,,,,,"), "score", "code"),
        ("book/rubric.yaml", RUBRIC.replace("code: A2", "code: ' A2'"), "check-rulebook", "空格"),
        ("book/rubric.yaml", RUBRIC.replace("code: A2", "code: \"A\\u200b2\""), "check-rulebook", "U+200B"),
        ("book/rubric.yaml", RUBRIC.replace("code: A2", "code: \"A\\n2\""), "score", "换行"),
        ("book/rubric.yaml", RUBRIC.replace("code: A2", "code: '<i>A2'"), "check-rulebook", "<"),
        ("book/rubric.yaml", RUBRIC.replace("code: good", "code: 'good '"), "check-rulebook", "bands"),
        ("q.yaml", QUESTIONNAIRE.replace("id: q1", "id: 'q1 '"), "tally", "questions[0].id"),
        ("q.yaml", QUESTIONNAIRE.replace("code: bad", "code: \"bad\\u202e\""), "tally", "U+202E"),
    ],
    "days and times in other shapes": [
        ("o.jsonl", line(observed_at="2025-W09-6T09:00:00+08:00"), "score", "observed_at"),
        ("o.jsonl", line(recorded_at="20250301T090000+0800"), "bundle", "recorded_at"),
        ("o.jsonl", line(observed_at="2025-03-01 09:00:00+08:00"), "score", "observed_at"),
        ("units.csv", units("V,乙,department,,,2025-W09-6,,"), "score", "valid_from"),
        ("units.csv", units("V,乙,department,,,,20250301,"), "bundle", "valid_to"),
        ("book/cases/one.yaml", CASE.replace("2026-01-10T", "2026-W02-6T"), "check-rulebook", "as_of"),
        ("book/cases/one.yaml", CASE.replace("2025-03-01T09:00:00", "20250301T090000"), "check-rulebook", "observed_at"),
        ("book/rubric.yaml", RUBRIC.replace("method: ratio", "method: ratio\n        announced_on: 2025-W09-6"), "check-rulebook", "announced_on"),
    ],
    "signs that nobody sees inside an id": [
        ("o.jsonl", line(id="o\x001"), "score", "id"),
        ("o.jsonl", line(id="o1\x1b[2J"), "bundle", "U+001B"),
        ("o.jsonl", line(id="o\n1"), "score", "U+000A"),
        ("o.jsonl", line(unit="U\x00"), "score", "unit"),
        ("o.jsonl", line(item="B\u200b"), "bundle", "U+200B"),
        ("o.jsonl", line(check="P-01\x00"), "score", "check"),
        ("o.jsonl", line(supersedes="o\x002"), "bundle", "supersedes"),
        ("o.jsonl", line(target="document:\x00一号"), "score", "target"),
        ("o.jsonl", line(act="batch:a\x00b"), "bundle", "act"),
        ("o.jsonl", line(kind="level", value="go\x00od"), "score", "value"),
        ("o.jsonl", line(kind="tally", value={"question": "q\x001", "options": {"a": 1}}), "score", "value"),
        ("o.jsonl", line(kind="tally", value={"question": "q1", "options": {"a\x7f": 1}}), "bundle", "value"),
        ("o.jsonl", line(artefacts=[{"sha256": None, "url": "http://a.cn/\x00"}]), "score", "artefacts"),
        ("b.jsonl", raw("id", '"b\\u0000"', BALLOT), "tally", "id"),
        ("b.jsonl", raw("unit", '"U\\u0000"', BALLOT), "tally", "unit"),
        ("b.jsonl", raw("stratum", '"a\\u202eb"', BALLOT), "tally", "stratum"),
        ("units.csv", units("V\x00,乙,department,,,,,"), "score", "U+0000"),
        ("units.csv", UNITS.replace("successor\n", "successor,site_id_code\n") + "V,乙,department,,,,,,32\x0001\n", "bundle", "site_id_code"),
        ("units.csv", units("V,乙,department\x00,,,,,"), "score", "kind"),
        ("q.yaml", QUESTIONNAIRE.replace("id: q1", 'id: "q\\01"'), "tally", "questions[0].id"),
        ("book/rubric.yaml", RUBRIC.replace("code: A2", 'code: "A\\02"'), "check-rulebook", "U+0000"),
        ("book/about.yaml", ABOUT.replace("id: small", 'id: "sm\\0all"'), "score", "id"),
    ],
    "ids that are paths": [
        ("book/about.yaml", ABOUT.replace("id: small", "id: ../x"), "check-rulebook", "id"),
        ("book/about.yaml", ABOUT.replace("id: small", "id: /etc"), "score", "id"),
        ("book/about.yaml", ABOUT.replace("id: small", "id: .small"), "check-rulebook", "id"),
        ("book/about.yaml", ABOUT.replace("id: small", 'id: "small\\n"'), "bundle", "id"),
        ("book/about.yaml", ABOUT + "extends: ../../x\n", "check-rulebook", "extends"),
        ("book/about.yaml", ABOUT + "extends: /tmp\n", "check-rulebook", "extends"),
    ],
    "misspelt fields": [
        ("book/questionnaire.yaml", QUESTIONNAIRE + "satisfaction: {²: 1}\n", "check-rulebook", "²"),
        ("q.yaml", QUESTIONNAIRE + "satisfaction: {weigths: {}}\n", "tally", "weigths"),
        ("q.yaml", QUESTIONNAIRE + "satisfaction: {weights: {²: 1}}\n", "tally", "weights"),
        ("book/questionnaire.yaml", QUESTIONNAIRE + f"'{HUGE}': 1\n", "check-rulebook", "questionnaire"),
        ("book/about.yaml", ABOUT + "extend: changzhou-2020\n", "check-rulebook", "extend"),
        ("book/about.yaml", ABOUT + "legal_bases: x\n", "score", "legal_bases"),
        ("book/questionnaire.yaml", QUESTIONNAIRE + "satisfation: {}\n", "check-rulebook", "satisfation"),
        ("q.yaml", QUESTIONNAIRE.replace("dimension", "dimention"), "tally", "dimention"),
        ("q.yaml", QUESTIONNAIRE.replace("counts_as", "count_as", 1), "tally", "count_as"),
        ("book/rubric.yaml", RUBRIC.replace("method: ratio", "methode: ratio"), "check-rulebook", "methode"),
        ("book/timetable.yaml", TIMETABLE + "defaults: A\n", "check-rulebook", "defaults"),
        ("book/cases/one.yaml", CASE + "expects: {}\n", "check-rulebook", "expects"),
        ("book/rubric.yaml", RUBRIC.replace("locked: true", "locked: 'yes'", 1), "check-rulebook", "locked"),
    ],
    "cases that ask nothing or of nobody": [
        ("book/cases/one.yaml", CASE.replace("  - {code: U, kind: department}\n", "").replace("units:", "units: []"), "check-rulebook", "units"),
        ("book/cases/one.yaml", CASE.split("expect:")[0] + "expect: {}\n", "check-rulebook", "expect"),
        ("book/cases/one.yaml", CASE.split("expect:")[0] + "expect: {U: {}}\n", "check-rulebook", "expect.U"),
        ("book/cases/one.yaml", CASE.replace("{unit: U, item", "{unit: X, item"), "check-rulebook", "observations.0.unit"),
        ("book/cases/one.yaml", CASE.replace("item: B", "item: A"), "check-rulebook", "observations.0.item"),
        ("book/cases/one.yaml", CASE.replace("item: B", "item: Z"), "check-rulebook", "observations.0.item"),
        ("book/cases/one.yaml", CASE.replace("  - {code: U, kind: department}\n", "  - {code: U, kind: department}\n" * 2), "check-rulebook", "units.1.code"),
    ],
    "tags": [
        ("book/about.yaml", ABOUT + "note: !!python/object/apply:os.getcwd []\n", "check-rulebook", "标签"),
        ("book/rubric.yaml", RUBRIC.replace('max: "20"', 'max: !!int "20"'), "score", "标签"),
        ("book/rubric.yaml", RUBRIC.replace("name: 乙", "name: !x 乙"), "check-rulebook", "标签"),
        ("q.yaml", QUESTIONNAIRE.replace("label: 好", "label: !!binary 5aW9"), "tally", "标签"),
        ("q.yaml", QUESTIONNAIRE + "note: !!python/name:os.system x\n", "tally", "标签"),
        ("book/cases/one.yaml", CASE + "note: !!set {a}\n", "check-rulebook", "标签"),
    ],
    "keys and signs that YAML has and we have not": [
        ("book/rubric.yaml", RUBRIC + "? [a, b]\n: c\n", "check-rulebook", "字段名"),
        ("book/about.yaml", ABOUT + "note: \x07\n", "check-rulebook", "U+0007"),
        ("q.yaml", QUESTIONNAIRE + 'note: "\\UFFFFFFFF"\n', "tally", "YAML"),
    ],
}  # fmt: skip
ROWS = [(kind, *row) for kind, rows in TEXTS.items() for row in rows]


@pytest.fixture
def year(tmp_path):
    return Year(tmp_path)


@pytest.fixture
def ends(capsys):
    """``ends(words, *named)``: the command ends with 2, and its refusal names the place and a remedy."""

    def run(words, *named):
        with in_time():
            try:
                code = main(words)
            except SystemExit as left:
                code = left.code
        captured = capsys.readouterr()
        assert code == 2, captured.err
        said = captured.err.splitlines()[-1]
        assert captured.out == ""
        assert said.startswith("输入有误：") and "办法：" in said and "Traceback" not in captured.err
        for one in named:
            assert str(one) in said
        assert said.isprintable()

    return run


@pytest.mark.parametrize(
    ("kind", "name", "text", "command", "place"),
    ROWS,
    ids=[f"{row[0]}-{row[1]}-{n}" for n, row in enumerate(ROWS)],
)
def test_a_text_of_this_kind_is_refused_with_its_place_and_a_remedy(
    year, ends, kind, name, text, command, place
):
    year.put(name, text)
    ends(year.command(command), name.split("/")[0].removesuffix(".yaml"), place)


def test_every_kind_has_three_inputs():
    assert {kind: len(rows) for kind, rows in TEXTS.items() if len(rows) < 3} == {}


@pytest.mark.parametrize("year_given", ["0", "-1", "9999", "99999", "２０２５", HUGE, "20 25", "1e3", "9001"])
@pytest.mark.parametrize("command", ["score", "bundle"])
def test_years_beyond_the_calendar_are_refused(year, ends, command, year_given):
    ends([*year.command(command), f"--year={year_given}"], "--year")


@pytest.mark.parametrize(
    "day",
    [
        "9999-12-31",
        "0001-01-01",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00+14:00",
        "2025-02-30",
        "2026-W01-1",
        "20260101",
        "2026-001",
        "2026-01-10 09:00:00+08:00",
        "２０２６-01-10",
    ],
)
@pytest.mark.parametrize("command", ["score", "bundle", "tally", "check"])
def test_days_beyond_the_calendar_are_refused(year, ends, command, day):
    option = "--at" if command == "tally" else "--as-of"
    more = ["--as-observations"] if command == "tally" else []
    ends([*year.command(command, *more), f"{option}={day}"], option)


READ = {
    "score": ["o.jsonl", "units.csv", "book/about.yaml", "book/rubric.yaml"],
    "bundle": ["o.jsonl", "units.csv", "salt", "book/timetable.yaml"],
    "check-rulebook": ["book/rubric.yaml", "book/cases/one.yaml", "book/more.yaml"],
    "show-rulebook": ["book/about.yaml", "book/timetable.yaml", "book/cases/deep.yaml"],
    "diff-rulebook": ["book/rubric.yaml", "book/timetable.yaml", "book/questionnaire.yaml"],
    "tally": ["b.jsonl", "q.yaml"],
    "facts": ["page.html"],
    "restore": ["backup.zip"],
    "verify": ["out.zip"],
}  # fmt: skip


@pytest.mark.parametrize("kind", ["pipe", "device", "ring", "folder"])
@pytest.mark.parametrize(
    ("command", "name"), [(command, name) for command, names in READ.items() for name in names]
)
def test_what_is_no_file_is_refused_before_it_is_opened(year, ends, command, name, kind):
    if (command, kind) == ("verify", "folder"):
        return  # a folder is a bundle's other form
    path = year.instead(name, kind)
    more = ["--salt-file", path] if name == "salt" else []
    ends(year.command(command, *more), path.name)


@pytest.mark.parametrize("kind", ["pipe", "device", "ring"])
@pytest.mark.parametrize("name", ["crawl/run.json", "crawl/pages-00001.warc.gz", "crawl/facts/pages.parquet"])
def test_a_crawls_folder_with_a_pipe_in_it_is_refused(year, ends, name, kind):
    year.put(
        "crawl/run.json",
        json.dumps(
            {"root": "http://a.example/", "started_at": "2025-11-01T00:00:00+08:00", "complete": True}
        ),
    )
    year.put("crawl/facts/pages.parquet", b"")
    year.instead(name, kind)
    ends(year.command("check"), name.rpartition("/")[2] if name != "crawl/run.json" else "crawl")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", DEEP, '{"root": 1, "pages": "x"}', '{"root": "http://a/"}', HUGE]
)
def test_a_crawls_record_that_is_none_is_refused(year, ends, text):
    year.put("crawl/run.json", text)
    ends(year.command("check"), "crawl")


def zipped(manifest, **members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.json", manifest)
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


WHOLE = {"format": 1, "made_at": "x", "engine": "sqlite", "ballots": "file", "members": {}}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x05\x06" + b"\0" * 18,
        b"PK\x03\x04rubbish",
        zipped(DEEP),
        zipped(HUGE),
        zipped("[]"),
        zipped('{"format": 1, "format": 1}'),
        zipped(json.dumps({**WHOLE, "made_at": None})),
        zipped(json.dumps({**WHOLE, "members": []})),
        zipped(json.dumps({**WHOLE, "members": {"a": None}}), a=b""),
        zipped(json.dumps({**WHOLE, "members": {"a": {"sha256": 1}}}), a=b""),
        zipped(json.dumps({**WHOLE, "members": {"a": {"sha256": "\x1b[31m"}}}), a=b""),
        zipped(json.dumps({**WHOLE, "ballots": {"a": 1}})),
        zipped(json.dumps({**WHOLE, "format": DEEP})),
        zipped(json.dumps({**WHOLE, "members": {"../a": {"sha256": ""}}}), **{"../a": b""}),
        zipped(json.dumps(WHOLE))[:-30],
    ],
)
def test_a_backup_that_is_none_restores_nothing(year, ends, content):
    year.put("backup.zip", content)
    ends(year.command("restore"), "backup.zip")
    assert not (year.folder / "restored").exists()


def test_texts_of_the_web_with_their_line_separators_are_texts(year, capsys):
    year.put(
        "o.jsonl",
        "\ufeff"
        + line(reason="一\u2028二\u2029三\u0085四")
        + "\r\n \n"
        + line(id="o2", unit="X", reason="\x0b"),
    )
    for command in ("score", "bundle"):
        assert main(year.command(command, "--json")) == 0
        captured = capsys.readouterr()
        json.loads(captured.out)
        assert "第 4 行：单位 X 不在单位表里" in captured.err
    assert main(year.command("verify")) == 0


def test_a_bundles_own_files_are_scored_again(year, capsys):
    """The list of a bundle holds the assessed units alone; whom they answer to need not be in it."""
    year.put("units.csv", units("CITY,市政府,government,,,,,", "V,乙,department,CITY,,,9999-12-31,"))
    year.put("o.jsonl", line(reason="一\u2028二"))
    words = year.command("bundle")
    assert main([*words[:-1], str(year.folder / "out")]) == 0
    listed = year.folder / "out" / "units.csv"
    listed.write_text(listed.read_text("utf-8-sig").replace("CITY,市政府", "OTHER,别处"), "utf-8")
    capsys.readouterr()
    score = year.command("score", "--json")
    score[score.index(str(year.folder / "units.csv"))] = str(listed)
    score[score.index(str(year.folder / "o.jsonl"))] = str(year.folder / "out" / "observations.jsonl")
    assert main(score) == 0
    assert capsys.readouterr().err == ""


def test_bundle_warns_of_lines_that_do_not_count_as_score_does(year, capsys):
    year.put("o.jsonl", line() + line(id="o2", unit="X") + line(id="o3", item="Z"))
    assert main(year.command("score", "--json")) == 0
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert main(year.command("bundle", "--json")) == 0
    assert [one for one in capsys.readouterr().err.splitlines() if "没有计入" in one] == said


def test_units_in_gbk_are_read_and_said(year, capsys):
    year.put("units.csv", UNITS.encode("gb18030"))
    assert main(year.command("score", "--json")) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["units"][0]["unit"] == "U" and "GBK" in captured.err


def test_the_sound_year_is_sound(year):
    for command in (
        "check-rulebook",
        "show-rulebook",
        "diff-rulebook",
        "score",
        "bundle",
        "tally",
        "facts",
        "verify",
    ):
        assert main(year.command(command)) == 0, command
    assert PAGE
