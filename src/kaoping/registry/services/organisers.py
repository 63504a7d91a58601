"""Who organises: the main organiser is written down when it first organises something, others are entered."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from kaoping.accounts.actor import Actor
from kaoping.accounts.verbs import Act, verb
from kaoping.beijing import day_of
from kaoping.foreign.glyphs import glyphs
from kaoping.foreign.visible import unseen_in
from kaoping.registry.models import Organiser
from kaoping.registry.policy import can_add_organiser
from kaoping.registry.queries import organisation, organisers


def _not_to_add(code: str, office: str, now: datetime) -> str | None:
    unit = organisation(code)
    if unit is None or code not in {one.code for one in organisers.candidates(on=day_of(now))}:
        if organisers.known(code, on=day_of(now)):
            return "这家单位已经登记为组织单位。"
        return "名录里没有这家单位，或者这一类单位不组织考核。请先在单位名录登记。"
    return (
        unseen_in("办公室的名称", office.strip())
        if glyphs(office) >= 2
        else "请写办公室的名称，至少 2 个字。"
    )


@verb(
    "add_organiser",
    "登记组织单位",
    kind="organisation",
    thing="code",
    door=can_add_organiser,
    denied="组织单位由本平台主办单位的经办登记。",
    refusal=_not_to_add,
    said="登记组织单位 {unit}，办公室为{office}。",
    final="登记过的留着：网址、文件和台账里有它的代码。没有人任职，就没有人办。",
)
def add_organiser(act: Act, *, actor: Actor, code: str, office: str, now: datetime) -> Organiser:
    """Enter another body that organises assessments (考核办法 第二条、第九条、第十条). Whoever works for it is appointed afterwards."""
    unit = organisation(code)
    assert unit is not None  # what the refusal has just asked
    with act.writing():
        main_organiser(now)
        made = Organiser.objects.create(code=code, office=office.strip()[:60], since=now)
        act.done(unit=unit.short_name, office=made.office)
    return made


def main_organiser(now: datetime) -> str:
    """The code of the organiser for whom the installation was set up, fixed from now on. Called by verbs, in their transaction."""
    code = organisers.main_code(on=day_of(now))
    Organiser.objects.get_or_create(
        main=True, defaults={"code": code, "office": settings.KAOPING_OFFICE, "since": now}
    )
    return code
