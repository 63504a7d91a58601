"""No verb lets one person put a veto or a major deduction into the ledger, take one out, or lift one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kaoping
from kaoping.accounts.actor import SYSTEM, Refused
from kaoping.campaigns.logic.severe import Given
from kaoping.campaigns.models import Answer, Correction
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import appeal, applicability, correction, ruling, self_review, severe
from kaoping.campaigns.services import ledger as moves
from kaoping.evidence import queries as ledger
from kaoping.evidence.models import Observation
from kaoping.evidence.services import Entry, RegisterRefused, import_register
from kaoping.evidence.services.withdrawal import undo_import
from kaoping.inspection.services import VisitProblems, record_visit
from kaoping.scoring.observations import ObservationError
from tests.campaigns.examples import PDF, Year, make_year
from tests.ledger import ledger as whole_ledger
from tests.ledger import main, record, whose
from tests.permission_table import LEDGER_VERBS

pytestmark = pytest.mark.django_db
WHY = "经核实登记有误"
SHIPPED = Path(kaoping.__file__).parent / "rulebooks" / "changzhou-2020"
HEAD = "单位代码,指标,种类,取值,观察日期,理由\n"
PAGE = "请在“单项否决、重大减分”页提出"


@pytest.fixture
def year(severe_year: Year) -> Year:
    return severe_year


def _import(year: Year) -> None:
    for row in ("U1,V1,结论,不符合,2025-10-08,x", "U1,D1,件数,1,2025-10-08,x"):
        with pytest.raises(RegisterRefused, match=PAGE):
            moves.import_lines(
                actor=year.handler,
                campaign=year.campaign,
                filename="台账.csv",
                content=(HEAD + row).encode(),
                units=["U1"],
                confirmed=True,
                now=year.tick(),
            )


def _import_past_the_door(year: Year) -> None:
    with pytest.raises(ObservationError, match=PAGE):
        import_register(
            whose=whose(),
            actor=year.handler,
            filename="台账.csv",
            content=(HEAD + "U1,V1,结论,不符合,2025-10-08,x").encode(),
            items={"V1": ("verdict",)},
            units=["U1"],
            confirmed=True,
            now=year.tick(),
        )


def _second(year: Year) -> None:
    made = severe.propose_severe(
        actor=year.handler,
        campaign=year.campaign,
        given=Given("U1", "V1", "查实", "2025-10-08", "通报1号", "查实台账不实", "通报.pdf"),
        content=PDF,
        confirmed=True,
        now=year.tick(),
    )
    with pytest.raises(Refused):
        severe.second_severe(actor=year.handler, ruling=made, agreed=True, now=year.tick())


def _visit(year: Year, cast: Callable[..., Any]) -> None:
    with pytest.raises(VisitProblems, match=PAGE):
        record_visit(
            actor=cast("inspector"),
            organisation_code="U1",
            place="大厅",
            item="V1",
            outcome="not_met",
            note="弄虚作假",
            photo=("a.jpg", b"\xff\xd8\xff0"),
            confirmed=True,
            visited_at=year.at,
            client_id="c1",
            now=year.tick(),
        )


def _self_review(year: Year) -> None:
    year.to("self_review")
    form, liaison = year.form("U1"), year.liaisons["U1"]
    for verb, more in (
        (self_review.save_answer, {"not_applicable": True}),
        (self_review.add_artefact, {"url": "http://x.cn/"}),
    ):
        with pytest.raises(Refused, match="不由单位自查"):
            verb(actor=liaison, self_review=form, item="V1", now=year.tick(), **more)


def _claim(year: Year) -> None:
    """A claim that an earlier version took is not decided either: 不涉及 would lift the veto."""
    year.to("review")
    answer = Answer.objects.create(
        self_review=year.form("U1"), item="V1", not_applicable=True, saved_at=year.at
    )
    with pytest.raises(Refused, match="不由单位自查"):
        applicability.decide_claim(
            actor=year.handler, answer=answer, accepted=True, reason=WHY, now=year.tick()
        )


def _points(year: Year) -> None:
    year.to("preview")
    given = {"campaign": year.campaign, "organisation": "U1", "item": "D1", "points": "3", "reason": WHY}
    with pytest.raises(Refused, match="不在百分之内"):
        ruling.propose_points(actor=year.handler, now=year.tick(), **given)  # type: ignore[arg-type]
    sheet = sheets.latest(year.campaign)
    assert sheet is not None
    Correction.objects.create(
        campaign=year.campaign,
        number=1,
        sheet=sheet,
        reason=WHY,
        opened_by_id=int(year.handler.id),
        opened_at=year.at,
    )
    with pytest.raises(Refused, match="不在百分之内"):
        correction.correct_points(actor=year.handler, now=year.tick(), **given)  # type: ignore[arg-type]
    _import(year)  # a correction is no way around it


def _appeal(year: Year) -> None:
    year.to("preview")
    filed = appeal.file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation="U1",
        item="V1",
        claim="不属实",
        now=year.tick(),
    )
    with pytest.raises(Refused, match="不在百分之内"):
        appeal.decide_appeal(
            actor=year.decider,
            appeal=filed,
            outcome="upheld",
            decision=WHY,
            change=appeal.Change(points="0"),
            now=year.tick(),
        )


def _earlier_import(year: Year) -> None:
    """One that came in by a file before: its batch is not taken back by one person, but by two line by line.

    Lines of one file are ruled on each by an act of its own.
    """
    year.to("routine")
    for number, item, kind, value in (
        (2, "V1", "verdict", "not_met"),
        (3, "K3.3", "count", 1),
        (4, "D1", "count", 1),
    ):
        Observation.objects.create(
            organiser=main(),
            uid=f"register:{'a' * 32}:{number}",
            unit="U1",
            item=item,
            source="register",
            observed_at=year.at,
            recorded_at=year.at,
            kind=kind,
            value=value,
            by=year.handler.name,
            format=3,
        )
    batch = "a" * 32
    with pytest.raises(Refused, match="2 条单项否决、重大减分还有效，须两人办理"):
        undo_import(batch=batch, actor=year.handler, reason=WHY, now=year.tick())
    refs = [
        moves.propose_ruling(
            actor=year.handler, line=f"register:{batch}:{number}", reason=WHY, now=year.tick()
        )
        for number in (2, 4)
    ]
    for ref in refs:
        with pytest.raises(Refused):
            moves.second_ruling(actor=year.handler, ref=ref, agreed=True, now=year.tick())
        moves.second_ruling(actor=year.head, ref=ref, agreed=True, now=year.tick())
    assert undo_import(batch=batch, actor=year.handler, reason=WHY, now=year.tick()) == 1


SCENES: dict[str, Callable[..., None]] = {
    "campaigns.services.appeal.decide_appeal": _appeal,
    "campaigns.services.applicability.decide_claim": _claim,
    "campaigns.services.correction.correct_points": _points,
    "campaigns.services.ledger.import_lines": _import,
    "campaigns.services.ledger.second_ruling": _earlier_import,
    "campaigns.services.ruling.second_points": _points,
    "campaigns.services.self_review.submit": _self_review,
    "campaigns.services.severe.second_severe": _second,
    "evidence.services.import_register": _import_past_the_door,
    "evidence.services.withdrawal.second_ruling": _earlier_import,
    "evidence.services.withdrawal.undo_import": _earlier_import,
    "inspection.services.record_visit": _visit,
}
# Verbs in which no person names an item, or that only take out or bring back by an act of two.
NAMELESS = {
    "campaigns.services.ledger.correct_restoration": "brings back what stood, under a correction that another signs",
    "campaigns.services.ledger.correct_withdrawal": "takes out, under a correction that another signs",
    "campaigns.services.review.close_round": "levels of the items that reviewers judge",
    "evaluation.services.box.open_poll": "tallies by the questionnaire",
    "evaluation.services.opinions.record_opinion_ratios": "the ratio of opinions",
    "evidence.services.withdrawal.restore": "brings back what stood",
    "evidence.services.withdrawal.rule": "a false alarm of what was seen; its door is monitoring's",
    "evidence.services.withdrawal.withdraw": "called by the verb whose act it is",
    "monitoring.services.findings.clear": "a finding of a check",
    "monitoring.services.findings.confirm_batch": "findings of checks",
    "monitoring.services.findings.settle_removed": "a finding of a check",
    "monitoring.services.retest.perform_retest": "a check",
    "monitoring.services.sighting.record_sightings": "checks",
    "rectification.services.closing.check": "the item of the case, which none of the severe opens",
    "rectification.services.merging.merge": "lines of the case, which none of the severe opens",
    "rectification.services.overdue.record_overdue": "a feed of the clock",
}


def test_every_verb_that_moves_points_was_asked() -> None:
    assert set(SCENES) | set(NAMELESS) == set(LEDGER_VERBS)
    assert not set(SCENES) & set(NAMELESS)


@pytest.mark.parametrize("scene", sorted(set(SCENES.values()), key=lambda one: one.__name__))
def test_no_verb_lets_one_person(year: Year, cast: Callable[..., Any], scene: Callable[..., None]) -> None:
    scene(year, cast) if scene is _visit else scene(year)
    standing = ledger.standing_of(
        one.id for one in whole_ledger() if one.item in ("V1", "D1", "D2") and one.kind != "withdrawn"
    )
    assert standing == set()


@pytest.mark.parametrize("source", ["visit", "draw", "self", "reviewer", "register", "office"])
@pytest.mark.parametrize("act", [None, "batch:1", "recheck:1"])
def test_the_ledger_itself_refuses_a_line_of_one_hand(year: Year, source: str, act: str | None) -> None:
    entry = Entry("U1", source, year.at, "verdict", "not_met", item="V1", act=act)
    with pytest.raises(ObservationError, match="须附文书、由两人办理"):
        record([entry], actor=SYSTEM, now=year.tick())


def test_what_became_of_opinions_is_not_imported_while_units_cannot_see_them(
    cast: Any, now: Any, units: Any, stored_files: Any
) -> None:
    """A ratio imported for it would take points for opinions that no unit can read or answer here."""
    files = {
        path.relative_to(SHIPPED).as_posix(): path.read_text("utf-8")
        for path in SHIPPED.rglob("*.yaml")
        if path.parent == SHIPPED
    }
    year = make_year(cast, now, files=files)
    with pytest.raises(RegisterRefused, match=r"S5\.5 现在不导入：单位在本平台还不能查看和答复"):
        moves.import_lines(
            actor=year.handler,
            campaign=year.campaign,
            filename="台账.csv",
            content=(HEAD + "U1,S5.5,比例,0/2,2025-10-08,x").encode(),
            units=["U1"],
            confirmed=True,
            now=year.tick(),
        )
