"""What has been published, as the portal sees it: releases from the shelf, and the parsed content of a bundle.

Only files of the published folder are read. Parsed bundles are kept in memory by the digest of their manifest: a
release never changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from logging import getLogger
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from kaoping.arithmetic import half_up
from kaoping.balloting import Questionnaire, QuestionnaireError, questionnaire_from_dict
from kaoping.foreign.days import strict_day, strict_instant
from kaoping.foreign.strict_json import lines as json_lines
from kaoping.publication import shelf
from kaoping.publication.bundle.levels import LEVELS
from kaoping.publication.bundle.small_numbers import published_tallies, published_tally
from kaoping.scoring import provenance
from kaoping.scoring.applicability import exact_maxima
from kaoping.scoring.observations import Observation, format_of, observation_from_json
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.provenance import Adoption
from kaoping.scoring.rubric import Indicator, Rubric
from kaoping.scoring.sheet import WrittenUnit
from kaoping.scoring.units import Unit
from kaoping.standards.loading import Rulebook
from kaoping.standards.numbers import numbers, of_questionnaire
from kaoping.web.ui.addresses import NOBODY

LOG = getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Release:
    """One release of a year. ``withdrawn_at`` is null while it stands; numbers above 1 are corrections."""

    key: OrganisedYear
    number: int
    example: bool
    note: str
    published_at: datetime | None
    full_digest: str
    public_digest: str
    stands: bool
    # The newest of its year that stands: what the year's own address shows.
    current: bool
    withdrawn_at: datetime | None
    withdrawn_reason: str
    # The approved plan by which the rulebook's proposals became the city's own; null where the release does not say it.
    adopted: Adoption | None
    place: shelf.ShelfRelease

    @property
    def year(self) -> int:
        """The year of its assessment."""
        return self.key.year

    @property
    def zip(self) -> Path:
        """The public bundle as one file."""
        return self.place.zip_path


@dataclass(frozen=True, slots=True)
class Content:
    """A parsed bundle. ``sheets`` are the units of ``results.json`` in register order; ``observations`` and ``tallies``
    are empty at a level of publication that does not hold them.
    """

    manifest: Mapping[str, Any]
    results: Mapping[str, Any]
    sheets: Sequence[WrittenUnit]
    units: Mapping[str, Unit]
    rulebook: Rulebook
    questionnaire: Questionnaire | None
    tallies: Mapping[str, Mapping[str, Any]]
    observations: Mapping[str, Observation]
    # Unit -> code -> the exact maximum, found again from the rules; empty where single items are not published.
    maxima: Mapping[str, Mapping[str, Fraction]]
    # The approval of the plan, as the release tells it.
    adopted: Adoption | None = None

    def mark(self, *items: Indicator) -> str:
        """What stands behind points of items while a number of theirs has no source."""
        return _least([provenance.of_number(item) for item in items], self.adopted)

    @property
    def lines_mark(self) -> str:
        """The same behind the lines of the grades and the quota."""
        rule = self.rubric.grades
        return (
            _least([rule.confidence, *([rule.quota.confidence] if rule.quota else [])], self.adopted)
            if rule
            else ""
        )

    @property
    def evaluation_mark(self) -> str:
        """The same behind the numbers of the public evaluation."""
        return provenance.mark(of_questionnaire(self.rulebook.questionnaire or {}), self.adopted)

    @property
    def numbers_from(self) -> str:
        """Where the least sure of all numbers comes from, in words."""
        known = [leaf.confidence for leaf in self.rubric.leaves()]
        known += [one.confidence for one in numbers(self.rulebook)]
        return provenance.words(max(known, key=provenance.CONFIDENCES.index), self.adopted)

    @property
    def rubric(self) -> Rubric:
        """The tree of the rulebook."""
        return self.rulebook.rubric

    @property
    def complete(self) -> bool:
        """Whether every item is published."""
        return self.manifest.get("complete") is True

    @property
    def level(self) -> str:
        """The level of publication, ``full`` to ``grades``."""
        return str(self.manifest.get("level"))

    @property
    def level_name(self) -> str:
        """What is published, in words."""
        level = LEVELS.get(self.level)
        return level.name if level else self.level

    @property
    def with_totals(self) -> bool:
        """Whether totals are published."""
        return self.complete or self.level in ("first_level", "totals")

    @property
    def with_points(self) -> bool:
        """Whether points of at least the first-level indicators are published."""
        return self.complete or self.level == "first_level"

    def total(self, sheet: WrittenUnit) -> str:
        """A unit's total for a table: no number where none is published or none is fixed."""
        return (
            str(sheet["total"]) if sheet["total"] is not None else "未定" if self.with_totals else "没有公开"
        )

    def full(self, sheet: WrittenUnit, code: str) -> Fraction:
        """The maximum of an indicator for a unit, as exact as its points: a rate of the two cannot stand above what was granted.

        A release writes the maximum rounded. With every item published it is found again from the rules and from what does
        not apply; else it is at least the points, as long as these exceed it by no more than the rounding.
        """
        line = sheet["indicators"][code]
        written, got = str(line["max"]), Fraction(line["exact"])
        known = self._whole(sheet, code)
        if known is not None:
            return known
        rounded = Fraction(written)
        return got if rounded < got and half_up(got, _places(written)) == written else rounded

    def below(self, sheet: WrittenUnit, code: str, share: Fraction) -> bool:
        """Whether a unit earned less than ``share`` of the maximum of an indicator.

        Where the exact maximum is not known, a unit that stands on the line for some maximum that is written like this one
        is not called below it.
        """
        line = sheet["indicators"][code]
        written, got = str(line["max"]), Fraction(line["exact"])
        known = self._whole(sheet, code)
        if known is not None:
            return got < known * share
        return got < Fraction(written) * share and half_up(got / share, _places(written)) != written

    def _whole(self, sheet: WrittenUnit, code: str) -> Fraction | None:
        """The exact maximum; null where the release does not allow to find it again."""
        written = str(sheet["indicators"][code]["max"])
        found, node = self.maxima[sheet["unit"]].get(code), self.rubric.find(code)
        if found is not None and half_up(found, _places(written)) == written:
            return found
        # What is written as the rules have it was not moved by an item that does not apply.
        got = Fraction(sheet["indicators"][code]["exact"])
        return node.max if node is not None and node.max == Fraction(written) and got <= node.max else None

    def grade(self, code: str | None) -> str | None:
        """A grade's name in words."""
        bands = self.rubric.grades.bands if self.rubric.grades else ()
        return next((band.name for band in bands if band.code == code), code)

    def sheet(self, unit: str) -> WrittenUnit | None:
        """One unit's sheet."""
        return next((one for one in self.sheets if one["unit"] == unit), None)

    def name(self, unit: str) -> str:
        """A unit's short name."""
        found = self.units.get(unit)
        return found.short_name if found else unit

    def tops(self) -> list[Indicator]:
        """The first-level indicators that count in the hundred."""
        return [top for top in self.rubric.indicators if top.role == "item"]


def _places(written: str) -> int:
    return len(written.partition(".")[2])


def _least(known: Sequence[str], adopted: Adoption | None) -> str:
    return next((mark for one in known if (mark := provenance.mark(one, adopted))), "")


def releases(key: OrganisedYear | None = None) -> list[Release]:
    """Every release, of an organiser's year when given, the newest year and number first.

    A year of nobody is one of the organiser for whom the installation was set up.
    """
    found = shelf.releases(Path(settings.KAOPING_PUBLISHED))
    if key is not None and key.organiser == NOBODY:
        key = replace(key, organiser=shelf.main_organiser(found))
    newest: dict[OrganisedYear, int] = {}
    for one in found:
        if one.withdrawn is None:
            newest.setdefault(one.key, one.number)
    return [
        _release(one, current=newest.get(one.key) == one.number)
        for one in found
        if key is None or one.key == key
    ]


# Each page of a year has a twin below the release's own address (CZ0-2025-1), where a corrected release stays readable.
PINNED: Final[Mapping[str, str]] = {
    "portal-year": "portal-release",
    "portal-unit": "portal-release-unit",
    "portal-data-year": "portal-release-data",
    "portal-csv": "portal-release-csv",
    "portal-evaluation-csv": "portal-release-evaluation-csv",
    "portal-bundle": "portal-release-bundle",
}


def address(release: Release, name: str, *more: str) -> str:
    """A page of a release: under its year while it counts, else under its own number."""
    if release.current:
        return reverse(name, args=[release.key, *more])
    return reverse(PINNED[name], args=[release.key, release.number, *more])


def _release(one: shelf.ShelfRelease, *, current: bool) -> Release:
    facts, withdrawn = one.facts, one.withdrawn or {}
    return Release(
        key=one.key,
        number=one.number,
        example=facts.get("example") is True,
        note=str(facts.get("note") or ""),
        published_at=strict_instant(facts.get("published_at")),
        full_digest=str(facts.get("full_digest") or ""),
        public_digest=str(facts.get("public_digest") or ""),
        stands=one.withdrawn is None,
        current=current,
        withdrawn_at=strict_instant(withdrawn.get("at")),
        withdrawn_reason=str(withdrawn.get("reason") or ""),
        adopted=_adopted(facts.get("adopted")),
        place=one,
    )


def _adopted(value: Any) -> Adoption | None:
    try:
        on = strict_day(value["on"])
        return Adoption(str(value["by"]), on, str(value["document_no"])) if on else None
    except (KeyError, TypeError):
        return None


def catalogue() -> bytes | None:
    """``index.json`` of the shelf as it lies there: every release with its digest, withdrawn ones too; null before the first."""
    try:
        return (Path(settings.KAOPING_PUBLISHED) / shelf.INDEX).read_bytes()
    except FileNotFoundError:
        return None


def catalogue_digest() -> str:
    """The SHA-256 of the catalogue: who noted it can see later whether anything published was changed. Empty before the first."""
    found = catalogue()
    return sha256(found).hexdigest() if found is not None else ""


def standing(key: OrganisedYear) -> Release | None:
    """The release of an organiser's year that counts: the newest that is not withdrawn."""
    return next((one for one in releases(key) if one.stands), None)


class BundleUnreadable(RuntimeError):
    """A published bundle that the portal cannot show; the download is offered all the same."""


def content(release: Release) -> Content:
    """The parsed bundle. Raises ``BundleUnreadable``."""
    try:
        return replace(_content(release.place.folder, release.public_digest), adopted=release.adopted)
    except (OSError, ValueError, KeyError, TypeError, shelf.ShelfError) as error:
        LOG.error("bundle %s cannot be read: %s", release.place.name, error)
        raise BundleUnreadable from error


@lru_cache(maxsize=12)
def _content(folder: Path, _digest: str) -> Content:
    place = shelf.ShelfRelease("", 0, 0, folder, {}, None)
    files = shelf.bundle_files(place)
    units, results, rules = shelf.units(place), shelf.results(place), shelf.rulebook(place)
    order = {unit.code: number for number, unit in enumerate(units)}
    return Content(
        manifest=shelf.manifest(place),
        results=results,
        sheets=sorted(results["units"], key=lambda one: order.get(one["unit"], len(order))),
        units={unit.code: unit for unit in units},
        rulebook=rules,
        questionnaire=_questionnaire(rules),
        tallies=_tallies(rules, json.loads(files.get("tallies.json", b"{}"))),
        observations={
            one.id: one
            for one in published_tallies(
                rules, _observations(files.get("observations.jsonl", b"").decode()).values()
            )
        },
        maxima={one["unit"]: exact_maxima(rules.rubric, one["indicators"]) for one in results["units"]},
    )


def _tallies(rules: Rulebook, counted: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Counts by unit and question as they may be shown: bundles before format 3 hold those of small numbers too."""
    questionnaire = _questionnaire(rules)
    items = {one.id: one.dimension for one in questionnaire.questions} if questionnaire else {}
    return {
        unit: {
            question: published_tally(rules, items.get(question), {**tally, "question": question})
            for question, tally in tallies.items()
        }
        for unit, tallies in counted.items()
    }


def _questionnaire(rulebook: Rulebook) -> Questionnaire | None:
    if rulebook.questionnaire is None:
        return None
    try:
        return questionnaire_from_dict(rulebook.questionnaire)
    except QuestionnaireError:
        return None


def _observations(text: str) -> dict[str, Observation]:
    data = (json.loads(line) for _number, line in json_lines(text))
    lines = (observation_from_json(line, format_of(line)) for line in data)
    return {one.id: one for one in lines}
