"""Verbs of appeals (复核申请): a unit asks for review of an item; somebody who did not score it decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.audit import record_act
from kaoping.accounts.models import Person
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns import policy
from kaoping.campaigns.logic import appeal as appeal_logic
from kaoping.campaigns.logic.items import refusal_of_points
from kaoping.campaigns.logic.ledger import appeal_act
from kaoping.campaigns.logic.stages import MEANWHILE
from kaoping.campaigns.models import Appeal, Campaign
from kaoping.campaigns.queries import appeal as appeal_reads
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.appeal_window import closes_at
from kaoping.campaigns.queries.drafts import draft, effect_on_unit
from kaoping.campaigns.queries.items import item as item_of
from kaoping.campaigns.queries.period import instant_of
from kaoping.campaigns.services import link_capture
from kaoping.campaigns.services.numbers import next_number
from kaoping.campaigns.services.sheet import Scored, compute_sheet, keep_sheet, score_sheet, told
from kaoping.evidence import queries as ledger
from kaoping.evidence.services import Entry, record, store_artefact
from kaoping.evidence.services import link_capture as pages
from kaoping.foreign.glyphs import glyphs
from kaoping.registry.queries import organisation as organisation_by_code
from kaoping.scoring.observations import ArtefactRef, Observation
from kaoping.scoring.succession import refusal


@dataclass(frozen=True, slots=True)
class Change:
    """What an upheld appeal changes: new ``points`` on the item's own scale, or ``withdraws`` an observation, or both."""

    points: str = ""
    withdraws: str = ""

    def __bool__(self) -> bool:
        return bool(glyphs(self.points) or self.withdraws)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision would do, shown before it is saved."""

    points_before: str
    points_after: str
    total_before: str | None
    total_after: str | None
    grade_before: str | None
    grade_after: str | None
    # Why it may not be decided like this: nothing changes, or the unit would come off worse. Null when it may.
    refusal: str | None


def _not_to_file(campaign: Campaign, organisation: str, item: str, now: datetime) -> str | None:
    latest = sheets.latest(campaign)
    detail = sheets.unit_detail(latest, organisation) if latest else None
    line = detail["indicators"].get(item) if detail else None
    found = item_of(campaign, item)
    return appeal_logic.refusal_to_file(
        campaign.stage,
        closes_at(campaign, organisation),
        now,
        known_item=line is not None and found is not None,
        already_open=bool(appeal_reads.open_on(campaign, organisation, item)),
        full=detail is not None
        and line is not None
        and found is not None
        and appeal_logic.nothing_lost(found.role, line, sheets.exact_max(campaign, detail, item)),
    )


@verb(
    "file_appeal",
    "申请复核",
    kind="appeal",
    thing="campaign",
    door=policy.can_file_appeal,
    denied="复核申请由本单位联络员提出。",
    refusal=_not_to_file,
    lock="campaign",
    said="{unit}申请复核 {item}，编号 {number}。",
    news="单位申请复核 {n} 件",
    room="appeals",
    back="withdraw_appeal",
)
def file_appeal(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    organisation: str,
    item: str,
    claim: str,
    url: str = "",
    content: bytes | None = None,
    name: str = "",
    confirmed: bool = False,
    now: datetime,
) -> Appeal:
    """Ask for review of one item, with a reason and, when there is one, a file or an address. One open per item."""
    if words := _lacking(claim.strip(), url.strip()):
        raise Refused(words)
    latest, unit = sheets.latest(campaign), organisation_by_code(organisation)
    detail = sheets.unit_detail(latest, organisation) if latest else None
    if detail is None or unit is None:
        raise Refused(MEANWHILE)
    sha256 = ""
    if content is not None:
        sha256 = store_artefact(content, name=name, confirmed=confirmed, actor=actor, now=now)
    with act.writing():
        # The campaign is held while the number is given out.
        number = f"FH-{campaign.key}-{next_number(Appeal, campaign):04d}"
        appeal = Appeal.objects.create(
            campaign=campaign,
            organisation=unit,
            item=item,
            claim=claim.strip(),
            sha256=sha256,
            name=name[-200:] if sha256 else "",
            url=url.strip()[:500],
            number=number,
            filed_by=Person.objects.get(pk=actor.id),
            filed_at=now,
            points_before=detail["indicators"][item]["points"],
        )
        if appeal.url:
            link_capture.promise_appeal(appeal, now)
        act.done(thing=appeal, unit=unit.short_name, item=item, number=number)
    return appeal


def _lacking(claim: str, url: str) -> str | None:
    if not glyphs(claim):
        return "请写明申请复核的理由。"
    return pages.refusal_to_take(url) if url else None


@verb(
    "withdraw_appeal",
    "撤回复核申请",
    kind="appeal",
    thing="appeal",
    door=policy.appeals_for,
    denied="复核申请由提出的单位联络员撤回。",
    refusal=appeal_reads.refusal_to_withdraw,
    lock=("appeal", "appeal.campaign"),
    said="{unit}撤回复核申请 {number}（{item}）{why}。",
    news="单位撤回复核申请 {n} 件",
    room="appeals",
    final="撤回的申请不恢复，期限内可以重新提出。",
)
def withdraw_appeal(act: Act, *, actor: Actor, appeal: Appeal, reason: str = "", now: datetime) -> Appeal:
    """The unit takes its own appeal back while nobody has decided it; the row stays, and the item may be appealed again in time."""
    with act.writing():
        appeal.outcome, appeal.points_after = appeal_logic.WITHDRAWN, appeal.points_before
        appeal.decision, appeal.decided_at = reason.strip(), now
        appeal.decided_by = Person.objects.get(pk=actor.id)
        appeal.save()
        act.done(
            unit=appeal.organisation.short_name,
            number=appeal.number,
            item=appeal.item,
            why=f"：{reason.strip()}" if glyphs(reason) else "",
        )
    return appeal


@verb(
    "decide_appeal",
    "决定复核申请",
    kind="appeal",
    thing="appeal",
    signs=True,
    door=policy.can_decide_appeal,
    whose="appeal.campaign",
    denied="复核申请由复核人决定。",
    refusal=appeal_reads.refusal_to_decide,
    lock=("appeal", "appeal.campaign"),
    said="{number} {outcome}（{item}）。{decision}",
    news="作出复核决定 {n} 件",
    room="appeals",
    final="决定了的不改；得分有误的，经审定或更正。",
)
def decide_appeal(
    act: Act,
    *,
    actor: Actor,
    appeal: Appeal,
    outcome: str,
    decision: str,
    change: Change | None = None,
    now: datetime,
) -> Appeal:
    """Decide, write the change into the ledger as source ``office``, recompute; both sheets and both scores are kept.

    The sheet is scored before the transaction, which holds decision, ledger lines and sheet together and is short. When
    the ledger moved meanwhile nothing is kept, and the refusal says so.
    """
    change = change or Change()
    campaign = appeal.campaign
    basis = appeal_reads.basis(appeal)
    behind = list(basis.observations) if basis else []
    words = appeal_logic.refusal_of_decision(outcome, decision, changes=bool(change)) or _refusal_of_change(
        campaign, appeal.item, change, behind
    )
    if words:
        raise Refused(words)
    entries = _entries(appeal, change, decision, behind, now)
    before, after = effect_on_unit(campaign, appeal.organisation.code, entries, now)
    if words := _refusal_of_effect(appeal, change, before, after):
        raise Refused(words, logged=appeal_logic.logged_of_effect(appeal.item))
    scored = score_sheet(campaign, now, [draft(one, actor, now) for one in entries]) if entries else None
    with act.writing():
        if scored is not None and sheets.moved_since(campaign, scored.position):
            raise Refused("计算期间台账有了新记录，决定没有保存。请再看一次对得分的影响，再作出决定。")
        ids = record(entries, actor=actor, whose=appeal.campaign, now=now)
        person = Person.objects.get(pk=actor.id)
        if scored is not None:
            _keep(campaign, scored, actor, person, now)
        appeal.outcome, appeal.decision, appeal.decided_by, appeal.decided_at = (
            outcome,
            decision.strip(),
            person,
            now,
        )
        appeal.points_standing, appeal.points_after = (
            one["indicators"][appeal.item]["points"] for one in (before, after)
        )
        appeal.observation = ids[0] if ids else ""
        appeal.save()
        act.done(
            number=appeal.number,
            outcome=appeal_logic.OUTCOMES[outcome],
            item=appeal.item,
            decision=decision.strip(),
        )
    return appeal


def _keep(campaign: Campaign, scored: Scored, actor: Actor, person: Person, now: datetime) -> None:
    """Keep the sheet of a decision, with its line. Who decided prepared it: another signs."""
    kept = keep_sheet(
        campaign,
        scored,
        actor=actor,
        person=person,
        occasion="appeal",
        now=now,
        position=ledger.last_position(),
    )
    sentence = compute_sheet.declared.said.format(**told(kept, scored))
    record_act(actor, "compute_sheet", "campaign", campaign.log_id, sentence, now=now)


def effect_of(*, appeal: Appeal, change: Change, now: datetime) -> Effect | None:
    """What the change would do to points, total and grade. Nothing is stored; null without a sheet."""
    campaign = appeal.campaign
    latest = sheets.latest(campaign)
    before = sheets.unit_detail(latest, appeal.organisation.code) if latest else None
    basis = appeal_reads.basis(appeal)
    if before is None or basis is None:
        return None
    entries = _entries(appeal, change, "", list(basis.observations), now)
    # Points and total are compared as the ledger stands now: what others ruled since the sheet is not this decision's doing.
    old, new = effect_on_unit(campaign, appeal.organisation.code, entries, now)
    scored = score_sheet(campaign, now, [draft(one, None, now) for one in entries])
    return Effect(
        old["indicators"][appeal.item]["points"],
        new["indicators"][appeal.item]["points"],
        old["total"],
        new["total"],
        before["grade"],
        scored.unit(appeal.organisation.code)["grade"],
        _refusal_of_effect(appeal, change, old, new),
    )


def _refusal_of_change(
    campaign: Campaign, code: str, change: Change, behind: list[Observation]
) -> str | None:
    found = item_of(campaign, code)
    if change.withdraws and change.withdraws not in {one.id for one in behind}:
        return "要撤去的记录不在这一项的依据里，请从依据里选一条。"
    old = next((one for one in behind if one.id == change.withdraws), None)
    if old is not None:
        gone = replace(
            old, id="", source="office", kind="withdrawn", value=None, act=appeal_act("-"), supersedes=old.id
        )
        words = refusal(gone, old)
        if words:
            return f"{words}。"
    if not glyphs(change.points) or found is None:
        return None
    return refusal_of_points(found, change.points)


def _refusal_of_effect(
    appeal: Appeal, change: Change, before: Mapping[str, Any], after: Mapping[str, Any]
) -> str | None:
    """Points that already stand change nothing; and who asks for review does not come off worse."""
    found = item_of(appeal.campaign, appeal.item)
    if not change or found is None:
        return None
    same = appeal_logic.refusal_of_same(appeal.item, before, after) if glyphs(change.points) else None
    return same or appeal_logic.refusal_of_worse(appeal.item, found.role, before, after)


def _entries(
    appeal: Appeal, change: Change, decision: str, behind: list[Observation], now: datetime
) -> list[Entry]:
    entries = []
    unit = appeal.organisation.code
    by_id = {one.id: one for one in behind}
    proof = [ArtefactRef(appeal.sha256, None)] if appeal.sha256 else []
    if appeal.url:
        # A digest beside an address is that of the page, never that of the file handed in with it.
        proof.append(ArtefactRef(appeal.capture_sha256 or None, appeal.url))
    if glyphs(change.points):
        entries.append(
            Entry(
                unit=unit,
                item=appeal.item,
                source="office",
                observed_at=instant_of(appeal.campaign, appeal.item, now),
                kind="points",
                value=change.points.strip(),
                reason=f"复核 {appeal.number}：{decision.strip()}",
                artefacts=proof,
                uid=f"appeal-{appeal.number}-points",
                act=appeal_act(appeal.number),
            )
        )
    if change.withdraws in by_id:
        old = by_id[change.withdraws]
        entries.append(
            Entry(
                unit=unit,
                item=old.item,
                check=old.check,
                source="office",
                observed_at=old.observed_at,
                kind="withdrawn",
                value=None,
                reason=f"复核 {appeal.number}：{decision.strip()}",
                artefacts=proof,
                supersedes=old.id,
                uid=f"appeal-{appeal.number}-withdrawn",
                target=old.target,
                act=appeal_act(appeal.number),
            )
        )
    return entries
