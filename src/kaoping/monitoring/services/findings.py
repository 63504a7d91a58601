"""Verbs: a person of the office confirms a batch, or sets a finding aside as a false alarm."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.doors import everywhere
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of
from kaoping.evidence.logic import refusal_of_reason
from kaoping.evidence.services import Entry, record
from kaoping.evidence.services.withdrawal import refusal_to_withdraw, rule
from kaoping.monitoring import logic, policy, queries
from kaoping.monitoring.models import Finding, Sighting
from kaoping.monitoring.services.sighting import removal_entry
from kaoping.scoring.observations import ArtefactRef
from kaoping.standards.queries import limits_on


def _confirms(actor: Actor, finding_ids: Collection[int]) -> bool:
    whose = (
        Finding.objects.filter(pk__in=finding_ids).order_by().values_list("organiser", flat=True).distinct()
    )
    return everywhere(policy.can_confirm_findings, actor, whose)


@verb(
    "confirm_findings",
    "确认监测发现",
    kind="finding",
    signs=True,
    door=_confirms,
    denied="确认监测发现由政务公开办经办或办公室负责人办理。",
    said="{who} 确认监测发现：{unit} {check}。",
    news="确认监测发现 {n} 条",
    room="findings",
    back="clear_finding",
)
def confirm_batch(act: Act, *, actor: Actor, finding_ids: Collection[int], now: datetime) -> list[str]:
    """Confirm findings that wait for a person; each becomes one observation (source monitor). Returns their ids.

    All or none: a finding below the confirmation line, or already decided, refuses the batch in words.
    """
    wanted = sorted(set(finding_ids))
    with act.writing():
        rows = list(Finding.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
        if words := logic.refusal_to_confirm(
            {row.pk: row.state for row in rows},
            wanted,
            limits_on(rows[0].organiser if rows else "", day_of(now)),
        ):
            raise Refused(words)
        latest = _latest_failures(wanted)
        units = {
            one.pk: one.organisation
            for one in Finding.objects.filter(pk__in=wanted).select_related("organisation")
        }
        entries = [_entry(row, units[row.pk].code, latest[row.pk]) for row in rows]
        uids = record(entries, actor=actor, whose=rows[0], now=now)
        for row, uid in zip(rows, uids, strict=True):
            row.state, row.observation = logic.CONFIRMED, uid
            row.decided_at, row.decided_by, row.decided_by_id = now, actor.name, actor.id
            row.save(update_fields=["state", "observation", "decided_at", "decided_by", "decided_by_id"])
            # A line each: whoever asks the log about one finding finds who confirmed it.
            act.done(thing=row, unit=units[row.pk].short_name, check=row.check_id)
    return uids


def _not_to_clear(finding: Finding) -> str | None:
    """A confirmed one takes its line of the ledger with it, which one person can do only while no round is closed."""
    if words := logic.refusal_to_decide(finding.state):
        return words
    if finding.state != logic.CONFIRMED or not finding.observation:
        return None
    return refusal_to_withdraw(finding.observation, _ruling_of(finding), signers=1)


def _ruling_of(finding: Finding) -> str:
    return f"ruling:finding-{finding.pk}"


@verb(
    "clear_finding",
    "判为误报",
    kind="finding",
    thing="finding",
    signs=True,
    door=policy.can_clear_finding,
    whose="finding",
    denied="判为误报由政务公开办经办或办公室负责人办理。",
    refusal=_not_to_clear,
    lock="finding",
    said="{unit} {check} 判为误报：{reason}",
    news="{n} 条监测发现判为误报",
    room="findings",
    final="判过的不改回；再查出同样的问题，另立一条监测发现。",
)
def clear(act: Act, *, actor: Actor, finding: Finding, reason: str, now: datetime) -> Finding:
    """Set a finding aside as a false alarm. A confirmed one's observation is withdrawn; nothing is deleted."""
    if words := logic.refusal_of_clearing(reason) or refusal_of_reason(reason):
        raise Refused(words)
    with act.writing():
        if finding.state == logic.CONFIRMED and finding.observation:
            rule(
                line=finding.observation,
                ref=_ruling_of(finding),
                actor=actor,
                reason=f"判为误报：{reason}",
                now=now,
            )
        _decide(finding, logic.CLEARED, reason, act)
        act.done(unit=finding.organisation.short_name, check=finding.check_id, reason=reason)
    return finding


def _still_there(finding: Finding, now: datetime) -> str | None:
    return logic.refusal_to_remove(finding.state, queries.absence_of(finding, on=day_of(now)))


@verb(
    "settle_removed",
    "认定网页已撤",
    kind="finding",
    thing="finding",
    signs=True,
    door=policy.can_settle_removed,
    whose="finding",
    denied="认定网页已撤由政务公开办经办或办公室负责人办理。",
    refusal=_still_there,
    lock="finding",
    said="{unit} {check} 认定网页已撤（{times} 次答复 404 或 410）：{reason}",
    final="认定过的不改回；网页再有问题，另立一条监测发现。",
)
def settle_removed(act: Act, *, actor: Actor, finding: Finding, reason: str, now: datetime) -> Finding:
    """Decide that the page of a finding was taken down: an end of its own, neither a pass nor a false alarm.

    Of a confirmed finding the ledger gets a line that says so under this person's name; its case may then be closed by a
    person. Refused in words until the page answered 404 or 410 often enough and far enough apart.
    """
    if words := logic.refusal_of_removing(reason):
        raise Refused(words)
    with act.writing():
        seen = queries.absence_of(finding, on=day_of(now))
        if finding.state == logic.CONFIRMED:
            record(
                [removal_entry(finding, seen, said_at=now, reason=reason)],
                actor=actor,
                whose=finding,
                now=now,
            )
        _decide(finding, logic.REMOVED, reason.strip(), act)
        act.done(
            unit=finding.organisation.short_name,
            check=finding.check_id,
            times=seen.times,
            reason=reason.strip(),
        )
    return finding


def _decide(finding: Finding, state: str, decision: str, act: Act) -> None:
    finding.state, finding.decision = state, decision
    finding.decided_at, finding.decided_by, finding.decided_by_id = act.now, act.actor.name, act.actor.id
    finding.save(update_fields=["state", "decision", "decided_at", "decided_by", "decided_by_id"])


def _latest_failures(wanted: Collection[int]) -> dict[int, Sighting]:
    rows = Sighting.objects.filter(finding__in=wanted, outcome=logic.NOT_MET).order_by("at", "id")
    return {row.finding_id: row for row in rows}


def _entry(finding: Finding, unit: str, seen: Sighting) -> Entry:
    target, address = logic.named(finding.target, finding.organisation.site_url)
    place = f"（{finding.place}）" if finding.place not in ("", address) else ""
    return Entry(
        unit=unit,
        item=queries.item_named(finding, seen.at),
        check=finding.check_id,
        source="monitor",
        observed_at=seen.at,
        kind="verdict",
        value=logic.NOT_MET,
        reason=f"{finding.reason}{place}",
        artefacts=[ArtefactRef(seen.artefact or None, address)],
        target=target,
        uid=f"monitor-{finding.pk}",
    )
