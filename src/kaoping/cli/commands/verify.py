"""``kaoping verify``: is a bundle what was published, and do its numbers follow from its observations."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from zipfile import is_zipfile

from kaoping.cli.errors import InputError
from kaoping.foreign.container import ContainerError, read
from kaoping.publication.bundle.manifest import is_digest
from kaoping.publication.bundle.verify import MOST_NAMED, Verdict, verify_files

NAME = "verify"
HELP = "核对：检查数据包的校验值，并由规则集和观察记录把全年重算一遍。"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    parser.add_argument("path", metavar="数据包", help="文件夹或 ZIP")
    parser.add_argument("--digest", metavar="校验值", help="在别处公布的校验值（清单的 SHA-256，可分组书写）")
    parser.add_argument("--json", action="store_true", help="只在标准输出打印 JSON")


def run(args: argparse.Namespace) -> int:
    """0 when everything that the level lets one prove holds, 1 otherwise."""
    path = Path(args.path)
    if not path.is_dir() and not (path.is_file() and is_zipfile(path)):
        raise InputError("不是文件夹，也不是 ZIP", file=args.path, remedy="核对路径，或重新下载数据包")
    if args.digest is not None and not is_digest("".join(args.digest.split()).lower()):
        raise InputError(
            "不是校验值", field="--digest", remedy="写 64 位十六进制数，可以带空格；有空格时加引号"
        )
    try:
        verdict = verify_files(read(path), args.digest)
    except ContainerError as error:
        verdict = Verdict(problems=[str(error)])
    if args.json:
        print(json.dumps(verdict.as_json(), ensure_ascii=False))
    else:
        _print(verdict, compared=args.digest is not None)
    return 0 if verdict.ok else 1


def _print(verdict: Verdict, *, compared: bool) -> None:
    if verdict.example:
        print("示例数据：不是真实考核结果")
    print(f"清单的校验值 {verdict.digest or '—'}")
    if verdict.full_digest:
        print(f"完整数据包的校验值 {_visible(verdict.full_digest)}")
    if verdict.corrects:
        print(
            f"更正：更正的是 {_visible(verdict.corrects['release'])}，{_visible(verdict.corrects['reason'])}"
        )
        print(f"  原完整数据包的校验值 {verdict.corrects['full_digest']}")
        print(f"  原公开数据包的校验值 {verdict.corrects['public_digest']}")
    if not compared:
        print("  没有给出公布的校验值，只能核对数据包自身；请用 --digest 与别处公布的对照")
    for problem in verdict.problems:
        print(f"✗ {_visible(problem)}")
    for difference in verdict.differences[:MOST_NAMED]:
        print(f"✗ 重算不同 {_visible(difference)}")
    if len(verdict.differences) > MOST_NAMED:
        print(f"✗ 另有 {len(verdict.differences) - MOST_NAMED} 处不同")
    if verdict.ok:
        print("✓ 核对一致" if verdict.complete else "✓ 公开的部分一致（不完整，见下）")
    else:
        print(f"✗ 共 {len(verdict.problems)} 个问题，{len(verdict.differences)} 处重算不同")
    for text in verdict.provable if verdict.ok else ():
        print(f"  能证明：{text}")
    for text in verdict.not_provable:
        print(f"  不能证明：{text}")


def _visible(text: str) -> str:
    """What a stranger wrote, without what would steer the terminal."""
    return "".join(one if one.isprintable() else "�" for one in text)
