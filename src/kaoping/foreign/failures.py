"""What the system says went wrong, in words for people: its own sentences are English. Pure.

Failures of files, archives, databases in a file and addresses. Errors of our own bear their words already.
"""

from __future__ import annotations

import errno
import socket
import sqlite3
import zipfile
import zlib
from typing import Final

_WORDS: Final = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "路径中间有一段不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.EEXIST: "已经存在",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.EACCES: "没有权限",
    errno.EPERM: "不许这样做",
    errno.EROFS: "所在的磁盘只读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EFBIG: "文件太大",
    errno.EIO: "磁盘读写出错",
    errno.ELOOP: "是绕圈的链接",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.EBUSY: "正被占用",
    errno.ENXIO: "设备不能用",
    errno.ENODEV: "设备不能用",
    errno.EXDEV: "不在同一个磁盘上",
    errno.ENOMEM: "内存不够",
    errno.EINVAL: "这里不能这样用",
    errno.ENOTSUP: "这里不能这样用",
    errno.EADDRINUSE: "已被别的程序占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.EAFNOSUPPORT: "本机不能用这种地址",
    errno.ECONNREFUSED: "对方没有在听",
    errno.ECONNRESET: "连接被断开",
    errno.EHOSTUNREACH: "连不到这个地址",
    errno.ENETUNREACH: "连不到这个地址",
    errno.ETIMEDOUT: "对方没有应答",
    errno.EPIPE: "连接被断开",
}
_WORDS_OF_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: "正被占用",
    sqlite3.SQLITE_LOCKED: "正被占用",
    sqlite3.SQLITE_CANTOPEN: "打不开",
    sqlite3.SQLITE_CORRUPT: "文件已损坏",
    sqlite3.SQLITE_NOTADB: "不是数据库文件",
    sqlite3.SQLITE_FULL: "磁盘已满",
    sqlite3.SQLITE_READONLY: "只读",
    sqlite3.SQLITE_IOERR: "磁盘读写出错",
    sqlite3.SQLITE_PERM: "没有权限",
    sqlite3.SQLITE_AUTH: "没有权限",
}
# What PostgreSQL's refusals say, told by what they quote; a server that speaks Chinese is passed on as it is.
_OF_SERVERS: Final = (
    ("password authentication failed", "口令不对"),
    ("no password supplied", "没有写口令"),
    ("does not exist", "没有这个库或这个角色"),
    ("no pg_hba.conf entry", "服务器不许这个地址连接"),
    ("too many", "服务器的连接已满"),
    ("starting up", "服务器正在启动"),
    ("shutting down", "服务器正在关闭"),
    ("translate host name", "找不到服务器的主机名"),
    ("Name or service not known", "找不到服务器的主机名"),
    ("Connection refused", "服务器没有启动，或端口不对"),
    ("timeout", "服务器没有应答"),
    ("permission denied", "这个角色没有权限"),
)


def in_words(error: BaseException) -> str:
    """The cause as people say it, without full stop. Never the system's own sentence."""
    if isinstance(error, socket.gaierror):
        return "认不出这个地址"
    if isinstance(error, zipfile.BadZipFile):
        return _of_zip(str(error))
    if isinstance(error, OSError):
        known = _WORDS.get(error.errno or 0)
        return known or (f"系统错误 {error.errno}" if error.errno else "读写出错")
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        return _WORDS_OF_SQLITE.get(code & 0xFF if isinstance(code, int) else -1, "数据库读写出错")
    if isinstance(error, zlib.error | EOFError):
        return "压缩的内容已损坏或不完整"
    if isinstance(error, zipfile.LargeZipFile | NotImplementedError):
        return "压缩的写法不认识"
    if isinstance(error, RuntimeError) and "password" in str(error):
        return "压缩包加了口令"
    return "内容读不懂"


def of_server(error: BaseException) -> str:
    """Why a database server was not reached or refused, in words."""
    said = str(error).lower()
    found = next((words for part, words in _OF_SERVERS if part.lower() in said), "")
    if found:
        return found
    if isinstance(error, OSError | sqlite3.Error):
        return in_words(error)
    cause = error.__cause__
    return in_words(cause) if isinstance(cause, OSError | sqlite3.Error) else "服务器没有应答或不接受"


def _of_zip(said: str) -> str:
    if said.startswith("Bad CRC-32"):
        name = said.partition("'")[2].rpartition("'")[0]
        return f"里面的 {name} 已损坏" if name else "里面有文件已损坏"
    return "不是 ZIP 压缩包，或已损坏"
