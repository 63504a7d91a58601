"""``kaoping rulebook check|show|diff|pack|adopt``: is it whole, what does it say, how do two differ, and how one is handed in."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from kaoping.arithmetic import plain
from kaoping.beijing import day_of
from kaoping.cli.django import add_data_argument, late, setup
from kaoping.cli.errors import InputError
from kaoping.cli.printing import visible
from kaoping.cli.reading import read_rulebook, rulebook_refusal
from kaoping.foreign.container import zip_bytes
from kaoping.scoring.methods import scale_in_words
from kaoping.scoring.provenance import is_open, mark, of_number
from kaoping.scoring.rubric import Indicator
from kaoping.standards.cases import run_cases
from kaoping.standards.comparison import Change, compare
from kaoping.standards.loading import Rulebook, RulebookError, parent_of
from kaoping.standards.nonsense import nonsense
from kaoping.standards.uncounted import uncounted

NAME = "rulebook"
HELP = "规则集：检查（check）、查看（show）、比较（diff）、打包（pack）、交存（adopt）。"
ROLES = {"veto": "单项否决", "gate": "评优前提"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="check|show|diff|pack|adopt")
    check = verbs.add_parser("check", help="检查结构、分值合计和算例")
    check.add_argument("rulebook", metavar="规则集")
    show = verbs.add_parser("show", help="打印指标树")
    show.add_argument("rulebook", metavar="规则集")
    diff = verbs.add_parser("diff", help="比较两个规则集，或本级与上级")
    diff.add_argument("before", metavar="原规则集")
    diff.add_argument("after", nargs="?", metavar="新规则集", help="不写：与它的上级规则集比较")
    pack = verbs.add_parser("pack", help="打包成一个 ZIP，上级规则集的全文一并装入")
    pack.add_argument("rulebook", metavar="规则集")
    pack.add_argument("--out", required=True, metavar="文件", help="新的 ZIP，不覆盖")
    adopt = verbs.add_parser("adopt", help="交存为草案，与在网页上传相同；随年度方案呈批")
    adopt.add_argument("rulebook", metavar="路径", help="文件夹或 ZIP")
    adopt.add_argument("--for", dest="organiser", required=True, metavar="代码", help="组织考核的单位")
    adopt.add_argument("--dry-run", action="store_true", help="只检查、比较，不存入")
    add_data_argument(adopt)
    for one in (check, show, diff, pack, adopt):
        one.add_argument("--json", action="store_true", help="只在标准输出打印 JSON")


def run(args: argparse.Namespace) -> int:
    """Dispatch on the verb."""
    verbs = {"check": _check, "show": _show, "diff": _diff, "pack": _pack, "adopt": _adopt}
    return verbs[args.verb](args)


def _check(args: argparse.Namespace) -> int:
    rulebook = read_rulebook(args.rulebook)
    try:
        outcomes = run_cases(rulebook)
    except RulebookError as error:
        raise rulebook_refusal(args.rulebook, error) from None
    wrong = [one for one in outcomes if one.differences]
    leaves = list(rulebook.rubric.leaves())
    unsettled = [leaf.code for leaf in leaves if is_open(leaf.confidence)]
    unexplained = [leaf.code for leaf in leaves if not (leaf.basis and leaf.observed_by and leaf.evidence)]
    never = [
        {"code": code, "source": source, "kind": kind} for code, source, kind in uncounted(rulebook.rubric)
    ]
    slips = list(nonsense(rulebook))
    if args.json:
        report = {
            "rulebook": rulebook.id,
            "version": rulebook.version,
            "digest": rulebook.digest,
            "indicators": len(leaves),
            "unsettled": unsettled,
            "unexplained": unexplained,
            "uncounted": never,
            "nonsense": [{"code": one.code, "message": one.message, "wrong": one.wrong} for one in slips],
            "cases": [{"case": one.name, "differences": list(one.differences)} for one in outcomes],
        }
        print(json.dumps(report, ensure_ascii=False))
    else:
        _say(f"{rulebook.title}（{rulebook.id} {rulebook.version}）")
        _say(f"  {len(leaves)} 项指标，其中 {len(unsettled)} 项的数字待核；校验值 {rulebook.digest}")
        if unexplained:
            _say(f"  没有写全依据、怎么看或要什么材料的：{'、'.join(unexplained)}")
        for slip in never:
            _say(
                f"  注意：{slip['code']} 的 sources 写了 {slip['source']}: [{slip['kind']}]，这种计分方法从不计入"
            )
        for found in slips:
            _say(f"  {'不对' if found.wrong else '注意'}：{found.code} {found.message}")
        for one in outcomes:
            _say(f"  算例 {one.name}：{'一致' if not one.differences else '不一致'}")
            for difference in one.differences:
                _say(f"    {difference}")
    return int(bool(wrong) or any(one.wrong for one in slips))


def _show(args: argparse.Namespace) -> int:
    rulebook = read_rulebook(args.rulebook)
    if args.json:
        print(json.dumps([_as_json(top) for top in rulebook.rubric.indicators], ensure_ascii=False))
        return 0
    _say(f"{rulebook.title}（{rulebook.id} {rulebook.version}），{rulebook.issuer}")
    for top in rulebook.rubric.indicators:
        _print_node(rulebook, top, 1)
    return 0


def _print_node(rulebook: Rulebook, node: Indicator, depth: int) -> None:
    names = {component.code: component.name for component in rulebook.rubric.components}
    parts = [f"{node.code} {node.name}", ROLES.get(node.role) or f"{plain(node.max)} 分"]
    if node.component:
        parts.append(names.get(node.component, node.component))
    if is_open(of_number(node)):
        parts.append("待核")
    if node.locked:
        parts.append("锁定")
    _say("  " * depth + "　".join(parts))
    if node.basis:
        _say("  " * (depth + 1) + f"依据：{node.basis}；怎么看：{node.observed_by}")
    if node.method:
        _say("  " * (depth + 1) + f"怎么计分：{scale_in_words(node)}{mark(of_number(node))}")
    for level in node.levels:
        _say("  " * (depth + 2) + f"{level.name}：{level.description}")
    if node.evidence:
        _say("  " * (depth + 1) + f"要什么材料：{node.evidence}")
    for child in node.children:
        _print_node(rulebook, child, depth + 1)


def _as_json(node: Indicator) -> dict[str, object]:
    return {
        "code": node.code,
        "name": node.name,
        "max": str(node.max),
        "role": node.role,
        "component": node.component,
        "method": node.method,
        "basis": node.basis,
        "observed_by": node.observed_by,
        "evidence": node.evidence,
        "scale": scale_in_words(node),
        "sources": {source: list(kinds) for source, kinds in node.sources.items()},
        "applies_to": list(node.applies_to),
        "period": node.period,
        "locked": node.locked,
        "confidence": of_number(node),
        "levels": [
            {"code": one.code, "name": one.name, "description": one.description} for one in node.levels
        ],
        "children": [_as_json(child) for child in node.children],
    }


def _diff(args: argparse.Namespace) -> int:
    before, after = _two(args)
    changes = compare(before.rubric, after.rubric)
    if args.json:
        rows = [
            {
                "kind": one.kind,
                "code": one.code,
                "field": one.field,
                "before": one.before,
                "after": one.after,
                "before_confidence": one.before_from or None,
                "after_confidence": one.after_from or None,
            }
            for one in changes
        ]
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for one in changes:
        _say(_sentence(one))
    added, dropped = (sum(one.kind == kind for one in changes) for kind in ("added", "dropped"))
    _say(f"加 {added} 项，改 {len(changes) - added - dropped} 处，删 {dropped} 项")
    return 0


def _pack(args: argparse.Namespace) -> int:
    rulebook = read_rulebook(args.rulebook)
    out = Path(args.out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        zip_bytes({name: text.encode() for name, text in rulebook.files.items()}, out)
    except FileExistsError:
        raise InputError(
            "已有这个文件，不覆盖", file=args.out, field="--out", remedy="换一个文件名"
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"写不出：{error}", file=args.out, field="--out", remedy="核对路径和权限") from None
    if args.json:
        report = {"rulebook": rulebook.id, "version": rulebook.version, "digest": rulebook.digest}
        print(json.dumps({**report, "out": str(out)}, ensure_ascii=False))
    else:
        _say(f"已打包 {rulebook.title}（{rulebook.id} {rulebook.version}）：{out}")
    return 0


def _adopt(args: argparse.Namespace) -> int:
    texts = read_rulebook(args.rulebook).files
    setup(args)
    now = late("kaoping.support.clock").now()
    queries = late("kaoping.standards.queries")
    handing_in = late("kaoping.standards.handing_in")
    last = queries.in_force(args.organiser, day_of(now)) or queries.newest_version()
    try:
        found = handing_in.examined(texts, last=last)
        version = None if args.dry_run else _handed_in(found.rulebook, args.organiser, now)
    except (handing_in.NotTaken, late("kaoping.accounts.actor").Refused) as refused:
        raise InputError(str(refused).rstrip("。"), file=args.rulebook, remedy="改好后再运行一次") from None
    _tell_adopted(args, found, version)
    return 0


def _handed_in(rulebook: Rulebook, organiser: str, now: datetime) -> Any:
    system = late("kaoping.accounts.actor").SYSTEM
    return late("kaoping.standards.services").hand_in(
        actor=system, rulebook=rulebook, organiser=organiser, now=now
    )


def _tell_adopted(args: argparse.Namespace, found: Any, version: Any) -> None:
    book = found.rulebook
    if args.json:
        report = {
            "rulebook": book.id,
            "version": book.version,
            "digest": book.digest,
            "organiser": args.organiser,
            "stored": version is not None,
            "draft": bool(version and version.draft),
            "parent": f"{found.parent.id} {found.parent.version}" if found.parent else None,
            "to_parent": len(found.to_parent),
            "last": f"{found.last.rulebook} {found.last.version}" if found.last else None,
            "to_last": len(found.to_last),
            "notes": list(found.notes),
        }
        print(json.dumps(report, ensure_ascii=False))
        return
    _say(f"{book.title}（{book.id} {book.version}），校验值 {book.digest}")
    for above, changes in ((found.parent, found.to_parent), (found.last, found.to_last)):
        if above is not None:
            _say(f"  与 {above.title} {above.version} 比：{len(changes)} 处不同")
            for one in changes:
                _say(f"    {_sentence(one)}")
    for note in found.notes:
        _say(f"  注意：{note}")
    _say(
        "没有存入"
        if version is None
        else "已交存为草案：在年度方案里选用，随方案呈批"
        if version.draft
        else "这一份已经采用，没有另存"
    )


def _two(args: argparse.Namespace) -> tuple[Rulebook, Rulebook]:
    first = read_rulebook(args.before)
    if args.after is not None:
        return first, read_rulebook(args.after)
    parent = parent_of(first)
    if parent is None:
        raise InputError(f"{first.id} 没有上级规则集", remedy="写出要比较的两个规则集")
    return parent, first


def _sentence(change: Change) -> str:
    if change.kind == "added":
        return f"增 {change.code} {change.after}"
    if change.kind == "dropped":
        return f"删 {change.code} {change.before}"
    field = change.field.removeprefix("settings.")
    before, after = (
        f"{text or '不写'}{mark(source) if source else ''}"
        for text, source in ((change.before, change.before_from), (change.after, change.after_from))
    )
    return f"改 {change.code} {field}：{before} → {after}"


def _say(text: str) -> None:
    """One line, whatever the rulebook's texts hold."""
    print(visible(text))
