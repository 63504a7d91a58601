"""A text that is asked for says something: signs that nobody sees are no reason, no answer, no words of a report."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django import forms

from kaoping.accounts.actor import Refused
from kaoping.campaigns.logic import accountability, appeal, plan, ruling, self_review, severe
from kaoping.evaluation import logic as evaluation
from kaoping.evidence import logic as evidence
from kaoping.inspection import logic as inspection
from kaoping.monitoring import logic as monitoring
from kaoping.publication import logic as publication
from kaoping.rectification import logic as rectification
from kaoping.rectification.services import order, unit
from kaoping.web.desk.years import ReasonForm
from tests.rectification.making import drafted

UNSEEN = ("\u200b\u2060\u200b\u2060", "\u3164\u115f\ufe0f\u2800", " \u00ad\u202e\u3000")
WRITTEN = "数据核实无误，已改"
NOW = datetime(2025, 11, 24, 1, 30, tzinfo=UTC)


def visited(note: str) -> str | None:
    return inspection.refusal_to_record(
        place="大厅", item="K1", check="", outcome="undecided", note=note, photo="", visited_at=NOW, now=NOW
    ).get("note")


def claimed(text: str) -> str | None:
    given = self_review.Given(item="K1", level="", not_applicable=True, text=text, artefacts=())
    return self_review.lack(given) or None


def stated(words: str) -> str | None:
    return accountability.refusal_to_state("some", kind="department", cases=1, ways=words, authority=WRITTEN)


REQUIRED = {
    "decision of an appeal": lambda text: appeal.refusal_of_decision("rejected", text, changes=False),
    "voided year": plan.refusal_of_void_reason,
    "unit left out": lambda text: plan.refusal_of_change(False, "甲", text),
    "points ruled on": lambda text: ruling.refusal_to_propose("preview", False, text),
    "proposal not agreed": lambda text: severe.refusal_of_answer(False, text),
    "claim of 不涉及": claimed,
    "accountability": stated,
    "poll cancelled": evaluation.refusal_of_cancelling,
    "opinion answered": lambda text: evaluation.refusal_to_answer(True, text),
    "line withdrawn": evidence.refusal_of_reason,
    "place that cannot be seen": visited,
    "page taken down": monitoring.refusal_of_removing,
    "false alarm": monitoring.refusal_of_clearing,
    "release withdrawn": lambda text: publication.refusal_of_withdrawal(text, year=2025, typed_year="2025"),
    "order": rectification.refusal_of_order,
    "unit's answer": lambda text: rectification.refusal_of_answer(text, has_proof=True),
}  # fmt: skip


@pytest.mark.parametrize("unseen", UNSEEN, ids=["joiners", "fillers", "blanks"])
@pytest.mark.parametrize("what", REQUIRED)
def test_what_nobody_sees_is_not_written(what, unseen):
    assert REQUIRED[what](WRITTEN) is None
    assert REQUIRED[what](unseen)
    assert REQUIRED[what](unseen) == REQUIRED[what]("") or "至少" in str(REQUIRED[what](unseen))


@pytest.mark.django_db
def test_the_verbs_of_an_order_refuse(cast, units, now):
    office, liaison = cast("office_handler"), cast("liaison", "U1")
    [case] = order.serve(actor=office, numbers=[drafted(now).number], now=now)
    with pytest.raises(Refused, match="请写明要问什么"):
        unit.ask(actor=liaison, case=case, text=UNSEEN[0], now=now)
    with pytest.raises(Refused, match="请写答复内容"):
        unit.reply(actor=office, case=case, text=UNSEEN[0], now=now)
    with pytest.raises(Refused, match="请写明怎么送达"):
        order.hand_over(actor=office, case=case, how=UNSEEN[0], now=now)


@pytest.mark.parametrize("unseen", UNSEEN, ids=["joiners", "fillers", "blanks"])
def test_a_form_asks_for_what_is_seen(unseen):
    form = ReasonForm({"reason": unseen})
    assert not form.is_valid() and len(form.errors["reason"]) == 1

    class Optional(forms.Form):
        note = forms.CharField(required=False)

    assert Optional({"note": unseen}).is_valid()
