"""Verb: two cases about one place, written in two ways, become one (合并办理)."""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.verbs import Act, verb
from kaoping.evidence.services.withdrawal import rule
from kaoping.foreign.glyphs import glyphs
from kaoping.rectification import logic, policy, queries
from kaoping.rectification.models import Case
from kaoping.rectification.queries import joins
from kaoping.rectification.queries.joins import YearOf
from kaoping.rectification.services.opening import add_entry, observed, read_ledger, take
from kaoping.registry.queries.places import TargetWords


def _merged_already(gone: Case, stays: Case) -> bool:
    return gone.merged_into == stays.number


def _unjoinable(gone: Case, stays: Case, year_of: YearOf, now: datetime) -> str | None:
    if _merged_already(gone, stays):
        return None
    return joins.check_merge(gone, stays, year_of=year_of, now=now)


def _joins(actor: Actor, gone: Case, stays: Case) -> bool:
    return policy.can_merge_cases(actor, gone) and policy.can_merge_cases(actor, stays)


@verb(
    "merge_cases",
    "合并办理整改单",
    kind="case",
    thing="gone",
    signs=True,
    door=_joins,
    denied="合并办理由政务公开办办理。",
    refusal=_unjoinable,
    lock=("gone", "stays"),
    said="{who} 合并办理：{gone} 并入 {stays}，撤回 {lines} 条记录。{reason}",
    news="合并办理整改单 {n} 张",
    room="cases",
    final="合并不能撤回：看清是同一处再并。",
)
def merge(
    act: Act, *, actor: Actor, gone: Case, stays: Case, reason: str, year_of: YearOf, now: datetime
) -> Case:
    """Close a case because it is about the same place as another, whose deadline stays; each timeline says who, when and why.

    The lines that made it cost points are withdrawn by the office's ruling and stay in the ledger: one fault, one deduction.
    Refused wherever that would take something from the unit, or from what counts against it, or where the round of review is
    closed: then two persons rule on the lines. The caller supplies for which year a line counts, which ``campaigns`` knows.
    Done twice it is done once.
    """
    if glyphs(reason) < logic.LEAST_REASON:
        raise Refused(f"请写明凭什么认定是同一处，至少 {logic.LEAST_REASON} 个字，单位会看到。")
    read_ledger(now=now)  # what was recorded and not yet read belongs to its case first
    with act.writing():
        if not _merged_already(gone, stays):
            _join(act, gone, stays, reason.strip())
    return gone


def _join(act: Act, gone: Case, stays: Case, reason: str) -> None:
    actor, now = act.actor, act.now
    lines = queries.lines_of(gone)
    gone.state, gone.ending, gone.merged_into = logic.CLOSED, logic.MERGED, stays.number
    gone.closed_at, gone.closed_by, gone.closed_by_id = now, actor.name, actor.id
    gone.save(update_fields=["state", "ending", "merged_into", "closed_at", "closed_by", "closed_by_id"])
    words = TargetWords()
    here, there = (words(one.organisation.code, one.target) for one in (gone, stays))
    text = f"“{here}”和“{there}”是同一处，并入 {stays.number} 办理，不另扣分。理由：{reason}"
    add_entry(gone, "merged_into", actor.who, text, at=now)
    kept = f"期限不变，{logic.deadline_words(stays.due_on)}。" if stays.due_on else ""
    text = f"{gone.number}（“{here}”）和本单是同一处，并入本单办理，不另扣分。{kept}理由：{reason}"
    add_entry(stays, "merged_in", actor.who, text, at=now)
    for serial, one in enumerate(lines, start=1):
        why = f"与 {stays.number} 是同一处，{gone.number} 并入办理：{reason}"
        uid = rule(line=one.id, ref=f"ruling:merge-{gone.number}-{serial}", actor=actor, reason=why, now=now)
        take(observed(uid), now=now)
    act.done(gone=gone.number, stays=stays.number, lines=len(lines), reason=reason)
