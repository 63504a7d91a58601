"""``kaoping check``: every rule over a crawl's folder."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import date
from pathlib import Path

from kaoping.calendars import calendar_with
from kaoping.checks import Outcome, OutcomeLine, check_by_id, outcome_as_json
from kaoping.cli.errors import InputError
from kaoping.cli.reading import read_calendar
from kaoping.crawling import check_archive, read_archive

NAME = "check"
HELP = "对抓取下来的内容逐条检查，每条结果一行"

_WORDS = {
    Outcome.MET: "符合",
    Outcome.NOT_MET: "疑似不符合",
    Outcome.UNDECIDED: "无法判定",
    Outcome.NOT_APPLICABLE: "不适用",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("folder", metavar="DIR", help="kaoping crawl 存下的文件夹")
    parser.add_argument("--as-of", required=True, metavar="DATE", help="按这一天 24:00 判断，如 2025-11-30")
    parser.add_argument("--calendar", metavar="FILE", help="放假安排文件；不写则用随程序的工作日历")
    parser.add_argument("--reread", action="store_true", help="先用现在的程序重读存下的网页")
    parser.add_argument("--json", action="store_true", help="每条结果一行 JSON")


def run(args: argparse.Namespace) -> int:
    """0 when nothing is broken, 1 when at least one rule is not met."""
    try:
        as_of = date.fromisoformat(args.as_of)
    except ValueError as error:
        raise InputError("日期写法不对", field="--as-of", remedy="请写成 2025-11-30") from error
    folder = Path(args.folder)
    calendar = calendar_with([read_calendar(args.calendar).table()] if args.calendar else [])
    counts: Counter[Outcome] = Counter()
    try:
        if args.reread:
            read_archive(folder)
        for line in check_archive(folder, as_of, calendar=calendar):
            counts[line.outcome] += 1
            _print(line, as_json=args.json)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(
            "这里没有抓取记录", file=args.folder, remedy="请先运行 kaoping crawl 网址 --out 文件夹"
        ) from error
    except (json.JSONDecodeError, KeyError) as error:
        raise InputError(
            "抓取记录 run.json 读不懂", file=f"{args.folder}/run.json", remedy="请重新抓取"
        ) from error
    if not args.json:
        print("，".join(f"{_WORDS[outcome]} {counts[outcome]}" for outcome in Outcome))
    return 1 if counts[Outcome.NOT_MET] else 0


def _print(line: OutcomeLine, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(outcome_as_json(line), ensure_ascii=False))
    elif line.outcome in (Outcome.NOT_MET, Outcome.UNDECIDED):
        check = check_by_id(line.check)
        note = "（规则待核）" if check.provisional else ""
        print(f"{_WORDS[line.outcome]} {line.check} {check.title}{note}：{line.reason}")
        print(f"  {line.target}" + (f"：{line.place}" if line.place and line.place != line.target else ""))
