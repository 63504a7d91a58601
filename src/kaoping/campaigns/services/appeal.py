"""Verbs of appeals (复核申请): a unit asks for review of an item; somebody who did not score it decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.audit import record_act
from kaoping.accounts.models import Person
from kaoping.accounts.queries import known_as
from kaoping.accounts.resting import signing
from kaoping.campaigns import policy
from kaoping.campaigns.logic import appeal as logic
from kaoping.campaigns.logic.items import refusal_of_points
from kaoping.campaigns.logic.ledger import appeal_act
from kaoping.campaigns.models import Appeal, Campaign
from kaoping.campaigns.queries import appeal as reads
from kaoping.campaigns.queries import sheet
from kaoping.campaigns.queries.appeal_window import closes_at
from kaoping.campaigns.queries.drafts import draft, effect_on_unit
from kaoping.campaigns.queries.items import item as item_of
from kaoping.campaigns.queries.period import instant_of
from kaoping.campaigns.services import link_capture
from kaoping.campaigns.services.doors import hold, require, stop
from kaoping.campaigns.services.numbers import next_number
from kaoping.campaigns.services.sheet import keep_sheet, score_sheet
from kaoping.evidence import queries as ledger
from kaoping.evidence.services import Entry, record, store_artefact
from kaoping.evidence.services import link_capture as pages
from kaoping.registry.queries import organisation as organisation_by_code
from kaoping.scoring.observations import ArtefactRef, Observation
from kaoping.scoring.succession import refusal


@dataclass(frozen=True, slots=True)
class Change:
    """What an upheld appeal changes: new ``points`` on the item's own scale, or ``withdraws`` an observation, or both."""

    points: str = ""
    withdraws: str = ""

    def __bool__(self) -> bool:
        return bool(self.points.strip() or self.withdraws)


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


def file_appeal(
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
    require(
        policy.can_file_appeal(actor, organisation),
        "复核申请由本单位联络员提出。",
        actor=actor,
        verb="file_appeal",
        campaign=campaign,
        now=now,
    )
    campaign.refresh_from_db()
    latest = sheet.latest(campaign)
    detail = sheet.unit_detail(latest, organisation) if latest else None
    line = detail["indicators"].get(item) if detail else None
    found = item_of(campaign, item)
    open_one = bool(reads.open_on(campaign, organisation, item))
    words = logic.refusal_to_file(
        campaign.stage,
        closes_at(campaign, organisation),
        now,
        known_item=line is not None and found is not None,
        already_open=open_one,
        full=detail is not None
        and line is not None
        and found is not None
        and logic.nothing_lost(found.role, line, sheet.exact_max(campaign, detail, item)),
        claim=claim,
    )
    if words is None and url.strip():
        words = pages.refusal_to_take(url.strip())
    stop(words, actor=actor, verb="file_appeal", campaign=campaign, now=now)
    assert line is not None
    unit = organisation_by_code(organisation)
    assert unit is not None
    sha256 = ""
    if content is not None:
        sha256 = store_artefact(content, name=name, confirmed=confirmed, actor=actor, now=now)
    with transaction.atomic():
        # The campaign is held while the number is given out.
        hold(
            campaign,
            lambda: not reads.open_on(campaign, organisation, item),
        )
        number = f"FH-{campaign.year}-{next_number(Appeal, campaign):04d}"
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
            points_before=line["points"],
        )
        if appeal.url:
            link_capture.promise_appeal(appeal, now)
        record_act(
            actor,
            "file_appeal",
            "appeal",
            number,
            f"{unit.short_name}申请复核 {item}，编号 {number}。",
            now=now,
        )
    return appeal


def withdraw_appeal(*, actor: Actor, appeal: Appeal, reason: str = "", now: datetime) -> Appeal:
    """The unit takes its own appeal back while nobody has decided it; the row stays, and the item may be appealed again in time."""
    campaign = appeal.campaign
    require(
        policy.can_file_appeal(actor, appeal.organisation.code),
        "复核申请由提出的单位联络员撤回。",
        actor=actor,
        verb="withdraw_appeal",
        campaign=campaign,
        now=now,
    )
    appeal.refresh_from_db()
    campaign.refresh_from_db(fields=["stage"])
    words = reads.check_withdraw(appeal)
    stop(words, actor=actor, verb="withdraw_appeal", campaign=campaign, now=now)
    with transaction.atomic():
        hold(
            campaign,
            lambda: Appeal.objects.filter(pk=appeal.pk, outcome="", campaign__stage=campaign.stage).exists(),
        )
        appeal.outcome, appeal.points_after = logic.WITHDRAWN, appeal.points_before
        appeal.decision, appeal.decided_at = reason.strip(), now
        appeal.decided_by = Person.objects.get(pk=actor.id)
        appeal.save()
        said = f"：{reason.strip()}" if reason.strip() else ""
        record_act(
            actor,
            "withdraw_appeal",
            "appeal",
            appeal.number,
            f"{appeal.organisation.short_name}撤回复核申请 {appeal.number}（{appeal.item}）{said}。",
            now=now,
        )
    return appeal


@signing
def decide_appeal(
    *, actor: Actor, appeal: Appeal, outcome: str, decision: str, change: Change | None = None, now: datetime
) -> Appeal:
    """Decide, write the change into the ledger as source ``office``, recompute; both sheets and both scores are kept.

    The sheet is scored before the transaction, which holds decision, ledger lines and sheet together and is short. When
    the ledger moved meanwhile nothing is kept, and the refusal says so.
    """
    change = change or Change()
    require(
        policy.can_decide_appeal(actor),
        "复核申请由复核人决定。",
        actor=actor,
        verb="decide_appeal",
        campaign=appeal.campaign,
        now=now,
    )
    appeal.refresh_from_db()
    campaign = appeal.campaign
    basis = reads.basis(appeal)
    behind = list(basis.observations) if basis else []
    parties = reads.parties(appeal, behind)
    words = logic.refusal_to_decide(
        campaign.stage,
        decided=bool(appeal.outcome),
        decider=known_as(actor, beside=parties.recorded),
        behind=parties,
        outcome=outcome,
        decision=decision,
        changes=bool(change),
    ) or _refusal_of_change(campaign, appeal.item, change, behind)
    stop(words, actor=actor, verb="decide_appeal", campaign=campaign, now=now)
    entries = _entries(appeal, change, decision, behind, now)
    before, after = effect_on_unit(campaign, appeal.organisation.code, entries, now)
    words = _refusal_of_effect(appeal, change, before, after)
    stop(words, actor=actor, verb="decide_appeal", campaign=campaign, now=now)
    person = Person.objects.get(pk=actor.id)
    scored = score_sheet(campaign, now, [draft(one, actor, now) for one in entries]) if entries else None
    with transaction.atomic():
        hold(
            campaign,
            lambda: Appeal.objects.filter(pk=appeal.pk, outcome="", campaign__stage=campaign.stage).exists(),
        )
        if scored is not None and sheet.moved_since(campaign, scored.position):
            raise Refused("计算期间台账有了新记录，决定没有保存。请再看一次对得分的影响，再作出决定。")
        ids = record(entries, actor=actor, now=now)
        if scored is not None:
            keep_sheet(
                campaign,
                scored,
                actor=actor,
                person=person,  # who decided prepared it: another signs
                occasion="appeal",
                now=now,
                position=ledger.last_position(),
            )
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
        record_act(
            actor,
            "decide_appeal",
            "appeal",
            appeal.number,
            f"{appeal.number} {logic.OUTCOMES[outcome]}：{appeal.item} 由 {appeal.points_standing} 分"
            f"到 {appeal.points_after} 分。{decision.strip()}",
            now=now,
        )
    return appeal


def effect_of(*, appeal: Appeal, change: Change, now: datetime) -> Effect | None:
    """What the change would do to points, total and grade. Nothing is stored; null without a sheet."""
    campaign = appeal.campaign
    latest = sheet.latest(campaign)
    before = sheet.unit_detail(latest, appeal.organisation.code) if latest else None
    basis = reads.basis(appeal)
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
    if not change.points.strip() or found is None:
        return None
    return refusal_of_points(found, change.points)


def _refusal_of_effect(
    appeal: Appeal, change: Change, before: Mapping[str, Any], after: Mapping[str, Any]
) -> str | None:
    """Points that already stand change nothing; and who asks for review does not come off worse."""
    found = item_of(appeal.campaign, appeal.item)
    if not change or found is None:
        return None
    same = logic.refusal_of_same(appeal.item, before, after) if change.points.strip() else None
    return same or logic.refusal_of_worse(appeal.item, found.role, before, after)


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
    if change.points.strip():
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
