"""Verify a bundle: its own list and digests, then everything computed again from rulebook and observations alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from kaoping.publication.bundle.build import MANIFEST, compute, digests_of, tallies
from kaoping.publication.bundle.canonical import NotStrict, dumps, loads, sha256
from kaoping.publication.bundle.levels import LEVELS
from kaoping.scoring.observations import (
    Observation,
    ObservationError,
    observation_from_json,
    observation_to_json,
)
from kaoping.scoring.rubric import Rubric
from kaoping.scoring.units import Unit, UnitsError, read_units_csv
from kaoping.standards.loading import Rulebook, RulebookError, rulebook_from_files

MOST_NAMED: Final = 50


@dataclass(slots=True)
class Verdict:
    """What verification found. ``problems`` name files and forms, ``differences`` name recomputed values."""

    digest: str | None = None
    level: str | None = None
    complete: bool = False
    example: bool = False
    year: int | None = None
    provable: tuple[str, ...] = ()
    not_provable: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing wrong within what the level lets one prove."""
        return not self.problems and not self.differences

    def as_json(self) -> dict[str, Any]:
        """The shape of ``kaoping verify --json``."""
        return {
            "ok": self.ok,
            "complete": self.complete,
            "level": self.level,
            "year": self.year,
            "example": self.example,
            "digest": self.digest,
            "provable": list(self.provable),
            "not_provable": list(self.not_provable),
            "problems": self.problems,
            "differences": {
                "count": len(self.differences),
                "first": self.differences[0] if self.differences else None,
                "named": self.differences[:MOST_NAMED],
            },
        }


def verify_files(files: Mapping[str, bytes], digest: str | None = None) -> Verdict:
    """Verify a bundle given as files; ``digest`` is the one published elsewhere. Never raises for what is in the files."""
    verdict = Verdict()
    manifest = _manifest(files, verdict)
    if manifest is None:
        return verdict
    if digest is not None and digest.strip().lower() != verdict.digest:
        verdict.problems.append(
            f"清单的校验值是 {verdict.digest}，与公布的 {digest.strip().lower()} 不同：这不是当时公布的数据包"
        )
    _check_list(files, manifest, verdict)
    checker = FORMATS.get((manifest.get("format"), manifest.get("scorer")))
    if checker is None:
        verdict.problems.append(
            f"{MANIFEST}：格式 {manifest.get('format')}、计分 {manifest.get('scorer')} 版本不认识，请用更新的程序"
        )
        return verdict
    try:
        checker(files, manifest, verdict)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError) as error:
        verdict.problems.append(f"内容不合格式，无法重算：{type(error).__name__}（{error}）")
    return verdict


def _manifest(files: Mapping[str, bytes], verdict: Verdict) -> dict[str, Any] | None:
    if MANIFEST not in files:
        verdict.problems.append(f"缺 {MANIFEST}：这不是考评的数据包，或者不完整")
        return None
    verdict.digest = sha256(files[MANIFEST])
    try:
        manifest: Any = loads(files[MANIFEST])
    except NotStrict as error:
        verdict.problems.append(f"{MANIFEST} {error}")
        return None
    level = LEVELS.get(str(manifest.get("level"))) if isinstance(manifest, dict) else None
    if (
        level is None
        or manifest.get("kind") != "kaoping-bundle"
        or not isinstance(manifest.get("files"), dict)
    ):
        verdict.problems.append(f"{MANIFEST} 不是考评数据包的清单")
        return None
    verdict.level, verdict.complete = level.code, level.complete
    verdict.provable, verdict.not_provable = level.provable, level.not_provable
    verdict.example, verdict.year = manifest.get("example") is True, manifest.get("year")
    if dumps(manifest) != files[MANIFEST]:
        verdict.problems.append(f"{MANIFEST} 不是规范写法（RFC 8785），可能被改写过")
    return dict(manifest)


def _check_list(files: Mapping[str, bytes], manifest: Mapping[str, Any], verdict: Verdict) -> None:
    listed: Mapping[str, Any] = manifest["files"]
    for name in sorted(set(listed) - set(files)):
        verdict.problems.append(f"缺文件 {name}")
    for name in sorted(set(files) - set(listed) - {MANIFEST}):
        verdict.problems.append(f"多出文件 {name}，清单里没有")
    for name in sorted(set(files) & set(listed)):
        entry = listed[name] if isinstance(listed[name], dict) else {}
        if sha256(files[name]) != entry.get("sha256"):
            verdict.problems.append(f"{name} 的校验值与清单不符")
        elif len(files[name]) != entry.get("size"):
            verdict.problems.append(f"{name} 的大小与清单不符")


def _first_format(files: Mapping[str, bytes], manifest: Mapping[str, Any], verdict: Verdict) -> None:
    """Format 1, scorer 1."""
    rulebook = _rulebook(files, verdict)
    units = _units(files, verdict)
    stored = _json(files, "results.json", verdict)
    if rulebook is None or units is None or not isinstance(stored, dict):
        return
    if (rulebook.id, rulebook.version) != (manifest["rulebook"], manifest["version"]):
        verdict.problems.append(
            f"rulebook/about.yaml 是 {rulebook.id} {rulebook.version}，清单写的是 {manifest['rulebook']} {manifest['version']}"
        )
    for name in ("year", "period", "as_of"):
        if stored.get(name) != manifest[name]:
            verdict.problems.append(f"{MANIFEST} 的 {name} 与 results.json 不同")
    if not verdict.complete:
        verdict.differences += _within_reduced(stored, rulebook.rubric)
        return
    observations = _observations(files, verdict)
    if observations is None:
        return
    as_of = datetime.fromisoformat(manifest["as_of"])
    try:
        computed = compute(
            rulebook, units, observations, year=manifest["year"], as_of=as_of, variant=manifest["variant"]
        )
    except ObservationError as error:
        verdict.problems.append(f"observations.jsonl {error}")
        return
    verdict.differences += list(differences(stored, computed))
    if files["results.json"] != dumps(stored):
        verdict.problems.append("results.json 不是规范写法（RFC 8785），可能被改写过")
    counted = _json(files, "tallies.json", verdict)
    if counted is not None and counted != tallies(observations):
        verdict.differences.append("tallies.json 与观察记录里的计票不同")


FORMATS: Final[dict[tuple[Any, Any], Callable[[Mapping[str, bytes], Mapping[str, Any], Verdict], None]]] = {
    (1, 1): _first_format
}


def _rulebook(files: Mapping[str, bytes], verdict: Verdict) -> Rulebook | None:
    texts: dict[str, str] = {}
    for name, content in files.items():
        if name.startswith("rulebook/"):
            try:
                texts[name.removeprefix("rulebook/")] = content.decode("utf-8")
            except UnicodeDecodeError:
                verdict.problems.append(f"{name} 不是 UTF-8")
                return None
    try:
        return rulebook_from_files(texts)
    except RulebookError as error:
        verdict.problems.append(f"rulebook/{error}")
        return None


def _units(files: Mapping[str, bytes], verdict: Verdict) -> list[Unit] | None:
    try:
        return read_units_csv(files.get("units.csv", b"").decode("utf-8"))[0]
    except UnitsError as error:
        verdict.problems.append(f"units.csv {error}")
    except UnicodeDecodeError:
        verdict.problems.append("units.csv 不是 UTF-8")
    return None


def _json(files: Mapping[str, bytes], name: str, verdict: Verdict) -> Any:
    if name not in files:
        return None
    try:
        return loads(files[name])
    except NotStrict as error:
        verdict.problems.append(f"{name} {error}")
        return None


def _observations(files: Mapping[str, bytes], verdict: Verdict) -> list[Observation] | None:
    if "observations.jsonl" not in files:
        return None
    found: list[Observation] = []
    raw: list[bytes] = []
    for number, line in enumerate(files["observations.jsonl"].split(b"\n")[:-1], start=1):
        try:
            data = loads(line)
            if not isinstance(data, dict):
                raise NotStrict("不是对象")
            found.append(observation_from_json(data))
        except (NotStrict, ObservationError) as error:
            verdict.problems.append(f"observations.jsonl 第 {number} 行：{error}")
            return None
        if dumps(observation_to_json(found[-1])) != line:
            verdict.problems.append(f"observations.jsonl 第 {number} 行（{found[-1].id}）不是规范写法")
        raw.append(line)
    ids = [one.id for one in found]
    if ids != sorted(ids):
        verdict.problems.append("observations.jsonl 没有按编号排序")
    _check_each(files.get("observations.sha256", b""), found, raw, verdict)
    return found


def _check_each(listed: bytes, found: Sequence[Observation], raw: Sequence[bytes], verdict: Verdict) -> None:
    """Name the observation whose line does not match its own digest."""
    if digests_of(found, raw) == listed:
        return
    known: dict[str, str] = {}
    for line in listed.decode("utf-8", errors="replace").splitlines():
        digest, _blank, name = line.partition("  ")
        known[name] = digest
    for one, content in zip(found, raw, strict=True):
        if one.id not in known:
            verdict.problems.append(f"观察记录 {one.id}（{one.unit} {one.item or one.check}）是多出来的")
        elif known[one.id] != sha256(content):
            verdict.problems.append(f"观察记录 {one.id}（{one.unit} {one.item or one.check}）被改动过")
    for name in sorted(set(known) - {one.id for one in found}):
        verdict.problems.append(f"观察记录 {name} 被删去了")


def differences(stored: Any, computed: Any, where: str = "") -> Iterator[str]:
    """Where the stored results differ from the recomputed ones, named by unit, item and field."""
    if isinstance(stored, dict) and isinstance(computed, dict):
        for key in dict.fromkeys([*computed, *stored]):
            place = f"{where} {key}".strip()
            if key == "units":
                yield from _units_differ(stored.get(key), computed.get(key))
            elif key not in stored:
                yield f"{place}：数据包里没有，重算有"
            elif key not in computed:
                yield f"{place}：数据包里有，重算没有"
            else:
                yield from differences(stored[key], computed[key], place)
    elif stored != computed or type(stored) is not type(computed):
        yield f"{where}：数据包写 {_short(stored)}，重算得 {_short(computed)}"


def _units_differ(stored: Any, computed: Any) -> Iterator[str]:
    if not isinstance(stored, list) or not all(isinstance(one, dict) and "unit" in one for one in stored):
        yield "units：不是单位列表"
        return
    if [one["unit"] for one in stored] != [one["unit"] for one in computed]:
        yield "units：单位的名单或顺序与重算不同"
    by_code = {one["unit"]: one for one in stored}
    for one in computed:
        if one["unit"] in by_code:
            yield from differences(by_code[one["unit"]], one, f"单位 {one['unit']}")


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _within_reduced(stored: Mapping[str, Any], rubric: Rubric) -> list[str]:
    """What a reduced part lets one check: rounded first-level points against the total, and the total against the bands."""
    found = []
    rule = rubric.grades
    for unit in stored["units"]:
        if unit["exact"] is None or rule is None:
            continue
        from_points = sum(_fraction(line["exact"]) for line in unit["indicators"].values())
        has_extra = any(leaf.role in ("bonus", "penalty") for leaf in rubric.leaves())
        if unit["indicators"] and not has_extra and from_points != _fraction(unit["exact"]):
            found.append(f"单位 {unit['unit']} total：一级指标之和与总分不同")
        band = next((one for one in rule.bands if _fraction(unit["exact"]) >= one.least), rule.bands[-1])
        order = [one.code for one in rule.bands]
        if unit["grade"] is not None and order.index(unit["grade"]) < order.index(band.code):
            found.append(f"单位 {unit['unit']} grade：等次高于总分所在的档")
    return found


def _fraction(text: str) -> Fraction:
    return Fraction(text)
