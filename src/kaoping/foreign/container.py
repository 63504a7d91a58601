"""Files that belong together, as a folder or a ZIP: a bundle, a rulebook. Reading treats both as hostile: no links, no odd
names, no bombs, nothing outside.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from kaoping.foreign.failures import in_words
from kaoping.foreign.opening import BROKEN_ZIP, MEGABYTE

MAX_DEPTH: Final = 12
MAX_NAME: Final = 240
# A fixed instant in every ZIP, so that the same bundle is the same file.
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
_UTF8: Final = 0x800  # the flag of a ZIP entry
# The end record of a ZIP: its mark, its length, where it states the size of the directory; and the mark of ZIP64.
_END, _END_LENGTH, _DIRECTORY_SIZE, _END64 = b"PK\x05\x06", 22, slice(12, 16), b"PK\x06\x07"


class ContainerError(ValueError):
    """What was given is nothing that may be opened; the message says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be opened: how many files, how many bytes in all, and what it is called in a refusal.

    ``told``: names that are no ASCII must say that they are UTF-8. Programs here write GBK without saying so, which reads
    as nonsense.
    """

    files: int
    total: int
    what: str
    told: bool = False


BUNDLE: Final = Limits(files=2_000, total=512 * MEGABYTE, what="数据包")


def check_name(name: str) -> str:
    """``name`` when it stays inside the bundle and can be printed. Raises ``ContainerError``."""
    parts = name.split("/")
    if (
        len(name.encode("utf-8", "replace")) > MAX_NAME
        or len(parts) > MAX_DEPTH
        or any(part in ("", ".", "..") for part in parts)
        or "\\" in name
        or ":" in name
        or not name.isprintable()
    ):
        raise ContainerError(f"有不该有的路径：{name[:80]!r}")
    return name


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Write into a new or empty folder. Raises ``ContainerError`` when there is something already."""
    if folder.exists() and any(folder.iterdir()):
        raise ContainerError(f"{folder} 不是空文件夹")
    for name, content in files.items():
        path = folder / check_name(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def zip_bytes(files: Mapping[str, bytes], target: Path) -> None:
    """Write a ZIP whose bytes depend on the files alone."""
    # "x" follows no link that was put there and replaces nothing.
    with zipfile.ZipFile(target, "x") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(check_name(name), _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[name], compresslevel=6)


def read(path: Path) -> dict[str, bytes]:
    """Every file of a bundle by its name. Raises ``ContainerError``."""
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise ContainerError(f"没有 {path}")
    if not zipfile.is_zipfile(path):
        raise ContainerError(f"{path} 不是文件夹，也不是 ZIP")
    try:
        with path.open("rb") as file:
            return _zip(file, BUNDLE)
    except OSError as error:
        raise ContainerError(f"ZIP 打不开：{in_words(error)}") from None


def read_zip(content: bytes, limits: Limits) -> dict[str, bytes]:
    """Every file of a ZIP that somebody handed in, by its name. Raises ``ContainerError``."""
    file = io.BytesIO(content)
    if not zipfile.is_zipfile(file):
        raise ContainerError("不是 ZIP，或文件已损坏")
    return _zip(file, limits)


def _folder(folder: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        _walk(folder, "", found, 0)
    except OSError as error:
        raise ContainerError(f"读不出：{in_words(error)}") from None
    return dict(sorted(found.items()))


def _walk(folder: Path, prefix: str, found: dict[str, bytes], total: int) -> int:
    """Add the files below ``folder``; the running total of bytes is returned, so that a huge tree stops early."""
    with os.scandir(folder) as entries:
        for entry in entries:
            name = check_name(prefix + entry.name)
            if entry.is_symlink():
                raise ContainerError(f"{name} 是链接，不打开")
            if entry.is_dir(follow_symlinks=False):
                total = _walk(folder / entry.name, f"{name}/", found, total)
                continue
            found[name] = _regular(folder / entry.name, name, len(found), total)
            total += len(found[name])
    return total


def _regular(path: Path, name: str, count: int, total: int) -> bytes:
    """The bytes of an ordinary file, opened so that a link put there meanwhile or a pipe cannot catch us."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise ContainerError(f"{name} 不是普通文件，不打开")
        _bounded(count, total, state.st_size, BUNDLE)
        content = file.read(state.st_size + 1)
    if len(content) != state.st_size:
        raise ContainerError(f"{name} 正在变动，读不准")
    return content


def _zip(file: BinaryIO, limits: Limits) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    total = 0
    try:
        _refuse_huge_directory(file, limits)
        with zipfile.ZipFile(file) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                name = _name_in_zip(info, told=limits.told)
                if name in found:
                    raise ContainerError(f"ZIP 里 {name} 出现了两次")
                _bounded(len(found), total, info.file_size, limits)
                with archive.open(info) as handle:
                    content = handle.read(info.file_size + 1)
                if len(content) != info.file_size:
                    raise ContainerError(f"{name} 的实际大小与 ZIP 目录不符")
                found[name] = content
                total += len(content)
    except ContainerError:
        raise
    except BROKEN_ZIP as error:
        raise ContainerError(f"ZIP 打不开：{in_words(error)}") from None
    return found


def _name_in_zip(info: zipfile.ZipInfo, *, told: bool) -> str:
    # zipfile cuts names at a zero byte and turns back-slashes; what was really written is judged.
    if info.orig_filename != info.filename:
        raise ContainerError(f"ZIP 里有不该有的路径：{info.orig_filename[:80]!r}")
    try:
        name = check_name(info.filename)
    except ContainerError as error:
        raise ContainerError(f"ZIP 里{error}") from None
    if told and not name.isascii() and not info.flag_bits & _UTF8:
        raise ContainerError("ZIP 里有文件名不是 UTF-8；请把文件和文件夹改成英文名，或换一个压缩软件重新打包")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ContainerError(f"{name} 是链接，不打开")
    return name


def _refuse_huge_directory(file: BinaryIO, limits: Limits) -> None:
    """A directory of millions of entries is refused before it is read into memory."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 65_536 - _END_LENGTH))
    tail = file.read()
    place = tail.rfind(_END)
    if place < 0 or _END64 in tail[:place][-20:]:
        raise ContainerError("ZIP 打不开：没有普通的结尾，或文件过大（ZIP64）")
    size = int.from_bytes(tail[place:][_DIRECTORY_SIZE], "little")
    if size > limits.files * (MAX_NAME + 100):
        raise ContainerError(f"文件超过 {limits.files} 个，不像{limits.what}")


def _bounded(count: int, total: int, size: int, limits: Limits) -> None:
    if count >= limits.files:
        raise ContainerError(f"文件超过 {limits.files} 个，不像{limits.what}")
    if total + size > limits.total:
        raise ContainerError(f"解开后超过 {limits.total // MEGABYTE} MB，不打开")
