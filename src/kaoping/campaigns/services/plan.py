"""Verbs of the plan: open a year, its 要点, its units, its timetable, its level of publication."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from kaoping.accounts.actor import Actor
from kaoping.accounts.audit import record_act
from kaoping.accounts.logic import NOT_SAID, Opened
from kaoping.accounts.models import Person
from kaoping.accounts.queries import last_act
from kaoping.accounts.services import keep_replaced, merged
from kaoping.calendars import day_of
from kaoping.campaigns import policy
from kaoping.campaigns.logic import approval, plan, stages
from kaoping.campaigns.models import Campaign, Participation, Priority, StageEntry
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import plan as reads
from kaoping.campaigns.queries.campaign import approval_state, signatures
from kaoping.campaigns.services.doors import hold, require, stop
from kaoping.registry.models import Organisation
from kaoping.registry.queries import organisations
from kaoping.standards.models import RulebookVersion

_ONLY_HANDLER = "方案由市政务公开办经办制定，请经办登录办理。"


def create_campaign(
    *,
    actor: Actor,
    year: int,
    title: str,
    rulebook: RulebookVersion,
    timetable: str = "",
    publication_level: str = "first_level",
    example: bool = False,
    typed_year: str = "",
    now: datetime,
) -> Campaign:
    """Open the plan of a year with an adopted rulebook version. One campaign a year.

    A year more than one year away from today is typed once more (``typed_year``).
    """
    require(
        policy.can_plan(actor), _ONLY_HANDLER, actor=actor, verb="create_campaign", campaign=year, now=now
    )
    words = plan.refusal_to_create(year, title, timetable, publication_level) or plan.refusal_of_far_year(
        year, day_of(now).year, typed_year
    )
    if words is None and Campaign.objects.filter(year=year).exists():
        words = f"{year} 年度考核已经建立，一年一次。"
    stop(words, actor=actor, verb="create_campaign", campaign=year, now=now)
    with transaction.atomic():
        campaign = Campaign.objects.create(
            year=year,
            title=title.strip(),
            stage=stages.PLAN,
            alias_salt=secrets.token_hex(16),
            rulebook=rulebook,
            timetable=timetable,
            publication_level=publication_level,
            example=example,
            created_at=now,
        )
        StageEntry.objects.create(
            campaign=campaign, stage=stages.PLAN, entered_at=now, by=actor.name, by_id=actor.id
        )
        record_act(
            actor,
            "create_campaign",
            "campaign",
            year,
            f"建立 {year} 年度考核，规则集 {rulebook.title}（{rulebook.version}）。",
            now=now,
        )
    return campaign


def void_campaign(
    *,
    actor: Actor,
    campaign: Campaign,
    reason: str,
    poll_state: str | None = None,
    orders: int = 0,
    now: datetime,
) -> Campaign:
    """Void a year that was made by mistake, while nobody outside the office has acted on it.

    Nothing is deleted: the year is hidden from every screen but the list of voided years, and can be made anew. The
    caller supplies the poll's state, which ``evaluation`` knows, and how many orders the units have of that year
    (``rectification``).
    """
    require(
        policy.can_plan(actor), _ONLY_HANDLER, actor=actor, verb="void_campaign", campaign=campaign, now=now
    )
    campaign.refresh_from_db()
    words = campaigns.voided_already(campaign) or plan.refusal_to_void(
        campaign.stage, poll_state is not None, orders, reason
    )
    stop(words, actor=actor, verb="void_campaign", campaign=campaign, now=now)
    stage = campaign.stage
    with transaction.atomic():
        hold(campaign, lambda: Campaign.objects.filter(pk=campaign.pk, stage=stage).exists())
        campaign.voided_at, campaign.void_reason = now, reason.strip()[:500]
        campaign.voided_by = Person.objects.get(pk=actor.id)
        campaign.save(update_fields=["voided_at", "voided_by", "void_reason"])
        record_act(
            actor,
            "void_campaign",
            "campaign",
            campaign.year,
            f"作废 {campaign.year} 年度考核（{stages.LABELS[stage]}）：{reason.strip()}",
            now=now,
        )
    return campaign


def set_priorities(
    *,
    actor: Actor,
    campaign: Campaign,
    lines: Sequence[tuple[str, str]],
    opened: Opened = NOT_SAID,
    now: datetime,
) -> None:
    """Replace the year's 要点. ``lines`` are (text, code of the item it bears on or ''). Raises ``Stale``."""
    _may_change(actor, campaign, "set_priorities", now)
    wanted = [(text.strip(), item.strip()) for text, item in lines if text.strip()]
    stop(
        None if wanted else "请至少写一条要点。",
        actor=actor,
        verb="set_priorities",
        campaign=campaign,
        now=now,
    )
    with transaction.atomic():
        stored = _held(campaign, reads.priorities)
        mine = {"lines": plan.lines_text(wanted)}
        values = _merged(actor, campaign, "set_priorities", opened, mine, stored)
        keep_replaced("priorities", campaign.pk, actor=actor, old=stored, new=values, now=now)
        wanted = wanted if values == mine else list(plan.lines_of(values["lines"]))
        campaign.priorities.all().delete()
        Priority.objects.bulk_create(
            Priority(campaign=campaign, number=number, text=text, item=item)
            for number, (text, item) in enumerate(wanted, start=1)
        )
        record_act(
            actor, "set_priorities", "campaign", campaign.year, f"列出年度要点 {len(wanted)} 条。", now=now
        )


def set_participation(
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
    _may_change(actor, campaign, "set_participation", now)
    rows = list(organisations(on=on))
    choices = plan.participation(
        [
            plan.Candidate(row.code, row.kind, row.group, row.participates, row.short_name)
            for row in rows
            if row.kind != "government"
        ],
        frozenset(kinds),
        excluded or {},
        groups or {},
    )
    words = plan.refusal_of_participation(choices, excluded or {})
    stop(words, actor=actor, verb="set_participation", campaign=campaign, now=now)
    by_code = {row.code: row for row in rows}
    with transaction.atomic():
        stored = _held(campaign, reads.participation)
        mine = {"units": plan.units_text(choices)}
        values = _merged(actor, campaign, "set_participation", opened, mine, stored)
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
        record_act(
            actor,
            "set_participation",
            "campaign",
            campaign.year,
            f"选定参评单位 {taking_part} 家，不参评 {len(choices) - taking_part} 家。",
            now=now,
        )


def change_participation(
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
    _may_change(actor, campaign, "change_participation", now)
    words = plan.refusal_of_change(participates, group, reason)
    stop(words, actor=actor, verb="change_participation", campaign=campaign, now=now)
    with transaction.atomic():
        stored = _held(campaign, lambda one: reads.participation_of(one, organisation))
        mine = {
            "participates": "yes" if participates else "no",
            "group": group,
            "reason": "" if participates else reason,
        }
        values = _merged(actor, campaign, "change_participation", opened, mine, stored)
        participates, group = values["participates"] == "yes", values["group"]
        reason = "" if participates else values["reason"]
        word = "参评" if participates else f"不参评：{reason}"
        row, _made = Participation.objects.update_or_create(
            campaign=campaign,
            organisation=organisation,
            defaults={"participates": participates, "group": group, "reason": reason},
        )
        new = {**values, "reason": reason}
        keep_replaced("participation_of", row.pk, actor=actor, old=stored, new=new, now=now)
        record_act(
            actor,
            "change_participation",
            "campaign",
            campaign.year,
            f"{organisation.short_name}{word}。",
            now=now,
        )


def set_timetable(
    *,
    actor: Actor,
    campaign: Campaign,
    timetable: str,
    publication_level: str | None = None,
    opened: Opened = NOT_SAID,
    now: datetime,
) -> Campaign:
    """Choose timetable A (年底) or B (次年初), and the level of publication when given. Raises ``Stale``."""
    _may_change(actor, campaign, "set_timetable", now)
    level = publication_level or campaign.publication_level
    words = plan.refusal_of_timetable(timetable, level)
    stop(words, actor=actor, verb="set_timetable", campaign=campaign, now=now)
    with transaction.atomic():
        stored = _held(campaign, reads.timetable)
        mine = {"timetable": timetable, "level": level}
        values = _merged(actor, campaign, "set_timetable", opened, mine, stored)
        timetable, level = values["timetable"], values["level"]
        campaign.timetable, campaign.publication_level = timetable, level
        campaign.save(update_fields=["timetable", "publication_level"])
        record_act(
            actor,
            "set_timetable",
            "campaign",
            campaign.year,
            f"时间安排 {timetable}（{stages.TIMETABLES[timetable]}），公开范围：{stages.PUBLICATION_LEVELS[level]}。",
            now=now,
        )
    return campaign


def set_rulebook(
    *,
    actor: Actor,
    campaign: Campaign,
    rulebook: RulebookVersion,
    opened: Opened = NOT_SAID,
    now: datetime,
) -> Campaign:
    """Choose another adopted rulebook version while the plan is open. Raises ``Stale``."""
    _may_change(actor, campaign, "set_rulebook", now)
    with transaction.atomic():
        stored = _held(campaign, reads.rulebook)
        mine = {"rulebook": f"version:{rulebook.pk}"}
        values = _merged(actor, campaign, "set_rulebook", opened, mine, stored)
        if values == stored:
            return campaign
        campaign.rulebook = rulebook
        campaign.save(update_fields=["rulebook"])
        record_act(
            actor,
            "set_rulebook",
            "campaign",
            campaign.year,
            f"规则集改为 {rulebook.title}（{rulebook.version}）。",
            now=now,
        )
    return campaign


def _held(campaign: Campaign, read: Callable[[Campaign], dict[str, str]]) -> dict[str, str]:
    """Hold the campaign, so that colleagues save one after the other, and read what is stored now."""
    return read(Campaign.objects.select_for_update().get(pk=campaign.pk))


def _merged(
    actor: Actor,
    campaign: Campaign,
    verb: str,
    opened: Opened,
    mine: Mapping[str, object],
    stored: Mapping[str, object],
) -> dict[str, str]:
    return merged(
        opened=opened, mine=mine, stored=stored, last=lambda: last_act("campaign", campaign.year, verb)
    )


def _may_change(actor: Actor, campaign: Campaign, verb: str, now: datetime) -> None:
    require(policy.can_plan(actor), _ONLY_HANDLER, actor=actor, verb=verb, campaign=campaign, now=now)
    campaign.refresh_from_db(fields=["stage"])
    marks = signatures(approval_state(campaign, "plan").rows)
    stop(
        approval.refusal_to_change_plan(campaign.stage, marks),
        actor=actor,
        verb=verb,
        campaign=campaign,
        now=now,
    )
