"""Build a bundle: the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from kaoping.publication.bundle.canonical import dumps, sha256
from kaoping.publication.bundle.dictionary import dictionary
from kaoping.publication.bundle.levels import FULL, LEVELS, PublicationLevel
from kaoping.publication.bundle.redact import redacted
from kaoping.scoring import score
from kaoping.scoring.observations import Observation, observation_to_json
from kaoping.scoring.units import Unit, write_units_csv
from kaoping.standards.loading import Rulebook

FORMAT: Final = 1
SCORER: Final = 1
MANIFEST: Final = "manifest.json"
Files = dict[str, bytes]


def build_bundle(
    *,
    rulebook: Rulebook,
    units: Sequence[Unit],
    observations: Iterable[Observation],
    year: int,
    as_of: datetime,
    variant: str = "",
    signatures: Sequence[Mapping[str, str]] = (),
    aliases: Mapping[str, str] | None = None,
    salt: bytes = b"",
    example: bool = False,
) -> Files:
    """The full bundle: every observation known at ``as_of``, redacted, with the results computed from exactly those.

    ``signatures`` are {"role", "name", "at"} of offices and signers. Raises ``ObservationError``.
    """
    known = [one for one in observations if one.recorded_at <= as_of]
    lines = sorted(redacted(known, aliases or {}, salt), key=lambda one: one.id)
    results = compute(rulebook, units, lines, year=year, as_of=as_of, variant=variant)
    files = {f"rulebook/{name}": text.encode() for name, text in rulebook.files.items()}
    files["units.csv"] = write_units_csv(units).encode()
    encoded = [dumps(observation_to_json(one)) for one in lines]
    files["observations.jsonl"] = b"".join(line + b"\n" for line in encoded)
    files["observations.sha256"] = digests_of(lines, encoded)
    files["tallies.json"] = dumps(tallies(lines))
    files["results.json"] = dumps(results)
    files["dictionary.md"] = dictionary(rulebook, year, FULL, example=example).encode()
    return _sealed(files, _facts(results, rulebook, variant, signatures, example), FULL)


def compute(
    rulebook: Rulebook,
    units: Sequence[Unit],
    observations: Iterable[Observation],
    *,
    year: int,
    as_of: datetime,
    variant: str,
) -> dict[str, Any]:
    """``results.json`` of this scorer version."""
    return score(
        rulebook.rubric,
        units,
        observations,
        year=year,
        period=rulebook.period(year, variant),
        as_of=as_of,
        period_of=rulebook.period_of(year, variant),
    ).as_json()


def tallies(observations: Iterable[Observation]) -> dict[str, Any]:
    """Counts by unit and question, from the observations of kind tally; what superseded what is the scorer's matter."""
    found: dict[str, Any] = {}
    for one in observations:
        if one.kind == "tally":
            found.setdefault(one.unit, {})[one.value["question"]] = {
                "options": one.value["options"],
                "observation": one.id,
            }
    return found


def digests_of(observations: Sequence[Observation], encoded: Sequence[bytes]) -> bytes:
    """One line an observation: SHA-256, two blanks, id."""
    return "".join(
        f"{sha256(line)}  {one.id}\n" for one, line in zip(observations, encoded, strict=True)
    ).encode()


def _facts(
    results: Mapping[str, Any],
    rulebook: Rulebook,
    variant: str,
    signatures: Sequence[Mapping[str, str]],
    example: bool,
) -> dict[str, Any]:
    return {
        "kind": "kaoping-bundle",
        "format": FORMAT,
        "scorer": SCORER,
        "rulebook": rulebook.id,
        "version": rulebook.version,
        "year": results["year"],
        "variant": variant,
        "period": results["period"],
        "as_of": results["as_of"],
        "signatures": [dict(one) for one in signatures],
        "example": example,
    }


def _sealed(
    files: Files, facts: Mapping[str, Any], level: PublicationLevel, full_digest: str | None = None
) -> Files:
    manifest = {
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


def bundle_digest(files: Mapping[str, bytes]) -> str:
    """The digest that is published: SHA-256 of the manifest."""
    return sha256(files[MANIFEST])


def public_part(
    files: Files, level: str, manifest: Mapping[str, Any], rulebook: Rulebook, results: Mapping[str, Any]
) -> Files:
    """What is published at ``level``: everything, or grades, totals and first-level points with the full digest named."""
    chosen = LEVELS[level]
    if chosen.complete:
        return dict(files)
    tops = [top.code for top in rulebook.rubric.indicators if top.role == "item"]
    reduced = {**results, "units": [_reduced(unit, level, tops) for unit in results["units"]]}
    kept = {
        name: content
        for name, content in files.items()
        if name.startswith("rulebook/") or name == "units.csv"
    }
    kept["results.json"] = dumps(reduced)
    kept["dictionary.md"] = dictionary(
        rulebook, int(results["year"]), chosen, example=bool(manifest["example"])
    ).encode()
    names = (
        "kind",
        "format",
        "scorer",
        "rulebook",
        "version",
        "year",
        "variant",
        "period",
        "as_of",
        "signatures",
        "example",
    )
    return _sealed(kept, {name: manifest[name] for name in names}, chosen, bundle_digest(files))


def _reduced(unit: Mapping[str, Any], level: str, tops: Sequence[str]) -> dict[str, Any]:
    """A unit at a lower level: every key stays, what is not published is null or empty."""
    with_totals = level in ("first_level", "totals")
    shown = tops if level == "first_level" else ()
    return {
        **unit,
        "total": unit["total"] if with_totals else None,
        "exact": unit["exact"] if with_totals else None,
        "rank": unit["rank"] if with_totals else None,
        "grade_reason": unit["grade_reason"] if with_totals else "",
        "components": unit["components"] if level == "first_level" else {},
        "gates": {},
        "indicators": {
            code: {**unit["indicators"][code], "observations": []}
            for code in shown
            if code in unit["indicators"]
        },
    }
