"""The verb that takes a draft of a rulebook back: here, because here is known whether a plan uses it."""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import Actor, Organising, Refused
from kaoping.accounts.doors import of_thing
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns.models import Campaign
from kaoping.evidence.logic import refusal_of_reason
from kaoping.standards import policy
from kaoping.standards.models import RulebookVersion, RulebookWithdrawal


def _not_to_withdraw(version: RulebookVersion) -> str | None:
    if version.withdrawn is not None:
        return "这一版草案已经撤回。"
    if not version.draft:
        return "随程序采用的版本不撤；不用的，在方案里另选一版。"
    used = Campaign.every.filter(rulebook=version).order_by("year").first()
    if used is None:
        return None
    return (
        f"{used.year} 年度的方案选用了这一版，不能撤回。请先在方案里另选一版；作废过的年度用过的，也要留存。"
    )


def _handed_in(actor: Actor, version: RulebookVersion) -> bool:
    """Whoever hands in for the draft's organiser; what ships with the program is nobody's, and refused in words of its own."""
    whose = None if version.organiser is None else Organising(version.organiser)
    return of_thing(policy.can_hand_in, actor, whose)


@verb(
    "withdraw_rulebook",
    "撤回规则集草案",
    kind="rulebook",
    thing="version",
    door=_handed_in,
    denied="规则集草案由组织考核的经办撤回。",
    refusal=_not_to_withdraw,
    lock="version",
    said="撤回规则集草案 {title}（{version}）：{reason}",
    final="撤回的版本留存全文，不再可选；改好后另用一个版本号交存。",
)
def withdraw_rulebook(
    act: Act, *, actor: Actor, version: RulebookVersion, reason: str, now: datetime
) -> RulebookVersion:
    """Take back a draft that no plan uses: its text stays, and no plan can choose it any more."""
    if words := refusal_of_reason(reason):
        raise Refused(words)
    with act.writing():
        RulebookWithdrawal.objects.create(
            version=version, at=now, by=actor.name, by_id=actor.id, reason=reason.strip()[:500]
        )
        act.done(title=version.title, version=version.version, reason=reason.strip())
    return version
