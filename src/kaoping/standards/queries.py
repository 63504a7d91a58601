"""Reads of adopted rulebooks."""

from __future__ import annotations

from functools import lru_cache

from kaoping.balloting import questionnaire_from_dict
from kaoping.scoring.rubric import SEVERE
from kaoping.standards.answers import opinion_items
from kaoping.standards.loading import Rulebook, rulebook_from_files
from kaoping.standards.models import RulebookVersion as RulebookVersion


def version(version_id: int) -> RulebookVersion | None:
    """One adopted version."""
    return RulebookVersion.objects.filter(pk=version_id).first()


def versions() -> list[RulebookVersion]:
    """All adopted versions, newest first, without their texts."""
    return list(RulebookVersion.objects.defer("files"))


def rulebook_of(version_id: int) -> Rulebook:
    """The parsed rulebook of an adopted version; kept in memory, since a version never changes."""
    return _parsed(RulebookVersion.objects.values_list("digest", flat=True).get(pk=version_id))


def unscored_items(version_id: int) -> frozenset[str]:
    """Codes of the version's items that opinions belong to; see ``answers.opinion_items``."""
    asked = rulebook_of(version_id).questionnaire
    return opinion_items(questionnaire_from_dict(asked)) if asked else frozenset()


def severe_items() -> frozenset[str]:
    """Codes of the vetoes and major deductions of every adopted version: in any year they take two persons. One query."""
    digests = RulebookVersion.objects.values_list("digest", flat=True)
    return frozenset(code for digest in digests for code in _severe(digest))


@lru_cache(maxsize=64)
def _severe(digest: str) -> frozenset[str]:
    leaves = _parsed(digest).rubric.leaves()
    return frozenset(leaf.code for leaf in leaves if leaf.role in SEVERE)


@lru_cache(maxsize=16)
def _parsed(digest: str) -> Rulebook:
    return rulebook_from_files(RulebookVersion.objects.get(digest=digest).files)
