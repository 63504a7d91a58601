"""Writing a file that somebody named: what is there already stays, unless it was said that it may go."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from kaoping.foreign.failures import in_words


class NotWritten(ValueError):
    """Nothing was written: what is wrong, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}。办法：{remedy}")
        self.message, self.remedy = message, remedy


def refuse_existing(path: Path, remedy: str) -> None:
    """Refuse a path at which anything is, also a link that leads nowhere. Raises ``NotWritten``."""
    try:
        path.lstat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise NotWritten(f"打不开（{in_words(error)}）", "核对路径和权限") from None
    except ValueError:
        raise NotWritten("路径里有不能用的字符", "核对路径") from None
    raise NotWritten("已经存在", remedy)


def refuse_filled(folder: Path, remedy: str) -> None:
    """Refuse a path at which anything but an empty folder is; a link counts as something. Raises ``NotWritten``."""
    try:
        if not folder.is_symlink() and folder.is_dir() and not any(folder.iterdir()):
            return
    except OSError as error:
        raise NotWritten(f"打不开（{in_words(error)}）", "核对路径和权限") from None
    refuse_existing(folder, remedy)


def write_file(path: Path, content: bytes, *, overwrite: bool, flag: str) -> None:
    """Write a whole file under a new name, or put it in the place of an ordinary one when ``overwrite`` says so.

    A link is never written through: it counts as something that is there, and overwriting replaces the link itself, so that
    no file elsewhere changes. Raises ``NotWritten``; ``flag`` is named as the remedy.
    """
    try:
        if not overwrite:
            _create(path, content)
            return
        if os.path.lexists(path) and not (path.is_symlink() or stat.S_ISREG(path.lstat().st_mode)):
            raise NotWritten("不是普通文件", "换一个文件名")
        temporary = path.with_name(f".{secrets.token_hex(8)}.part")
        _create(temporary, content)
        temporary.replace(path)
    except FileExistsError:
        raise NotWritten("已经存在", f"换一个文件名；确要覆盖，加 {flag}") from None
    except OSError as error:
        raise NotWritten(f"写不进（{in_words(error)}）", "核对路径、权限和磁盘空间") from None
    except ValueError as error:
        if isinstance(error, NotWritten):
            raise
        raise NotWritten("路径里有不能用的字符", "核对路径") from None


def _create(path: Path, content: bytes) -> None:
    """A new file, whole or not at all."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
