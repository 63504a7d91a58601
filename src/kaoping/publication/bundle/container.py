"""A bundle as a folder or a ZIP. Reading treats both as hostile: no links, no odd names, no bombs."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

MAX_FILES: Final = 2_000
MAX_TOTAL: Final = 512 * 1024 * 1024
# A fixed instant in every ZIP, so that the same bundle is the same file.
_STAMP: Final = (1980, 1, 1, 0, 0, 0)


class ContainerError(ValueError):
    """What was given is not a bundle that may be opened; the message says why."""


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Write into a new or empty folder. Raises ``ContainerError`` when there is something already."""
    if folder.exists() and any(folder.iterdir()):
        raise ContainerError(f"{folder} 不是空文件夹")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def zip_bytes(files: Mapping[str, bytes], target: Path) -> None:
    """Write a ZIP whose bytes depend on the files alone."""
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _STAMP)
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
    total = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise ContainerError(f"{name} 是链接，不打开")
        if path.is_dir():
            continue
        total = _count(found, total, path.stat().st_size)
        found[name] = path.read_bytes()
    return found


def _zip(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                name = info.filename
                if name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name:
                    raise ContainerError(f"ZIP 里有不该有的路径：{name}")
                if stat.S_ISLNK(info.external_attr >> 16):
                    raise ContainerError(f"{name} 是链接，不打开")
                if name in found:
                    raise ContainerError(f"ZIP 里 {name} 出现了两次")
                total = _count(found, total, info.file_size)
                with archive.open(info) as handle:
                    content = handle.read(info.file_size + 1)
                if len(content) != info.file_size:
                    raise ContainerError(f"{name} 的实际大小与 ZIP 目录不符")
                found[name] = content
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise ContainerError(f"ZIP 打不开：{error}") from None
    return found


def _count(found: Mapping[str, bytes], total: int, size: int) -> int:
    if len(found) >= MAX_FILES:
        raise ContainerError(f"文件超过 {MAX_FILES} 个，不像数据包")
    if total + size > MAX_TOTAL:
        raise ContainerError("解开后超过 512 MB，不打开")
    return total + size
