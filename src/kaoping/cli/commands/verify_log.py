"""``kaoping verify-log``: was the audit log changed, and up to which line do kept heads prove that it was not."""

from __future__ import annotations

import argparse
import json
import zipfile
from pathlib import Path
from typing import Any

from kaoping.accounts.chain import Anchor, AnchorError, Verdict, anchors_of
from kaoping.cli.django import add_data_argument, late, setup
from kaoping.cli.errors import InputError
from kaoping.foreign import strict_json
from kaoping.foreign.failures import in_words
from kaoping.foreign.opening import BROKEN_ZIP, Unreadable, refuse_odd
from kaoping.publication import log_heads
from kaoping.support import archive, envelopes
from kaoping.support.environment import published_folder

NAME = "verify-log"
HELP = "核对审计日志：有没有被改、删、插、换序、截尾，能证明到第几条。"
OWN = "本机公开目录"
_MOST = 64 * 1024 * 1024


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_data_argument(parser)
    parser.add_argument(
        "--anchors",
        action="append",
        default=[],
        metavar="文件",
        help="在别处保存的校验值：公开页面的 heads.json、审计员下载的 heads.json、备份（.zip）或备份清单；可写几次",
    )
    parser.add_argument("--json", action="store_true", help="只在标准输出打印 JSON")


def run(args: argparse.Namespace) -> int:
    """0 when the chain holds and every kept head fits, 1 otherwise."""
    given = [anchor for name in args.anchors for anchor in read_anchors(name)]
    folder = setup(args, reads_only=True)
    own = published_anchors(folder)
    verdict = late("kaoping.accounts.chain").verify(
        late("kaoping.accounts.queries").log_lines(), [*own, *given]
    )
    if args.json:
        print(json.dumps(_as_json(verdict), ensure_ascii=False))
    else:
        _print(verdict, elsewhere=bool(given))
    return int(bool(verdict.count))


def published_anchors(folder: Path) -> list[Anchor]:
    """The heads that this installation published. Raises ``InputError`` when their file is spoilt."""
    try:
        content = log_heads.raw(published_folder(folder))
        return anchors_of(content, OWN) if content else []
    except (ValueError, OSError) as error:
        raise InputError(
            in_words(error) if isinstance(error, OSError) else str(error),
            file=str(published_folder(folder) / log_heads.FOLDER / log_heads.FILE),
            remedy="从备份或公开页面取回这个文件",
        ) from None  # fmt: skip


def read_anchors(name: str) -> list[Anchor]:
    """The heads in a file that was kept elsewhere. Raises ``InputError``."""
    try:
        refuse_odd(name)
        path = Path(name)
        if envelopes.is_sealed(path):
            raise InputError(
                "备份加了密，这里读不出校验值", file=name, field="--anchors",
                remedy="先由持私钥的人用 age -d 解开，或改用公开页面的 heads.json",
            )  # fmt: skip
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as opened:
                content: dict[str, Any] = archive.read_manifest(opened)
        else:
            if path.stat().st_size > _MOST:
                raise AnchorError("文件太大，不是校验值清单")
            content = strict_json.loads_object(path.read_text(encoding="utf-8-sig"))
        found = anchors_of(content, path.name)
    except Unreadable as error:
        raise InputError(error.message, file=name, field="--anchors", remedy=error.remedy) from None
    except (AnchorError, archive.ArchiveError, strict_json.JsonFault) as error:
        raise _spoilt(name, str(error)) from None
    except UnicodeDecodeError:
        raise _spoilt(name, "不是校验值清单：不是 UTF-8 文本，也不是备份") from None
    except BROKEN_ZIP:
        raise _spoilt(name, "文件读不出，或压缩包已损坏") from None
    if not found:
        raise InputError("里面一个校验值也没有", file=name, field="--anchors", remedy="换一份文件")
    return found


def _spoilt(name: str, message: str) -> InputError:
    return InputError(
        message,
        file=name,
        field="--anchors",
        remedy="重新取一份：公开页面的 heads.json，或完好的备份",
    )


def _as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "lines": verdict.lines,
        "before_chain": verdict.before,
        "head": {"number": verdict.last, "digest": verdict.head} if verdict.head else None,
        "proven_to": verdict.proven or None,
        "proven_by": verdict.proven_by or None,
        "problems": verdict.problems,
        "count": verdict.count,
    }


def _print(verdict: Verdict, *, elsewhere: bool) -> None:
    print(f"审计日志共 {verdict.lines} 条", end="")
    print(f"，其中 {verdict.before} 条早于链，合为一个校验值" if verdict.before else "")
    if verdict.head:
        print(f"最后一条是第 {verdict.last} 条，校验值 {verdict.head}")
    for problem in verdict.problems:
        print(f"✗ {problem}")
    if verdict.count:
        print(f"✗ 共 {verdict.count} 处不符")
        return
    print("✓ 逐条相连，没有缺、改、插、换序")
    if verdict.proven:
        print(f"  能证明：第 1 条到第 {verdict.proven} 条，自{verdict.proven_by}记下校验值以后没有变过")
    else:
        print("  不能证明：没有一个校验值可对照，能写数据库的人可以把整条链重算一遍")
    if verdict.proven and verdict.proven < verdict.last:
        print(f"  不能证明：第 {verdict.proven + 1} 条以后，要等下一个校验值离开本机")
    if not elsewhere:
        print(
            "  没有给出在别处保存的校验值（--anchors），只对照了本机公开目录里的；能改本机文件的人两样都能改"
        )
