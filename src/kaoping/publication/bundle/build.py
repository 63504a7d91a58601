"""Build a bundle: the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kaoping.foreign.addresses import SPELLING
from kaoping.publication.bundle.canonical import dumps, sha256
from kaoping.publication.bundle.comparison import differences
from kaoping.publication.bundle.dictionary import dictionary
from kaoping.publication.bundle.formats import first, fourth, second, third
from kaoping.publication.bundle.formats.first_reduced import first_level
from kaoping.publication.bundle.levels import FULL, LEVELS
from kaoping.publication.bundle.manifest import MANIFEST, Files, sealed
from kaoping.publication.bundle.redact import redacted
from kaoping.publication.bundle.scorers import SCORER, SCORERS, SELECTIONS, WORDING
from kaoping.publication.bundle.small_numbers import published_tallies
from kaoping.scoring.observations import FORMAT, Observation
from kaoping.scoring.succession import broken
from kaoping.scoring.units import Unit
from kaoping.standards.loading import Rulebook

__all__ = ["MANIFEST", "BundleError", "Files", "build_bundle", "bundle_digest", "public_part"]


class BundleError(ValueError):
    """A bundle that would not say what was signed; the message says why."""


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
    withheld: Mapping[str, Collection[str]] | None = None,
    example: bool = False,
    corrects: Mapping[str, str] | None = None,
    acts: Mapping[str, third.Act] | None = None,
    adopted: Mapping[str, str] | None = None,
) -> Files:
    """The full bundle: every observation known at ``as_of``, redacted, with the results computed from exactly those.

    ``signatures`` are {"role", "name", "at"} of offices and signers. ``salt`` is the office's secret: without it nobody can
    guess what a digest stands for, with it the office can show it. ``corrects`` names the release that this one corrects:
    {"release", "full_digest", "public_digest", "reason"}. ``acts`` are those that lines name, ``adopted`` the
    approval that made proposed numbers the city's own: {"by", "on", "document_no"}. Raises ``ObservationError``
    for two lines with one id, ``BundleError`` when redaction would move a point, when a line may not supersede what it
    names, or when an act is not told: such a bundle would not verify.
    """
    known = [one for one in observations if one.recorded_at <= as_of]
    named = {one.act for one in known if one.act}
    told = {name: act for name, act in (acts or {}).items() if name in named}
    faults = [*map(str, broken(known)), *third.act_faults(known, told, as_of)]
    if faults:
        more = f"（另有 {len(faults) - 1} 处）" if len(faults) > 1 else ""
        raise BundleError(f"{faults[0]}{more}")
    try:
        told_lines = published_tallies(rulebook, redacted(known, aliases or {}, salt, withheld))
        lines = sorted(told_lines, key=lambda one: one.id)
    except ValueError as error:
        raise BundleError(str(error)) from None
    scorer = SCORERS[SCORER]
    results = scorer(rulebook, units, lines, year, as_of, variant)
    signed = scorer(rulebook, units, known, year, as_of, variant)
    leaves = {leaf.code for leaf in rulebook.rubric.leaves()}
    moved = next(differences(results, signed, leaves=leaves, texts=False), None)
    if moved:
        raise BundleError(f"遮蔽会改变结果：{moved}")
    files = {f"{first.RULEBOOK}{name}": text.encode() for name, text in rulebook.files.items()}
    files |= first.write_observations(lines, FORMAT)
    files[first.UNITS] = first.write_units(units)
    files[first.TALLIES] = dumps(first.tallies(lines, as_of, SELECTIONS[SCORER]))
    files[third.ACTS] = third.write_acts(told)
    files[first.RESULTS] = dumps(results)
    files[first.DICTIONARY] = dictionary(
        rulebook,
        year,
        FULL,
        wording=WORDING,
        example=example,
        signatures=signatures,
        corrects=corrects,
        adopted=adopted,
    ).encode()
    facts = {
        "format_version": fourth.VERSION,
        "observation_format": FORMAT,
        "rubric_format": third.RUBRIC_FORMAT,
        "scorer_version": SCORER,
        "wording_version": WORDING,
        "rulebook": rulebook.id,
        "version": rulebook.version,
        "year": year,
        "variant": variant,
        "period": results["period"],
        "as_of": results["as_of"],
        "signatures": [dict(one) for one in signatures],
        "example": example,
        second.CORRECTS: dict(corrects) if corrects else None,
        third.ADOPTED: dict(adopted) if adopted else None,
        fourth.ADDRESSES: SPELLING,
    }
    return sealed(files, facts, FULL, None)


def bundle_digest(files: Mapping[str, bytes]) -> str:
    """The digest that is published: SHA-256 of the manifest."""
    return sha256(files[MANIFEST])


def public_part(
    files: Files, level: str, manifest: Mapping[str, Any], rulebook: Rulebook, results: Mapping[str, Any]
) -> Files:
    """What is published at ``level``: everything, or less with the digest of the full bundle named.

    ``manifest``, ``rulebook`` and ``results`` are those of ``files``, already read.
    """
    chosen = LEVELS[level]
    if chosen.complete:
        return dict(files)
    tops = first_level(rulebook.rubric)
    reduced = {**results, "units": [_reduced(unit, level, tops) for unit in results["units"]]}
    kept = {
        name: content
        for name, content in files.items()
        if name.startswith(first.RULEBOOK) or name == first.UNITS
    }
    kept[first.RESULTS] = dumps(reduced)
    kept[first.DICTIONARY] = dictionary(
        rulebook,
        int(results["year"]),
        chosen,
        wording=int(manifest["wording_version"]),
        example=bool(manifest["example"]),
        signatures=manifest["signatures"],
        corrects=manifest.get(second.CORRECTS),
        adopted=manifest.get(third.ADOPTED),
    ).encode()
    # A bundle frozen by an earlier format is cut as it was: its manifest lacks what later ones say.
    facts = {name: manifest[name] for name in fourth.FACTS if name in manifest}
    return sealed(kept, facts, chosen, bundle_digest(files))


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
