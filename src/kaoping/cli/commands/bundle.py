"""``kaoping bundle``: freeze a year into files that an outsider can verify - from files, or from a campaign's release."""

from __future__ import annotations

import argparse
import secrets
import sys
from pathlib import Path

from kaoping.cli.django import add_data_argument, late, setup
from kaoping.cli.errors import InputError
from kaoping.cli.reading import read_as_of, read_observations, read_rulebook, read_units
from kaoping.publication.bundle.build import Files, build_bundle, bundle_digest, public_part
from kaoping.publication.bundle.canonical import loads
from kaoping.publication.bundle.container import ContainerError, write_folder, zip_bytes
from kaoping.publication.bundle.levels import LEVELS

NAME = "bundle"
HELP = "数据包：把一年的规则集、观察记录和结果打成一包，供任何人核对。"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments: either RULEBOOK OBSERVATIONS with --units, --year and --as-of, or CAMPAIGN (a year) alone."""
    add_data_argument(parser)
    parser.add_argument("source", metavar="规则集或年度", help="规则集（另给观察记录），或已冻结的考核年度")
    parser.add_argument("observations", nargs="?", metavar="观察记录", help="每行一个 JSON 的文件")
    parser.add_argument("--units", metavar="文件", help="单位 CSV")
    parser.add_argument("--year", type=int, help="考核年度")
    parser.add_argument("--as-of", metavar="日期", help="截至何时知道的")
    parser.add_argument("--variant", default="", help="时间安排（如 A、B）")
    parser.add_argument("--level", choices=sorted(LEVELS), default="full", help="公开级别（默认 full）")
    parser.add_argument("--example", action="store_true", help="标为示例数据")
    parser.add_argument("--out", required=True, metavar="路径", help="写到哪个文件夹，或以 .zip 结尾的文件")


def run(args: argparse.Namespace) -> int:
    """Build or fetch, write, print the digest."""
    target = Path(args.out)
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise InputError(f"{target} 已经存在", remedy="换一个路径，数据包从不覆盖")
    files = _of_campaign(args) if args.observations is None else _of_files(args)
    try:
        if target.suffix == ".zip":
            zip_bytes(files, target)
        else:
            write_folder(files, target)
    except (OSError, ContainerError) as error:
        raise InputError(f"写不出：{error}", file=str(target)) from None
    print(bundle_digest(files))
    print(f"已写到 {target}；请把上面的校验值公布在别处", file=sys.stderr)
    return 0


def _of_files(args: argparse.Namespace) -> Files:
    for name in ("units", "year", "as_of"):
        if getattr(args, name) is None:
            raise InputError(
                "缺参数", field=f"--{name.replace('_', '-')}", remedy="由文件打包时须给出单位、年度和截至日期"
            )
    rulebook = read_rulebook(args.source)
    files = build_bundle(
        rulebook=rulebook,
        units=read_units(args.units)[0],
        observations=read_observations(args.observations),
        year=args.year,
        as_of=read_as_of(args.as_of),
        variant=args.variant,
        salt=secrets.token_bytes(16),
        example=args.example,
    )
    return public_part(
        files, args.level, loads(files["manifest.json"]), rulebook, loads(files["results.json"])
    )


def _of_campaign(args: argparse.Namespace) -> Files:
    if not args.source.isdigit():
        raise InputError(
            f"“{args.source}”不是年度", remedy="写考核年度（如 2025），或给出规则集和观察记录两个参数"
        )
    setup(args)
    files: Files | None = late("kaoping.publication.queries").bundle_of_year(
        int(args.source), level=args.level
    )
    if files is None:
        raise InputError(f"{args.source} 年度还没有冻结的结果", remedy="先在“公开与报告”页冻结")
    return files
