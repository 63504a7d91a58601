"""``kaoping draw``: draw again from a published record and say whether it holds."""

from __future__ import annotations

import argparse
import json
from typing import Any

from kaoping.cli.errors import InputError
from kaoping.cli.printing import visible
from kaoping.cli.reading import MAX_PAGE, read_text
from kaoping.drawing import check_protocol
from kaoping.foreign.strict_json import JsonFault, loads

NAME = "draw"
HELP = "核对随机抽取：照公布的记录重抽一遍，与抽取前的承诺值对照。"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    parser.add_argument("path", metavar="记录.json", help="公开页或“下载抽取记录”下载的文件")
    parser.add_argument("--commitment", metavar="承诺值", help="抽取以前抄下的承诺值")
    parser.add_argument("--json", action="store_true", help="只在标准输出打印 JSON")


def run(args: argparse.Namespace) -> int:
    """0 when the record draws the same again, 1 otherwise."""
    data = _record(args.path)
    faults = check_protocol(data, args.commitment)
    if args.json:
        print(json.dumps({"ok": not faults, "faults": faults}, ensure_ascii=False))
        return 1 if faults else 0
    for words in faults:
        print(f"✗ {visible(words)}")
    if not faults:
        print(f"✓ 重抽一致，抽中 {len(data['drawn'])} 个")
    if args.commitment is None:
        print("  没有给出抽取前抄下的承诺值，只能核对记录自身")
    return 1 if faults else 0


def _record(path: str) -> dict[str, Any]:
    try:
        data = loads(read_text(path, most=MAX_PAGE))
    except JsonFault as error:
        raise InputError(f"读不了：{error}", file=path, remedy="请重新下载抽取记录") from None
    if isinstance(data, dict) and "result" in data and "draw" in data:
        # The public file: what was published before the draw has to be what was drawn from.
        if data["result"] is None:
            raise InputError("这次还没有抽取，只有承诺值", file=path, remedy="抽取以后再下载")
        data = {
            **data["result"],
            **{name: data.get(name) for name in ("list", "list_digest", "sizes", "commitment")},
        }
    if not isinstance(data, dict) or "drawn" not in data:
        raise InputError("不是抽取记录", file=path, remedy="请在公开页“随机抽取”下载")
    return data
