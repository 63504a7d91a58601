"""The verb that computes a score sheet. Points come from ``scoring.score`` only; a sheet is stored and never edited."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import Person
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns import policy
from kaoping.campaigns.logic import sheet as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.step_back import WAY
from kaoping.campaigns.models import Campaign, Sheet, SheetUnit
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import sheet as sheets
from kaoping.evidence import queries as ledger
from kaoping.scoring.observations import Observation
from kaoping.standards.queries import rulebook_of


def _not_to_compute(campaign: Campaign, as_of: datetime | None, occasion: str, now: datetime) -> str | None:
    if campaign.stage == stages.PLAN:
        return "方案还没有批准，批准后才能计算计分表。"
    if campaign.stage == stages.FROZEN:
        return f"结果已经签发冻结，不能再算。{WAY}"
    if (campaign.stage == stages.PUBLISHED) != (occasion == "correction"):
        if campaign.stage == stages.PUBLISHED:
            return "结果已经公开，不能再算，只能算更正计分表。"
        return "结果还没有公开，不用更正，直接重算即可。"
    if occasion == "correction" and (words := corrections.refusal_to_change(campaign)):
        return words  # what a second person signed is not overtaken by another sheet
    if as_of is not None and as_of > now:
        return "截至时间不能晚于现在。"
    if occasion not in logic.OCCASIONS:
        return f"用途请选：{'、'.join(logic.OCCASIONS.values())}。"
    return campaigns.refusal_of_voided(campaign)


@verb(
    "compute_sheet",
    "计算计分表",
    kind="campaign",
    thing="campaign",
    door=policy.can_compute_sheet,
    denied="计分表由政务公开办经办计算。",
    refusal=_not_to_compute,
    lock="campaign",
    said="计算{occasion}计分表，{units} 家，校验值 {digest}…。",
    news="计算计分表 {n} 次",
    room="scoring",
    final="每一张都留着；有新记录的，再算一张。",
)
def compute_sheet(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    now: datetime,
    as_of: datetime | None = None,
    occasion: str = "provisional",
) -> Sheet:
    """Score every assessed unit as known ``as_of`` (now by default) and keep the answer as a new sheet.

    After publication only ``correction`` is possible, and only while one is under way: it is signed again and becomes
    another release.
    """
    stage = campaign.stage
    person = Person.objects.filter(pk=actor.id).first() if actor.id.isdigit() else None
    # Scoring takes seconds for hundreds of units; nobody else's writing waits for it.
    scored = score_sheet(campaign, as_of or now)
    with act.writing():
        if campaign.stage != stage:
            raise Refused("计算期间考核进入了下一阶段，没有保存这张表，请重新计算。")
        kept = keep_sheet(campaign, scored, actor=actor, person=person, occasion=occasion, now=now)
        act.done(**told(kept, scored))
    return kept


@dataclass(frozen=True, slots=True)
class Scored:
    """What the scorer answered, as of when, how far the ledger had come, and all that a stored sheet is made of."""

    as_of: datetime
    position: int
    digest: str
    rows: list[tuple[str, int, dict[str, Any], dict[str, Any]]]

    def unit(self, code: str) -> dict[str, Any]:
        """One unit's object of ``results.json``; ``code`` must be assessed."""
        return next(detail for unit, _place, _summary, detail in self.rows if unit == code)


def score_sheet(campaign: Campaign, as_of: datetime, drafts: Sequence[Observation] = ()) -> Scored:
    """Score every unit as known ``as_of``, with ``drafts`` as if they were in the ledger. Nothing is stored.

    This takes seconds for hundreds of units, so it stands outside every transaction. The position of the ledger is read
    before its lines, so that what comes between makes the sheet look older, not newer.
    """
    as_of = as_of.astimezone(UTC)
    position = ledger.position_at(as_of)
    units = campaigns.units(campaign)
    order = [unit.code for unit in units]
    lines = [*ledger.ledger(organiser=campaign.organiser, recorded_until=as_of, units=order), *drafts]
    results = sheets.results_of(campaign, units, lines, as_of)
    rubric = rulebook_of(campaign.rulebook_id).rubric
    return Scored(as_of, position, logic.digest(results), logic.rows(results, order, rubric))


def keep_sheet(
    campaign: Campaign,
    scored: Scored,
    *,
    actor: Actor,
    person: Person | None,
    occasion: str,
    now: datetime,
    position: int | None = None,
) -> Sheet:
    """Store a scored sheet inside the caller's transaction. ``position``: how far it knows the ledger, when further."""
    sheet = Sheet.objects.create(
        campaign=campaign,
        as_of=scored.as_of,
        occasion=occasion,
        digest=scored.digest,
        last_observation=scored.position if position is None else position,
        computed_at=now,
        computed_by=actor.name,
        computed_by_id=actor.id,
        prepared_by=person,
        same_as=_with_these_lines(campaign, scored),
        correction=corrections.under_way(campaign) if occasion == "correction" else None,
    )
    if sheet.same_as is None:
        SheetUnit.objects.bulk_create(
            (
                SheetUnit(sheet=sheet, unit=unit, position=place, summary=summary, detail=detail)
                for unit, place, summary, detail in scored.rows
            ),
            batch_size=50,
        )
    return sheet


def told(sheet: Sheet, scored: Scored) -> dict[str, object]:
    """What the log says of a sheet that was kept."""
    return {
        "occasion": logic.OCCASIONS[sheet.occasion],
        "units": len(scored.rows),
        "digest": sheet.digest[:8],
    }


def _with_these_lines(campaign: Campaign, scored: Scored) -> Sheet | None:
    """The sheet that already has all these lines, when the one before has the same; a unit's line is some 20 kB."""
    before = sheets.latest(campaign)
    if before is None:
        return None
    stored = SheetUnit.objects.filter(sheet=before.lines_in).values_list(
        "unit", "position", "summary", "detail"
    )
    # As the database gives them back: JSON knows no tuples and no numeric keys.
    made = json.loads(json.dumps([list(row) for row in scored.rows]))
    if [list(row) for row in stored.order_by("position")] != made:
        return None
    return before.same_as or before
