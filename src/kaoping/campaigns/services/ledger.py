"""Verbs that move lines of the ledger as the stage of their year allows: import, undo an import, rule, correct."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from kaoping.accounts.actor import Actor, Organising, Refused
from kaoping.accounts.doors import of_thing
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of, end_of_day
from kaoping.campaigns import policy
from kaoping.campaigns.logic import correction as correction_logic
from kaoping.campaigns.logic import ledger as logic
from kaoping.campaigns.logic.stages import MEANWHILE
from kaoping.campaigns.models import Campaign, Correction
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import ledger as years
from kaoping.campaigns.queries import period
from kaoping.evidence import queries as ledger
from kaoping.evidence import services as evidence
from kaoping.evidence.logic import refusal_of_reason, severe_elsewhere
from kaoping.evidence.queries import acts, asked, closings
from kaoping.evidence.services import withdrawal
from kaoping.foreign.glyphs import glyphs
from kaoping.registry.queries.organisers import served
from kaoping.scoring.organised import OrganisedYear
from kaoping.standards.answers import OPINIONS_UNSCORED
from kaoping.standards.queries import rulebook_of, severe_items, unscored_items


def import_lines(
    *,
    actor: Actor,
    campaign: Campaign | None,
    filename: str,
    content: bytes,
    units: Iterable[str],
    confirmed: bool = False,
    now: datetime,
) -> evidence.Imported:
    """Import a ledger kept elsewhere for the items of the year; under a correction the lines are that correction's.

    ``confirmed``: the person ticked that the file holds no secret. Vetoes and major deductions are refused in words: they
    take two persons and the document (``services.severe``).
    """
    leaves = list(rulebook_of(campaign.rulebook_id).rubric.leaves()) if campaign else []
    severe = severe_items()
    unscored = unscored_items(campaign.rulebook_id) if campaign else frozenset()
    importable = years.importable(campaign.rulebook_id) if campaign else {}
    correction = corrections.under_way(campaign) if campaign else None
    act = None
    if campaign is not None and correction is not None and not corrections.is_signed(correction):
        act = logic.correction_act(campaign.key, correction.number)
    return evidence.import_register(
        actor=actor,
        whose=campaign or Organising(served(actor)),
        filename=filename,
        content=content,
        items={code: kinds for code, (_name, kinds) in importable.items()},
        most={leaf.code: leaf.max for leaf in leaves},
        levels={
            leaf.code: {level.code: level.name for level in leaf.levels} for leaf in leaves if leaf.levels
        },
        elsewhere={code: severe_elsewhere(code) for code in severe}
        | {code: f"{code} 现在不导入：{OPINIONS_UNSCORED}" for code in unscored},
        units=units,
        confirmed=confirmed,
        refusal_of_day=_days_refused(campaign, now),
        act=act,
        now=now,
    )


def _days_refused(campaign: Campaign | None, now: datetime) -> Callable[[str, date], str | None]:
    """Of an item and a day: why nothing of that day is imported while ``campaign`` is the newest year."""
    if campaign is None:
        return lambda _item, _day: None
    mine = period.days_of_items(campaign)
    beside = campaigns.campaigns().filter(organiser=campaign.organiser).exclude(pk=campaign.pk)
    known = {one.year: period.days_of_items(one) for one in beside}

    def refused(item: str, day: date) -> str | None:
        others = [logic.Days(year, *(days.get(item) or days[""])) for year, days in known.items()]
        return logic.refusal_of_day(
            day,
            logic.Days(campaign.year, *mine[item]),
            others,
            closed=closings.is_closed(campaign.organiser, item, end_of_day(day) - timedelta(hours=12)),
            today=day_of(now),
        )

    return refused


def _corrects(actor: Actor, line: str) -> bool:
    """Whoever corrects the year of the line; a line of no year is refused in words of its own."""
    found = ledger.observation(line)
    campaign = years.campaign_of(found) if found else None
    return of_thing(policy.can_correct, actor, campaign)


def _settled(line: str) -> str | None:
    """Why a line is ruled on no more: the stage of its year says so."""
    found = ledger.observation(line)
    campaign = years.campaign_of(found) if found else None
    return logic.refusal_to_rule(campaign.stage if campaign else None)


def _not_to_propose(line: str, actor: Actor, now: datetime) -> str | None:
    return _settled(line) or withdrawal.refusal_to_propose(line, actor=actor, now=now)


@verb(
    "propose_ruling",
    "提请审定",
    kind="observation",
    thing="line",
    signs=True,
    door=asked.rules,
    denied="审定由政务公开办经办提出。",
    refusal=_not_to_propose,
    back="second_ruling",
)
def propose_ruling(act: Act, *, actor: Actor, line: str, reason: str, now: datetime) -> str:
    """The office proposes that a line should not stand; another person decides. Not once the result is frozen."""
    with act.writing():
        return withdrawal.propose_ruling(line=line, actor=actor, reason=reason, now=now)


def _not_to_answer(actor: Actor, ref: str, agreed: bool) -> str | None:
    """Who does not agree may say so whenever it is."""
    known = acts.act(ref)
    late = _settled(known.line) if known is not None and agreed else None
    return late or acts.refusal_to_answer(actor, ref)


@verb(
    "second_ruling",
    "确认审定",
    kind="observation",
    thing="ref",
    signs=True,
    door=asked.seconds_rulings,
    denied="审定由办公室负责人确认。",
    refusal=_not_to_answer,
    final="同意了就撤回了那一条；不同意的，可以再提请。",
)
def second_ruling(act: Act, *, actor: Actor, ref: str, agreed: bool, now: datetime) -> str | None:
    """The office's head agrees to a proposed ruling or does not. Not once the result is frozen."""
    with act.writing():
        return withdrawal.second_ruling(ref=ref, actor=actor, agreed=agreed, now=now)


def _not_to_correct(line: str) -> str | None:
    found = ledger.observation(line)
    campaign = years.campaign_of(found) if found else None
    if found is None or campaign is None:
        return "没有这条记录，或它不在任何年度的考核期内。"
    return corrections.refusal_to_change(campaign) or correction_logic.refusal_of_late(
        closings.speaks_of_late(found)
    )


@verb(
    "correct_withdrawal",
    "更正：撤回记录",
    kind="observation",
    thing="line",
    signs=True,
    door=_corrects,
    denied=correction_logic.ONLY_HANDLER,
    refusal=_not_to_correct,
    back="correct_restoration",
)
def correct_withdrawal(act: Act, *, actor: Actor, line: str, reason: str, now: datetime) -> str:
    """Withdraw a line under the correction that is under way, not one that arrived late. Returns the withdrawal's id."""
    _ask_for(reason)
    with act.writing():
        key, correction = _held(line)
        return withdrawal.withdraw(
            line,
            act=logic.correction_act(key, correction.number),
            actor=actor,
            reason=f"第 {correction.number} 次更正：{reason.strip()}",
            now=now,
        )


@verb(
    "correct_restoration",
    "更正：恢复记录",
    kind="observation",
    thing="line",
    signs=True,
    door=_corrects,
    denied=correction_logic.ONLY_HANDLER,
    refusal=_not_to_correct,
    back="correct_withdrawal",
)
def correct_restoration(act: Act, *, actor: Actor, line: str, reason: str, now: datetime) -> str:
    """Take a withdrawal back under the correction that is under way. Returns the id of the line that counts again."""
    _ask_for(reason)
    with act.writing():
        key, correction = _held(line)
        return withdrawal.restore(
            line,
            act=logic.correction_act(key, correction.number),
            actor=actor,
            reason=f"第 {correction.number} 次更正：{reason.strip()}",
            now=now,
        )


def _ask_for(reason: str) -> None:
    words = refusal_of_reason(reason) if glyphs(reason) else correction_logic.NO_REASON
    if words:
        raise Refused(words)


def _held(line: str) -> tuple[OrganisedYear, Correction]:
    """Inside the transaction: the year of the line is held, and its correction asked for once more."""
    found = ledger.observation(line)
    campaign = years.campaign_of(found) if found else None
    held = Campaign.objects.select_for_update().filter(pk=campaign.pk).first() if campaign else None
    correction = corrections.under_way(held) if held else None
    if held is None or correction is None or corrections.is_signed(correction):
        raise Refused(MEANWHILE)
    return held.key, correction
