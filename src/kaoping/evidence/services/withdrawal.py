"""Verbs by which a line of the ledger is withdrawn, each by the process that made it, and by which a round is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.audit import record_act, refuse
from kaoping.accounts.resting import signing
from kaoping.evidence import logic, policy, queries
from kaoping.evidence.models import Act, Closing, Second
from kaoping.evidence.services import Entry, drafted, one_at_a_time, record
from kaoping.scoring.observations import Observation as EngineObservation
from kaoping.scoring.observations import ObservationError
from kaoping.scoring.succession import ACT_WORDS, SOURCE_WORDS, act_kind, refusal
from kaoping.standards.queries import severe_items


def withdraw(
    uid: str,
    *,
    act: str,
    actor: Actor,
    reason: str,
    now: datetime,
    signers: int = 1,
    new_uid: str | None = None,
) -> str:
    """Record that an observation no longer counts, by ``act``; the row stays. Returns the id of the new line.

    Every source has its own way (``scoring.succession``), every act its own door, and after the year's round is closed only
    an appeal, a correction or a ruling by two people (``signers``) moves points. Called by the verb whose act it is.
    """
    if not policy.can_withdraw_by(actor, act_kind(act)):
        no = f"{ACT_WORDS.get(act_kind(act) or '', '撤回')}不由您的岗位办理。"
        raise refuse(actor, "withdraw", "observation", uid, no, now=now)
    old = queries.observation(uid)
    words: str | None = logic.refusal_of_reason(reason)
    if old is None:
        words = "没有这条记录，无法撤回。"
    elif queries.successor_of(uid):
        words = "这条记录已被更正或撤回，请看最新的一条。"
    elif words is None and queries.is_closed(old.item, old.observed_at) and not queries.is_late(old):
        words = logic.refusal_after_closing(act, signers)
    if words or old is None:
        raise refuse(actor, "withdraw", "observation", uid, str(words), now=now)
    entry = Entry(
        unit=old.unit,
        item=old.item,
        check=old.check,
        source="office",
        observed_at=old.observed_at,
        kind="withdrawn",
        value=None,
        reason=reason.strip(),
        supersedes=uid,
        target=old.target,
        act=act,
        uid=new_uid,
    )
    try:
        with transaction.atomic():
            [new] = record([entry], actor=actor, now=now)
            told = f"撤回记录 {uid}（{SOURCE_WORDS[old.source]}，{old.unit} {old.item or old.check}）：{reason.strip()}"
            record_act(actor, "withdraw", "observation", uid, told, now=now)
    except ObservationError as error:
        raise refuse(actor, "withdraw", "observation", uid, f"{_said(error)}。", now=now) from None
    return new


def restore(uid: str, *, act: str, actor: Actor, reason: str, now: datetime) -> str:
    """Take a withdrawal back: what it withdrew is recorded again with its own value, as a line of its own id.

    ``uid`` is the withdrawal. Only the act that may withdraw such a line restores it.
    """
    if not policy.can_withdraw_by(actor, act_kind(act)):
        no = f"{ACT_WORDS.get(act_kind(act) or '', '恢复')}不由您的岗位办理。"
        raise refuse(actor, "restore", "observation", uid, no, now=now)
    gone = queries.observation(uid)
    old = (
        queries.observation(gone.supersedes)
        if gone and gone.kind == "withdrawn" and gone.supersedes
        else None
    )
    words: str | None = logic.refusal_of_reason(reason)
    if gone is None or old is None:
        words = "这一条不是撤回，没有可以恢复的。"
    elif queries.successor_of(uid):
        words = "这条撤回已经恢复，请看最新的一条。"
    if words or old is None:
        raise refuse(actor, "restore", "observation", uid, str(words), now=now)
    # The line stands again as its own recorder's; who restored it is in the log.
    whose = queries.recorders([old.id])[old.id]
    recorder = Actor(whose.id, whose.id, whose.name) if whose.name else actor
    entry = Entry(
        unit=old.unit,
        item=old.item,
        check=old.check,
        source=old.source,
        observed_at=old.observed_at,
        kind=old.kind,
        value=old.value,
        reason=old.reason,
        artefacts=old.artefacts,
        supersedes=uid,
        target=old.target,
        act=act,
    )
    try:
        with transaction.atomic():
            [new] = record([entry], actor=recorder, now=now)
            record_act(actor, "restore", "observation", uid, f"恢复记录 {old.id}：{reason.strip()}", now=now)
    except ObservationError as error:
        raise refuse(actor, "restore", "observation", uid, f"{_said(error)}。", now=now) from None
    return new


def _said(error: ObservationError) -> str:
    return str(error).split("：", 1)[-1]


@signing
def undo_import(*, batch: str, actor: Actor, reason: str, now: datetime) -> int:
    """Take a whole import back: every line of it that still stands, all or none, while no round is closed. Returns how many.

    Not while a veto or a major deduction of it stands: that takes two people. The same file can be imported again afterwards.
    """
    if not policy.can_undo_import(actor):
        raise refuse(actor, "undo_import", "ledger", batch, "整批撤回由市政务公开办经办办理。", now=now)
    words = refusal_to_undo(batch, reason)
    if words:
        raise refuse(actor, "undo_import", "ledger", batch, words, now=now)
    ref, lines = f"batch:{batch}", queries.batch(batch)
    standing = queries.standing_of(one.id for one in lines)
    with transaction.atomic():
        one_at_a_time()
        if queries.act(ref) is not None:
            raise Refused(str(refusal_to_undo(batch, reason)))
        Act.objects.create(ref=ref, reason=reason.strip(), by=actor.name, by_id=actor.id, at=now)
        for one in lines:
            if one.id in standing:
                withdraw(one.id, act=ref, actor=actor, reason=reason, now=now)
        told = f"撤回整批导入 {batch[:8]}，{len(standing)} 条：{reason.strip()}"
        record_act(actor, "undo_import", "ledger", batch, told, now=now)
    return len(standing)


def refusal_to_undo(batch: str, reason: str) -> str | None:
    """Why an import cannot be taken back now, or null; the page asks this, the act asks it again.

    Lines that counted in a year whose round is closed stay, and hold the others; what arrived late moves no point and can go.
    """
    lines = queries.batch(batch)
    done = queries.undone_already(batch)
    if not lines:
        return "没有这一批导入。"
    if done:
        return done
    standing, severe = queries.standing_of(one.id for one in lines), severe_items()
    if not standing:
        return "这一批的记录都已逐条撤回，没有要撤回的。"
    words = logic.refusal_of_reason(reason) or logic.refusal_to_undo(
        sum(one.id in standing and one.item in severe for one in lines)
    )
    if words is None:
        counted = [
            (year, int(one.id.rpartition(":")[2]))
            for one in lines
            if one.id in standing
            and (year := queries.closed_year(one.item, one.observed_at))
            and not queries.is_late(one)
        ]
        words = logic.refusal_of_counted(counted)
    return words


@signing
def rule(*, line: str, ref: str, actor: Actor, reason: str, now: datetime) -> str:
    """The office's own ruling by one person that a line should not stand (a false alarm), while no round is closed.

    Returns the id of the withdrawal. ``ref`` is ``ruling:<id>``.
    """
    if not policy.can_rule(actor):
        raise refuse(
            actor, "rule", "observation", line, "审定由市政务公开办经办或办公室负责人办理。", now=now
        )
    with transaction.atomic():
        Act.objects.create(ref=ref, line=line, reason=reason.strip(), by=actor.name, by_id=actor.id, at=now)
        return withdraw(line, act=ref, actor=actor, reason=reason, now=now)


@signing
def propose_ruling(*, line: str, actor: Actor, reason: str, now: datetime) -> str:
    """Propose that a line should not stand; without effect until another person agrees. Returns the ruling's reference."""
    if not policy.can_rule(actor):
        no = "审定由市政务公开办经办提出。"
        raise refuse(actor, "propose_ruling", "observation", line, no, now=now)
    old = queries.observation(line)
    ref = logic.withdrawal_act("ruling", line, 1)
    if old is not None:
        # A line of a register goes with its batch; a veto or a major deduction among them falls by two people, alone.
        source = old.source if old.item in severe_items() else "ruling"
        ref = logic.withdrawal_act(source, line, len(queries.rulings_on(line)) + 1)
    words: str | None = logic.refusal_of_reason(reason)
    if old is None:
        words = "没有这条记录。"
    elif queries.successor_of(line):
        words = "这条记录已被更正或撤回，请看最新的一条。"
    elif queries.open_ruling(line):
        words = "这条记录已提请审定，待确认。"
    elif words is None:
        words = _refusal_of_ruling(old, ref, actor, now)
    if words:
        raise refuse(actor, "propose_ruling", "observation", line, words, now=now)
    with transaction.atomic():
        one_at_a_time()
        Act.objects.create(
            ref=ref, line=line, reason=reason.strip(), by=actor.name, by_id=actor.id, at=now, takes_two=True
        )
        record_act(
            actor, "propose_ruling", "observation", line, f"提请审定撤回 {line}：{reason.strip()}", now=now
        )
    return ref


def _refusal_of_ruling(old: EngineObservation, ref: str, actor: Actor, now: datetime) -> str | None:
    """What a withdrawal by this ruling would be refused with, asked before anybody is bothered."""
    entry = Entry(
        old.unit,
        "office",
        old.observed_at,
        "withdrawn",
        None,
        old.item,
        old.check,
        supersedes=old.id,
        act=ref,
    )
    words = refusal(drafted(entry, "draft", None, actor.name, now), old)
    return f"{words}。" if words else None


@signing
def second_ruling(*, ref: str, actor: Actor, agreed: bool, now: datetime) -> str | None:
    """Another person agrees to a proposed ruling, which then withdraws the line, or does not. The withdrawal's id, or null."""
    act = queries.act(ref)
    if not policy.can_second_ruling(actor):
        no = "审定由办公室负责人确认。"
        raise refuse(actor, "second_ruling", "observation", ref, no, now=now)
    words = "没有这件审定。" if act is None or not act.takes_two else queries.check_second(actor, act)
    if words or act is None:
        raise refuse(actor, "second_ruling", "observation", ref, str(words), now=now)
    with transaction.atomic():
        one_at_a_time()
        row = Act.objects.get(ref=ref)
        Second.objects.create(act=row, agreed=agreed, by=actor.name, by_id=actor.id, at=now)
        record_act(
            actor,
            "second_ruling",
            "observation",
            act.line,
            f"{'同意' if agreed else '不同意'}{act.by}提请的审定：{act.reason}",
            now=now,
        )
        if not agreed:
            return None
        return withdraw(act.line, act=ref, actor=actor, reason=act.reason, now=now, signers=2)


def close_days(*, key: str, spans: Mapping[str, tuple[date, date]], closed: bool, now: datetime) -> None:
    """Close (or open again) the days of each item of a year; ``spans`` maps items, '' for lines without one, to their days.

    Called by the verb that closes the round, inside its transaction. Harmless to repeat.
    """
    Closing.objects.bulk_create(
        Closing(key=key, item=item, start=start, end=end, closed=closed, at=now)
        for item, (start, end) in spans.items()
    )
