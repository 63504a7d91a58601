"""Verb: two cases about one place, written in two ways, become one (合并办理)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.resting import signing
from kaoping.accounts.services import record_act, refuse
from kaoping.evidence.services.withdrawal import rule
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.models import Case
from kaoping.rectification.queries import YearOf
from kaoping.rectification.services.opening import add_entry, observed, read_ledger, take
from kaoping.rectification.services.order import locked


@signing
def merge(*, actor: Actor, number: str, into: str, reason: str, year_of: YearOf, now: datetime) -> Case:
    """Close a case because it is about the same place as another, whose deadline stays; each timeline says who, when and why.

    The lines that made it cost points are withdrawn by the office's ruling and stay in the ledger: one fault, one deduction.
    Refused wherever that would take something from the unit, or from what counts against it, or where the round of review is
    closed: then two persons rule on the lines. The caller supplies for which year a line counts, which ``campaigns`` knows.
    Done twice it is done once.
    """
    if not policy.can_merge_cases(actor):
        raise refuse(actor, "merge_cases", "case", number, "合并办理由市政务公开办办理。", now=now)
    read_ledger(now=now)  # what was recorded and not yet read belongs to its case first
    gone, stays = queries.case(number), queries.case(into)
    if gone is None or stays is None:
        raise Refused(f"没有编号为 {number if gone is None else into} 的整改单。")
    if gone.merged_into == stays.number:
        return gone
    words = _refusal(actor, gone, stays, reason, year_of, now)
    if words:
        raise refuse(actor, "merge_cases", "case", number, words, now=now)
    with transaction.atomic():
        held = {
            one: locked(one) for one in sorted((number, into))
        }  # in one order, so that two cannot wait for each other
        gone, stays = held[number], held[into]
        words = _refusal(actor, gone, stays, reason, year_of, now)
        if words:
            raise Refused(words)
        _join(actor, gone, stays, reason.strip(), now)
    return gone


def _refusal(
    actor: Actor, gone: Case, stays: Case, reason: str, year_of: YearOf, now: datetime
) -> str | None:
    if len(reason.strip()) < logic.LEAST_REASON:
        return f"请写明凭什么认定是同一处，至少 {logic.LEAST_REASON} 个字，单位会看到。"
    return queries.check_merge(actor, gone, stays, year_of=year_of, now=now)


def _join(actor: Actor, gone: Case, stays: Case, reason: str, now: datetime) -> None:
    lines = queries.lines_of(gone)
    gone.state, gone.ending, gone.merged_into = logic.CLOSED, logic.MERGED, stays.number
    gone.closed_at, gone.closed_by, gone.closed_by_id = now, actor.name, actor.id
    gone.save(update_fields=["state", "ending", "merged_into", "closed_at", "closed_by", "closed_by_id"])
    here, there = (logic.place_words(one.target) for one in (gone, stays))
    text = f"“{here}”和“{there}”是同一处，并入 {stays.number} 办理，不另扣分。理由：{reason}"
    add_entry(gone, "merged_into", actor.who, text, at=now)
    kept = f"期限不变，{logic.deadline_words(stays.due_on)}。" if stays.due_on else ""
    text = f"{gone.number}（“{here}”）和本单是同一处，并入本单办理，不另扣分。{kept}理由：{reason}"
    add_entry(stays, "merged_in", actor.who, text, at=now)
    for serial, one in enumerate(lines, start=1):
        why = f"与 {stays.number} 是同一处，{gone.number} 并入办理：{reason}"
        uid = rule(line=one.id, ref=f"ruling:merge-{gone.number}-{serial}", actor=actor, reason=why, now=now)
        take(observed(uid), now=now)
    told = f"{actor.name} 合并办理：{gone.number} 并入 {stays.number}，撤回 {len(lines)} 条记录。{reason}"
    record_act(actor, "merge_cases", "case", gone.number, told, now=now)
