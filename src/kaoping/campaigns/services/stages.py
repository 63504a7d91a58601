"""The verbs of stages: open the next one, move the planned days of one later."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.logic import NOT_SAID, Opened
from kaoping.accounts.models import Person
from kaoping.accounts.queries import written_by
from kaoping.accounts.services import merged
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of, deadline_day, end_of_day
from kaoping.calendars import WorkingCalendar, YearNotAnnounced
from kaoping.campaigns import policy
from kaoping.campaigns.logic import appeal as appeal_logic
from kaoping.campaigns.logic import approval, stage_days, stages
from kaoping.campaigns.models import Campaign, StageEntry, StageMove
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import period
from kaoping.campaigns.services.self_review import open_forms
from kaoping.checks.model import date_words
from kaoping.scoring.organised import organised_year
from kaoping.workdays.logic import APPEALS, STAGE, Move
from kaoping.workdays.queries import calendar, hold_calendar
from kaoping.workdays.services import tell


def _not_to_advance(
    campaign: Campaign,
    to: str | None,
    poll_state: str | None,
    release: bool,
    publishing: bool,
    now: datetime,
) -> str | None:
    words = stages.refusal_to_enter(campaign.stage, to) if to is not None else None
    if words:
        return words
    following = stages.next_stage(campaign.stage)
    if lacks := campaigns.missing(campaign, now=now, poll_state=poll_state, release=release):
        label = f"还不能进入“{stages.LABELS[following]}”：" if following else ""
        return label + "".join(one.words() for one in lacks)
    if following == stages.PUBLISHED and not publishing:
        return "公开以后就进入本阶段，请在“发布”点“公开”。"
    if following == stages.PREVIEW:
        try:
            _window(campaign, now)
        except YearNotAnnounced as error:
            return f"算不出复核申请期限：{error}"
    return campaigns.refusal_of_voided(campaign)


@verb(
    "advance",
    "进入下一阶段",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_advance,
    denied="进入下一阶段由政务公开办经办办理。",
    refusal=_not_to_advance,
    lock="campaign",
    said="{year} 年度考核进入“{stage}”。",
    news="年度考核进入下一阶段 {n} 次",
    room="board",
    back="return_stage",
)
def advance(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    to: str | None = None,
    now: datetime,
    poll_state: str | None = None,
    release: bool = False,
    publishing: bool = False,
) -> Campaign:
    """Open the gate to the next stage when nothing is missing.

    The caller supplies what lies in sibling or higher packages: the poll's state (``evaluation``) and whether the
    release of the signed sheet exists (``publication``). The last gate is opened by ``publish`` alone (``publishing``). Opening the self-review makes every unit's form; opening the
    preview fixes the last day for 复核申请. ``to`` is the stage that the form showed: sent once more after its answer was
    lost, it does not open the gate behind it as well. Raises ``Refused`` with everything that is missing.
    """
    was = campaign.stage
    with transaction.atomic():
        if stages.next_stage(was) == stages.PREVIEW:
            hold_calendar()  # before the campaign, as who enters an arrangement holds them
        with act.writing():
            # Two clicks at once move one step: only the one that still finds the old stage goes on.
            if campaign.stage == was:
                _enter(act, campaign)
    campaign.refresh_from_db()
    return campaign


def _enter(act: Act, campaign: Campaign) -> None:
    """Inside the transaction: the next stage, with what its opening brings."""
    actor, now, wanted = act.actor, act.now, stages.next_stage(campaign.stage)
    assert wanted is not None  # what the refusal has just asked
    if wanted == stages.PREVIEW:
        campaign.appeals_close_at = close_at = _window(campaign, now)
        _tell_longer_window(campaign, close_at, actor, now)
    campaign.stage = wanted
    campaign.save(update_fields=["stage", "appeals_close_at"])
    StageEntry.objects.create(campaign=campaign, stage=wanted, entered_at=now, by=actor.name, by_id=actor.id)
    if wanted == stages.SELF_REVIEW:
        open_forms(campaign)
    act.done(year=campaign.year, stage=stages.LABELS[wanted])


def _window(campaign: Campaign, opened: datetime) -> datetime:
    """The end of the window for 复核申请 that opens now. Raises ``YearNotAnnounced``."""
    return end_of_day(period.appeals_end(campaign, day_of(opened), calendar(opened)))


def _tell_longer_window(campaign: Campaign, close_at: datetime, actor: Actor, now: datetime) -> None:
    """The plan told the units a last day for 复核申请; a later one is told to each of them as every moved date is."""
    told = period.stage_dates(campaign).get(stages.APPEALS)
    last = deadline_day(close_at)
    if told is None or last <= told[1]:
        return
    basis = f"{date_words(day_of(now))}开放结果预览，{appeal_logic.WORKING_DAYS} 个工作日"
    title = f"{campaign.year} 年度考核复核申请期限"
    units = tuple(_told_units(campaign))
    move = Move(APPEALS, str(campaign.key), title, told[1], last, last, basis, units)
    tell(move, basis=basis, actor=actor, now=now)


def recount(after: WorkingCalendar) -> list[Move]:
    """Let windows for 复核申请 become longer where ``after`` counts so; call where the arrangement is stored."""
    found = period.moves(after)
    for one in found:
        campaign = campaigns.of(organised_year(one.thing))
        if campaign is not None:
            Campaign.objects.filter(pk=campaign.pk).update(appeals_close_at=end_of_day(one.becomes))
    return found


def _not_to_move(campaign: Campaign, stage: str) -> str | None:
    marks = campaigns.signatures(campaigns.approval_state(campaign, "plan").rows)
    signing = bool(approval.standing(marks)) and campaign.stage == stages.PLAN
    words = stage_days.refusal_to_move(campaign.stage, period.stage_dates(campaign), stage, signing=signing)
    return words or campaigns.refusal_of_voided(campaign)


@verb(
    "move_stage",
    "调整阶段日期",
    kind="campaign",
    thing="campaign",
    door=policy.can_advance,
    denied="阶段日期由政务公开办经办调整。",
    refusal=_not_to_move,
    lock="campaign",
    said="{year} 年度考核“{stage}”改为 {first} 至 {last}：{reason}。通知 {units} 个参评单位。",
    news="调整阶段日期 {n} 次",
    room="plan",
    final="只往后调，不往前；还可以再往后调。",
)
def move_stage(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    stage: str,
    first: date,
    last: date,
    reason: str,
    opened: Opened = NOT_SAID,
    now: datetime,
) -> tuple[date, date]:
    """Move the planned days of a stage later, within the plan's last day; every assessed unit gets one notice a date.

    Earlier, or beyond the plan's last day, is another plan and needs its own approval. While the plan is still written nobody
    was told its days, and nobody is notified. Answers with the days that stand now. Raises ``Refused`` in words, and
    ``Stale`` when somebody else moved the same day since the form was opened.
    """
    dates = period.stage_dates(campaign)
    first, last = _merged_days(campaign, stage, opened, (first, last), dates[stage])
    if opened.waived and (first, last) == dates[stage]:
        return first, last
    wanted = stage_days.Wanted(stage, first, last, reason)
    if words := _refusal_of_days(campaign, wanted):
        raise Refused(words)
    with act.writing():
        if period.stage_dates(campaign) != dates:
            raise Refused(stages.MEANWHILE)
        if words := _refusal_of_days(campaign, wanted):
            raise Refused(words)
        _move(campaign, wanted, actor, now)
        units = _told_units(campaign)
        for label, was, becomes in stage_days.changed(dates[stage], (first, last)):
            title = f"{campaign.year} 年度考核“{stages.LABELS[stage]}”{label}"
            move = Move(STAGE, f"{campaign.key}:{stage}", title, was, becomes, becomes, reason, tuple(units))
            tell(move, basis=reason.strip(), actor=actor, now=now)
        act.done(
            year=campaign.year,
            stage=stages.LABELS[stage],
            first=first.isoformat(),
            last=last.isoformat(),
            reason=reason.strip(),
            units=len(units),
        )
    return first, last


def _move(campaign: Campaign, wanted: stage_days.Wanted, actor: Actor, now: datetime) -> None:
    if wanted.stage == stages.APPEALS and campaign.appeals_close_at is not None:
        campaign.appeals_close_at = end_of_day(wanted.last)
        campaign.save(update_fields=["appeals_close_at"])
    StageMove.objects.create(
        campaign=campaign,
        rulebook_id=campaign.rulebook_id,
        timetable=campaign.timetable,
        stage=wanted.stage,
        first=wanted.first,
        last=wanted.last,
        reason=wanted.reason.strip(),
        by=Person.objects.get(pk=actor.id),
        at=now,
    )


def _refusal_of_days(campaign: Campaign, wanted: stage_days.Wanted) -> str | None:
    end = stage_days.plan_end(period.planned_dates(campaign))
    assert end is not None  # the stage has its days
    words = stage_days.refusal_of_days(period.stage_dates(campaign), end, wanted)
    return words or _refusal_before_window(campaign, wanted.stage, wanted.last)


def _refusal_before_window(campaign: Campaign, stage: str, last: date) -> str | None:
    """Why the stage of appeals cannot end on ``last``: once the preview is open, units know until when they may appeal."""
    if stage != stages.APPEALS or campaign.appeals_close_at is None:
        return None
    told = deadline_day(campaign.appeals_close_at)
    return None if last >= told else f"单位已被告知可以申请到 {date_words(told)}，末日不能早于这一天。"


def _merged_days(
    campaign: Campaign, stage: str, opened: Opened, mine: tuple[date, date], stored: tuple[date, date]
) -> tuple[date, date]:
    """The days to store: those that the writer changed, the others as they stand. Raises ``Stale``."""
    newest = campaign.stage_moves.filter(stage=stage).select_related("by").order_by("-id").first()
    values = merged(
        opened=opened,
        mine=stage_days.said(mine),
        stored=stage_days.said(stored),
        last=lambda: written_by(newest),
    )
    return date.fromisoformat(values["first"]), date.fromisoformat(values["last"])


def _told_units(campaign: Campaign) -> list[str]:
    """Codes of the units that know the plan's days."""
    if campaign.stage == stages.PLAN:
        return []
    rows = campaign.participations.filter(participates=True)
    return sorted(rows.values_list("organisation__code", flat=True))
