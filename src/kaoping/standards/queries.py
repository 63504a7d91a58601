"""Reads of adopted rulebooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kaoping.balloting import questionnaire_from_dict
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.rubric import SEVERE
from kaoping.standards import earlier, limits
from kaoping.standards.answers import unscored_opinion_items
from kaoping.standards.earlier import Named
from kaoping.standards.limits import Limits
from kaoping.standards.loading import Rulebook, rulebook_from_files
from kaoping.standards.models import RulebookUse
from kaoping.standards.models import RulebookVersion as RulebookVersion


def version(version_id: int) -> RulebookVersion | None:
    """One adopted version."""
    return RulebookVersion.objects.filter(pk=version_id).first()


def versions() -> list[RulebookVersion]:
    """All versions that were not withdrawn, drafts among them, newest first, without their texts."""
    return list(RulebookVersion.objects.filter(withdrawal=None).defer("files"))


def _taken_up() -> QuerySet[RulebookVersion]:
    """Versions that are no mere drafts, newest first, without their texts: what somebody hands in decides nothing yet."""
    approved = Exists(RulebookUse.objects.filter(version=OuterRef("pk")))
    rows = RulebookVersion.objects.filter(Q(organiser=None) | approved, withdrawal=None)
    return rows.defer("files")


def withdrawn() -> list[RulebookVersion]:
    """Drafts that were withdrawn, newest first, without their texts."""
    rows = RulebookVersion.objects.exclude(withdrawal=None).select_related("withdrawal")
    return list(rows.defer("files"))


def newest_version() -> RulebookVersion | None:
    """The newest version that is no draft, without its text: by it codes are read where no year says otherwise."""
    return _taken_up().first()


def in_force(organiser: str, day: date) -> RulebookVersion | None:
    """The version whose approved plan covers a day of an organiser, else the one approved last; null before the first approval."""
    rows = RulebookUse.objects.filter(organiser=organiser, ended_at=None)
    rows = rows.select_related("version").order_by("-id")
    use = rows.filter(first__lte=day, last__gte=day).first() or rows.first()
    return use.version if use else None


def limits_on(organiser: str, day: date) -> Limits:
    """What the program works by for an organiser on a day: as the rulebook in force says, else as it always was."""
    version = in_force(organiser, day)
    return rulebook_of(version.pk).limits if version else limits.STANDARD


def is_in_force(key: OrganisedYear) -> bool:
    """Whether an approved plan of an organiser's year carries some version."""
    return RulebookUse.objects.filter(key=str(key), ended_at=None).exists()


def approved_for() -> dict[int, str]:
    """The year of the newest approved plan that carries a version, by version; one query."""
    rows = RulebookUse.objects.filter(ended_at=None).order_by("id")
    return {version: key.rpartition("-")[2] for version, key in rows.values_list("version", "key")}


def newest_of(rulebook: str) -> RulebookVersion | None:
    """The newest version of an id that is no draft, without its text."""
    return _taken_up().filter(rulebook=rulebook).first()


def namesake(rulebook: str, version_name: str) -> RulebookVersion | None:
    """The version stored under an id and a version name, withdrawn or not: the names belong to one text for ever."""
    return RulebookVersion.objects.filter(rulebook=rulebook, version=version_name).defer("files").first()


def rulebook_of(version_id: int) -> Rulebook:
    """The parsed rulebook of an adopted version; kept in memory, since a version never changes."""
    return _parsed(RulebookVersion.objects.values_list("digest", flat=True).get(pk=version_id))


def unscored_items(version_id: int) -> frozenset[str]:
    """Codes of the version's items that opinions belong to and that do not score; see ``answers.unscored_opinion_items``."""
    book = rulebook_of(version_id)
    asked = questionnaire_from_dict(book.questionnaire) if book.questionnaire else None
    return unscored_opinion_items(asked, book.rubric)


def asking(questionnaire: Mapping[str, Any]) -> Rulebook | None:
    """The newest adopted rulebook that asks these questions, by which a poll with them is judged; null when none does."""
    books = (rulebook_of(one.pk) for one in _taken_up())
    return next((book for book in books if book.questionnaire == questionnaire), None)


def severe_items() -> frozenset[str]:
    """Codes of the vetoes and major deductions of every adopted version: in any year they take two persons. One query."""
    digests = _taken_up().values_list("digest", flat=True)
    return frozenset(code for digest in digests for code in _severe(digest))


def item_fed_by(organiser: str, check: str, on: date) -> str:
    """The code of the item that a check or feed counts for in an organiser's year, for reading; '' where for none.

    As the rulebook says whose approved plan covers the day, else the newest adopted one.
    """
    digest = _covering(organiser, on)
    found = None if digest else newest_version()
    book = _parsed(digest) if digest else rulebook_of(found.pk) if found else None
    return earlier.item_for(book, check) if book else ""


def named_on(organiser: str, check: str, on: date) -> Named | None:
    """What an automatic line of an organiser's day names beside its check; see ``earlier``. Null where no approved plan covers the day.

    Every place that records such a line asks here. One query.
    """
    digest = _covering(organiser, on)
    return earlier.named(_parsed(digest), check) if digest else None


def _covering(organiser: str, on: date) -> str | None:
    """The digest of the version whose approved plan covers a day."""
    rows = RulebookUse.objects.filter(
        organiser=organiser, ended_at=None, first__lte=on, last__gte=on
    ).order_by("-id")
    return rows.values_list("version__digest", flat=True).first()


@lru_cache(maxsize=64)
def _severe(digest: str) -> frozenset[str]:
    leaves = _parsed(digest).rubric.leaves()
    return frozenset(leaf.code for leaf in leaves if leaf.role in SEVERE)


@lru_cache(maxsize=16)
def _parsed(digest: str) -> Rulebook:
    return rulebook_from_files(RulebookVersion.objects.get(digest=digest).files)
