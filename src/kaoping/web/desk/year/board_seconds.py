"""What the year board asks of this person as the second of two: all that waits for an answer, of whatever year."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from kaoping.accounts.actor import Actor
from kaoping.accounts.doors import somewhere
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.severe import TITLE as SEVERE_TITLE
from kaoping.campaigns.queries import seconds
from kaoping.evidence import policy, queries
from kaoping.evidence.queries import acts
from kaoping.evidence.services.withdrawal import second_ruling
from kaoping.scoring.organised import OrganisedYear
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.lists import Todo

_TWO: Final = "第二签发人或办公室负责人"
_HEAD: Final = "办公室负责人"
# Kind: (what is counted, what is asked, the screen's name).
_COUNTED: Final = {
    seconds.SEVERE: (
        SEVERE_TITLE,
        "核对所附文书，确认或不同意。确认以后才记入台账。",
        "desk-severe-year",
    ),
    seconds.POINTS: ("审定改分", "核对理由，同意或不同意。同意以后才改分。", "desk-rulings"),
}


def tasks(actor: Actor, key: OrganisedYear) -> list[Todo]:
    """One line a kind and year; those of another year than the board's name it."""
    found = [_task(one, key) for one in seconds.waiting_for(actor)]
    rulings = _rulings(actor)
    if rulings:
        found.append(
            _line(
                f"{len(rulings)} 件审定撤回记录等您确认",
                "打开记录，同意或不同意。确认以前照旧。",
                reverse("desk-observation", args=[rulings[0].line])
                if len(rulings) == 1
                else reverse("desk-ledger"),
                who=_HEAD,
            )
        )
    if policy.can_confirm_disposal(actor):
        count = queries.proposals_for(actor)
        if count:
            detail = "核对全部用途，确认或不同意销毁、启封、放行。"
            found.append(_line(f"{count} 件材料处置等您确认", detail, reverse("desk-materials")))
    return found


def _rulings(actor: Actor) -> list[acts.LedgerAct]:
    """Proposed rulings that this person may answer."""
    if not somewhere(policy.can_second_ruling, actor):
        return []
    return [
        one
        for one in acts.open_rulings(actor.organisers)
        if second_ruling.check(actor=actor, ref=one.ref) is None
    ]


def _task(one: seconds.Waiting, key: OrganisedYear) -> Todo:
    other = "" if one.key == key else f"（{one.key.year} 年度）"
    if one.back is None:
        what, detail, screen = _COUNTED[one.kind]
        return _line(f"{one.count} 件{what}等您确认{other}", detail, reverse(screen, args=[one.key]))
    detail = f"{one.back.first_by.name}提出：{one.back.reason}"
    if one.kind == seconds.STAGE:
        way = f"由“{stages.LABELS[one.back.back_from]}”退回“{stages.LABELS[one.back.back_to]}”"
        return _line(f"{way}，等您确认{other}", detail, reverse("desk-stage-back", args=[one.key]))
    subject = "更正" if one.back.back_from == stages.PUBLISHED else "结果"
    return _line(
        f"{one.key.year} 年度{subject}退回重办，等您确认",
        detail,
        reverse("desk-step-back", args=[one.key]),
    )


def _line(what: str, detail: str, url: str, *, who: str = _TWO) -> Todo:
    return Todo(
        what=what,
        detail=detail,
        who=who,
        action=Action(label="去确认", url=url, small=True),
    )
