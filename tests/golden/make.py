"""Make a golden bundle with the program as it stands: ``python -m tests.golden.make``.

It writes ``v<format>`` and its first-level part beside the others and refuses to write over one that exists: a
bundle of an earlier version can only be made by the program of that version, and is never made again.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from kaoping.foreign.container import write_folder
from kaoping.publication.bundle.build import MANIFEST, Files, build_bundle, bundle_digest, public_part
from kaoping.publication.bundle.canonical import loads
from kaoping.publication.bundle.formats.third import Act
from kaoping.publication.bundle.verify import verify_files
from kaoping.scoring.observations import Observation
from kaoping.standards.loading import Rulebook, rulebook_from_files
from tests.publication.bundle.examples import AS_OF, RULEBOOK, SALT, UNITS, Ledger, year

HERE = Path(__file__).parent
FIRST_INSTANT = datetime(2024, 11, 30, 16, tzinfo=UTC)  # 00:00 of the period's first day in Shanghai
INSTANT = timedelta(microseconds=1)
LAST_MIDNIGHT = datetime(2025, 11, 30, 16, tzinfo=UTC)  # 24:00 of its last day


ACTS = {
    "appeal:FH-2025-0001": Act(date(2026, 1, 6), 2),
    "batch:0123abcd": Act(date(2025, 10, 9), 1),
    "correction:2025-1": Act(date(2026, 1, 8), 2),
    "ruling:finding-7": Act(date(2025, 9, 20), 1),
}


def lines() -> list[Observation]:
    """The example year with every lawful way in which a line falls, lines at both edges of the period, every key in use."""
    book = year()
    for unit in ("E", "H"):
        book.add(unit, "A1", "register", "count", 1, at=FIRST_INSTANT, reason="首日零时")
        book.add(unit, "A1", "register", "count", 2, at=LAST_MIDNIGHT - INSTANT, reason="末日二十四时以前")
        book.add(unit, "A1", "register", "count", 3, at=LAST_MIDNIGHT, reason="次日零时，属下一年度")
    old = book.add("E", "B3", "register", "points", "6", days=90, reason="登记有误")
    book.add("E", "B3", "register", "points", "8.5", days=91, supersedes=old, reason="更正后的登记")
    wrong = book.add("H", "A2", "register", "ratio", {"done": 1, "of": 10}, days=92, reason="导错的一批")
    book.add(
        "H",
        "A2",
        "office",
        "withdrawn",
        None,
        days=92,
        recorded_at=on(2025, 10, 9),
        supersedes=wrong,
        act="batch:0123abcd",
        reason="整批导错",
    )
    seen = book.add(
        "Q",
        "A1",
        "monitor",
        "verdict",
        "not_met",
        check="P-02",
        url="https://q.kaoping.test/2",
        target="page:https://q.kaoping.test/2",
        days=100,
    )
    book.add(
        "Q",
        "A1",
        "office",
        "withdrawn",
        None,
        check="P-02",
        days=100,
        recorded_at=on(2025, 9, 20),
        supersedes=seen,
        act="ruling:finding-7",
        reason="判为误报",
    )
    fault = book.add(
        "Q",
        "A1",
        "visit",
        "verdict",
        "not_met",
        check="P-04",
        url="https://q.kaoping.test/4",
        target="place:12",
        days=101,
    )
    book.add(
        "Q",
        "A1",
        "retest",
        "verdict",
        "met",
        check="P-04",
        url="https://q.kaoping.test/4",
        target="place:12",
        days=120,
        supersedes=fault,
    )
    book.add("E", "A1", "self", "level", "full", days=125, by="联络员", reason="第一次提交")
    book.add(
        "E",
        "A1",
        "self",
        "level",
        "half",
        days=126,
        by="联络员",
        reason="退回后再提交",
        supersedes=book.lines[-1].id,
    )
    late = book.add(
        "H", "A1", "visit", "verdict", "not_met", check="P-06", url="https://h.kaoping.test/6", days=130
    )
    book.add(
        "H",
        "A1",
        "office",
        "withdrawn",
        None,
        check="P-06",
        days=130,
        recorded_at=on(2026, 1, 6),
        supersedes=late,
        act="appeal:FH-2025-0001",
        reason="复核 FH-2025-0001：照片拍的不是本单位",
    )
    book.add(
        "H",
        "A2",
        "office",
        "points",
        "18.5",
        days=131,
        recorded_at=on(2026, 1, 6),
        act="appeal:FH-2025-0001",
        reason="复核 FH-2025-0001：一件由上级延期",
    )
    book.add("E", "A1", "clock", "verdict", "met", check="cases_overdue", days=140)
    book.add(
        "E",
        None,
        "monitor",
        "looks",
        {"n": 4, "first": "2025-06-02", "last": "2025-06-29", "found": 1},
        check="P-02",
        days=150,
    )
    _same_targets(book)
    tally = next(one for one in book.lines if (one.unit, one.kind) == ("E", "tally"))
    gone = book.add(
        "E",
        "C",
        "office",
        "withdrawn",
        None,
        at=tally.observed_at,
        recorded_at=on(2026, 1, 8),
        supersedes=tally.id,
        act="correction:2025-1",
        reason="第 1 次更正：错撤",
    )
    book.add(
        "E",
        "C",
        "ballot",
        "tally",
        tally.value,
        at=tally.observed_at,
        recorded_at=on(2026, 1, 9),
        supersedes=gone,
        act="correction:2025-1",
        reason="第 1 次更正：恢复",
    )
    return book.lines


def _same_targets(book: Ledger) -> None:
    """Lines that are one fault by their target alone, or because an older line's address is that target."""
    for day, url in (
        (160, "https://e.kaoping.test/photo-1.jpg"),
        (161, "https://e.kaoping.test/photo-2.jpg"),
    ):
        book.add("E", "A1", "visit", "verdict", "not_met", url=url, target="place:E-1", days=day)
    book.add("E", "A1", "visit", "verdict", "not_met", url="place:大厅", days=162)
    book.add("E", "A1", "draw", "verdict", "not_met", target="place:大厅", days=163)
    page = "https://h.kaoping.test/7"
    book.add("H", "A1", "visit", "verdict", "not_met", check="P-02", url=page, days=164)
    book.add("H", "A1", "visit", "verdict", "met", check="P-02", target=f"page:{page}", days=170)


def on(year: int, month: int, day: int) -> datetime:
    """Noon of a day in UTC."""
    return datetime(year, month, day, 12, tzinfo=UTC)


def announced() -> list[Observation]:
    """Of an item that the rulebook announced in March: told to E in July, before it was announced to anybody to H."""
    book = year()
    for unit, day in (("E", datetime(2025, 7, 1, 1, tzinfo=UTC)), ("H", datetime(2024, 6, 3, 1, tzinfo=UTC))):
        book.add(unit, "A1", "office", "verdict", "met", check="announced", at=day, reason="印发到单位")
        for at in (datetime(2025, 2, 3, 1, tzinfo=UTC), datetime(2025, 8, 4, 1, tzinfo=UTC)):
            book.add(unit, "A1", "register", "count", 1, at=at, reason="登记一件")
    return book.lines


def bundles() -> dict[str, Files]:
    """Name -> files of each whole bundle and of its first-level part."""
    issued = RULEBOOK.files["rubric.yaml"].replace(
        "code: A1\n", "code: A1\n        announced_on: '2025-03-01'\n"
    )
    book = rulebook_from_files(dict(RULEBOOK.files) | {"rubric.yaml": issued})
    return _pair("", RULEBOOK, lines(), ACTS) | _pair("-announced", book, announced(), {})


def _pair(
    ending: str, rulebook: Rulebook, observations: list[Observation], acts: dict[str, Act]
) -> dict[str, Files]:
    files = build_bundle(
        rulebook=rulebook,
        units=UNITS,
        observations=observations,
        year=2025,
        as_of=AS_OF,
        aliases={"专家甲": "评审一", "专家乙": "评审二", "专家丙": "评审三"},
        salt=SALT,
        signatures=[
            {"role": "市政务公开办主任", "name": "主任（示例数据）", "at": "2026-01-11T09:00:00+08:00"}
        ],
        example=True,
        corrects={
            "release": "2025-1",
            "full_digest": "1" * 64,
            "public_digest": "2" * 64,
            "reason": "错撤一道题的计票（示例数据）",
        },
        acts=acts,
        adopted={"by": "某市政务公开领导小组（示例数据）", "on": "2025-03-03", "document_no": ""},
    )
    manifest, results = loads(files[MANIFEST]), loads(files["results.json"])
    name = f"v{manifest['format_version']}{ending}"
    part = public_part(files, "first_level", manifest, rulebook, results)
    return {name: files, f"{name}-first-level": part}


def main() -> int:
    """Write what is not there yet."""
    for name, files in bundles().items():
        if (HERE / name).exists():
            print(f"{name} 已有，不重新生成")
            continue
        verdict = verify_files(files, bundle_digest(files))
        if not verdict.ok:
            print(f"{name} 核对不过：{verdict.as_json()}")
            return 1
        write_folder(files, HERE / name)
        (HERE / f"{name}.digest").write_text(f"{bundle_digest(files)}\n", encoding="utf-8")
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
