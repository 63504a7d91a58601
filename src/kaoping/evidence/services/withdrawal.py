"""Verbs by which a line of the ledger is withdrawn, each by the process that made it, and by which a round is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from kaoping.accounts import verbs
from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.verbs import verb
from kaoping.evidence import logic, policy, queries
from kaoping.evidence.models import Act, Closing, Second
from kaoping.evidence.queries import acts, asked, closings
from kaoping.evidence.services import Entry, drafted, one_at_a_time, record
from kaoping.scoring.observations import Observation as EngineObservation
from kaoping.scoring.observations import ObservationError
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.succession import ACT_WORDS, SOURCE_WORDS, act_kind, refusal
from kaoping.standards.queries import severe_items


def _undoes(actor: Actor, batch: str) -> bool:
    first = queries.batch_rows(batch).values_list("uid", flat=True).first()
    return policy.can_undo_import(actor, asked.its(actor, first or ""))


def _may_withdraw(actor: Actor, uid: str, act: str) -> bool:
    return policy.can_withdraw_by(actor, asked.its(actor, uid), act_kind(act))


def _not_yours_to_withdraw(act: str) -> str:
    return f"{ACT_WORDS.get(act_kind(act) or '', '撤回')}不由您的岗位办理。"


def refusal_to_withdraw(uid: str, act: str, signers: int) -> str | None:
    """Why a line cannot be withdrawn by ``act`` now, or null."""
    old = queries.observation(uid)
    if old is None:
        return "没有这条记录，无法撤回。"
    if queries.successor_of(uid):
        return "这条记录已被更正或撤回，请看最新的一条。"
    if closings.is_closed(old.organiser, old.item, old.observed_at, old.check) and not closings.is_late(old):
        return logic.refusal_after_closing(act, signers)
    return None


@verb(
    "withdraw",
    "撤回",
    kind="observation",
    thing="uid",
    door=_may_withdraw,
    denied=_not_yours_to_withdraw,
    refusal=refusal_to_withdraw,
    said="撤回记录 {uid}（{source}，{where}）：{reason}",
    news="撤回 {n} 次",
    room="ledger",
    back="restore",
)
def withdraw(
    doing: verbs.Act,
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
    if words := logic.refusal_of_reason(reason):
        raise Refused(words)
    with doing.writing():
        old = queries.observation(uid)
        assert old is not None  # what the refusal has just asked
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
            [new] = record([entry], actor=actor, whose=None, now=now)
        except ObservationError as error:
            raise Refused(f"{_said(error)}。") from None
        where = f"{old.unit} {old.item or old.check}"
        doing.done(uid=uid, source=SOURCE_WORDS[old.source], where=where, reason=reason.strip())
    return new


def _not_yours_to_restore(act: str) -> str:
    return f"{ACT_WORDS.get(act_kind(act) or '', '恢复')}不由您的岗位办理。"


def _withdrawn_by(uid: str) -> EngineObservation | None:
    """What a withdrawal withdrew; null for any other line."""
    gone = queries.observation(uid)
    if gone is None or gone.kind != "withdrawn" or not gone.supersedes:
        return None
    return queries.observation(gone.supersedes)


def _unrestorable(uid: str) -> str | None:
    if _withdrawn_by(uid) is None:
        return "这一条不是撤回，没有可以恢复的。"
    if queries.successor_of(uid):
        return "这条撤回已经恢复，请看最新的一条。"
    return None


@verb(
    "restore",
    "恢复记录",
    kind="observation",
    thing="uid",
    door=_may_withdraw,
    denied=_not_yours_to_restore,
    refusal=_unrestorable,
    said="恢复记录 {old}：{reason}",
    back="withdraw",
)
def restore(doing: verbs.Act, uid: str, *, act: str, actor: Actor, reason: str, now: datetime) -> str:
    """Take a withdrawal back: what it withdrew is recorded again with its own value, as a line of its own id.

    ``uid`` is the withdrawal. Only the act that may withdraw such a line restores it.
    """
    if words := logic.refusal_of_reason(reason):
        raise Refused(words)
    with doing.writing():
        old = _withdrawn_by(uid)
        assert old is not None  # what the refusal has just asked
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
            [new] = record([entry], actor=recorder, whose=None, now=now)
        except ObservationError as error:
            raise Refused(f"{_said(error)}。") from None
        doing.done(old=old.id, reason=reason.strip())
    return new


def _said(error: ObservationError) -> str:
    return str(error).split("：", 1)[-1]


def _not_to_undo(batch: str) -> str | None:
    """Why an import cannot be taken back now, or null.

    Lines that counted in a year whose round is closed stay, and hold the others; what arrived late moves no point and can go.
    """
    lines = queries.batch(batch)
    done = acts.undone_already(batch)
    if not lines:
        return "没有这一批导入。"
    if done:
        return done
    standing, severe = queries.standing_of(one.id for one in lines), severe_items()
    if not standing:
        return "这一批的记录都已逐条撤回，没有要撤回的。"
    words = logic.refusal_to_undo(sum(one.id in standing and one.item in severe for one in lines))
    if words is None:
        counted = [
            (year, int(one.id.rpartition(":")[2]))
            for one in lines
            if one.id in standing
            and (year := closings.closed_year(one.organiser, one.item, one.observed_at))
            and not closings.is_late(one)
        ]
        words = logic.refusal_of_counted(counted)
    return words


@verb(
    "undo_import",
    "撤回整批导入",
    kind="ledger",
    thing="batch",
    signs=True,
    door=_undoes,
    denied="整批撤回由政务公开办经办办理。",
    refusal=_not_to_undo,
    said="撤回整批导入 {batch}，{count} 条：{reason}",
    back="import_register",
)
def undo_import(doing: verbs.Act, *, batch: str, actor: Actor, reason: str, now: datetime) -> int:
    """Take a whole import back: every line of it that still stands, all or none, while no round is closed. Returns how many.

    Not while a veto or a major deduction of it stands: that takes two people. The same file can be imported again afterwards.
    """
    if words := logic.refusal_of_reason(reason):
        raise Refused(words)
    ref = f"batch:{batch}"
    with doing.writing():
        one_at_a_time()
        if words := _not_to_undo(batch):  # what was done while this one waited
            raise Refused(words)
        lines = queries.batch(batch)
        standing = queries.standing_of(one.id for one in lines)
        Act.objects.create(ref=ref, reason=reason.strip(), by=actor.name, by_id=actor.id, at=now)
        for one in lines:
            if one.id in standing:
                withdraw(one.id, act=ref, actor=actor, reason=reason, now=now)
        doing.done(batch=batch[:8], count=len(standing), reason=reason.strip())
    return len(standing)


@verb(
    "rule",
    "审定撤回记录",
    kind="observation",
    thing="line",
    signs=True,
    door=asked.rules,
    denied="审定由政务公开办经办或办公室负责人办理。",
    back="restore",
)
def rule(doing: verbs.Act, *, line: str, ref: str, actor: Actor, reason: str, now: datetime) -> str:
    """The office's own ruling by one person that a line should not stand (a false alarm), while no round is closed.

    Returns the id of the withdrawal, whose line in the log is the ruling's. ``ref`` is ``ruling:<id>``.
    """
    with doing.writing():
        Act.objects.create(ref=ref, line=line, reason=reason.strip(), by=actor.name, by_id=actor.id, at=now)
        return withdraw(line, act=ref, actor=actor, reason=reason, now=now)


def refusal_to_propose(line: str, *, actor: Actor, now: datetime) -> str | None:
    """Why nobody can propose now that a line should not stand, or null."""
    old = queries.observation(line)
    if old is None:
        return "没有这条记录。"
    if queries.successor_of(line):
        return "这条记录已被更正或撤回，请看最新的一条。"
    if acts.open_ruling(line):
        return "这条记录已提请审定，待确认。"
    return _refusal_of_ruling(old, _ruling_ref(old), actor, now)


def _ruling_ref(old: EngineObservation) -> str:
    """A line of a register goes with its batch; a veto or a major deduction among them falls by two people, alone."""
    source = old.source if old.item in severe_items() else "ruling"
    return logic.withdrawal_act(source, old.id, len(acts.rulings_on(old.id)) + 1)


@verb(
    "propose_ruling",
    "提请审定",
    kind="observation",
    thing="line",
    signs=True,
    door=asked.rules,
    denied="审定由政务公开办经办提出。",
    refusal=refusal_to_propose,
    said="提请审定撤回 {line}：{reason}",
    back="second_ruling",
)
def propose_ruling(doing: verbs.Act, *, line: str, actor: Actor, reason: str, now: datetime) -> str:
    """Propose that a line should not stand; without effect until another person agrees. Returns the ruling's reference."""
    if words := logic.refusal_of_reason(reason):
        raise Refused(words)
    with doing.writing():
        one_at_a_time()
        if words := refusal_to_propose(line, actor=actor, now=now):  # what was done while this one waited
            raise Refused(words)
        old = queries.observation(line)
        assert old is not None
        ref = _ruling_ref(old)
        Act.objects.create(
            ref=ref, line=line, reason=reason.strip(), by=actor.name, by_id=actor.id, at=now, takes_two=True
        )
        doing.done(line=line, reason=reason.strip())
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


@verb(
    "second_ruling",
    "确认审定",
    kind="observation",
    thing="ref",
    signs=True,
    door=asked.seconds_rulings,
    denied="审定由办公室负责人确认。",
    refusal=acts.refusal_to_answer,
    said="{how}{by}提请的审定：{reason}",
    final="不同意的可以再提请；同意撤回的，在更正里可以恢复。",
)
def second_ruling(doing: verbs.Act, *, ref: str, actor: Actor, agreed: bool, now: datetime) -> str | None:
    """Another person agrees to a proposed ruling, which then withdraws the line, or does not. The withdrawal's id, or null."""
    with doing.writing():
        one_at_a_time()
        if words := acts.refusal_to_answer(actor, ref):  # what was done while this one waited
            raise Refused(words)
        act = Act.objects.get(ref=ref)
        Second.objects.create(act=act, agreed=agreed, by=actor.name, by_id=actor.id, at=now)
        how = "同意" if agreed else "不同意"
        doing.done(thing=act.line, how=how, by=act.by, reason=act.reason)
        if not agreed:
            return None
        return withdraw(act.line, act=ref, actor=actor, reason=act.reason, now=now, signers=2)


def close_days(
    *, key: OrganisedYear, spans: Mapping[str, tuple[date, date]], closed: bool, now: datetime
) -> None:
    """Close (or open again) the days of each item of an organiser's year; ``spans`` maps items, '' for lines without one, to their days.

    Called by the verb that closes the round, inside its transaction. Harmless to repeat.
    """
    Closing.objects.bulk_create(
        Closing(organiser=key.organiser, key=str(key), item=item, start=start, end=end, closed=closed, at=now)
        for item, (start, end) in spans.items()
    )
