"""``kaoping calendar show|check|import``: which years are known, is a file whole, enter it and see every date that moves."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from kaoping.calendars import (
    Arrangement,
    CalendarTable,
    YearState,
    calendar_with,
    table_of,
    table_to_json,
)
from kaoping.cli.django import add_data_argument, late, setup
from kaoping.cli.errors import InputError
from kaoping.cli.reading import read_calendar, read_year
from kaoping.support import clock
from kaoping.support.environment import data_folder, read

NAME = "calendar"
HELP = "工作日历：查看（show）、检查文件（check）、录入一年的放假安排（import）。"
NO_SOURCE = "没有写依据，导入时须写明通知的文号（source，或 --source）"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="show|check|import")
    show = verbs.add_parser("show", help="各年的工作日从哪里来；写年份则逐日列出")
    show.add_argument("year", nargs="?", type=_year, metavar="年份")
    show.add_argument("--calendar", metavar="文件", help="加上这个放假安排文件再看，不读数据目录")
    check = verbs.add_parser("check", help="检查放假安排文件（JSON 或 CSV），不存入")
    take = verbs.add_parser("import", help="录入放假安排，先列出会改动的日期")
    for one in (check, take):
        one.add_argument("file", metavar="文件", help="JSON 或 CSV")
        one.add_argument("--source", default="", metavar="文号", help="依据；CSV 没有 source 列时写在这里")
    take.add_argument("--dry-run", action="store_true", help="只列出会改动的日期，不存入")
    for one in (show, take):
        add_data_argument(one)
    for one in (show, check, take):
        one.add_argument("--json", action="store_true", help="只在标准输出打印 JSON")


def _year(text: str) -> int:
    return read_year(text, field="年份")


def run(args: argparse.Namespace) -> int:
    """Dispatch on the verb."""
    return {"show": _show, "check": _check, "import": _import}[args.verb](args)


def _show(args: argparse.Namespace) -> int:
    table, sources = _known(args)
    if args.year is None:
        return _show_years(table, sources, as_json=args.json)
    state = table.state(args.year)
    if state is YearState.UNKNOWN:
        raise InputError(
            f"工作日历没有 {args.year} 年",
            field="年份",
            remedy=f"可看 {min(table.years)} 到 {max(table.years)} 年；别的年份先用 kaoping calendar import 录入",
        )
    days = table.days_of(args.year)
    source = sources.get(args.year)
    if args.json:
        only = table_to_json(table_of([args.year], days), source)
        print(json.dumps({"year": args.year, "state": state.value, **only}, ensure_ascii=False))
        return 0
    print(f"{args.year} 年：{state.label}（{state.value}）" + (f"，依据：{source}" if source else ""))
    for day in days:
        print(f"  {day.date.isoformat()}  {'上班' if day.works else '放假'}  {day.name or ''}".rstrip())
    return 0


def _show_years(table: CalendarTable, sources: dict[int, str], *, as_json: bool) -> int:
    rows = [
        {"year": year, "state": table.state(year).value, "source": sources.get(year)}
        for year in sorted(table.years)
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for row in rows:
        source = f"，依据：{row['source']}" if row["source"] else ""
        print(f"{row['year']} 年：{YearState(str(row['state'])).label}（{row['state']}）{source}")
    return 0


def _known(args: argparse.Namespace) -> tuple[CalendarTable, dict[int, str]]:
    """The table and the sources of its entered years: of the file, of the data folder, or what ships."""
    if args.calendar:
        given = read_calendar(args.calendar)
        return calendar_with([given.table()]).table, dict.fromkeys(given.years, given.source)
    if not args.data and not _has_data():
        return calendar_with([]).table, {}
    setup(args, reads_only=True)
    queries = late("kaoping.workdays.queries")
    table = queries.calendar(clock.now()).table
    return table, {year: queries.standing_of(year).source for year in table.entered}


def _has_data() -> bool:
    folder = data_folder()
    return folder.is_dir() and (bool(read("KAOPING_DATABASE_URL")) or (folder / "kaoping.sqlite3").is_file())


def _check(args: argparse.Namespace) -> int:
    given = read_calendar(args.file, source=args.source)
    warnings = [*([] if given.source else [NO_SOURCE]), *given.warnings()]
    if args.json:
        report = {**table_to_json(given.table(), given.source or None), "warnings": warnings}
        print(json.dumps(report, ensure_ascii=False))
        return 0
    print(_summary(given))
    for words in warnings:
        print(f"  注意：{words}")
    return 0


def _summary(given: Arrangement) -> str:
    off = sum(not day.works for day in given.days)
    years = "、".join(map(str, given.years))
    source = f"，依据：{given.source}" if given.source else ""
    return f"{years} 年：放假 {off} 天，补班 {len(given.days) - off} 天{source}"


def _import(args: argparse.Namespace) -> int:
    given = read_calendar(args.file, source=args.source)
    if not given.source:
        raise InputError(
            "没有写依据", file=args.file, field="source", remedy="写明通知的文号，或加 --source 文号"
        )
    setup(args)
    now = clock.now()
    effect = late("kaoping.deadlines.queries").effect_of(given, now=now)
    out = sys.stderr if args.json else sys.stdout
    print(_summary(given), file=out)
    for words in effect.warnings:
        print(f"  注意：{words}", file=out)
    for line in _lines(effect.moves, effect.kept):
        print(f"  {line}", file=out)
    if not args.dry_run:
        if effect.moves and sys.stdin.isatty() and input("确认录入请输入“确认”：").strip() != "确认":
            print("没有录入", file=out)
            return 1
        _enter(given, effect.seen, now)
        print("已录入", file=out)
    if args.json:
        report = {
            "years": list(given.years),
            "source": given.source,
            "entered": not args.dry_run,
            "warnings": list(effect.warnings),
            "moves": [_as_json(one) for one in effect.moves],
            "kept": [_as_json(one) for one in effect.kept],
        }
        print(json.dumps(report, ensure_ascii=False))
    return 0


def _enter(given: Arrangement, seen: str, now: Any) -> None:
    actor = late("kaoping.accounts.actor")
    try:
        late("kaoping.deadlines.services").enter_arrangement(
            actor=actor.SYSTEM, given=given, seen=seen, now=now
        )
    except actor.Refused as refused:
        raise InputError(str(refused).rstrip("。"), remedy="核对后再运行一次") from None


def _lines(moves: Sequence[Any], kept: Sequence[Any]) -> list[str]:
    lines = [
        f"改动：{one.title}，原定 {one.was.isoformat()}，改为 {one.becomes.isoformat()}（{one.why}）"
        for one in moves
    ]
    lines += [
        f"不提前：{one.title}，仍为 {one.was.isoformat()}，按新安排算是 {one.counted.isoformat()}（{one.why}）"
        for one in kept
    ]
    return lines or ["没有日期改动"]


def _as_json(one: Any) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "thing": one.thing,
        "title": one.title,
        "units": list(one.units),
        "was": one.was.isoformat(),
        "counted": one.counted.isoformat(),
        "becomes": one.becomes.isoformat(),
        "why": one.why,
    }
