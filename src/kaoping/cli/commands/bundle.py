"""``kaoping bundle``: freeze a year into files that an outsider can verify - from files, or from a campaign's release."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from kaoping.cli.commands.score import read_year_files
from kaoping.cli.django import add_data_argument, late, setup
from kaoping.cli.errors import InputError
from kaoping.cli.reading import read_as_of, read_file, read_rulebook, read_text, read_year
from kaoping.foreign.container import ContainerError, write_folder, zip_bytes
from kaoping.foreign.failures import in_words
from kaoping.foreign.writing import NotWritten, refuse_filled
from kaoping.publication.bundle.build import BundleError, Files, build_bundle, bundle_digest, public_part
from kaoping.publication.bundle.canonical import NotStrict, loads
from kaoping.publication.bundle.formats.third import Act, read_acts
from kaoping.publication.bundle.levels import LEVELS
from kaoping.scoring.organised import organised_year, year_alone

NAME = "bundle"
HELP = "数据包：把一年的规则集、观察记录和结果打成一包，供任何人核对。"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments: either RULEBOOK OBSERVATIONS with --units, --year and --as-of, or CAMPAIGN (``<organiser>-<year>``) alone."""
    add_data_argument(parser)
    parser.add_argument(
        "source",
        metavar="规则集或年度",
        help="规则集（另给观察记录），或已冻结的考核年度（组织单位代码-年度，如 CZ0-2025）",
    )
    parser.add_argument("observations", nargs="?", metavar="观察记录", help="每行一个 JSON 的文件")
    parser.add_argument("--units", metavar="文件", help="单位 CSV")
    parser.add_argument("--year", metavar="年", type=read_year, help="考核年度")
    parser.add_argument("--as-of", metavar="日期", help="截至何时知道的（日期指当日 24:00）")
    parser.add_argument("--variant", metavar="方案", default="", help="时间安排（如 A、B）")
    parser.add_argument(
        "--level",
        metavar="级别",
        choices=list(LEVELS),
        default="full",
        help=f"公开级别：{' '.join(LEVELS)}（默认 full）",
    )
    parser.add_argument(
        "--full-out", metavar="路径", help="由文件打包且公开级别低于 full 时：完整数据包另存到哪里"
    )
    parser.add_argument(
        "--salt-file", metavar="文件", help="遮蔽用的密钥：有则读，没有就新建；本单位留存，不公开"
    )
    parser.add_argument(
        "--acts", metavar="文件", help="由文件打包、观察记录写了 act 时：acts.json，写明日期和办理人数"
    )
    parser.add_argument("--example", action="store_true", help="标为示例数据")
    parser.add_argument("--out", required=True, metavar="路径", help="写到哪个文件夹，或以 .zip 结尾的文件")
    parser.add_argument("--json", action="store_true", help="只在标准输出打印 JSON")


def run(args: argparse.Namespace) -> int:
    """Build or fetch, write, print the digest."""
    for path in filter(None, (args.out, args.full_out)):
        _refuse_existing(Path(path))
    _refuse_one_place(args)
    if args.observations is None:
        files = _of_campaign(args)
    else:
        whole = _of_files(args)
        files = _cut(whole, args)
        if args.full_out:
            _write(whole, Path(args.full_out))
    _write(files, Path(args.out))
    _say(files, args)
    return 0


def _say(files: Files, args: argparse.Namespace) -> None:
    manifest = loads(files["manifest.json"])
    digest = bundle_digest(files)
    if args.json:
        facts = {name: manifest[name] for name in ("level", "complete", "full_digest", "example")}
        print(json.dumps({"digest": digest, "out": args.out, **facts}, ensure_ascii=False))
    else:
        print(digest)
    if manifest["full_digest"]:
        print(f"完整数据包的校验值 {manifest['full_digest']}，一并公布", file=sys.stderr)
    print(f"已写到 {args.out}；请把校验值公布在别处", file=sys.stderr)


def _refuse_existing(target: Path) -> None:
    try:
        refuse_filled(target, "换一个路径，数据包从不覆盖")
    except NotWritten as error:
        raise InputError(error.message, file=str(target), remedy=error.remedy) from None


def _refuse_one_place(args: argparse.Namespace) -> None:
    """Neither package may lie in the place of the other or inside it, nor the secret inside one that is published."""
    out = Path(os.path.realpath(args.out))
    for name in ("full_out", "salt_file"):
        given = getattr(args, name)
        other = Path(os.path.realpath(given)) if given else None
        if other is not None and (out == other or out in other.parents or other in out.parents):
            raise InputError(
                f"与 --out 是同一处，或一个在另一个里面（{given}）",
                field=f"--{name.replace('_', '-')}",
                remedy="另写一个路径：完整数据包和密钥留在本单位",
            )


def _write(files: Mapping[str, bytes], target: Path) -> None:
    try:
        if target.suffix == ".zip":
            target.parent.mkdir(parents=True, exist_ok=True)
            zip_bytes(files, target)
        else:
            write_folder(files, target)
    except (OSError, ContainerError) as error:
        words = in_words(error) if isinstance(error, OSError) else error
        raise InputError(f"写不出：{words}", file=str(target), remedy="核对路径、权限和磁盘空间") from None


def _of_files(args: argparse.Namespace) -> Files:
    """The full bundle from files. The same files and the same salt give the same bytes."""
    for name in ("units", "year", "as_of"):
        if getattr(args, name) is None:
            raise InputError(
                "缺参数", field=f"--{name.replace('_', '-')}", remedy="由文件打包时须给出单位、年度和截至日期"
            )
    if not LEVELS[args.level].complete and not args.full_out:
        raise InputError(
            "公开级别低于 full，却没有留存完整数据包",
            field="--full-out",
            remedy="写明完整数据包另存到哪里，它的校验值会写进公开的部分",
        )
    rulebook = read_rulebook(args.source)
    if args.variant and args.variant not in rulebook.timetable.variants:
        known = "、".join(rulebook.timetable.variants)
        raise InputError(
            f"规则集没有时间安排 {args.variant}", field="--variant", remedy=f"写 {known} 之一，或不写"
        )
    as_of = read_as_of(args.as_of)
    units, observations = read_year_files(rulebook, args)
    try:
        return build_bundle(
            rulebook=rulebook,
            units=units,
            observations=observations,
            year=args.year,
            as_of=as_of,
            variant=args.variant,
            salt=_salt(args.salt_file),
            example=args.example,
            acts=_acts(args.acts),
        )
    except BundleError as error:
        remedy = "改正这条记录；写了 act 的，用 --acts 给出 acts.json（写法见 docs/reference/bundle.md）"
        raise InputError(str(error), file=args.observations, remedy=remedy) from None


def _acts(path: str | None) -> Mapping[str, Act]:
    if path is None:
        return {}
    try:
        return read_acts(loads(read_text(path).encode()))
    except NotStrict as error:
        raise InputError(
            str(error), file=path, remedy='写成 {"appeal:FH-2025-0001": {"date": "2026-01-06", "signers": 2}}'
        ) from None


def _salt(path: str | None) -> bytes:
    """The office's secret; without a file it is forgotten, and what was redacted can never be shown again."""
    if path is None:
        print("注意：没有用 --salt-file，遮蔽的原文以后无法对证", file=sys.stderr)
        return secrets.token_bytes(32)
    try:
        if os.path.lexists(path):
            salt = read_file(path)
            if len(salt) < 16:
                raise InputError("密钥太短", file=path, remedy="删去后由本命令新建")
            return salt
        salt = secrets.token_bytes(32)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(salt)
        print(
            f"新建了密钥 {path}（仅本人可读）：请留存，不公开；下次用同一个才能打出同样的字节",
            file=sys.stderr,
        )
    except OSError as error:
        raise InputError(f"读写不了（{in_words(error)}）", file=path, remedy="核对路径和权限") from None
    return salt


def _cut(whole: Files, args: argparse.Namespace) -> Files:
    return public_part(
        whole,
        args.level,
        loads(whole["manifest.json"]),
        read_rulebook(args.source),
        loads(whole["results.json"]),
    )


def _of_campaign(args: argparse.Namespace) -> Files:
    if organised_year(args.source) is None and year_alone(args.source) is None:
        raise InputError(
            f"“{args.source}”不是年度",
            remedy="写“组织单位代码-年度”（如 CZ0-2025），只写年度的是本系统主办单位的；或给出规则集和观察记录两个参数",
        )
    setup(args)
    key = late("kaoping.registry.queries.organisers").named(args.source)
    files: Files | None = late("kaoping.publication.queries").bundle_of_year(key, level=args.level)
    if files is None:
        raise InputError(f"{args.source} 年度还没有冻结的结果", remedy="先在“公开与报告”页冻结")
    return files
