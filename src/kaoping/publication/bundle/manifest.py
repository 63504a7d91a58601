"""``manifest.json``: what a bundle is, what is in it with which digest, who signed, and what its level cannot prove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kaoping.patterns import linear
from kaoping.publication.bundle.canonical import NotStrict, dumps, loads_canonical, sha256
from kaoping.publication.bundle.levels import LEVELS, PublicationLevel
from kaoping.support import suites

MANIFEST: Final = "manifest.json"
KIND: Final = "kaoping-bundle"
Files = dict[str, bytes]
_DIGEST: Final = linear(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The part that every format version shares; ``data`` is the whole object."""

    format_version: int
    scorer_version: int
    level: PublicationLevel
    files: Mapping[str, Any]
    data: Mapping[str, Any]


def sealed(
    files: Mapping[str, bytes], facts: Mapping[str, Any], level: PublicationLevel, full_digest: str | None
) -> Files:
    """``files`` with their manifest. ``full_digest`` names the whole bundle when this is only its published part."""
    manifest = {
        "kind": KIND,
        **facts,
        "level": level.code,
        "complete": level.complete,
        "not_provable": list(level.not_provable),
        "full_digest": full_digest,
        "files": {
            name: {"sha256": sha256(content), "size": len(content)} for name, content in sorted(files.items())
        },
    }
    return {**dict(sorted(files.items())), MANIFEST: dumps(manifest)}


def read_manifest(content: bytes) -> Manifest:
    """Raises ``NotStrict`` when it is no manifest of any version."""
    data = loads_canonical(content)
    if not isinstance(data, dict) or data.get("kind") != KIND or not isinstance(data.get("files"), dict):
        raise NotStrict("不是考评数据包的清单")
    try:
        suites.suite_of(data)
    except suites.UnknownSuite as error:
        raise NotStrict(str(error)) from None
    # Named or not, it is the same suite: what a format asks of its manifest stays as it was.
    data = {name: value for name, value in data.items() if name != suites.KEY}
    level = LEVELS.get(str(data.get("level")))
    if level is None:
        raise NotStrict(f"level：没有“{str(data.get('level'))[:40]}”这种公开级别")
    versions = [data.get(name) for name in ("format_version", "scorer_version")]
    if not all(type(one) is int for one in versions):
        raise NotStrict("format_version、scorer_version 应为整数")
    return Manifest(data["format_version"], data["scorer_version"], level, data["files"], data)


def list_faults(files: Mapping[str, bytes], manifest: Manifest) -> list[str]:
    """Files that are missing, extra, or not those of the list, each by name."""
    listed = manifest.files
    faults = [f"缺文件 {name}" for name in sorted(set(listed) - set(files))]
    faults += [f"多出文件 {name}，清单里没有" for name in sorted(set(files) - set(listed) - {MANIFEST})]
    for name in sorted(set(files) & set(listed)):
        entry = listed[name]
        if name == MANIFEST or not isinstance(entry, dict) or set(entry) != {"sha256", "size"}:
            faults.append(f"{MANIFEST} 里 {name} 的一条不合格式")
        elif sha256(files[name]) != entry["sha256"]:
            faults.append(f"{name} 的校验值与清单不符")
        elif len(files[name]) != entry["size"]:
            faults.append(f"{name} 的大小与清单不符")
    return faults


def is_digest(text: Any) -> bool:
    """Whether ``text`` is a SHA-256 in lower-case hexadecimal."""
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None
