"""A backup file: a ZIP whose ``manifest.json`` names every member with its size and SHA-256."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from kaoping.foreign import strict_json
from kaoping.support import suites

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
_CHUNK: Final = 1024 * 1024
_DIGEST: Final = 64
_MAX_MANIFEST: Final = 256 * 1024 * 1024


class ArchiveError(ValueError):
    """The file is no backup, or it was altered; the message says where."""


def write(
    path: Path, members: Iterable[tuple[str, Path]], *, made_at: datetime, facts: dict[str, Any]
) -> int:
    """Write a backup beside ``path`` and move it into place when it is whole; returns the number of members.

    Only its owner can read it. A file that was destroyed since it was listed is left out.
    """
    listed: dict[str, dict[str, Any]] = {}
    temporary = path.with_name(f".{path.name}.part")
    temporary.unlink(missing_ok=True)
    private = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(private, "w+b") as handle,
        zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive,
    ):
        for name, source in members:
            with suppress(FileNotFoundError):
                listed[name] = _add(archive, name, source)
        manifest = {
            "format": FORMAT,
            suites.KEY: suites.INTL,
            "made_at": made_at.isoformat(),
            **facts,
            "members": listed,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    temporary.replace(path)
    return len(listed)


def _add(archive: zipfile.ZipFile, name: str, source: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as handle, archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            member.write(chunk)
    return {"size": size, "sha256": digest.hexdigest()}


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest, checked: every member is listed and every listed member is there under a harmless name."""
    try:
        info = archive.getinfo(MANIFEST)
        if info.file_size > _MAX_MANIFEST:
            raise ArchiveError("备份清单过大，这不是考评的备份文件")
        manifest = strict_json.loads_object(archive.read(info).decode("utf-8"))
    except (KeyError, UnicodeDecodeError, strict_json.JsonFault):
        raise ArchiveError("这不是考评的备份文件：没有可读的 manifest.json") from None
    if manifest.get("format") != FORMAT:
        given = manifest.get("format")
        if given is None:
            raise ArchiveError("备份清单里没有写格式，这多半不是考评的备份文件")
        raise ArchiveError(f"备份格式 {str(given)[:20]} 不是本版本能读的 {FORMAT}")
    try:
        suites.suite_of(manifest)
    except suites.UnknownSuite as error:
        raise ArchiveError(f"备份{error}") from None
    members = manifest.get("members")
    if not isinstance(manifest.get("made_at"), str):
        raise ArchiveError("备份清单不完整：没有写明备份时点 made_at")
    if not isinstance(members, dict) or not all(
        isinstance(one, dict) and isinstance(one.get("sha256"), str) for one in members.values()
    ):
        raise ArchiveError("备份清单不完整：members 应写明每个文件的校验值")
    listed = set(members)
    present = set(archive.namelist()) - {MANIFEST}
    if listed != present:
        odd = sorted(listed ^ present)[0]
        raise ArchiveError(f"备份里的文件与清单不符，如 {odd}")
    for name in listed:
        if name.startswith("/") or ".." in name.split("/") or "\\" in name:
            raise ArchiveError(f"备份里有不该有的路径：{name}")
    return manifest


def extract(archive: zipfile.ZipFile, manifest: dict[str, Any], folder: Path) -> None:
    """Unpack into ``folder``, for its owner only, and compare every digest. Raises ``ArchiveError`` at the first that differs."""
    for name, facts in manifest["members"].items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        private = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(private, "wb") as handle, archive.open(name) as source:
            while chunk := source.read(_CHUNK):
                handle.write(chunk)
        with target.open("rb") as again:
            _compare(again, name, facts)


def read_through(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Read every member back and compare its digest. Raises ``ArchiveError`` at the first that differs."""
    for name, facts in manifest["members"].items():
        with archive.open(name) as source:
            _compare(source, name, facts)


def misnamed(manifest: dict[str, Any], folder: str) -> list[str]:
    """Members below ``folder`` whose name is a digest (``ab/cdef…``) that their bytes do not have."""
    found = []
    for name, facts in manifest["members"].items():
        top, _, rest = name.partition("/")
        digest = rest.replace("/", "")
        if top == folder and len(digest) == _DIGEST and digest != facts["sha256"]:
            found.append(name)
    return found


def _compare(source: IO[bytes], name: str, facts: dict[str, Any]) -> None:
    digest = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
    if digest.hexdigest() != facts["sha256"]:
        raise ArchiveError(f"{name} 的校验值与清单不符，备份已损坏或被改动")
