"""Every verb that touches what a sheet is made of, tried on a small year at each of its steps, and the year walked to its end.

A trial acts with the people who may; where there is nothing to act on it raises ``Nothing``. ``tests/test_point_moves.py``
reads from the program which verbs there have to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from kaoping.accounts.actor import SYSTEM, Actor, Refused
from kaoping.accounts.models import Person
from kaoping.calendars import read_arrangement
from kaoping.campaigns.models import Answer, Campaign, PointsRuling, ReviewAssignment, SevereRuling
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import items, period
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries import severe as severes
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.services import (
    appeal,
    applicability,
    approval,
    assigning,
    correction,
    plan,
    review,
    ruling,
    self_review,
    setting_up,
    severe,
    sign_off,
    stage_return,
    step_back,
)
from kaoping.campaigns.services import ledger as year_ledger
from kaoping.campaigns.services import stages as stage_moves
from kaoping.campaigns.services.rulebook import withdraw_rulebook
from kaoping.deadlines.services import enter_arrangement, withdraw_arrangement
from kaoping.evidence import queries as ledger
from kaoping.evidence.services import Entry, import_register, withdrawal
from kaoping.publication import queries as releases
from kaoping.publication import services as publication
from kaoping.registry import services as registry
from kaoping.registry.models import Appointment
from kaoping.registry.queries.organisers import main_year
from kaoping.standards import services as standards
from kaoping.standards.loading import rulebook_from_files
from kaoping.standards.queries import rulebook_of
from kaoping.workdays.models import Arrangement
from tests.calendars.making import notice
from tests.campaigns.examples import PDF, Year
from tests.campaigns.rulebook import SEVERE_FILES
from tests.campaigns.test_severe import GIVEN
from tests.campaigns.test_withdrawal import HEADINGS
from tests.ledger import ledger as whole_ledger
from tests.ledger import record, whose

# The steps at which each is tried; ``closed`` is the round closed and the stage still the review's.
STEPS: Final = (
    "plan", "routine", "evaluation", "self_review", "review", "closed", "preview", "appeals", "frozen", "published",
)  # fmt: skip
CLOSED: Final = STEPS.index("closed")
WHY: Final = "经核实登记有误"
FILES: Final = SEVERE_FILES | {
    "rubric.yaml": SEVERE_FILES["rubric.yaml"]
    .replace('        max: "30"\n', '        max: "30"\n        applies_to: [department]\n')
    .replace(
        "sources: {monitor: [verdict], register: [count],",
        "sources: {monitor: [verdict], retest: [verdict], visit: [verdict], draw: [verdict], clock: [count], register: [count],",
    )
}
OTHER: Final = FILES | {
    "about.yaml": FILES["about.yaml"].replace("'1'", "'2'"),
    "rubric.yaml": FILES["rubric.yaml"].replace('each: "5"', 'each: "4"'),
}
SEEN: Final = datetime(2025, 11, 20, tzinfo=UTC)  # inside the year, whenever it is recorded
LEVELS: Final = ("good", "none", "good")
Totals = dict[str, str | None]


class Nothing(Exception):
    """There is nothing here that the verb could act on."""


@dataclass(slots=True)
class World:
    """The year and its people; ``third`` is an expert whom nobody assigned."""

    year: Year
    third: Actor
    second_handler: Actor
    security: Actor
    withdrawn: str = ""

    @property
    def campaign(self) -> Campaign:
        return self.year.campaign

    def now(self) -> datetime:
        return self.year.tick()


TRIALS: Final[dict[str, list[Callable[[World], object]]]] = {}


def trial(verb: str) -> Callable[[Callable[[World], object]], Callable[[World], object]]:
    """Declare a way to use the verb; several ways are several trials."""

    def keep(act: Callable[[World], object]) -> Callable[[World], object]:
        TRIALS.setdefault(verb, []).append(act)
        return act

    return keep


@contextmanager
def undone(world: World) -> Iterator[None]:
    """What happens inside never happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    world.campaign.refresh_from_db()


# ---- the year to its end ------------------------------------------------------------------------------------------------


def step(world: World) -> str:
    """Where the year stands."""
    campaign = world.campaign
    campaign.refresh_from_db()
    return "closed" if campaign.stage == "review" and campaign.round_closed_at else campaign.stage


def unit_codes(world: World) -> set[str]:
    """The assessed units."""
    return {one.code for one in campaigns.units(world.campaign)}


def onwards(world: World) -> None:
    """One step on, doing what is still undone and leaving everything else as somebody made it."""
    year = world.year
    {
        "plan": _approve,
        "routine": lambda _world: year.advance(poll_state="prepared"),
        "evaluation": _count,
        "self_review": _hand_in,
        "review": _close,
        "closed": _preview,
        "preview": lambda _world: year.advance(),
        "appeals": _sign,
        "frozen": _publish,
    }[step(world)](world)


def _approve(world: World) -> None:
    if campaigns.approval_state(world.campaign, "plan").next_step is not None:
        world.year.sign("plan")
    world.year.advance()


def _count(world: World) -> None:
    tally = {"question": "q1", "options": {"a": 30, "c": 10}}
    told = {one.unit for one in whole_ledger() if one.source == "ballot"}
    entries = [
        Entry(code, "ballot", world.year.at, "tally", tally, item="S5.1")
        for code in sorted(unit_codes(world))
        if code not in told
    ]
    record(entries, actor=SYSTEM, now=world.now())
    world.year.advance(poll_state="opened")


def _hand_in(world: World) -> None:
    year = world.year
    for code in sorted(unit_codes(world)):
        form = self_reviews.of_unit(world.campaign, code)
        if form is None or form.state in ("submitted", "missing"):
            continue
        _fill(world, form, "good")
        self_review.submit(actor=year.liaisons[code], self_review=form, now=world.now())
    for reviewer in year.reviewers:
        taken = {
            row.organisation.code
            for row in reviews.assignments(world.campaign)
            if str(row.reviewer_id) == reviewer.id
        }
        rest = sorted(unit_codes(world) - taken)
        if rest:
            assigning.assign_reviewers(
                actor=year.handler, campaign=world.campaign, reviewer=_person(reviewer), organisations=rest,
                now=world.now(),
            )  # fmt: skip
    year.advance_after_the_promised_day()


def _fill(world: World, form: Any, level: str) -> None:
    """Say of every item what the unit has not said."""
    said = {code: one for code, one in self_reviews.answers(form).items() if one.level or one.not_applicable}
    for one in items.self_reviewed(form.campaign, form.organisation.kind):
        if one.code not in said:
            world.year.answer(form.organisation.code, one.code, level=level)


def score_all(world: World) -> None:
    """Whatever the experts and the office have still to do before the round can close."""
    year = world.year
    for answer in Answer.objects.filter(not_applicable=True, decision=None):
        applicability.decide_claim(
            actor=year.handler, answer=answer, accepted=False, reason="涉及", now=world.now()
        )
    people = [*year.reviewers, world.third]
    for row in reviews.assignments(world.campaign):
        if row.recused or row.finished_at:
            continue
        actor, level = next(
            (one, LEVELS[place]) for place, one in enumerate(people) if one.id == str(row.reviewer_id)
        )
        for code in unscored(row):
            review.save_score(actor=actor, assignment=row, item=code, level=level, now=world.now())
        review.finish(actor=actor, assignment=row, now=world.now())


def _close(world: World) -> None:
    score_all(world)
    review.close_round(actor=world.year.handler, campaign=world.campaign, now=world.now())


def _preview(world: World) -> None:
    world.year.compute("preview")
    world.year.advance()


def _sign(world: World) -> None:
    year = world.year
    assert world.campaign.appeals_close_at is not None
    year.at = max(year.at, world.campaign.appeals_close_at)
    year.compute()
    sign_off.sign_off(actor=year.signer, campaign=world.campaign, typed_year="2025", now=world.now())
    year.advance()


def _publish(world: World) -> None:
    year = world.year
    if releases.latest(main_year(2025)) is None:
        publication.freeze(actor=year.handler, campaign=world.campaign, typed_year="2025", now=world.now())
    year.sign("result")
    publication.publish(actor=year.handler, release=releases.latest(main_year(2025)), now=world.now())


def totals(world: World) -> Totals:
    """The totals that the year comes to: what the preview, or the newest sheet that can be computed from here, says."""
    while step(world) in STEPS[: STEPS.index("preview")]:
        onwards(world)
    now = step(world)
    if now in ("preview", "appeals"):
        world.year.compute()
    elif now == "published":
        _correcting(world)
        world.year.compute("correction")
    sheet = sheets.latest(world.campaign)
    return {row.unit: row.summary["total"] for row in sheets.all_rows(sheet)}


def _correcting(world: World) -> None:
    if corrections.under_way(world.campaign) is None:
        correction.open_correction(
            actor=world.year.handler, campaign=world.campaign, reason="录分有误", now=world.now()
        )


# ---- the plan -----------------------------------------------------------------------------------------------------------


@trial("campaigns.services.plan.change_participation")
def leave_one_out(world: World) -> None:
    plan.change_participation(
        actor=world.year.handler, campaign=world.campaign, organisation=_unit(world, "U2"), participates=False,
        reason="机构撤并", now=world.now(),
    )  # fmt: skip


@trial("campaigns.services.plan.set_participation")
def take_other_units(world: World) -> None:
    plan.set_participation(
        actor=world.year.handler, campaign=world.campaign, kinds=["department"], on=date(2025, 11, 24),
        excluded={"U2": "机构撤并"}, now=world.now(),
    )  # fmt: skip


@trial("campaigns.services.plan.set_priorities")
def write_other_priorities(world: World) -> None:
    lines = [("做好政策解读", "K1.1"), ("办好申请", "")]
    plan.set_priorities(actor=world.year.handler, campaign=world.campaign, lines=lines, now=world.now())


@trial("campaigns.services.plan.set_rulebook")
def take_another_rulebook(world: World) -> None:
    version = standards.adopt(actor=world.year.handler, rulebook=rulebook_from_files(OTHER), now=world.now())
    plan.set_rulebook(actor=world.year.handler, campaign=world.campaign, rulebook=version, now=world.now())


@trial("standards.services.hand_in")
@trial("campaigns.services.rulebook.withdraw_rulebook")
def hand_in_a_draft_and_take_it_back(world: World) -> None:
    version = standards.hand_in(
        actor=world.year.handler, rulebook=rulebook_from_files(OTHER), organiser="G1", now=world.now()
    )
    withdraw_rulebook(actor=world.year.handler, version=version, reason="交存错了一版", now=world.now())


@trial("campaigns.services.approval.approve")
@trial("campaigns.services.approval.return_approval")
def approve_the_plan_and_send_it_back(world: World) -> None:
    approval.approve(actor=world.year.handler, campaign=world.campaign, subject="plan", now=world.now())
    approval.return_approval(
        actor=world.year.head, campaign=world.campaign, subject="plan", reason="分值要改", now=world.now()
    )


@trial("campaigns.services.plan.set_timetable")
def take_another_timetable(world: World) -> None:
    plan.set_timetable(actor=world.year.handler, campaign=world.campaign, timetable="B", now=world.now())


@trial("campaigns.services.setting_up.create_campaign")
@trial("campaigns.services.setting_up.void_campaign")
def make_and_void_another_year(world: World) -> None:
    made = setting_up.create_campaign(
        actor=world.year.handler, key=main_year(2026), title="2026 年度考核", rulebook=world.campaign.rulebook, timetable="A",
        now=world.now(),
    )  # fmt: skip
    setting_up.void_campaign(actor=world.year.handler, campaign=made, reason="年份建错了", now=world.now())


@trial("standards.services.adopt")
def adopt_another_rulebook(world: World) -> None:
    standards.adopt(actor=world.year.handler, rulebook=rulebook_from_files(OTHER), now=world.now())


# ---- the register -------------------------------------------------------------------------------------------------------


@trial("registry.services.change_organisation")
def call_it_another_kind(world: World) -> None:
    registry.change_organisation(
        actor=world.year.handler, code="U2", values={"kind": "institution"}, now=world.now()
    )


@trial("registry.services.change_organisation")
def let_it_begin_later(world: World) -> None:
    registry.change_organisation(
        actor=world.year.handler, code="U2", values={"valid_from": "2026-06-01"}, now=world.now()
    )


@trial("registry.services.import_roster")
def import_another_kind(world: World) -> None:
    content = "code,name,kind\nU2,样例市水利局,institution\n".encode()
    registry.import_roster(actor=world.year.handler, filename="名录.csv", content=content, now=world.now())


@trial("registry.services.close_organisation")
def close_it_before_the_year(world: World) -> None:
    registry.close_organisation(actor=world.year.handler, code="U2", on=date(2024, 6, 30), now=world.now())


@trial("registry.services.relieve")
def relieve_a_reviewer(world: World) -> None:
    held = Appointment.objects.get(person_id=world.year.reviewers[1].id)
    registry.relieve(actor=world.security, appointment=held, last_day=date(2027, 1, 1), now=world.now())


# ---- self-review and review ---------------------------------------------------------------------------------------------


def _form(world: World, code: str) -> Any:
    form = self_reviews.of_unit(world.campaign, code)
    if form is None:
        raise Nothing
    return form


@trial("campaigns.services.self_review.save_answer")
def answer_worse(world: World) -> None:
    self_review.save_answer(
        actor=world.year.liaisons["U1"],
        self_review=_form(world, "U1"),
        item="K1.1",
        level="none",
        now=world.now(),
    )


@trial("campaigns.services.self_review.save_answer")
def claim_that_it_does_not_apply(world: World) -> None:
    self_review.save_answer(
        actor=world.year.liaisons["U1"], self_review=_form(world, "U1"), item="K1.1", not_applicable=True,
        text="没有这项职责", now=world.now(),
    )  # fmt: skip


def _material(world: World) -> Any:
    return self_review.add_artefact(
        actor=world.year.liaisons["U1"], self_review=_form(world, "U1"), item="K1.1", content=PDF, name="会议.pdf",
        confirmed=True, now=world.now(),
    )  # fmt: skip


@trial("campaigns.services.self_review.add_artefact")
def hand_in_a_file(world: World) -> None:
    _material(world)


@trial("campaigns.services.self_review.remove_artefact")
def take_a_file_out(world: World) -> None:
    made = _material(world)
    self_review.remove_artefact(
        actor=world.year.liaisons["U1"], artefact_id=made.pk, self_review=_form(world, "U1"), now=world.now()
    )


@trial("campaigns.services.self_review.submit")
def submit_early(world: World) -> None:
    form = _form(world, "U1")
    _fill(world, form, "none")
    self_review.submit(actor=world.year.liaisons["U1"], self_review=form, now=world.now())


@trial("campaigns.services.self_review.return_to_unit")
def return_what_was_handed_in(world: World) -> None:
    if step(world) == "self_review":
        submit_early(world)
    self_review.return_to_unit(
        actor=world.year.handler, self_review=_form(world, "U1"), reason="材料不齐", now=world.now()
    )


@trial("campaigns.services.self_review.name_as_missing")
def name_as_missing(world: World) -> None:
    self_review.name_as_missing(
        actor=world.year.handler,
        self_review=_form(world, "U1"),
        reason="到期没有交",
        now=world.year.after_self_review(),
    )


@trial("campaigns.services.applicability.decide_claim")
def let_it_not_apply(world: World) -> None:
    claim = Answer.objects.filter(not_applicable=True).first()
    if claim is None:
        raise Nothing
    applicability.decide_claim(
        actor=world.year.handler, answer=claim, accepted=True, reason="确实没有", now=world.now()
    )


@trial("campaigns.services.assigning.assign_reviewers")
def ask_a_third_expert(world: World) -> None:
    assigning.assign_reviewers(
        actor=world.year.handler, campaign=world.campaign, reviewer=_person(world.third), organisations=["U1"],
        now=world.now(),
    )  # fmt: skip


@trial("campaigns.services.assigning.assign_evenly")
def spread_a_third_expert(world: World) -> None:
    assigning.assign_evenly(
        actor=world.year.handler,
        campaign=world.campaign,
        reviewers=[_person(world.third)],
        per_unit=1,
        now=world.now(),
    )


def _assigned(world: World, place: int) -> ReviewAssignment:
    reviewer = world.year.reviewers[place]
    for row in ReviewAssignment.objects.filter(campaign=world.campaign, organisation__code="U1"):
        if str(row.reviewer_id) == reviewer.id:
            return row
    raise Nothing


@trial("campaigns.services.review.save_score")
def give_another_level(world: World) -> None:
    review.save_score(
        actor=world.year.reviewers[1],
        assignment=_assigned(world, 1),
        item="K1.1",
        level="good",
        now=world.now(),
    )


@trial("campaigns.services.review.recuse")
def step_back_from_a_unit(world: World) -> None:
    review.recuse(
        actor=world.year.reviewers[1], assignment=_assigned(world, 1), reason="亲属任职", now=world.now()
    )


@trial("campaigns.services.review.take_back_assignment")
def take_an_assignment_back(world: World) -> None:
    review.take_back_assignment(
        actor=world.year.handler, assignment=_assigned(world, 1), reason="分错了", now=world.now()
    )


@trial("campaigns.services.review.finish")
def finish_first(world: World) -> None:
    row = _assigned(world, 0)
    for code in unscored(row):
        review.save_score(
            actor=world.year.reviewers[0], assignment=row, item=code, level=LEVELS[0], now=world.now()
        )
    review.finish(actor=world.year.reviewers[0], assignment=row, now=world.now())


@trial("campaigns.services.review.close_round")
def close_the_round(world: World) -> None:
    if step(world) == "review":
        _close(world)
    else:
        review.close_round(actor=world.year.handler, campaign=world.campaign, now=world.now())


# ---- stages and dates ---------------------------------------------------------------------------------------------------


@trial("campaigns.services.stages.advance")
def go_on(world: World) -> None:
    if step(world) == "published":
        world.year.advance()
    onwards(world)


@trial("campaigns.services.stages.move_stage")
def move_the_next_stage(world: World) -> None:
    """It begins a day later: the first stage that may still be moved."""
    dates = period.stage_dates(world.campaign)
    for name, (first, last) in dates.items():
        with suppress(Refused):
            stage_moves.move_stage(
                actor=world.year.handler,
                campaign=world.campaign,
                stage=name,
                first=first + timedelta(days=1),
                last=last,
                reason="原定那天不上班",
                now=world.now(),
            )
            return
    raise Nothing


@trial("campaigns.services.stage_return.return_stage")
def go_back_alone(world: World) -> None:
    stage_return.return_stage(
        actor=world.year.handler, campaign=world.campaign, reason="开错了", now=world.now()
    )


@trial("campaigns.services.stage_return.second_stage_return")
def go_back_by_two(world: World) -> None:
    go_back_alone(world)
    stage_return.second_stage_return(
        actor=world.year.signer, campaign=world.campaign, agreed=True, now=world.now()
    )


@trial("campaigns.services.step_back.second_back")
def unsign_by_two(world: World) -> None:
    step_back.propose_back(
        actor=world.year.signer, campaign=world.campaign, reason="U1 有误", now=world.now()
    )
    step_back.second_back(actor=world.year.head, campaign=world.campaign, agreed=True, now=world.now())


@trial("campaigns.services.step_back.bring_back")
def bring_a_returned_result_back(world: World) -> None:
    for actor in (world.year.handler, world.year.head):
        approval.approve(actor=actor, campaign=world.campaign, subject="result", now=world.now())
    approval.return_approval(
        actor=world.year.leader, campaign=world.campaign, subject="result", reason="U1 有误", now=world.now()
    )
    step_back.bring_back(
        actor=world.second_handler, campaign=world.campaign, reason="核对 K1.1", now=world.now()
    )


@trial("deadlines.services.enter_arrangement")
def enter_the_calendar(world: World) -> None:
    enter_arrangement(actor=world.year.handler, given=read_arrangement(notice()), now=world.now())


@trial("deadlines.services.withdraw_arrangement")
def withdraw_the_calendar(world: World) -> None:
    enter_the_calendar(world)
    entry = Arrangement.objects.latest("pk")
    withdraw_arrangement(actor=world.year.handler, entry=entry, reason="录错了年份", now=world.now())


@trial("publication.services.publish")
def publish(world: World) -> None:
    _publish(world)


# ---- the ledger ---------------------------------------------------------------------------------------------------------


@trial("evidence.services.record")
def record_from_every_source(world: World) -> None:
    """What monitoring, inspection, rectification and evaluation have for their verbs: a line without an act."""
    at, seen = world.now(), SEEN
    entries = [
        Entry("U1", source, seen, kind, value, item="K3.3", check=check)
        for source, kind, value, check in (
            ("monitor", "verdict", "not_met", "P-01"),
            ("retest", "verdict", "not_met", "P-02"),
            ("visit", "verdict", "not_met", None),
            ("draw", "verdict", "not_met", None),
            ("clock", "count", 1, "cases_overdue"),
            ("register", "count", 1, None),
            ("office", "points", "1", None),
        )
    ]
    entries += [
        Entry("U1", "ballot", seen, "tally", {"question": "q2", "options": {"a": 1, "c": 99}}, item="S5.1"),
        Entry("U1", "reviewer", seen, "level", "none", item="K1.1"),
    ]
    record(entries, actor=SYSTEM, now=at)


@trial("evidence.services.import_register")
def import_a_register(world: World) -> None:
    content = f"{HEADINGS}U1,K3.3,件数,2,{SEEN.date().isoformat()},台账\n".encode()
    import_register(
        whose=whose(), actor=world.year.handler, filename="台账.csv", content=content, items={"K3.3": ("count",)}, units=["U1", "U2"],
        confirmed=True, now=world.now(),
    )  # fmt: skip


@trial("campaigns.services.ledger.import_lines")
def import_a_ledger(world: World) -> None:
    _import(world, 3)


@trial("campaigns.services.ledger.import_lines")
def import_under_a_correction(world: World) -> None:
    if step(world) != "published":
        raise Nothing
    _correcting(world)
    _import(world, 4)


def _import(world: World, count: int) -> None:
    content = f"{HEADINGS}U1,K3.3,件数,{count},{SEEN.date().isoformat()},台账\n".encode()
    year_ledger.import_lines(
        actor=world.year.handler, campaign=world.campaign, filename="台账.csv", content=content, units=["U1", "U2"],
        confirmed=True, now=world.now(),
    )  # fmt: skip


def _line(source: str) -> Any:
    found = next((one for one in whole_ledger() if one.source == source and one.unit == "U1"), None)
    if found is None:
        raise Nothing
    return found


@trial("evidence.services.withdrawal.undo_import")
def undo_the_import(world: World) -> None:
    batch = ledger.batch_of(_line("register").id)
    assert batch is not None
    withdrawal.undo_import(batch=batch, actor=world.year.handler, reason=WHY, now=world.now())


@trial("evidence.services.withdrawal.withdraw")
@trial("evidence.services.withdrawal.rule")
def rule_alone(world: World) -> None:
    line = _line("monitor").id
    withdrawal.rule(
        line=line, ref=f"ruling:{line}-alone", actor=world.year.handler, reason=WHY, now=world.now()
    )


@trial("evidence.services.withdrawal.second_ruling")
def rule_by_two_in_the_ledger(world: World) -> None:
    ref = withdrawal.propose_ruling(
        line=_line("monitor").id, actor=world.year.handler, reason=WHY, now=world.now()
    )
    withdrawal.second_ruling(ref=ref, actor=world.year.head, agreed=True, now=world.now())


@trial("campaigns.services.ledger.second_ruling")
def rule_by_two(world: World) -> None:
    ref = year_ledger.propose_ruling(
        actor=world.year.handler, line=_line("monitor").id, reason=WHY, now=world.now()
    )
    year_ledger.second_ruling(actor=world.year.head, ref=ref, agreed=True, now=world.now())


@trial("campaigns.services.ruling.second_points")
def change_points_by_two(world: World) -> None:
    made: PointsRuling = ruling.propose_points(
        actor=world.year.handler, campaign=world.campaign, organisation="U1", item="K1.1", points="39", reason=WHY,
        now=world.now(),
    )  # fmt: skip
    ruling.second_points(actor=world.year.head, ruling=made, agreed=True, now=world.now())


@trial("campaigns.services.severe.second_severe")
def deduct_by_two(world: World) -> None:
    if step(world) == "published":
        _correcting(world)
    given = replace(GIVEN, item="D1", value="2")
    made: SevereRuling = severe.propose_severe(
        actor=world.year.handler,
        campaign=world.campaign,
        given=given,
        content=PDF,
        confirmed=True,
        now=world.now(),
    )
    assert severes.waiting(world.campaign).exists()
    severe.second_severe(actor=world.year.head, ruling=made, agreed=True, now=world.now())


@trial("campaigns.services.appeal.decide_appeal")
def decide_an_appeal(world: World) -> None:
    made = appeal.file_appeal(
        actor=world.year.liaisons["U1"], campaign=world.campaign, organisation="U1", item="K1.1", claim="材料齐全",
        now=world.now(),
    )  # fmt: skip
    appeal.decide_appeal(
        actor=world.year.decider, appeal=made, outcome="upheld", decision="材料属实", change=appeal.Change(points="40"),
        now=world.now(),
    )  # fmt: skip


@trial("campaigns.services.correction.correct_points")
def correct_points(world: World) -> None:
    if step(world) == "published":
        _correcting(world)
    correction.correct_points(
        actor=world.year.handler, campaign=world.campaign, organisation="U1", item="K1.1", points="40", reason=WHY,
        now=world.now(),
    )  # fmt: skip


@trial("campaigns.services.ledger.correct_withdrawal")
def correct_by_withdrawing(world: World, source: str = "monitor") -> str:
    if step(world) == "published":
        _correcting(world)
    return year_ledger.correct_withdrawal(
        actor=world.year.handler, line=_line(source).id, reason=WHY, now=world.now()
    )


@trial("evidence.services.withdrawal.restore")
@trial("campaigns.services.ledger.correct_restoration")
def correct_by_restoring(world: World) -> None:
    if not world.withdrawn:
        raise Nothing
    year_ledger.correct_restoration(
        actor=world.year.handler, line=world.withdrawn, reason=WHY, now=world.now()
    )


def unscored(row: ReviewAssignment) -> list[str]:
    """The codes of what an expert has still to score."""
    known = set(row.scores.values_list("item", flat=True))
    return [one.item.code for one in reviews.items_to_score(row) if one.item.code not in known]


def _person(actor: Actor) -> Person:
    return Person.objects.get(pk=actor.id)


def _unit(world: World, code: str) -> Any:
    unit = next(
        row.organisation for row in campaigns.participations(world.campaign) if row.organisation.code == code
    )
    assert rulebook_of(world.campaign.rulebook_id)
    return unit


def begin(world: World) -> None:
    """What was recorded before anything is tried: a fault, an import, a day that only one timetable looks at, a claim."""
    record(
        [Entry("U1", "monitor", world.year.at, "verdict", "not_met", item="K3.3", check="P-03")],
        actor=SYSTEM,
        now=world.now(),
    )
    early = datetime(2024, 12, 10, tzinfo=UTC)
    record(
        [Entry("U2", "monitor", early, "verdict", "not_met", item="K3.3", check="P-04")],
        actor=SYSTEM,
        now=world.now(),
    )
    _import(world, 1)


def prepare(world: World) -> None:
    """What a step has before anything is tried: a claim to decide, a withdrawal that a correction made."""
    if step(world) == "self_review":
        world.year.answer("U2", "K1.1", not_applicable=True, text="没有这项职责")
    elif step(world) == "published":
        world.withdrawn = correct_by_withdrawing(world, "register")
