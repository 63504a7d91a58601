"""``kaoping score``: rulebook, units and observations in; every unit's points, reasons and grade out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from kaoping.cli.errors import InputError
from kaoping.cli.parsing import whole
from kaoping.cli.printing import visible
from kaoping.cli.reading import read_as_of, read_numbered, read_rulebook, read_text, read_units, read_year
from kaoping.cli.unused import Numbered, unused
from kaoping.foreign import strict_json
from kaoping.foreign.days import strict_day
from kaoping.foreign.writing import NotWritten, refuse_existing, write_file
from kaoping.publication.bundle.formats.third import ADOPTED
from kaoping.publication.bundle.manifest import MANIFEST
from kaoping.publication.bundle.scorers import OBSERVATION_FORMATS, SCORER, SELECTIONS
from kaoping.reporting.render.csv import render_csv
from kaoping.reporting.tables import Table
from kaoping.scoring import Results, score
from kaoping.scoring.explain import explain
from kaoping.scoring.given import refusal_of_value
from kaoping.scoring.observations import Observation
from kaoping.scoring.provenance import Adoption, mark
from kaoping.scoring.rubric import Rubric
from kaoping.scoring.units import Unit
from kaoping.standards.loading import Rulebook

NAME = "score"
HELP = "计分：由规则集、单位和观察记录算出每个单位的得分、理由和等次。"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_scoring_arguments(parser)
    parser.add_argument("--variant", metavar="方案", default="", help="时间安排（如 A、B），默认取规则集的")
    parser.add_argument(
        "--scorer",
        type=whole,
        metavar="版本",
        choices=sorted(SELECTIONS),
        default=SCORER,
        help=f"计分程序的版本（默认 {SCORER}）；核对旧数据包时写清单里的 scorer_version",
    )
    parser.add_argument("--json", action="store_true", help="只在标准输出打印 JSON")
    parser.add_argument("--explain", metavar="单位代码", help="打印一个单位的指标树和理由")
    parser.add_argument("--csv", metavar="文件", help="另存总表为 CSV；已有的文件不覆盖")
    parser.add_argument("--overwrite", action="store_true", help="--csv 的文件已经有了也写，换掉原来的")


def add_scoring_arguments(parser: argparse.ArgumentParser) -> None:
    """What every recomputation needs."""
    parser.add_argument("rulebook", metavar="规则集", help="规则集的 id 或文件夹")
    parser.add_argument("observations", metavar="观察记录", help="每行一个 JSON 的文件")
    parser.add_argument("--units", required=True, metavar="文件", help="单位 CSV")
    parser.add_argument("--year", metavar="年", required=True, type=read_year, help="考核年度")
    parser.add_argument("--as-of", required=True, metavar="日期", help="截至何时知道的（日期指当日 24:00）")


def run(args: argparse.Namespace) -> int:
    """Score and print."""
    if args.csv:
        _refuse_target(args)
    rulebook = read_rulebook(args.rulebook)
    results = compute(rulebook, args)
    adopted = adoption_beside(args.observations)
    if args.csv:
        write_csv_file(args.csv, rulebook, results, adopted, overwrite=args.overwrite)
    if args.json:
        print(json.dumps(results.as_json(), ensure_ascii=False))
    elif args.explain:
        text = explain(rulebook.rubric, results, args.explain, adopted)
        if text is None:
            raise InputError(
                f"结果里没有单位 {args.explain}", field="--explain", remedy="核对单位代码，或该单位是否参评"
            )
        print(text)
    else:
        _print_table(rulebook, results, adopted)
    return 0


def adoption_beside(observations: str) -> Adoption | None:
    """The approval of the plan, from the manifest of the bundle in which the observations lie; null where there is none."""
    path = Path(observations).with_name(MANIFEST)
    if not path.is_file():
        return None
    try:
        manifest = strict_json.loads_object(read_text(str(path)))
    except strict_json.JsonFault as error:
        _warn(f"{path}：{error.message}；读不出方案批准了没有，当作没有")
        return None
    given = manifest.get(ADOPTED)
    if not isinstance(given, dict):
        return None
    on, by = strict_day(given.get("on")), given.get("by")
    if on is None or not isinstance(by, str):
        _warn(f"{path}：adopted 写得不对，当作没有")
        return None
    return Adoption(by, on, str(given.get("document_no") or ""))


def compute(rulebook: Rulebook, args: argparse.Namespace) -> Results:
    """The results for the given arguments; warnings go to standard error."""
    as_of = read_as_of(args.as_of)
    version = getattr(args, "scorer", SCORER)
    units, observations = read_year_files(rulebook, args, version)
    variant = getattr(args, "variant", "")
    try:
        period = rulebook.period(args.year, variant)
    except KeyError:
        known = "、".join(rulebook.timetable.variants)
        raise InputError(f"规则集没有时间安排 {variant}，有 {known}", field="--variant") from None
    return score(
        rulebook.rubric,
        units,
        observations,
        year=args.year,
        period=period,
        as_of=as_of,
        period_of=rulebook.period_of(args.year, variant),
        selection=SELECTIONS[version],
    )


def read_year_files(
    rulebook: Rulebook, args: argparse.Namespace, version: int = SCORER
) -> tuple[Sequence[Unit], Sequence[Observation]]:
    """Units and observations as the arguments name them; what cannot count is said on standard error, line by line.

    ``version`` is the scorer's: the first one knew no rule of succession and cut values without a word.
    """
    units, warnings = read_units(args.units)
    for warning in warnings:
        _warn(f"{args.units}：{warning}")
    observations = read_numbered(args.observations, OBSERVATION_FORMATS[version])
    if version > 1:
        refuse_values(rulebook.rubric, observations, args.observations)
    for warning in unused(rulebook.rubric, units, observations, ruled=version > 1):
        _warn(f"{args.observations} {warning}")
    return units, [one for _number, one in observations]


def _warn(text: str) -> None:
    print(f"注意：{visible(text)}", file=sys.stderr)


def _refuse_target(args: argparse.Namespace) -> None:
    """Before anything is computed: a file that is there, or one that is being read."""
    target = Path(args.csv)
    for given in (args.observations, args.units):
        try:
            same = target.samefile(given)
        except (OSError, ValueError):
            same = False
        if same:
            raise InputError("是正在读的文件", file=args.csv, field="--csv", remedy="换一个文件名")
    if not args.overwrite:
        try:
            refuse_existing(target, "换一个文件名；确要覆盖，加 --overwrite")
        except NotWritten as error:
            raise InputError(error.message, file=args.csv, field="--csv", remedy=error.remedy) from None


def refuse_values(rubric: Rubric, observations: Sequence[Numbered], path: str) -> None:
    """Points over an item's maximum would be cut without a word. Raises ``InputError`` with the line."""
    leaves = {leaf.code: leaf for leaf in rubric.leaves()}
    for number, one in observations:
        words = refusal_of_value(leaves.get(one.item or ""), one)
        if words:
            raise InputError(
                words, file=path, line=number, field="value", remedy="改成实得的分，或把扣分登记为件数、问题"
            )


def _rows(rulebook: Rulebook, results: Results, adopted: Adoption | None) -> list[list[str]]:
    rule = rulebook.rubric.grades
    names = {band.code: band.name for band in (rule.bands if rule else ())}
    # The reason quotes the line.
    open_line = mark(rule.confidence, adopted) if rule else ""
    return [
        [
            one["unit"],
            one["group"] or "",
            one["total"] or "未定",
            names.get(one["grade"] or "", "未定"),
            str(one["rank"] or ""),
            f"{one['grade_reason']}{open_line}" if one["grade_reason"] else "",
        ]
        for one in results.as_json()["units"]
    ]


COLUMNS = ("单位", "类别", "总分", "等次", "组内名次", "等次理由")


def write_csv_file(
    path: str,
    rulebook: Rulebook,
    results: Results,
    adopted: Adoption | None = None,
    *,
    overwrite: bool = False,
) -> None:
    """The table of totals as CSV with BOM."""
    table = Table(title="得分", columns=COLUMNS, rows=_rows(rulebook, results, adopted))
    try:
        write_file(Path(path), render_csv(table), overwrite=overwrite, flag="--overwrite")
    except NotWritten as error:
        raise InputError(error.message, file=path, field="--csv", remedy=error.remedy) from None


def _print_table(rulebook: Rulebook, results: Results, adopted: Adoption | None) -> None:
    print("\t".join(COLUMNS))
    for row in _rows(rulebook, results, adopted):
        print("\t".join(map(visible, row)))
