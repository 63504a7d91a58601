"""Opening a file that somebody named: ordinary files only, looked at before they are opened, never more than a bound.

A pipe would be waited for without end, a device may never end or do something when it is touched.
"""

from __future__ import annotations

import codecs
import errno
import os
import stat
import zipfile
import zlib
from pathlib import Path
from typing import Final

from kaoping.foreign.failures import in_words

MEGABYTE: Final = 1024 * 1024
# What a damaged or forged ZIP raises while it is read.
BROKEN_ZIP: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
_NO_WAITING: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
_CAUSES: Final = {
    errno.ENOENT: ("没有这个文件", "核对路径"),
    errno.EACCES: ("没有读取的权限", "请管理员给予读取权限，或换一份拷贝"),
    errno.ELOOP: ("是绕圈的链接", "换成真正的文件"),
    errno.ENAMETOOLONG: ("文件名太长", "核对路径"),
    errno.ENOTDIR: ("路径中间有一段不是文件夹", "核对路径"),
}


class Unreadable(ValueError):
    """A named file that is not read: what is wrong, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}。办法：{remedy}")
        self.message, self.remedy = message, remedy


def read_bytes(path: str | Path, *, most: int) -> bytes:
    """The content of an ordinary file (or of the one that a link leads to), at most ``most`` bytes. Raises ``Unreadable``."""
    try:
        _refuse_odd(os.stat(path).st_mode)
        handle = os.open(path, os.O_RDONLY | _NO_WAITING)
        with os.fdopen(handle, "rb") as file:
            # Somebody may have put another thing there since it was looked at.
            _refuse_odd(os.fstat(handle).st_mode)
            content = file.read(most + 1)
    except OSError as error:
        raise Unreadable(
            *_CAUSES.get(error.errno or 0, (f"读不出（{in_words(error)}）", "核对路径和权限"))
        ) from None
    except ValueError as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("路径里有不能用的字符", "核对路径") from None
    if len(content) > most:
        raise Unreadable(f"超过 {most // MEGABYTE} MB", "核对是不是选错了文件，或拆成几个文件")
    return content


def read_text(path: str | Path, *, most: int) -> str:
    """The text of an ordinary UTF-8 file, without its byte order mark. Raises ``Unreadable``."""
    return as_text(read_bytes(path, most=most))


def as_text(content: bytes) -> str:
    """UTF-8, with or without byte order mark; the line of the first byte that is none is named. Raises ``Unreadable``."""
    body = content.removeprefix(codecs.BOM_UTF8)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"第 {line} 行起不是 UTF-8 文本", "用文本编辑器另存为 UTF-8") from None


def refuse_odd(path: str | Path) -> None:
    """Refuse what is there and is no ordinary file, for readers that open it themselves. Raises ``Unreadable``."""
    try:
        _refuse_odd(os.stat(path).st_mode)
    except OSError as error:
        raise Unreadable(
            *_CAUSES.get(error.errno or 0, (f"读不出（{in_words(error)}）", "核对路径和权限"))
        ) from None
    except ValueError as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("路径里有不能用的字符", "核对路径") from None


def _refuse_odd(mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise Unreadable("是文件夹，不是文件", "写明里面的哪一个文件")
    kind = "管道" if stat.S_ISFIFO(mode) else "套接字" if stat.S_ISSOCK(mode) else "设备"
    raise Unreadable(f"是{kind}，不是普通文件，不打开", "先存成普通文件")
