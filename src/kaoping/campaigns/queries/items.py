"""The items of a campaign's rulebook, as the screens of self-review, review and preview need them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from kaoping.campaigns.logic import items as logic
from kaoping.campaigns.logic.items import Item, Level
from kaoping.campaigns.logic.stages import PLAN
from kaoping.campaigns.models import Campaign
from kaoping.scoring.provenance import ADOPTED, is_open
from kaoping.scoring.rubric import Indicator
from kaoping.standards.queries import rulebook_of


def items(campaign: Campaign) -> tuple[Item, ...]:
    """Every leaf item in rulebook order; read once per adopted version.

    A campaign leaves the plan stage with its plan signed: from then on its numbers are the city's own.
    """
    return _items(campaign.rulebook_id, campaign.stage != PLAN)


def item(campaign: Campaign, code: str) -> Item | None:
    """One item by code."""
    return next((one for one in items(campaign) if one.code == code), None)


def judged(campaign: Campaign, kind: str) -> list[Item]:
    """The items that reviewers score for a kind of unit."""
    return logic.judged(items(campaign), kind)


def self_reviewed(campaign: Campaign, kind: str) -> list[Item]:
    """The items that a kind of unit answers in its self-review."""
    return logic.self_reviewed(items(campaign), kind)


@lru_cache(maxsize=16)
def _items(version_id: int, planned: bool) -> tuple[Item, ...]:
    rubric = rulebook_of(version_id).rubric
    return tuple(_item(leaf, top, planned) for top in rubric.indicators for leaf in top.leaves())


def _item(leaf: Indicator, top: Indicator, planned: bool) -> Item:
    counts = leaf.role == "item"
    takes_levels = counts and bool(leaf.levels)
    by_reviewer = takes_levels and "level" in leaf.sources.get("reviewer", ())
    return Item(
        code=leaf.code,
        title=leaf.name,
        first=top.code,
        first_title=top.name,
        role=leaf.role,
        component=leaf.component or "",
        max=decimal_text(leaf.max),
        judged=by_reviewer,
        self_reviewed=by_reviewer or (takes_levels and "self" in leaf.sources),
        levels=tuple(
            Level(one.code, one.name, one.description, decimal_text(one.share)) for one in leaf.levels
        ),
        kinds=frozenset(leaf.applies_to),
        legal_basis=leaf.basis,
        how=leaf.observed_by,
        evidence=leaf.evidence,
        confidence=ADOPTED if planned and is_open(leaf.confidence) else leaf.confidence,
    )


def decimal_text(value: Fraction) -> str:
    """A share or a maximum for people: exact when it is a finite decimal, else four places."""
    if value.denominator == 1:
        return str(value.numerator)
    return format(
        (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.0001")).normalize(), "f"
    )
