"""Reads of what stands in the ledger already when something enters it."""

from __future__ import annotations

from collections.abc import Sequence

from kaoping.beijing import day_of
from kaoping.checks.model import date_words
from kaoping.evidence.models import Observation, ObservationArtefact
from kaoping.evidence.queries import standing_of
from kaoping.evidence.register import Known, Line
from kaoping.foreign.addresses import canonical


def registered(lines: Sequence[Line], organiser: str) -> list[Known]:
    """What stands in the ledger from earlier tables about the units and items of these rows; three queries."""
    units, items = {one.unit for one in lines}, {one.item for one in lines}
    rows = Observation.objects.filter(
        organiser=organiser, source="register", unit__in=units, item__in=items
    ).exclude(kind="withdrawn")
    held = list(rows.prefetch_related("artefacts"))
    standing = standing_of(one.uid for one in held)
    return [
        Known(
            one.unit, one.item, one.kind, one.value, day_of(one.observed_at), one.reason,
            next((part.url for part in one.artefacts.all() if part.url), ""),
            f"台账里 {date_words(day_of(one.recorded_at))}由{one.by or '本平台'}导入的一条",
        )
        for one in held
        if one.uid in standing
    ]  # fmt: skip


def spelt_otherwise(unit: str, check: str | None, item: str | None, address: str) -> str | None:
    """The address, other than ``address`` and yet of the same page, under which earlier lines know this matter; or null.

    Only lines without a target are asked, and those about the check, else about the item.
    """
    rows = ObservationArtefact.objects.filter(
        observation__unit=unit, observation__target=None, url__startswith="http"
    )
    rows = rows.filter(observation__check_id=check) if check else rows.filter(observation__item=item or "")
    known = set(rows.order_by().values_list("url", flat=True).distinct())
    if address in known:
        return None
    return min((one for one in known if canonical(one) == address), default=None)
