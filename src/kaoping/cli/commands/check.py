"""``kaoping check``: every rule over a crawl's folder."""

from __future__ import annotations

import argparse
import json
import zlib
from collections import Counter
from pathlib import Path
from typing import Final

from pyarrow import ArrowException
from warcio.exceptions import ArchiveLoadFailed

from kaoping.calendars import calendar_with
from kaoping.checks import Outcome, OutcomeLine, check_by_id, outcome_as_json
from kaoping.cli.errors import InputError
from kaoping.cli.printing import visible
from kaoping.cli.reading import read_as_of, read_calendar, read_day, read_text
from kaoping.crawling import check_archive, read_archive
from kaoping.crawling.archived import load_archive
from kaoping.foreign import strict_json
from kaoping.foreign.addresses import canonical
from kaoping.foreign.opening import Unreadable, refuse_odd

NAME = "check"
HELP = "对抓取下来的内容逐条检查，每条结果一行"

# What a damaged folder raises while it is read; a fault of a rule is none of these.
FAULTS: Final = (ArrowException, ArchiveLoadFailed, zlib.error, EOFError, OSError)
COLUMNS: Final = frozenset({"url", "sha256", "doc_no", "article_title", "title"})

_WORDS = {
    Outcome.MET: "符合",
    Outcome.NOT_MET: "疑似不符合",
    Outcome.UNDECIDED: "无法判定",
    Outcome.NOT_APPLICABLE: "不适用",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("folder", metavar="文件夹", help="kaoping crawl 存下的文件夹")
    parser.add_argument("--as-of", required=True, metavar="日期", help="按这一天 24:00 判断，如 2025-11-30")
    parser.add_argument("--calendar", metavar="文件", help="放假安排文件；不写则用随程序的工作日历")
    parser.add_argument("--reread", action="store_true", help="先用现在的程序重读存下的网页")
    parser.add_argument("--json", action="store_true", help="每条结果一行 JSON")


def run(args: argparse.Namespace) -> int:
    """0 when nothing is broken, 1 when at least one rule is not met."""
    as_of = read_day(args.as_of)
    folder = Path(args.folder)
    _refuse_record(folder)
    _refuse_odd(folder)
    calendar = calendar_with([read_calendar(args.calendar).table()] if args.calendar else [])
    counts: Counter[Outcome] = Counter()
    try:
        if args.reread:
            read_archive(folder)
        site = load_archive(folder)
    except FAULTS as error:
        raise InputError(
            f"抓取记录读不懂（{type(error).__name__}）",
            file=args.folder,
            remedy="请重新抓取，或加 --reread 重读原始内容",
        ) from error
    if missing := COLUMNS - set(site.pages.names):
        raise InputError(
            f"facts/pages.parquet 缺 {min(missing)} 一列", file=args.folder, remedy="加 --reread 重读原始内容"
        )
    try:
        for line in check_archive(folder, as_of, calendar=calendar):
            counts[line.outcome] += 1
            _print(line, as_json=args.json)
    except FAULTS as error:
        raise InputError(
            f"原始内容读不懂（{type(error).__name__}）", file=args.folder, remedy="文件已损坏，请重新抓取"
        ) from error
    if not args.json:
        print("，".join(f"{_WORDS[outcome]} {counts[outcome]}" for outcome in Outcome))
    return 1 if counts[Outcome.NOT_MET] else 0


def _refuse_record(folder: Path) -> None:
    """``run.json`` is read strictly, before anything is built on it."""
    path = folder / "run.json"
    if not path.is_file():
        raise InputError(
            "这里没有抓取记录", file=str(folder), remedy="请先运行 kaoping crawl 网址 --out 文件夹"
        )
    try:
        record = strict_json.loads_object(read_text(str(path)))
    except strict_json.JsonFault as error:
        raise InputError(error.message, file=str(path), field=error.field, remedy="请重新抓取") from None
    root, begun, complete = (record.get(name) for name in ("root", "started_at", "complete"))
    if not isinstance(root, str) or canonical(root) is None:
        raise InputError("不是网址", file=str(path), field="root", remedy="请重新抓取")
    if not isinstance(complete, bool):
        raise InputError("应为 true 或 false", file=str(path), field="complete", remedy="请重新抓取")
    try:
        if not isinstance(begun, str):
            raise InputError("没有写明", field="started_at")
        read_as_of(begun, field="started_at")
    except InputError as error:
        raise InputError(error.message, file=str(path), field="started_at", remedy="请重新抓取") from None


def _refuse_odd(folder: Path) -> None:
    """A pipe in the folder would be waited for without end."""
    try:
        for path in (*folder.glob("*.warc.gz"), *folder.glob("facts/*.parquet")):
            refuse_odd(path)
    except Unreadable as error:
        raise InputError(
            error.message, file=str(path), remedy="这不是 kaoping crawl 存下的文件，请移走"
        ) from None
    except (OSError, ValueError):
        raise InputError("打不开", file=str(folder), remedy="核对路径和权限") from None


def _print(line: OutcomeLine, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(outcome_as_json(line), ensure_ascii=False))
    elif line.outcome in (Outcome.NOT_MET, Outcome.UNDECIDED):
        check = check_by_id(line.check)
        note = "（规则待核）" if check.provisional else ""
        print(f"{_WORDS[line.outcome]} {line.check} {check.title}{note}：{visible(line.reason or '')}")
        place = f"：{line.place}" if line.place and line.place != line.target else ""
        print(f"  {visible(line.target + place)}")
