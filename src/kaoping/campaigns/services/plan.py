"""Verbs of the plan: its 要点, its units, its timetable, its level of publication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.logic import NOT_SAID, Opened
from kaoping.accounts.queries import last_act
from kaoping.accounts.services import keep_replaced, merged
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of
from kaoping.campaigns import policy
from kaoping.campaigns.logic import approval, plan, stages
from kaoping.campaigns.models import Campaign, Participation, Priority
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import plan as plan_reads
from kaoping.campaigns.queries.campaign import approval_state, signatures
from kaoping.foreign.glyphs import glyphs
from kaoping.registry.models import Organisation
from kaoping.registry.queries import organisers
from kaoping.standards.models import RulebookVersion

ONLY_HANDLER: Final = "方案由政务公开办经办制定，请经办登录办理。"
_AGAIN: Final = "方案批准以前可以再改。"


def _settled(campaign: Campaign) -> str | None:
    """Why the plan cannot be changed now, or null."""
    marks = signatures(approval_state(campaign, "plan").rows)
    return approval.refusal_to_change_plan(campaign.stage, marks) or campaigns.refusal_of_voided(campaign)


@verb(
    "set_priorities",
    "列出年度要点",
    kind="campaign",
    thing="campaign",
    door=policy.can_plan,
    denied=ONLY_HANDLER,
    refusal=_settled,
    lock="campaign",
    said="列出年度要点 {count} 条。",
    news="修改年度要点 {n} 次",
    room="plan",
    final=_AGAIN,
)
def set_priorities(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    lines: Sequence[tuple[str, str]],
    opened: Opened = NOT_SAID,
    now: datetime,
) -> None:
    """Replace the year's 要点. ``lines`` are (text, code of the item it bears on or ''). Raises ``Stale``."""
    wanted = [(text.strip(), item.strip()) for text, item in lines if glyphs(text)]
    if not wanted:
        raise Refused("请至少写一条要点。")
    with act.writing():
        stored = plan_reads.priorities(campaign)
        mine = {"lines": plan.lines_text(wanted)}
        values = _merged(act, campaign, opened, mine, stored)
        keep_replaced("priorities", campaign.pk, actor=actor, old=stored, new=values, now=now)
        wanted = wanted if values == mine else list(plan.lines_of(values["lines"]))
        campaign.priorities.all().delete()
        Priority.objects.bulk_create(
            Priority(campaign=campaign, number=number, text=text, item=item)
            for number, (text, item) in enumerate(wanted, start=1)
        )
        act.done(count=len(wanted))


@verb(
    "set_participation",
    "选定参评单位",
    kind="campaign",
    thing="campaign",
    door=policy.can_plan,
    denied=ONLY_HANDLER,
    refusal=_settled,
    lock="campaign",
    said="选定参评单位 {taking_part} 家，不参评 {left_out} 家。",
    news="选定参评单位 {n} 次",
    room="plan",
    final=_AGAIN,
)
def set_participation(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    kinds: Iterable[str],
    on: date,
    excluded: Mapping[str, str] | None = None,
    groups: Mapping[str, str] | None = None,
    opened: Opened = NOT_SAID,
    now: datetime,
) -> None:
    """Take units from the register as it stands ``on`` a day: those of ``kinds`` are assessed (参评).

    ``excluded`` maps a code to the reason for which that unit is left out; ``groups`` a code to another group than
    the register's. Everybody else in the register is listed as left out, with the reason by kind (垂直管理 …).
    Everything is replaced together, so one edition covers the whole list. Raises ``Stale``.
    """
    rows = list(organisers.within(campaign.organiser, on=on))
    choices = plan.participation(
        _candidates(rows, main=campaign.organiser == organisers.main_code(on=on)),
        frozenset(kinds),
        excluded or {},
        groups or {},
    )
    if words := plan.refusal_of_participation(choices, excluded or {}):
        raise Refused(words)
    by_code = {row.code: row for row in rows}
    with act.writing():
        stored = plan_reads.participation(campaign)
        mine = {"units": plan.units_text(choices)}
        values = _merged(act, campaign, opened, mine, stored)
        if values == stored and values != mine:
            return  # what a colleague stored was left standing
        keep_replaced("participation", campaign.pk, actor=actor, old=stored, new=values, now=now)
        campaign.participations.all().delete()
        Participation.objects.bulk_create(
            Participation(
                campaign=campaign,
                organisation=by_code[choice.code],
                group=choice.group,
                participates=choice.participates,
                reason=choice.reason,
            )
            for choice in choices
        )
        taking_part = sum(choice.participates for choice in choices)
        act.done(taking_part=taking_part, left_out=len(choices) - taking_part)


def _candidates(rows: Sequence[Organisation], *, main: bool) -> list[plan.Candidate]:
    """Units of the register, governments apart. Whether they take part, and in which district's year the bodies of a district
    are assessed, the register says for the main organiser alone.
    """
    districts = {row.code for row in rows if row.kind == "district_government"} if main else set()
    return [
        plan.Candidate(
            row.code,
            row.kind,
            row.group,
            row.participates or not main,
            row.short_name,
            plan.BY_THE_DISTRICT if row.parent in districts else "",
        )
        for row in rows
        if row.kind != "government"
    ]


@verb(
    "change_participation",
    "修改参评",
    kind="campaign",
    thing="campaign",
    door=policy.can_plan,
    denied=ONLY_HANDLER,
    refusal=_settled,
    lock="campaign",
    said="{unit}{word}。",
    news="调整 {n} 个单位是否参评",
    room="plan",
    final=_AGAIN,
)
def change_participation(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    organisation: Organisation,
    participates: bool,
    group: str = "",
    reason: str = "",
    opened: Opened = NOT_SAID,
    now: datetime,
) -> None:
    """Change one unit: assessed in ``group``, or left out for ``reason``. Raises ``Stale``."""
    if words := plan.refusal_of_change(participates, group, reason):
        raise Refused(words)
    if not organisers.within(campaign.organiser, on=day_of(now)).filter(pk=organisation.pk).exists():
        raise Refused(plan.NOT_WITHIN)
    with act.writing():
        stored = plan_reads.participation_of(campaign, organisation)
        mine = {
            "participates": "yes" if participates else "no",
            "group": group,
            "reason": "" if participates else reason,
        }
        values = _merged(act, campaign, opened, mine, stored)
        participates, group = values["participates"] == "yes", values["group"]
        reason = "" if participates else values["reason"]
        row, _made = Participation.objects.update_or_create(
            campaign=campaign,
            organisation=organisation,
            defaults={"participates": participates, "group": group, "reason": reason},
        )
        new = {**values, "reason": reason}
        keep_replaced("participation_of", row.pk, actor=actor, old=stored, new=new, now=now)
        act.done(unit=organisation.short_name, word="参评" if participates else f"不参评：{reason}")


@verb(
    "set_timetable",
    "排定时间",
    kind="campaign",
    thing="campaign",
    door=policy.can_plan,
    denied=ONLY_HANDLER,
    refusal=_settled,
    lock="campaign",
    said="时间安排 {timetable}（{words}），公开范围：{scope}。",
    news="修改时间安排 {n} 次",
    room="plan",
    final=_AGAIN,
)
def set_timetable(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    timetable: str,
    publication_level: str | None = None,
    opened: Opened = NOT_SAID,
    now: datetime,
) -> Campaign:
    """Choose timetable A (年底) or B (次年初), and the level of publication when given. Raises ``Stale``."""
    level = publication_level or campaign.publication_level
    if words := plan.refusal_of_timetable(timetable, level):
        raise Refused(words)
    with act.writing():
        stored = plan_reads.timetable(campaign)
        mine = {"timetable": timetable, "level": level}
        values = _merged(act, campaign, opened, mine, stored)
        timetable, level = values["timetable"], values["level"]
        campaign.timetable, campaign.publication_level = timetable, level
        campaign.save(update_fields=["timetable", "publication_level"])
        act.done(
            timetable=timetable,
            words=stages.TIMETABLES[timetable],
            scope=stages.PUBLICATION_LEVELS[level],
        )
    return campaign


@verb(
    "set_rulebook",
    "选规则集",
    kind="campaign",
    thing="campaign",
    door=policy.can_plan,
    denied=ONLY_HANDLER,
    refusal=_settled,
    lock="campaign",
    said="规则集改为 {rulebook}（{version}）。",
    news="更换规则集 {n} 次",
    room="plan",
    final=_AGAIN,
)
def set_rulebook(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    rulebook: RulebookVersion,
    opened: Opened = NOT_SAID,
    now: datetime,
) -> Campaign:
    """Choose another adopted rulebook version while the plan is open. Raises ``Stale``."""
    with act.writing():
        stored = plan_reads.rulebook(campaign)
        mine = {"rulebook": f"version:{rulebook.pk}"}
        values = _merged(act, campaign, opened, mine, stored)
        if values == stored:
            return campaign
        still_there(rulebook)
        campaign.rulebook = rulebook
        campaign.save(update_fields=["rulebook"])
        act.done(rulebook=rulebook.title, version=rulebook.version)
    return campaign


def still_there(version: RulebookVersion) -> None:
    """Inside the transaction: a draft that was withdrawn meanwhile is chosen by no plan. Raises ``Refused``."""
    if RulebookVersion.objects.select_for_update().get(pk=version.pk).withdrawn is not None:
        raise Refused("这一版规则集草案已经撤回，请重新选。")


def _merged(
    act: Act,
    campaign: Campaign,
    opened: Opened,
    mine: Mapping[str, object],
    stored: Mapping[str, object],
) -> dict[str, str]:
    return merged(
        opened=opened,
        mine=mine,
        stored=stored,
        last=lambda: last_act("campaign", campaign.log_id, act.declared.id),
    )
