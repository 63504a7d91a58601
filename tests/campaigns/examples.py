"""A small rulebook and a cast that walks a campaign to any stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.accounts.models import Person
from kaoping.campaigns.models import Campaign
from kaoping.campaigns.queries import period
from kaoping.campaigns.queries import review as reviews
from kaoping.campaigns.queries import self_review as self_reviews
from kaoping.campaigns.queries.appeal_window import closes_at
from kaoping.campaigns.services import (
    appeal,
    approval,
    assigning,
    plan,
    review,
    ruling,
    self_review,
    setting_up,
    sheet,
    stages,
)
from kaoping.evidence.services import Entry
from kaoping.registry.models import Organisation
from kaoping.registry.queries.organisers import main_year
from kaoping.scoring.organised import OrganisedYear
from kaoping.standards import services as standards
from kaoping.standards.loading import rulebook_from_files
from tests.campaigns.rulebook import FILES
from tests.cast import Cast
from tests.ledger import record
from tests.walked import once

PDF = b"%PDF-1.4 signed sheet"


@dataclass
class Year:
    """A campaign with the people who move it. ``at`` is the instant of the latest act; each act comes a minute later."""

    campaign: Campaign
    handler: Actor
    head: Actor
    leader: Actor
    signer: Actor
    decider: Actor
    reviewers: tuple[Actor, ...]
    liaisons: dict[str, Actor]
    at: datetime

    def tick(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def sign(self, subject: str) -> None:
        for actor in (self.handler, self.head, self.leader):
            approval.approve(actor=actor, campaign=self.campaign, subject=subject, now=self.tick())
        approval.attach_scan(
            actor=self.handler,
            campaign=self.campaign,
            subject=subject,
            content=PDF,
            confirmed=True,
            name="呈批表.pdf",
            now=self.tick(),
        )

    def advance(self, **facts: Any) -> None:
        stages.advance(actor=self.handler, campaign=self.campaign, now=self.tick(), **facts)

    def after_self_review(self) -> datetime:
        """The first instant at which the units' time for the self-review is over."""
        over = period.self_review_until(self.campaign)
        assert over is not None
        return max(self.tick(), over)

    def wait_for_appeals(self) -> None:
        """Let the units' time for appeals pass."""
        self.campaign.refresh_from_db()
        until = closes_at(self.campaign)
        assert until is not None
        self.at = max(self.at, until)

    def advance_after_the_promised_day(self) -> None:
        """Leave the self-review when the units' time is over; what follows here goes on at the story's own time."""
        stages.advance(actor=self.handler, campaign=self.campaign, now=self.after_self_review())

    def tallies(self) -> None:
        record(
            [
                Entry(
                    unit=code,
                    item="S5.1",
                    source="ballot",
                    observed_at=self.at,
                    kind="tally",
                    value={"question": "q1", "options": {"a": 30, "c": 10}},
                )
                for code in self.liaisons
            ],
            actor=SYSTEM,
            of=self.campaign,
            now=self.tick(),
        )

    def form(self, unit: str) -> Any:
        form = self_reviews.of_unit(self.campaign, unit)
        assert form is not None
        return form

    def answer(self, unit: str, item: str, **given: Any) -> None:
        self_review.save_answer(
            actor=self.liaisons[unit], self_review=self.form(unit), item=item, now=self.tick(), **given
        )

    def submit(self, unit: str) -> Any:
        for item in ("K1.1", "K1.2"):
            if item not in self_reviews.answers(self.form(unit)):
                self.answer(unit, item, level="good")
        return self_review.submit(actor=self.liaisons[unit], self_review=self.form(unit), now=self.tick())

    def assign(self) -> None:
        for reviewer in self.reviewers:
            assigning.assign_reviewers(
                actor=self.handler,
                campaign=self.campaign,
                reviewer=Person.objects.get(pk=reviewer.id),
                organisations=list(self.liaisons),
                now=self.tick(),
            )

    def assignment(self, reviewer: Actor, unit: str) -> Any:
        return next(
            row
            for row in reviews.assignments(self.campaign)
            if str(row.reviewer_id) == reviewer.id and row.organisation.code == unit
        )

    def review_all(self, level: str = "fair") -> None:
        for reviewer in self.reviewers:
            for unit in self.liaisons:
                row = self.assignment(reviewer, unit)
                for one in reviews.items_to_score(row):
                    review.save_score(
                        actor=reviewer, assignment=row, item=one.item.code, level=level, now=self.tick()
                    )
                review.finish(actor=reviewer, assignment=row, now=self.tick())

    def ruled(self, unit: str, item: str, points: str) -> Any:
        """Points changed by a ruling: the handler proposes, the head agrees."""
        made = ruling.propose_points(
            actor=self.handler,
            campaign=self.campaign,
            organisation=unit,
            item=item,
            points=points,
            reason="经核实有误",
            now=self.tick(),
        )
        return ruling.second_points(actor=self.head, ruling=made, agreed=True, now=self.tick())

    def upheld(self, unit: str, item: str, points: str, *, claim: str, decision: str) -> Any:
        """Points changed by an appeal: the unit asks, the decider upholds it."""
        made = appeal.file_appeal(
            actor=self.liaisons[unit],
            campaign=self.campaign,
            organisation=unit,
            item=item,
            claim=claim,
            now=self.tick(),
        )
        return appeal.decide_appeal(
            actor=self.decider,
            appeal=made,
            outcome="upheld",
            decision=decision,
            change=appeal.Change(points=points),
            now=self.tick(),
        )

    def compute(self, occasion: str = "final") -> Any:
        return sheet.compute_sheet(
            actor=self.handler, campaign=self.campaign, occasion=occasion, now=self.tick()
        )

    def to(self, stage: str) -> Year:
        """Walk on to ``stage`` by the verbs that people use."""
        walked = once("to", (self, stage), lambda: self._to(stage), of=self)
        self.__dict__.update(walked.__dict__)
        return self

    def _to(self, stage: str) -> Year:
        steps: dict[str, Callable[[], None]] = {
            "routine": self._plan,
            "evaluation": lambda: self.advance(poll_state="prepared"),
            "self_review": self._evaluation,
            "review": self._self_review,
            "preview": self._review,
            "appeals": self.advance,
        }
        for name, step in steps.items():
            if self.campaign.stage == stage:
                break
            if _before(self.campaign.stage, name):
                step()
        assert self.campaign.stage == stage
        return self

    def _plan(self) -> None:
        self.sign("plan")
        self.advance()

    def _evaluation(self) -> None:
        self.tallies()
        self.advance(poll_state="opened")

    def _self_review(self) -> None:
        for unit in self.liaisons:
            if self.form(unit).state != "submitted":
                self.submit(unit)
        self.assign()
        self.advance_after_the_promised_day()

    def _review(self) -> None:
        self.review_all()
        review.close_round(actor=self.handler, campaign=self.campaign, now=self.tick())
        self.compute("preview")
        self.advance()


def _before(stage: str, other: str) -> bool:
    order = ("plan", "routine", "evaluation", "self_review", "review", "preview", "appeals")
    return order.index(stage) < order.index(other)


def make_year(
    cast: Cast,
    now: datetime,
    codes: tuple[str, ...] = ("U1", "U2"),
    files: Mapping[str, str] = FILES,
    organiser: str | None = None,
) -> Year:
    """A planned campaign of 2025 with two reviewers, ready to be signed; the main organiser's where none is named."""

    def walk() -> tuple[Year, int]:
        return _planned(cast, now, codes, files, organiser), cast.count

    year, cast.count = once("make_year", (cast.count, now, codes, sorted(files.items()), organiser), walk)
    return year


def _planned(
    cast: Cast, now: datetime, codes: tuple[str, ...], files: Mapping[str, str], organiser: str | None
) -> Year:
    handler = cast("office_handler", organiser, name="经办甲")
    key = OrganisedYear(organiser, 2025) if organiser else main_year(2025)
    version = standards.adopt(actor=handler, rulebook=rulebook_from_files(files), now=now)
    campaign = setting_up.create_campaign(
        actor=handler, key=key, title="2025 年度考核", rulebook=version, timetable="A", now=now
    )
    plan.set_priorities(actor=handler, campaign=campaign, lines=[("做好政策解读", "K3.3")], now=now)
    plan.set_participation(
        actor=handler, campaign=campaign, kinds=["department"], on=date(2025, 11, 24), now=now
    )
    return Year(
        campaign,
        handler,
        cast("office_head", organiser, name="负责人乙"),
        cast("leading_group", organiser, name="领导丙"),
        cast("second_signer", organiser, name="签发人丁"),
        cast("appeal_decider", organiser, name="复核人戊"),
        (cast("reviewer", organiser, name="专家己"), cast("reviewer", organiser, name="专家庚")),
        {code: cast("liaison", code, name=f"联络员{code}") for code in codes},
        now,
    )


def more_units(count: int) -> tuple[str, ...]:
    """Further departments in the register."""
    start = Organisation.objects.count()
    made = Organisation.objects.bulk_create(
        Organisation(
            code=f"X{number}",
            name=f"样例市第{number}局",
            short_name=f"第{number}局",
            kind="department",
            order=number,
        )
        for number in range(start, start + count)
    )
    return tuple(one.code for one in made)
