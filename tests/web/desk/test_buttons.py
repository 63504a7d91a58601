"""A button can be pressed exactly when its act would be done: for everybody, at every stage of the year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import pytest

from kaoping.accounts.actor import Actor
from kaoping.accounts.verbs import Verb
from kaoping.campaigns.logic.stages import SELF_REVIEW, reached
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import step_back as step_backs
from kaoping.campaigns.services import (
    approval,
    assigning,
    correction,
    plan,
    review,
    ruling,
    self_review,
    setting_up,
    sheet,
    sign_off,
    stage_return,
    stages,
    step_back,
)
from kaoping.publication import queries as releases
from kaoping.publication import services as publication
from kaoping.publication import standing
from kaoping.registry.queries.organisers import main_year
from kaoping.reporting import board
from tests.campaigns.examples import Year
from tests.web.desk.campaign import at

pytestmark = pytest.mark.django_db
D: Final = "/desk/"
Given = Callable[[Year], Mapping[str, object] | None]


def _campaign(year: Year) -> Mapping[str, object]:
    return {"campaign": year.campaign}


def _of(**more: object) -> Given:
    return lambda year: {"campaign": year.campaign, **more}


def _form(unit: str) -> Given:
    def given(year: Year) -> Mapping[str, object] | None:
        there = reached(year.campaign.stage, SELF_REVIEW)
        return {"self_review": year.form(unit)} if there else None

    return given


def _frozen(year: Year) -> Mapping[str, object] | None:
    found = releases.release_of_signed(year.campaign)
    return {"release": found} if found else None


def _published(year: Year) -> Mapping[str, object] | None:
    found = standing.standing(year.campaign.key)
    return {"release": found} if found else None


def _poll(year: Year) -> Mapping[str, object]:
    return {"campaign": year.campaign, "poll_state": board.poll_state(year.campaign.key, year.at)}


def _void(year: Year) -> Mapping[str, object]:
    return {**_poll(year), "orders": 0}


def _advance(year: Year) -> Mapping[str, object]:
    return {**_poll(year), "release": releases.is_frozen(year.campaign)}


def _under_way(year: Year) -> Mapping[str, object] | None:
    return _campaign(year) if corrections.under_way(year.campaign) else None


def _returned(year: Year) -> Mapping[str, object] | None:
    return _campaign(year) if step_backs.returned(year.campaign) else None


def _none_under_way(year: Year) -> Mapping[str, object] | None:
    return None if corrections.under_way(year.campaign) else _campaign(year)


@dataclass(frozen=True)
class Button:
    """One button: the page that shows it, the address that it leads to, and what is asked of its verb.

    ``given`` is null while the thing is not there that the button would be about.
    """

    verb: Verb[Any, Any]
    page: str
    leads: str
    given: Given


BUTTONS: Final = {
    "priorities": Button(plan.set_priorities, "plan/G1-2025/", "plan/G1-2025/priorities/", _campaign),
    "rulebook": Button(plan.set_rulebook, "plan/G1-2025/", "plan/G1-2025/rulebook/", _campaign),
    "units": Button(plan.set_participation, "plan/G1-2025/", "plan/G1-2025/units/", _campaign),
    "a unit": Button(plan.change_participation, "plan/G1-2025/", "plan/G1-2025/units/U1/", _campaign),
    "timetable": Button(plan.set_timetable, "plan/G1-2025/", "plan/G1-2025/timetable/", _campaign),
    "void": Button(setting_up.void_campaign, "plan/G1-2025/", "plan/G1-2025/void/", _void),
    "days of the self-review": Button(
        stages.move_stage, "plan/G1-2025/", "plan/G1-2025/stage/self_review/", _of(stage="self_review")
    ),
    **{
        f"{name} of {subject}": Button(
            verb, f"approval/G1-2025/{subject}/", f"approval/G1-2025/{subject}/{way}/", _of(subject=subject)
        )
        for subject in ("plan", "result", "correction")
        for name, verb, way in (
            ("signature", approval.approve, "sign"),
            ("return", approval.return_approval, "return"),
            ("scan", approval.attach_scan, "scan"),
        )
    },
    "next stage": Button(stages.advance, "board/G1-2025/advance/", "board/G1-2025/advance/", _advance),
    "last stage": Button(stage_return.return_stage, "board/G1-2025/advance/", "board/G1-2025/back/", _poll),
    "return to unit": Button(
        self_review.return_to_unit,
        "self-reviews/G1-2025/unit/U1/",
        "self-reviews/G1-2025/unit/U1/return/",
        _form("U1"),
    ),
    "name as missing": Button(
        self_review.name_as_missing,
        "self-reviews/G1-2025/unit/U2/",
        "self-reviews/G1-2025/unit/U2/missing/",
        _form("U2"),
    ),
    "assign": Button(assigning.assign_evenly, "reviews/G1-2025/", "reviews/G1-2025/assign/", _campaign),
    "assign one": Button(
        assigning.assign_reviewers, "reviews/G1-2025/", "reviews/G1-2025/assign/one/", _campaign
    ),
    "close round": Button(review.close_round, "reviews/G1-2025/", "reviews/G1-2025/close/", _campaign),
    "close round beside the scores": Button(
        review.close_round, "scoring/G1-2025/", "reviews/G1-2025/close/", _campaign
    ),
    "compute": Button(sheet.compute_sheet, "scoring/G1-2025/", "scoring/G1-2025/compute/", _campaign),
    "ruling": Button(
        ruling.propose_points, "scoring/G1-2025/rulings/", "scoring/G1-2025/rulings/new/", _campaign
    ),
    "signing off": Button(
        sign_off.sign_off, "scoring/G1-2025/sign-off/", "scoring/G1-2025/sign-off/", _campaign
    ),
    "result back": Button(
        step_back.bring_back, "publication/G1-2025/", "publication/G1-2025/back/", _returned
    ),
    "freeze": Button(publication.freeze, "publication/G1-2025/", "publication/G1-2025/freeze/", _campaign),
    "publish": Button(
        publication.publish, "publication/G1-2025/", "publication/G1-2025/{release}/publish/", _frozen
    ),
    "withdraw": Button(
        publication.withdraw, "publication/G1-2025/", "publication/G1-2025/{release}/withdraw/", _published
    ),
    "open correction": Button(
        correction.open_correction,
        "publication/G1-2025/correction/",
        "publication/G1-2025/correction/open/",
        _none_under_way,
    ),
    "compute correction": Button(
        sheet.compute_sheet,
        "publication/G1-2025/correction/",
        "publication/G1-2025/correction/compute/",
        lambda year: _under_way(year) and {"campaign": year.campaign, "occasion": "correction"},
    ),
    "correct points": Button(
        correction.correct_points,
        "publication/G1-2025/correction/",
        "publication/G1-2025/correction/points/",
        _under_way,
    ),
    "drop correction": Button(
        correction.drop_correction,
        "publication/G1-2025/correction/",
        "publication/G1-2025/correction/drop/",
        _under_way,
    ),
}


def signed_by(year: Year, subject: str, *actors: Actor) -> None:
    for actor in actors:
        approval.approve(actor=actor, campaign=year.campaign, subject=subject, now=year.tick())


def opened(year: Year) -> None:
    correction.open_correction(
        actor=year.handler,
        campaign=year.campaign,
        reason="K1.1 录分有误",
        corrects=standing.counting(year.campaign),
        now=year.tick(),
    )


def corrected(year: Year) -> None:
    correction.correct_points(
        actor=year.handler,
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        points="40",
        reason="两名专家都评了好",
        now=year.tick(),
    )
    year.compute("correction")


def sent_back(year: Year) -> None:
    approval.return_approval(
        actor=year.head, campaign=year.campaign, subject="result", reason="U1 得分有误", now=year.tick()
    )


def signed_off(year: Year) -> None:
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())


def frozen(year: Year) -> None:
    publication.freeze(actor=year.handler, campaign=year.campaign, typed_year="2025", now=year.tick())


def published(year: Year) -> None:
    release = releases.release_of_signed(year.campaign)
    assert release is not None
    publication.publish(actor=year.handler, release=release, note="更正", now=year.tick())
    year.campaign.refresh_from_db()


def scored(year: Year) -> None:
    year.review_all()


def closed(year: Year) -> None:
    review.close_round(actor=year.handler, campaign=year.campaign, now=year.tick())


def overdue(year: Year) -> None:
    year.at = year.after_self_review()


# The year in moments at which some button comes or goes; each is walked on from the one before.
STORY: Final[Mapping[str, Callable[[Year], object]]] = {
    "plan": lambda year: None,
    "plan, one signature": lambda year: signed_by(year, "plan", year.handler),
    "plan, three signatures": lambda year: signed_by(year, "plan", year.head, year.leader),
    "plan sent back": lambda year: approval.return_approval(
        actor=year.leader, campaign=year.campaign, subject="plan", reason="要点太少", now=year.tick()
    ),
    "plan approved": lambda year: year.sign("plan"),
    "routine": lambda year: year.advance(),
    "evaluation": lambda year: year.to("evaluation"),
    "self-review": lambda year: year.to("self_review"),
    "one handed in": lambda year: year.submit("U1"),
    "time is over": overdue,
    "review": lambda year: year.to("review"),
    "all scored": scored,
    "round closed": closed,
    "preview": lambda year: (year.compute("preview"), year.advance()),
    "appeals": lambda year: year.advance(),
    "computed": lambda year: (year.wait_for_appeals(), year.compute()),
    "signed": signed_off,
    "to be frozen": lambda year: year.advance(),
    "frozen": frozen,
    "result sent back": lambda year: (signed_by(year, "result", year.handler, year.head), sent_back(year)),
    "result approved": lambda year: year.sign("result"),
    "published": published,
    "correction": opened,
    "corrected": corrected,
    "correction signed": signed_off,
    "correction frozen": frozen,
    "correction approved": lambda year: year.sign("correction"),
    "correction published": published,
    "withdrawn": lambda year: publication.withdraw(
        actor=year.head,
        release=standing.standing(main_year(2025)),
        reason="发布有误",
        typed_year="2025",
        now=year.tick(),
    ),
}
# Where a form stands on its own page, and where there is only a button: no page of the act says the words.
NO_PAGE: Final = {"next stage", "signing off", "compute", "compute correction"}


@dataclass
class Reader:
    """One person who looks at pages, each once a moment."""

    actor: Actor
    client: Any
    pages: dict[str, str]

    def page(self, address: str) -> str:
        """What the page says, '' where it does not open for this person."""
        if address not in self.pages:
            response = self.client.get(D + address)
            self.pages[address] = response.content.decode() if response.status_code == 200 else ""
        return self.pages[address]

    def wrong(
        self, name: str, button: Button, given: Mapping[str, object], leads: str, words: str | None
    ) -> str:
        """How the page answers otherwise than the verb, '' when it says the same."""
        page = self.page(button.page)
        shown = any(f'{way}="{D}{leads}"' in page for way in ("href", "action"))
        if page and shown == bool(words):
            return f"{name} is {'shown' if shown else 'not shown'}: {words}"
        own = words and page and name not in NO_PAGE and not button.verb.closed(actor=self.actor, **given)
        if own and self.page(leads) and escape(words or "") not in self.page(leads):
            return f"the page of {name} does not say: {words}"
        return ""


@pytest.mark.slow
def test_a_button_can_be_pressed_exactly_when_its_act_would_be_done(
    year, signed_in, settings, tmp_path, monkeypatch
):
    settings.KAOPING_PUBLISHED = tmp_path / "published"
    readers = [Reader(actor, signed_in(actor), {}) for actor in (year.handler, year.head, year.signer)]
    answers: dict[str, set[bool]] = {name: set() for name in BUTTONS}
    wrong: list[str] = []
    for moment, walk in STORY.items():
        walk(year)
        year.campaign.refresh_from_db()
        at(year.tick(), monkeypatch)
        for reader in readers:
            reader.pages.clear()
            for name, button in BUTTONS.items():
                given = button.given(year)
                if given is None:
                    continue
                words = button.verb.check(actor=reader.actor, now=year.at, **given)
                answers[name].add(words is None)
                leads = button.leads.format(release=getattr(given.get("release"), "pk", ""))
                if said := reader.wrong(name, button, given, leads, words):
                    wrong.append(f"{moment}, {reader.actor.name}: {said}")
    assert wrong == []
    # A verb that never says yes and never says no would hold nothing.
    assert {name for name, found in answers.items() if found != {True, False}} == set()
