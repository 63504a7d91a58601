"""The second person's signature on the latest sheet; after it nothing changes but by a correction."""

from __future__ import annotations

from datetime import datetime

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import Person
from kaoping.accounts.verbs import Act, verb
from kaoping.campaigns import policy
from kaoping.campaigns.logic import sign_off as logic
from kaoping.campaigns.logic.stages import MEANWHILE
from kaoping.campaigns.models import Campaign, SignOff
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries.sign_off import refusal_to_sign_off, sheet_to_sign


@verb(
    "sign_off",
    "签发",
    kind="campaign",
    thing="campaign",
    signs=True,
    door=policy.can_sign_off,
    denied=logic.ONLY_SIGNER,
    refusal=refusal_to_sign_off,
    lock="campaign",
    said="{who} 签发 {year} 年度{correction}计分表，校验值 {digest}…。",
    news="签发计分表 {n} 次",
    room="scoring",
    back="propose_back",
)
def sign_off(act: Act, *, actor: Actor, campaign: Campaign, typed_year: str, now: datetime) -> SignOff:
    """Sign the latest sheet, which another prepared. The year is typed because the act cannot be undone."""
    if words := logic.refusal_of_year(campaign.year, typed_year):
        raise Refused(words)
    latest = sheet_to_sign(campaign)
    with act.writing():
        if sheet_to_sign(campaign) != latest:
            raise Refused(MEANWHILE)
        assert latest is not None and latest.prepared_by is not None  # what the refusal has just asked
        row = SignOff.objects.create(
            sheet=latest,
            prepared_by=latest.prepared_by,
            signed_by=Person.objects.get(pk=actor.id),
            at=now,
        )
        act.done(
            year=campaign.year,
            correction="更正" if corrections.under_way(campaign) else "",
            digest=latest.digest[:8],
        )
    return row
