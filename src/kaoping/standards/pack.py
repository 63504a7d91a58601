"""A rulebook as one file: the ZIP that goes from hand to hand. Whatever it holds is read as hostile. No Django.

The folder lies at the top of the ZIP or in one folder there. Only its YAML counts, as in a folder; a rulebook that extends
another may carry its parent's texts under ``extends/``, which are believed only where they are known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kaoping.foreign.container import ContainerError, Limits, read_zip
from kaoping.foreign.opening import MEGABYTE, Unreadable, as_text
from kaoping.standards.reader import RulebookError
from kaoping.standards.texts import ABOUT, MAX_BYTES, MAX_FILES

MAX_PACK: Final = 4 * MEGABYTE
LIMITS: Final = Limits(files=MAX_FILES, total=8 * MEGABYTE, what="规则集", told=True)


def unpack(content: bytes) -> dict[str, str]:
    """The texts of a packed rulebook by relative path. Raises ``RulebookError``."""
    if len(content) > MAX_PACK:
        raise RulebookError(ABOUT, 0, "", f"ZIP 超过 {MAX_PACK // MEGABYTE} MB。办法：只打包规则集的文件夹")
    try:
        found = read_zip(content, LIMITS)
    except ContainerError as error:
        raise RulebookError("ZIP", 0, "", f"{error}。办法：用 kaoping rulebook pack 重新打包") from None
    texts: dict[str, str] = {}
    for name, body in _inside(found).items():
        if not name.endswith(".yaml"):
            continue
        if len(body) > MAX_BYTES:
            raise RulebookError(name, 0, "", f"超过 {MAX_BYTES // MEGABYTE} MB。办法：核对是不是选错了文件")
        try:
            texts[name] = as_text(body)
        except Unreadable as error:
            raise RulebookError(name, 0, "", str(error)) from None
    if ABOUT not in texts:
        raise RulebookError(ABOUT, 0, "", f"ZIP 里没有 {ABOUT}。办法：打包规则集的文件夹")
    return texts


def _inside(found: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The files of the rulebook's folder, which most programs pack with its own name; what they add of their own is left out."""
    own = {name: body for name, body in found.items() if not name.startswith("__MACOSX/")}
    tops = {name.partition("/")[0] for name in own}
    if ABOUT in own or len(tops) != 1:
        return own
    return {name.partition("/")[2]: body for name, body in own.items()}
