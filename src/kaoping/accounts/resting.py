"""The one door of every verb that signs, decides, opens or appoints: nobody does it for a day after a reset.

Whoever resets a password, or has the link, could else be that person at once. A second named person ends the rest.
"""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts import links
from kaoping.accounts.actor import Actor
from kaoping.accounts.models import PasswordLink
from kaoping.support import clock


def resting_link(person_id: str, *, machine_now: datetime) -> PasswordLink | None:
    """The link after which a person may not sign yet; None for everybody else."""
    if not person_id.isdecimal():
        return None
    last = (
        PasswordLink.objects.filter(person_id=person_id, rests_until__gt=machine_now)
        .order_by("-used_at", "-id")
        .first()
    )
    if last is None or not links.rests(
        last.rests_until, released=last.released_at is not None, now=machine_now
    ):
        return None
    return last


def rest_words(link: PasswordLink) -> str:
    """Why the person may not sign, and what ends it."""
    assert link.used_at is not None
    return (
        f"{link.person.name}的口令于 {clock.beijing_text(link.used_at)} 用链接{'' if link.first else '重新'}设定，24 小时内不能签发、决定、开箱、"
        "任免。请安全管理员或办公室负责人当面核实后，在“口令”页确认，即可办理。"
    )


def resting_words(actor: Actor) -> str | None:
    """Why this person may not sign now; None for everybody else."""
    held = resting_link(actor.id, machine_now=clock.machine_now())
    return rest_words(held) if held is not None else None
