"""``kaoping tally``: count ballots from a file. Files only, no database."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from kaoping.balloting import (
    Ballot,
    BallotError,
    Questionnaire,
    QuestionnaireError,
    ballot_from_json,
    questionnaire_from_dict,
    tally,
    tally_as_observations,
)
from kaoping.calendars import end_of_day, just_before
from kaoping.cli.errors import InputError
from kaoping.support import clock

NAME = "tally"
HELP = "由问卷原始数据计票：各题份数、占比、满意度、区间与等次。"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("ballots", type=Path, metavar="问卷数据.jsonl", help="每行一份问卷的 JSON")
    parser.add_argument(
        "--questionnaire", type=Path, required=True, metavar="文件", help="问卷（YAML 或 JSON）"
    )
    parser.add_argument(
        "--places", type=_places, default=2, metavar="位数", help="百分比保留几位小数，默认 2"
    )
    parser.add_argument("--as-observations", action="store_true", help="改为输出观察记录，每行一条 JSON")
    parser.add_argument("--at", metavar="时间", help="观察记录的时间（日期或带时区的时间），默认为现在")
    parser.add_argument("--json", action="store_true", help="只输出 JSON")


def run(args: argparse.Namespace) -> int:
    """Count and print; always 0, since what does not count is a warning and not a fault of the count."""
    questionnaire = read_questionnaire(args.questionnaire)
    result = tally(questionnaire, read_ballots(args.ballots), args.places)
    if args.as_observations:
        at = _instant(args.at)
        for line in tally_as_observations(result, observed_at=at, recorded_at=at):
            print(json.dumps(line, ensure_ascii=False))
    elif args.json:
        print(json.dumps(result.as_json(), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(questionnaire, result.as_json())))
    return 0


def read_questionnaire(path: Path) -> Questionnaire:
    """A questionnaire from a YAML or JSON file. Raises ``InputError``."""
    try:
        data = yaml.safe_load(_text(path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise InputError("不是能读的 YAML 或 JSON", file=str(path), line=line) from None
    try:
        return questionnaire_from_dict(data)
    except QuestionnaireError as error:
        raise InputError(error.message, file=str(path), field=error.field) from None


def read_ballots(path: Path) -> Iterator[Ballot]:
    """The ballots of a JSON Lines file, empty lines skipped. Raises ``InputError`` with the line."""
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield ballot_from_json(json.loads(line))
        except json.JSONDecodeError:
            raise InputError(
                "这一行不是 JSON", file=str(path), line=number, remedy="每行写一份问卷的完整 JSON"
            ) from None
        except BallotError as error:
            raise InputError(error.message, file=str(path), line=number, field=error.field) from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"读不出（{error.strerror}）", file=str(path), remedy="请检查路径和权限") from None
    except UnicodeDecodeError:
        raise InputError("不是 UTF-8 编码", file=str(path), remedy="请另存为 UTF-8") from None


def _places(text: str) -> int:
    if not text.isdecimal() or int(text) > 10:
        raise argparse.ArgumentTypeError("应为 0 到 10 的整数")
    return int(text)


def _instant(text: str | None) -> datetime:
    if text is None:
        return clock.now()
    try:
        if len(text) == len("2025-01-01"):
            return just_before(end_of_day(date.fromisoformat(text)))
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"时间读不懂：{text}", field="--at", remedy="写成 2025-11-16") from None
    if instant.tzinfo is None:
        raise InputError("时间缺时区", field="--at", remedy="写成 2025-11-16T18:00+08:00 或只写日期")
    return instant


def _lines(questionnaire: Questionnaire, result: dict[str, Any]) -> Iterator[str]:
    yield f"问卷 {result['questionnaire']} 版本 {result['version']}"
    for unit in result["units"]:
        yield ""
        yield f"单位 {unit['unit']}：有效问卷 {unit['n']} 份"
        yield from _figures(questionnaire, unit, "  ")
        for name, stratum in unit["strata"].items():
            yield f"  分层 {name}：{stratum['n']} 份，{_score(stratum)}"
    if result["warnings"]:
        yield ""
        yield "提示："
        for warning in result["warnings"]:
            yield f"  {warning}"


def _figures(questionnaire: Questionnaire, unit: dict[str, Any], indent: str) -> Iterator[str]:
    for question in questionnaire.questions:
        found = unit["questions"][question.id]
        base = "占回答人数" if found["base_rule"] == "respondents" else "占选择次数"
        asked = f"{question.id} {question.label or ''}".strip()
        yield f"{indent}{asked}（作答 {found['n']} 份，{base}，底数 {found['base']}）"
        for option in question.options:
            figure = found["options"][option.code]
            percent = f"{figure['percent']}%" if figure["percent"] is not None else "—"
            yield f"{indent}  {option.label}：{figure['count']}（{percent}）"
    yield f"{indent}{_score(unit)}"
    yield f"{indent}{unit['grade_reason']}"


def _score(figures: dict[str, Any]) -> str:
    found = figures["satisfaction"]
    if found["value"] is None:
        return "没有满意度得分"
    low, high = found["interval"]
    return f"满意度得分 {found['value']}（{low}–{high}），等次 {figures['grade'] or '不给出'}"
