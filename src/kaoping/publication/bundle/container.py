"""A bundle as a folder or a ZIP. Reading treats both as hostile: no links, no odd names, no bombs, nothing outside."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kaoping.foreign.failures import in_words
from kaoping.foreign.opening import BROKEN_ZIP

MAX_FILES: Final = 2_000
MAX_TOTAL: Final = 512 * 1024 * 1024
MAX_DEPTH: Final = 12
MAX_NAME: Final = 240
# A fixed instant in every ZIP, so that the same bundle is the same file.
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
# The end record of a ZIP: its mark, its length, where it states the size of the directory; and the mark of ZIP64.
_END, _END_LENGTH, _DIRECTORY_SIZE, _END64 = b"PK\x05\x06", 22, slice(12, 16), b"PK\x06\x07"


class ContainerError(ValueError):
    """What was given is not a bundle that may be opened; the message says why."""


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
    return _zip(path)


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
        _bounded(count, total, state.st_size)
        content = file.read(state.st_size + 1)
    if len(content) != state.st_size:
        raise ContainerError(f"{name} 正在变动，读不准")
    return content


def _zip(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    total = 0
    try:
        _refuse_huge_directory(path)
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                name = _name_in_zip(info)
                if name in found:
                    raise ContainerError(f"ZIP 里 {name} 出现了两次")
                _bounded(len(found), total, info.file_size)
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


def _name_in_zip(info: zipfile.ZipInfo) -> str:
    # zipfile cuts names at a zero byte and turns back-slashes; what was really written is judged.
    if info.orig_filename != info.filename:
        raise ContainerError(f"ZIP 里有不该有的路径：{info.orig_filename[:80]!r}")
    try:
        name = check_name(info.filename)
    except ContainerError as error:
        raise ContainerError(f"ZIP 里{error}") from None
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ContainerError(f"{name} 是链接，不打开")
    return name


def _refuse_huge_directory(path: Path) -> None:
    """A directory of millions of entries is refused before it is read into memory."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 65_536 - _END_LENGTH))
        tail = file.read()
    place = tail.rfind(_END)
    if place < 0 or _END64 in tail[:place][-20:]:
        raise ContainerError("ZIP 打不开：没有普通的结尾，或文件过大（ZIP64）")
    size = int.from_bytes(tail[place:][_DIRECTORY_SIZE], "little")
    if size > MAX_FILES * (MAX_NAME + 100):
        raise ContainerError(f"文件超过 {MAX_FILES} 个，不像数据包")


def _bounded(count: int, total: int, size: int) -> None:
    if count >= MAX_FILES:
        raise ContainerError(f"文件超过 {MAX_FILES} 个，不像数据包")
    if total + size > MAX_TOTAL:
        raise ContainerError("解开后超过 512 MB，不打开")
