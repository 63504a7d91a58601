"""Format 1: rulebook, units, observations, tallies, results; what must be there and how each is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from kaoping.foreign.days import strict_instant
from kaoping.patterns import linear
from kaoping.publication.bundle.canonical import NotStrict, dumps, loads, loads_canonical, sha256
from kaoping.publication.bundle.comparison import differences
from kaoping.publication.bundle.dictionary import dictionary
from kaoping.publication.bundle.formats.first_reduced import within
from kaoping.publication.bundle.manifest import MANIFEST, Manifest, is_digest
from kaoping.publication.bundle.scorers import SELECTIONS, SPELT, Scorer
from kaoping.publication.bundle.verdict import Verdict
from kaoping.scoring.observations import (
    Observation,
    ObservationError,
    observation_from_json,
    observation_to_json,
)
from kaoping.scoring.selection import Selection
from kaoping.scoring.units import Unit, UnitsError, read_units_csv, write_units_csv
from kaoping.standards.loading import MAX_BYTES, Rulebook, RulebookError, rulebook_from_files

VERSION: Final = 1
# Observations have a format of their own; bundles of formats 1 and 2 hold those of format 2.
OBSERVATION_FORMAT: Final = 2
RULEBOOK, UNITS, RESULTS, DICTIONARY = "rulebook/", "units.csv", "results.json", "dictionary.md"
OBSERVATIONS, LINE_DIGESTS, TALLIES = "observations.jsonl", "observations.sha256", "tallies.json"
FACTS: Final = (
    "format_version",
    "scorer_version",
    "wording_version",
    "rulebook",
    "version",
    "year",
    "variant",
    "period",
    "as_of",
    "signatures",
    "example",
)
_BESIDE: Final = ("kind", "level", "complete", "not_provable", "full_digest", "files")
_BOM: Final = "\ufeff"
_MAX_RULEBOOK: Final = 200
_POINTS: Final = linear(r"-?\p{Nd}{1,16}(\.\p{Nd}{1,30})?")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Content:
    """What was read of a whole bundle, for what a later format checks beside."""

    files: Mapping[str, bytes]
    rulebook: Rulebook
    observations: Sequence[Observation]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Layout:
    """What a format has of its own: manifest fields and how to name ill-formed ones, files, observation format.

    ``beside`` names what is wrong with a whole bundle beyond what format 1 knows; ``dictionary`` whether the description
    is compared with what the rulebook says.
    """

    facts: Collection[str] = FACTS
    manifest_faults: Callable[[Mapping[str, Any]], list[str]] = lambda _data: []
    files: Collection[str] = ()
    observations: int = OBSERVATION_FORMAT
    beside: Callable[[Content], list[str]] = lambda _content: []
    dictionary: bool = False


FORMAT: Final = Layout()


def required(complete: bool, more: Collection[str] = ()) -> set[str]:
    """The files beside the manifest and the rulebook; ``more`` are those that a later format adds to a whole bundle."""
    whole = {OBSERVATIONS, LINE_DIGESTS, TALLIES, *more}
    return {UNITS, RESULTS, DICTIONARY} | (whole if complete else set())


def write_units(units: Iterable[Unit]) -> bytes:
    """``units.csv``, with the BOM that spreadsheets need."""
    return (_BOM + write_units_csv(units)).encode()


def write_observations(lines: Sequence[Observation], version: int = OBSERVATION_FORMAT) -> dict[str, bytes]:
    """``observations.jsonl`` in order of id, and the digest of each line; ``version`` is the observations' format."""
    encoded = [dumps(observation_to_json(one, version)) for one in lines]
    return {
        OBSERVATIONS: b"".join(line + b"\n" for line in encoded),
        LINE_DIGESTS: _digests(lines, encoded),
    }


def tallies(observations: Iterable[Observation], as_of: datetime, selection: Selection) -> dict[str, Any]:
    """Counts that stand at ``as_of``, by unit and question; the one observed last where a question was counted twice."""
    found: dict[str, Any] = {}
    counted = [one for one in selection.standing(observations, as_of) if one.kind == "tally"]
    for one in sorted(counted, key=lambda one: (one.observed_at, one.recorded_at, one.id)):
        counts = {name: value for name, value in one.value.items() if name != "question"}
        found.setdefault(one.unit, {})[one.value["question"]] = {**counts, "observation": one.id}
    return found


def check(
    files: Mapping[str, bytes],
    manifest: Manifest,
    scorer: Scorer,
    verdict: Verdict,
    *,
    layout: Layout = FORMAT,
) -> None:
    """Add to ``verdict`` everything that is wrong with a bundle of this format, or of a later one with its ``layout``."""
    verdict.problems += _manifest_faults(manifest, {*layout.facts, *_BESIDE})
    verdict.problems += [f"{MANIFEST} {name} 不合格式" for name in layout.manifest_faults(manifest.data)]
    verdict.problems += _layout_faults(files, manifest, layout.files)
    rulebook = _reading(RULEBOOK, verdict, lambda: _rulebook(files))
    units = _reading(UNITS, verdict, lambda: _units(files))
    results = _reading(RESULTS, verdict, lambda: _object(files, RESULTS))
    _reading(DICTIONARY, verdict, lambda: _description(files))
    observations = None
    if manifest.level.complete:
        observations = _observations(files, verdict, layout.observations)
    if rulebook is None or units is None or results is None:
        return
    verdict.problems += _mismatches(manifest, rulebook, results)
    if layout.dictionary:
        verdict.problems += _description_faults(files, manifest, rulebook)
    if not manifest.level.complete:
        verdict.differences += within(results, manifest, rulebook, units)
    elif observations is not None:
        _recompute(files, manifest, scorer, verdict, rulebook, units, observations, results)
        as_of = _as_of(manifest.data)
        verdict.problems += layout.beside(Content(files, rulebook, observations, as_of))


def _recompute(
    files: Mapping[str, bytes],
    manifest: Manifest,
    scorer: Scorer,
    verdict: Verdict,
    rulebook: Rulebook,
    units: Sequence[Unit],
    observations: Sequence[Observation],
    results: Mapping[str, Any],
) -> None:
    data = manifest.data
    as_of = _as_of(data)
    late = [one.id for one in observations if one.recorded_at > as_of]
    verdict.problems += [f"观察记录 {name} 登记在截至时刻之后，不该在包里" for name in late]
    same_wording = data["wording_version"] in SPELT
    if not same_wording:
        verdict.not_provable += ("理由的措辞：由当时的程序写成，只能靠公布的校验值对照",)
    computed = scorer(rulebook, units, observations, data["year"], as_of, data["variant"])
    leaves = {leaf.code for leaf in rulebook.rubric.leaves()}
    verdict.differences += differences(results, computed, leaves=leaves, texts=same_wording)
    counted = _reading(TALLIES, verdict, lambda: _object(files, TALLIES))
    if counted is not None:
        selection = SELECTIONS[manifest.scorer_version]
        verdict.differences += _tally_differences(counted, tallies(observations, as_of, selection))


def _object(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    """A JSON object. A JSON null is no object, and not the same as a file that is not there: both are named."""
    value = loads_canonical(_content(files, name))
    if not isinstance(value, dict):
        raise NotStrict("不是 JSON 对象")
    return value


def _description(files: Mapping[str, bytes]) -> str:
    text = _text(files, DICTIONARY)
    if not text.startswith("# "):
        raise NotStrict("不是数据包说明")
    return text


def _description_faults(files: Mapping[str, bytes], manifest: Manifest, rulebook: Rulebook) -> list[str]:
    """What people read of the rulebook is what the rulebook says; another wording cannot be compared."""
    data = manifest.data
    if data["wording_version"] not in SPELT or DICTIONARY not in files:
        return []
    told = dictionary(
        rulebook,
        data["year"],
        manifest.level,
        wording=data["wording_version"],
        example=data["example"],
        signatures=data["signatures"],
        corrects=data["corrects"],
        adopted=data["adopted"],
    )
    found = []
    if files[DICTIONARY] != told.encode():
        found.append(f"{DICTIONARY} 与规则集、清单所说的不同")
    if data["not_provable"] != list(manifest.level.not_provable):
        found.append(f"{MANIFEST} not_provable 与公开级别不能证明的不同")
    return found


def _reading(name: str, verdict: Verdict, read: Callable[[], T]) -> T | None:
    """What ``read`` gives, or null with the problem named."""
    try:
        return read()
    except (NotStrict, ObservationError, RulebookError, UnitsError) as error:
        verdict.problems.append(f"{name}{'' if name.endswith('/') else ' '}{error}")
    except RecursionError:
        verdict.problems.append(f"{name} 嵌套过深")
    except Exception as error:
        verdict.problems.append(f"{name} 读不懂：{type(error).__name__}（{str(error)[:200]}）")
    return None


def _content(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise NotStrict("没有这个文件")
    return files[name]


def _text(files: Mapping[str, bytes], name: str) -> str:
    try:
        return _content(files, name).decode("utf-8")
    except UnicodeDecodeError:
        raise NotStrict("不是 UTF-8") from None


def _manifest_faults(manifest: Manifest, fields: Collection[str]) -> list[str]:
    data, faults = manifest.data, []

    def need(name: str, good: bool) -> None:
        if not good:
            faults.append(f"{MANIFEST} {name} 不合格式")

    for name in sorted(set(fields) ^ set(data)):
        faults.append(f"{MANIFEST} {'缺字段' if name in fields else '多出字段'} {name}")
    need("wording_version", type(data.get("wording_version")) is int)
    for name in ("rulebook", "version", "variant"):
        need(name, isinstance(data.get(name), str))
    need("year", type(data.get("year")) is int)
    need("as_of", strict_instant(data.get("as_of")) is not None)
    need("example", isinstance(data.get("example"), bool))
    need("complete", data.get("complete") is manifest.level.complete)
    need("not_provable", _are_texts(data.get("not_provable")) and bool(data.get("not_provable")))
    full = data.get("full_digest")
    need("full_digest", full is None if manifest.level.complete else is_digest(full))
    signatures = data.get("signatures")
    need(
        "signatures",
        isinstance(signatures, list)
        and all(
            isinstance(one, dict)
            and set(one) == {"role", "name", "at"}
            and all(isinstance(value, str) for value in one.values())
            for one in signatures
        ),
    )
    return faults


def _as_of(data: Mapping[str, Any]) -> datetime:
    """The instant of a manifest that was found sound."""
    instant = strict_instant(data["as_of"])
    assert instant is not None
    return instant


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _layout_faults(files: Mapping[str, bytes], manifest: Manifest, more: Collection[str]) -> list[str]:
    """A forger who leaves a file out of bundle and list alike must not make verification skip it."""
    needed = required(manifest.level.complete, more)
    here = {name for name in files if name != MANIFEST and not name.startswith(RULEBOOK)}
    faults = [f"缺文件 {name}：公开级别 {manifest.level.code} 必须有" for name in sorted(needed - here)]
    return faults + [
        f"多出文件 {name}：公开级别 {manifest.level.code} 没有它" for name in sorted(here - needed)
    ]


def _mismatches(manifest: Manifest, rulebook: Rulebook, results: Mapping[str, Any]) -> list[str]:
    faults = []
    data = manifest.data
    for name, own in (("rulebook", rulebook.id), ("version", rulebook.version)):
        if data.get(name) != own:
            faults.append(f"{MANIFEST} 的 {name} 是 {data.get(name)}，rulebook/about.yaml 是 {own}")
    for name in ("rulebook", "version", "year", "period", "as_of"):
        if results.get(name) != data.get(name):
            faults.append(f"{MANIFEST} 的 {name} 与 {RESULTS} 不同")
    return faults


def _rulebook(files: Mapping[str, bytes]) -> Rulebook:
    texts: dict[str, str] = {}
    for name in files:
        if name.startswith(RULEBOOK):
            if len(files[name]) > MAX_BYTES or len(texts) >= _MAX_RULEBOOK:
                raise NotStrict(f"{name.removeprefix(RULEBOOK)} 过大，或文件过多")
            texts[name.removeprefix(RULEBOOK)] = _text(files, name)
    return rulebook_from_files(texts)


def _units(files: Mapping[str, bytes]) -> list[Unit]:
    units = read_units_csv(_text(files, UNITS))[0]
    if write_units(units) != files[UNITS]:
        raise NotStrict("不是规范写法，可能被改写过")
    return units


def _observations(files: Mapping[str, bytes], verdict: Verdict, version: int) -> list[Observation] | None:
    content = _reading(OBSERVATIONS, verdict, lambda: _content(files, OBSERVATIONS))
    if content is None:
        return None
    if content and not content.endswith(b"\n"):
        verdict.problems.append(f"{OBSERVATIONS} 最后一行没有换行，可能被截断或添改")
        return None
    found: list[Observation] = []
    raw = content.split(b"\n")[:-1]
    for number, line in enumerate(raw, start=1):
        one = _reading(f"{OBSERVATIONS} 第 {number} 行", verdict, partial(_observation, line, version))
        if one is None:
            return None
        if found and one.id <= found[-1].id:
            word = "编号重复" if one.id == found[-1].id else "没有按编号排序"
            verdict.problems.append(f"{OBSERVATIONS} 第 {number} 行（{one.id}）{word}")
        found.append(one)
    _check_each(files, found, raw, verdict)
    return found if len({one.id for one in found}) == len(found) else None


def _observation(line: bytes, version: int) -> Observation:
    data = loads(line)
    if not isinstance(data, dict):
        raise NotStrict("不是 JSON 对象")
    if data.get("kind") == "points" and not _POINTS.fullmatch(str(data.get("value"))):
        raise NotStrict("value：不是小数")
    one = observation_from_json(data, version)
    if dumps(observation_to_json(one, version)) != line:
        raise NotStrict(f"（{one.id}）不是规范写法（RFC 8785），可能被改写过")
    return one


def _digests(observations: Sequence[Observation], encoded: Sequence[bytes]) -> bytes:
    """One line an observation: SHA-256, two blanks, id."""
    return "".join(
        f"{sha256(line)}  {one.id}\n" for one, line in zip(observations, encoded, strict=True)
    ).encode()


def _check_each(
    files: Mapping[str, bytes], found: Sequence[Observation], raw: Sequence[bytes], verdict: Verdict
) -> None:
    """Name the observation whose line does not match its own digest."""
    listed = files.get(LINE_DIGESTS, b"")
    if _digests(found, raw) == listed:
        return
    known = {
        name: digest
        for digest, _blank, name in (
            line.partition("  ") for line in listed.decode("utf-8", errors="replace").split("\n") if line
        )
    }
    named = []
    for one, content in zip(found, raw, strict=True):
        place = f"观察记录 {one.id}（{one.unit} {one.item or one.check}）"
        if one.id not in known:
            named.append(f"{place}是多出来的")
        elif known[one.id] != sha256(content):
            named.append(f"{place}被改动过")
    named += [f"观察记录 {name[:80]} 被删去了" for name in sorted(set(known) - {one.id for one in found})]
    verdict.problems += named or [f"{LINE_DIGESTS} 不合格式"]


def _tally_differences(stored: Mapping[str, Any], computed: Mapping[str, Any]) -> list[str]:
    if stored == computed:
        return []
    found = []
    for unit in sorted(set(stored) | set(computed)):
        one, other = stored.get(unit), computed.get(unit, {})
        one = one if isinstance(one, dict) else {}
        found += [
            f"{TALLIES} 单位 {unit} 第 {question} 题的份数与观察记录不同"
            for question in sorted(set(one) | set(other))
            if one.get(question) != other.get(question)
        ]
    return found or [f"{TALLIES}：与观察记录里的计票不同"]
