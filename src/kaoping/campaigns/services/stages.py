"""The one verb that moves a campaign from stage to stage."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import Actor
from kaoping.accounts.services import record_act
from kaoping.calendars import YearNotAnnounced, calendar_from_seed, day_of
from kaoping.campaigns import policy
from kaoping.campaigns.logic import appeal, stages
from kaoping.campaigns.models import Campaign, StageEntry
from kaoping.campaigns.queries import campaign as campaign_queries
from kaoping.campaigns.services.doors import require, stop
from kaoping.campaigns.services.self_review import open_forms


def advance(
    *,
    actor: Actor,
    campaign: Campaign,
    to: str | None = None,
    now: datetime,
    poll_state: str | None = None,
    release: bool = False,
) -> Campaign:
    """Open the gate to the next stage when nothing is missing.

    The caller supplies what lies in sibling or higher packages: the poll's state (``evaluation``) and whether the
    release of the signed sheet exists (``publication``). Opening the self-review makes every unit's form; opening the
    preview fixes the last day for 复核申请. ``to`` is the stage that the form showed: sent once more after its answer was
    lost, it does not open the gate behind it as well. Raises ``Refused`` with everything that is missing.
    """
    require(
        policy.can_advance(actor),
        "进入下一阶段由市政务公开办经办办理。",
        actor=actor,
        verb="advance",
        campaign=campaign,
        now=now,
    )
    campaign.refresh_from_db()
    words = stages.refusal_to_enter(campaign.stage, to) if to is not None else None
    stop(words, actor=actor, verb="advance", campaign=campaign, now=now)
    lacks = campaign_queries.missing(campaign, now=now, poll_state=poll_state, release=release)
    if lacks:
        following = stages.next_stage(campaign.stage)
        label = f"还不能进入“{stages.LABELS[following]}”：" if following else ""
        words = label + "".join(one.words() for one in lacks)
        stop(words, actor=actor, verb="advance", campaign=campaign, now=now)
    wanted = stages.next_stage(campaign.stage)
    assert wanted is not None
    closes_at = None
    if wanted == stages.PREVIEW:
        try:
            closes_at = calendar_from_seed().deadline(day_of(now), appeal.WORKING_DAYS)
        except YearNotAnnounced as error:
            stop(f"算不出复核申请期限：{error}", actor=actor, verb="advance", campaign=campaign, now=now)
    with transaction.atomic():
        # Two clicks at once move one step: only the one that still finds the old stage goes on.
        changes = {"stage": wanted} | ({"appeals_close_at": closes_at} if closes_at else {})
        moved = Campaign.objects.filter(pk=campaign.pk, stage=campaign.stage).update(**changes)
        if moved:
            StageEntry.objects.create(campaign=campaign, stage=wanted, entered_at=now, by=actor.name)
            if wanted == stages.SELF_REVIEW:
                open_forms(campaign)
            record_act(
                actor,
                "advance",
                "campaign",
                campaign.year,
                f"{campaign.year} 年度考核进入“{stages.LABELS[wanted]}”。",
                now=now,
            )
    campaign.refresh_from_db()
    return campaign
