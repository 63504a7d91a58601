"""Verbs: a person of the office confirms a batch, or sets a finding aside as a false alarm."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.audit import record_act, refuse
from kaoping.accounts.resting import signing
from kaoping.evidence.logic import refusal_of_reason
from kaoping.evidence.services import Entry, record
from kaoping.evidence.services.withdrawal import rule
from kaoping.monitoring import logic, policy, queries
from kaoping.monitoring.models import Finding, Sighting
from kaoping.monitoring.services.sighting import removal_entry
from kaoping.scoring.observations import ArtefactRef


@signing
def confirm_batch(*, actor: Actor, finding_ids: Collection[int], now: datetime) -> list[str]:
    """Confirm findings that wait for a person; each becomes one observation (source monitor). Returns their ids.

    All or none: a finding below the confirmation line, or already decided, refuses the batch in words.
    """
    if not policy.can_confirm_findings(actor):
        words = "确认监测发现由市政务公开办经办或办公室负责人办理。"
        raise refuse(actor, "confirm_findings", "finding", "", words, now=now)
    wanted = sorted(set(finding_ids))
    with transaction.atomic():
        rows = list(Finding.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
        words_or_none = logic.refusal_to_confirm({row.pk: row.state for row in rows}, wanted)
        if words_or_none:
            raise Refused(words_or_none)
        latest = _latest_failures(wanted)
        codes = dict(Finding.objects.filter(pk__in=wanted).values_list("pk", "organisation__code"))
        uids = record([_entry(row, codes[row.pk], latest[row.pk]) for row in rows], actor=actor, now=now)
        for row, uid in zip(rows, uids, strict=True):
            row.state, row.observation = logic.CONFIRMED, uid
            row.decided_at, row.decided_by, row.decided_by_id = now, actor.name, actor.id
            row.save(update_fields=["state", "observation", "decided_at", "decided_by", "decided_by_id"])
        record_act(
            actor,
            "confirm_findings",
            "finding",
            "、".join(str(one) for one in wanted)[:100],
            f"{actor.name} 确认 {len(rows)} 条监测发现，涉及 {len(set(codes.values()))} 个单位。",
            now=now,
        )
    return uids


@signing
def clear(*, actor: Actor, finding_id: int, reason: str, now: datetime) -> Finding:
    """Set a finding aside as a false alarm. A confirmed one's observation is withdrawn; nothing is deleted."""
    if not policy.can_clear_finding(actor):
        words = "判为误报由市政务公开办经办或办公室负责人办理。"
        raise refuse(actor, "clear_finding", "finding", finding_id, words, now=now)
    found = queries.finding(finding_id)
    if found is None:
        raise Refused("没有这条监测发现。")
    words_or_none = logic.refusal_to_clear(found.state, reason) or refusal_of_reason(reason)
    if words_or_none:
        raise Refused(words_or_none)
    with transaction.atomic():
        if found.state == logic.CONFIRMED and found.observation:
            rule(
                line=found.observation,
                ref=f"ruling:finding-{found.pk}",
                actor=actor,
                reason=f"判为误报：{reason}",
                now=now,
            )
        found.state, found.decision = logic.CLEARED, reason
        found.decided_at, found.decided_by, found.decided_by_id = now, actor.name, actor.id
        found.save(update_fields=["state", "decision", "decided_at", "decided_by", "decided_by_id"])
        record_act(
            actor,
            "clear_finding",
            "finding",
            finding_id,
            f"{found.organisation.short_name} {found.check_id} 判为误报：{reason}",
            now=now,
        )
    return found


@signing
def settle_removed(*, actor: Actor, finding_id: int, reason: str, now: datetime) -> Finding:
    """Decide that the page of a finding was taken down: an end of its own, neither a pass nor a false alarm.

    Of a confirmed finding the ledger gets a line that says so under this person's name; its case may then be closed by a
    person. Refused in words until the page answered 404 or 410 often enough and far enough apart.
    """
    if not policy.can_settle_removed(actor):
        words = "认定网页已撤由市政务公开办经办或办公室负责人办理。"
        raise refuse(actor, "settle_removed", "finding", finding_id, words, now=now)
    with transaction.atomic():
        # The row alone is locked: PostgreSQL refuses to lock what an outer join may leave empty.
        found = (
            Finding.objects.select_for_update(of=("self",))
            .select_related("organisation")
            .filter(pk=finding_id)
            .first()
        )
        if found is None:
            raise Refused("没有这条监测发现。")
        seen = queries.absence_of(found)
        words_or_none = logic.refusal_to_remove(found.state, seen, reason)
        if words_or_none:
            raise Refused(words_or_none)
        if found.state == logic.CONFIRMED:
            record([removal_entry(found, seen, said_at=now, reason=reason)], actor=actor, now=now)
        found.state, found.decision = logic.REMOVED, reason.strip()
        found.decided_at, found.decided_by, found.decided_by_id = now, actor.name, actor.id
        found.save(update_fields=["state", "decision", "decided_at", "decided_by", "decided_by_id"])
        record_act(
            actor,
            "settle_removed",
            "finding",
            finding_id,
            f"{found.organisation.short_name} {found.check_id} 认定网页已撤（{seen.times} 次答复 404 或 410）：{reason.strip()}",
            now=now,
        )
    return found


def _latest_failures(wanted: Collection[int]) -> dict[int, Sighting]:
    rows = Sighting.objects.filter(finding__in=wanted, outcome=logic.NOT_MET).order_by("at", "id")
    return {row.finding_id: row for row in rows}


def _entry(finding: Finding, unit: str, seen: Sighting) -> Entry:
    place = f"（{finding.place}）" if finding.place and finding.place != finding.target else ""
    return Entry(
        unit=unit,
        item=finding.item,
        check=finding.check_id,
        source="monitor",
        observed_at=seen.at,
        kind="verdict",
        value=logic.NOT_MET,
        reason=f"{finding.reason}{place}",
        artefacts=[ArtefactRef(seen.artefact or None, finding.target)],
        uid=f"monitor-{finding.pk}",
    )
