"""The audit log in the auditor's eyes: acts and not scores, and words for every code."""

from __future__ import annotations

import re
from dataclasses import replace
from string import Formatter
from typing import Final

import pytest

from kaoping.accounts.actor import Refused
from kaoping.accounts.queries import audit_entries
from kaoping.campaigns.services import appeal, ruling, severe
from kaoping.registry.models import Organisation
from tests.campaigns.examples import PDF, Year
from tests.campaigns.test_severe import GIVEN
from tests.declared import verbs

POINTS: Final = re.compile(r"\d ?分(?!钟|派)|\b(good|fair|none|poor|not_applicable)\b")
SCORES: Final = re.compile(r"point|level|score|total|before|after|value")
WHY: Final = "经核实有误"


def test_no_sentence_of_a_verb_has_a_place_for_points_or_levels() -> None:
    wrong = {
        name: one.declared.said
        for name, one in verbs().items()
        if re.search(r"\} ?分(?!派)", one.declared.said)
        or any(
            SCORES.search(place or "") for _text, place, _form, _how in Formatter().parse(one.declared.said)
        )
    }
    assert wrong == {}


def _rule(year: Year, points: str) -> ruling.PointsRuling:
    return ruling.propose_points(
        actor=year.handler, campaign=year.campaign, organisation="U1", item="K1.1", points=points, reason=WHY,
        now=year.tick(),
    )  # fmt: skip


def _decide(year: Year, outcome: str, points: str) -> None:
    filed = appeal.file_appeal(
        actor=year.liaisons["U1"], campaign=year.campaign, organisation="U1", item="K1.2", claim=WHY, now=year.tick()
    )  # fmt: skip
    for given in ("0", "", points):
        how = {"outcome": outcome, "decision": WHY, "change": appeal.Change(points=given)}
        try:
            appeal.decide_appeal(actor=year.decider, appeal=filed, now=year.tick(), **how)  # type: ignore[arg-type]
        except Refused:
            assert given != points


@pytest.mark.django_db
def test_the_log_of_a_year_holds_no_points_and_no_levels(year: Year) -> None:
    year.to("preview")
    standing = _rule(year, "10")
    ruling.second_points(actor=year.head, ruling=standing, agreed=True, now=year.tick())
    year.compute()
    with pytest.raises(Refused, match="现在就是 10.00 分"):
        _rule(year, "10")
    year.advance()
    _decide(year, "upheld", "21")
    written = [one.sentence for one in audit_entries()]
    assert any("K1.1 的分" in one for one in written)
    assert any("填写自查档次" in one for one in written)
    assert [one for one in written if POINTS.search(one)] == []


@pytest.mark.django_db
def test_a_major_deduction_is_told_without_its_points(severe_year: Year) -> None:
    year = severe_year.to("routine")
    Organisation.objects.filter(code="U2").update(kind="institution")
    given = replace(GIVEN, unit="U2", item="D2", value="0.5")
    severe.propose_severe(
        actor=year.handler, campaign=year.campaign, given=given, content=PDF, confirmed=True, now=year.tick()
    )  # fmt: skip
    assert " D2" in audit_entries()[0].sentence
    assert not POINTS.search(audit_entries()[0].sentence)
