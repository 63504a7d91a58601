"""Verify a bundle: its own list and digests, then everything computed again from rulebook and observations alone.

The rulebook is the one in the bundle, the reading and the scorer are those of the versions that its manifest names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kaoping.publication.bundle.canonical import NotStrict, sha256
from kaoping.publication.bundle.formats import first, fourth, second, third
from kaoping.publication.bundle.manifest import MANIFEST, Manifest, list_faults, read_manifest
from kaoping.publication.bundle.scorers import SCORERS, Scorer
from kaoping.publication.bundle.verdict import MOST_NAMED, Verdict

__all__ = ["MOST_NAMED", "Verdict", "verify_files"]

Check = Callable[[Mapping[str, bytes], Manifest, Scorer, Verdict], None]
FORMATS: Final[dict[int, Check]] = {
    first.VERSION: first.check,
    second.VERSION: second.check,
    third.VERSION: third.check,
    fourth.VERSION: fourth.check,
}
# What the manifest alone says: nothing else in the bundle contradicts a forger who changes it.
_BY_DIGEST_ONLY: Final = "谁签发、更正哪一次、是否示例：只有清单写着，请用公布的校验值（--digest）对照"


def verify_files(files: Mapping[str, bytes], digest: str | None = None) -> Verdict:
    """Verify a bundle given as files; ``digest`` is the one published elsewhere. Never raises for what is in the files."""
    verdict = Verdict()
    if MANIFEST not in files:
        verdict.problems.append(f"缺 {MANIFEST}：这不是考评的数据包，或者不完整{_hint(files)}")
        return verdict
    verdict.digest = sha256(files[MANIFEST])
    wrong = None if digest is None else "".join(digest.split()).lower() != verdict.digest
    try:
        manifest = read_manifest(files[MANIFEST])
    except NotStrict as error:
        verdict.problems.append(f"{MANIFEST} {error}")
        if wrong:
            verdict.problems.append(_not_published(verdict.digest, str(digest), None))
        return verdict
    _describe(manifest, verdict)
    if digest is None:
        verdict.not_provable += (_BY_DIGEST_ONLY,)
    if wrong:
        verdict.problems.append(_not_published(verdict.digest, str(digest), verdict.full_digest))
    verdict.problems += list_faults(files, manifest)
    check, scorer = FORMATS.get(manifest.format_version), SCORERS.get(manifest.scorer_version)
    if check is None or scorer is None:
        verdict.problems.append(
            f"{MANIFEST}：格式 {manifest.format_version}、计分 {manifest.scorer_version} 版本不认识，请用更新的程序"
        )
        return verdict
    try:
        check(files, manifest, scorer, verdict)
    except Exception as error:  # whatever a stranger wrote is a finding about it, never a failure of ours
        verdict.problems.append(f"内容不合格式，无法重算：{type(error).__name__}（{str(error)[:200]}）")
    return verdict


def _describe(manifest: Manifest, verdict: Verdict) -> None:
    level, data = manifest.level, manifest.data
    verdict.level, verdict.complete = level.code, level.complete
    verdict.provable, verdict.not_provable = level.provable, level.not_provable
    verdict.example = data.get("example") is True
    verdict.year = data["year"] if type(data.get("year")) is int else None
    verdict.full_digest = data["full_digest"] if isinstance(data.get("full_digest"), str) else None
    corrects = data.get(second.CORRECTS)
    verdict.corrects = dict(corrects) if corrects and not second.corrects_faults(data) else None


def _not_published(own: str, given: str, full: str | None) -> str:
    given = "".join(given.split()).lower()
    if given == full:
        return f"给出的 {given} 是完整数据包的校验值；这里是公开的部分，它自己的校验值是 {own}，请与公布的“公开部分校验值”对照"
    return f"清单的校验值是 {own}，与公布的 {given} 不同：这不是当时公布的数据包"


def _hint(files: Mapping[str, bytes]) -> str:
    inside = sorted(name for name in files if name.endswith(f"/{MANIFEST}"))
    return f"；{inside[0]} 在下一层，请指到那个文件夹" if inside else ""
