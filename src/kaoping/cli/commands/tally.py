"""``kaoping tally``: count ballots from a file. Files only, no database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from kaoping.balloting import (
    GOVERNMENT_STRATUM,
    Ballot,
    BallotError,
    Questionnaire,
    QuestionnaireError,
    ballot_from_json,
    questionnaire_from_dict,
    questionnaire_slips,
    tally,
    tally_as_observations,
)
from kaoping.beijing import just_before
from kaoping.cli.errors import InputError
from kaoping.cli.printing import visible
from kaoping.cli.reading import json_lines, read_as_of, read_text
from kaoping.foreign import strict_json
from kaoping.foreign.codes import unseen_fault
from kaoping.foreign.opening import MEGABYTE
from kaoping.standards.answers import nearest
from kaoping.standards.reader import Lines
from kaoping.standards.yaml_lines import YamlError, parse
from kaoping.support import clock

NAME = "tally"
# How the strata are called that the program itself makes; others are named by who handed the ballots over.
STRATA: Final = {GOVERNMENT_STRATUM: "政务网络来源", "public": "其他来源"}
MAX_QUESTIONNAIRE: Final = 2 * MEGABYTE
HELP = "由问卷原始数据计票：各题份数、占比、满意度、区间与等次。"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("ballots", metavar="问卷数据.jsonl", help="每行一份问卷的 JSON")
    parser.add_argument("--questionnaire", required=True, metavar="文件", help="问卷（YAML 或 JSON）")
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
        if not result.units:
            print("注意：没有一份问卷可计，一条观察记录也没有", file=sys.stderr)
        at = _instant(args.at)
        for line in tally_as_observations(result, observed_at=at, recorded_at=at):
            print(json.dumps(line, ensure_ascii=False))
    elif args.json:
        print(json.dumps(result.as_json(), ensure_ascii=False, indent=2))
    else:
        for text in _lines(questionnaire, result.as_json()):
            print(visible(text))
    return 0


def read_questionnaire(path: str) -> Questionnaire:
    """A questionnaire from a YAML or JSON file. Raises ``InputError``."""
    data, lines = _data(path)
    try:
        slips = list(questionnaire_slips(data))
        certain = next((slip for slip in slips if slip.certain), None)
        if certain is not None:
            raise certain
        questionnaire = questionnaire_from_dict(data)
        for slip in slips:
            print(f"注意：{visible(f'{path}：字段 {slip.field}：{slip.message}')}；没有理会", file=sys.stderr)
        return questionnaire
    except QuestionnaireError as error:
        fault = error
    raise InputError(
        fault.message,
        file=path,
        line=nearest(lines, fault.field),
        field=fault.field,
        remedy="按说明改正；写法见 docs/reference/ballots.md",
    ) from None


def _data(path: str) -> tuple[Any, Lines]:
    """What the file holds, and the lines of its keys where it is YAML."""
    text = read_text(path, most=MAX_QUESTIONNAIRE)
    if text.lstrip().startswith("{"):
        try:
            return strict_json.loads(text), {}
        except strict_json.NotJson:
            pass  # YAML may begin with a brace too
        except strict_json.JsonFault as error:
            raise InputError(error.message, file=path, field=error.field, remedy=error.remedy) from None
    try:
        return parse(text, strict=True, aliases=True)
    except YamlError as error:
        raise InputError(
            error.message,
            file=path,
            line=error.line,
            remedy="写成能读的 YAML 或 JSON，见 docs/reference/ballots.md",
        ) from None


def read_ballots(path: str) -> Iterator[Ballot]:
    """The ballots of a JSON Lines file, empty lines skipped. Raises ``InputError`` with the line."""
    for number, line in json_lines(path):
        try:
            ballot = ballot_from_json(line)
            for name, code in (("id", ballot.id), ("unit", ballot.unit), ("stratum", ballot.stratum)):
                fault = unseen_fault(code or "")
                if fault:
                    raise BallotError(name, fault)
            yield ballot
        except BallotError as error:
            raise InputError(
                error.message, file=path, line=number, field=error.field, remedy="每行写一份问卷的完整 JSON"
            ) from None


def _instant(text: str | None) -> datetime:
    """When the count is observed. A day alone means its last instant, which still belongs to the day and its year."""
    if text is None:
        return clock.now()
    instant = read_as_of(text, field="--at")
    return just_before(instant) if len(text) == len("2025-01-01") else instant


def _places(text: str) -> int:
    if text not in {str(places) for places in range(11)}:
        raise InputError("应为 0 到 10 的整数", field="--places", remedy="写 0 到 10 之间的整数，如 2")
    return int(text)


def _lines(questionnaire: Questionnaire, result: dict[str, Any]) -> Iterator[str]:
    yield f"问卷 {result['questionnaire']} 版本 {result['version']}"
    for unit in result["units"]:
        yield ""
        yield f"单位 {unit['unit']}：有效问卷 {unit['n']} 份"
        yield from _figures(questionnaire, unit, "  ")
        for name, stratum in unit["strata"].items():
            yield f"  其中{_stratum(questionnaire, name)}：{stratum['n']} 份，{_score(stratum)}"
    if result["warnings"]:
        yield ""
        yield "提示："
        for warning in result["warnings"]:
            yield f"  {warning}"


def _stratum(questionnaire: Questionnaire, name: str) -> str:
    """What a stratum is called: the option whose code it bears, where only one of the questionnaire does."""
    labels = {one.label for asked in questionnaire.questions for one in asked.options if one.code == name}
    return STRATA.get(name) or (labels.pop() if len(labels) == 1 else name)


def _figures(questionnaire: Questionnaire, unit: dict[str, Any], indent: str) -> Iterator[str]:
    for question in questionnaire.questions:
        found = unit["questions"][question.id]
        base = "占回答人数" if found["base_rule"] == "respondents" else "占选择次数"
        label = (question.label or "").replace("{unit}", unit["unit"]).replace("|", "")
        asked = f"{question.id} {label}".strip()
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
