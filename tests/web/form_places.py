"""Where each form with a text stands: at which stage, whose it is, and what else has to be filled in for its words to be stored.

``tests/web/test_forms_keep_words.py`` compares these with the forms that the product has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from kaoping.accounts.actor import Actor
from kaoping.calendars import read_arrangement
from kaoping.campaigns.services import appeal, approval, severe, sign_off
from kaoping.deadlines.services import enter_arrangement
from kaoping.evaluation import queries as polls
from kaoping.evaluation.models import Opinion, Poll
from kaoping.evidence import queries as evidence
from kaoping.inspection.services import commit_draw, note_published
from kaoping.publication import queries as releases
from kaoping.rectification import queries as cases
from kaoping.rectification.services import order, unit
from kaoping.registry.models import Organisation
from kaoping.registry.queries.organisers import main_year
from kaoping.standards import services as standards
from kaoping.standards.loading import load_rulebook, rulebook_from_files
from kaoping.workdays.models import Arrangement
from tests.calendars.making import notice
from tests.campaigns.examples import PDF, Year
from tests.campaigns.rulebook import FILES
from tests.campaigns.test_severe import GIVEN
from tests.campaigns.test_withdrawal import imported, lines_of
from tests.evaluation.making import announced
from tests.rectification.making import drafted, seen


@dataclass
class Room:
    """A year and its people, and what a place made for its form."""

    year: Year
    cast: Callable[..., Actor]
    people: dict[str, Actor] = field(default_factory=dict)

    def who(self, role: str) -> Actor:
        """Somebody by the name of the role; the year's own people where it has one."""
        own = {
            "handler": self.year.handler,
            "head": self.year.head,
            "leader": self.year.leader,
            "signer": self.year.signer,
            "decider": self.year.decider,
            "reviewer": self.year.reviewers[0],
            "U1": self.year.liaisons["U1"],
            "U2": self.year.liaisons["U2"],
        }
        if role in own:
            return own[role]
        if role not in self.people:
            self.people[role] = self.cast(role)
        return self.people[role]


@dataclass(frozen=True)
class Place:
    """One form with a text.

    ``fill`` is what else is chosen; ``texts`` are the fields that get the words ('' is every text field that ``fill`` does
    not name), each after ``before``. ``then`` is the button of a further page. ``refused`` says why nothing is stored.
    """

    kind: str
    who: str
    page: str
    ready: Callable[[Room], dict[str, Any] | None] = lambda _room: None
    action: str = ""
    fill: dict[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    before: str = ""
    then: str = ""
    refused: str = ""


def _case(room: Room, *, served: bool = True, explained: bool = False) -> dict[str, Any]:
    made = drafted(room.year.tick(), target=f"http://u1.kaoping.test/wj/{room.year.at:%H%M}.html")
    if served:
        # A term that somebody gave, not the one that is proposed: no mark belongs to it.
        order.serve(actor=room.year.handler, numbers=[made.number], days=15, now=room.year.tick())
    if explained:
        unit.explain(
            actor=room.who("U1"),
            case=made,
            text="当时系统停机，公开已超过期限。",
            now=room.year.tick(),
        )
    return {"number": made.number}


def _two_spellings(room: Room) -> dict[str, Any]:
    given = {"source": "visit", "check": "", "item": "K3.3"}
    made = [
        drafted(room.year.tick(), target=f"place:图书馆{one}", **given).number
        for one in ("查阅点", "阅览室查阅点")
    ]
    return {"number": made[0], "other": made[1]}


def _observation(room: Room) -> dict[str, Any]:
    return {"uid": seen("not_met", room.year.tick(), target="http://u1.kaoping.test/wj/o.html")}


def _opinion(room: Room) -> dict[str, Any]:
    at = room.year.at
    poll = Poll.objects.create(
        organiser="G1", year=2025, uid="poll-2025", title="评议", state="open", opens_at=at, closes_at=at,
        questionnaire={}, units=[{"code": "U1", "name": "样例市教育局"}], public_key="0" * 64,
    )  # fmt: skip
    made = Opinion.objects.create(
        uid="o1", poll=poll, unit="U1", text="公众的话", arrived_on=at.date(), collected_at=at
    )
    return {"opinion": made.pk}


def _draw(room: Room) -> dict[str, Any]:
    made = commit_draw(
        actor=room.year.handler,
        title="抽查",
        sizes={Organisation.objects.get(code="U1").group or "未分组": 1},
        source="双色球第2025134期红球号码",
        source_on=room.year.at.date(),
        now=room.year.at - timedelta(days=3),
    )
    note_published(draw_id=made.pk, now=room.year.at - timedelta(days=3))
    return {"draw": made.pk}


def _material(room: Room) -> dict[str, Any]:
    case = _case(room)
    before = set(evidence.file_store().digests())
    unit.answer(
        actor=room.who("U1"), case=cases.case(case["number"]), text="已改", files=[("材料.pdf", b"%PDF-1.7 x")],
        confirmed=True, now=room.year.tick(),
    )  # fmt: skip
    [digest] = set(evidence.file_store().digests()) - before
    return {"digest": digest}


def _entered(room: Room) -> dict[str, Any]:
    enter_arrangement(actor=room.year.handler, given=read_arrangement(notice()), now=room.year.tick())
    return {"entry": Arrangement.objects.order_by("-id").values_list("pk", flat=True)[0]}


def _openers(room: Room) -> dict[str, Any]:
    standards.adopt(actor=room.year.handler, rulebook=load_rulebook("changzhou-2020"), now=room.year.tick())
    return {"one": room.who("ballot_opener").id, "two": room.cast("ballot_opener").id}


def _draft(room: Room) -> dict[str, Any]:
    about = FILES["about.yaml"].replace("'1'", f"'draft {room.year.at:%H%M}'")
    made = standards.hand_in(
        actor=room.year.handler, rulebook=rulebook_from_files(FILES | {"about.yaml": about}), organiser="G1",
        now=room.year.tick(),
    )  # fmt: skip
    return {"version": made.pk}


def _announced(room: Room) -> None:
    """A poll of a year that no other place speaks of."""
    if polls.poll_of(main_year(2027)) is None:
        openers = (room.who("ballot_opener"), room.cast("ballot_opener"))
        announced(handler=room.year.handler, openers=openers, year=2027, now=room.year.tick())


def _proposed(room: Room) -> dict[str, Any]:
    made = severe.propose_severe(
        actor=room.year.handler, campaign=room.year.campaign, given=GIVEN, content=PDF, confirmed=True,
        now=room.year.tick(),
    )  # fmt: skip
    return {"ruling": made.pk}


def _imported(room: Room) -> dict[str, Any]:
    imported(room.year, f"U1,K3.3,件数,1,{room.year.at.date().isoformat()},登记")
    return {"batch": evidence.batch_of(lines_of(room.year, "register")[-1])}


def _handler_signed(room: Room) -> None:
    approval.approve(
        actor=room.year.handler, campaign=room.year.campaign, subject="plan", now=room.year.tick()
    )


def _all_signed(room: Room) -> None:
    for actor in (room.year.handler, room.year.head, room.year.leader):
        approval.approve(actor=actor, campaign=room.year.campaign, subject="plan", now=room.year.tick())


def _submitted(room: Room) -> None:
    room.year.submit("U1")


def _late(room: Room) -> None:
    room.year.at = room.year.after_self_review()


def _claim(room: Room) -> dict[str, Any]:
    return {"answer": room.year.form("U2").answers.get(item="K1.2").pk}


def _assignment(room: Room, reviewer: int, code: str) -> dict[str, Any]:
    return {"row": room.year.assignment(room.year.reviewers[reviewer], code).pk}


def _appealed(room: Room, item: str) -> dict[str, Any]:
    made = appeal.file_appeal(
        actor=room.who("U2"), campaign=room.year.campaign, organisation="U2", item=item,
        claim="请复核", now=room.year.tick(),
    )  # fmt: skip
    return {"appeal": made.pk}


def _release(_room: Room) -> dict[str, Any]:
    newest = releases.latest(main_year(2025))
    assert newest is not None
    return {"release": newest.pk}


RULING: Final = {"unit": "U1", "item": "K1.1", "points": "40"}
PLAN: Final = {"year": "2026", "timetable": "A", "level": "full", "typed_year": "2026"}
PERSON_WORDS: Final = ("first opener words", "second opener words")

PLACES: Final[dict[str, tuple[Place, ...]]] = {
    "plan": (
        Place("admin-person-new", "system_admin", "/admin/people/new/", fill={"username": "zhangsan9"}),
        Place("desk-register-edit", "handler", "/desk/register/unit/U1/edit/", texts=("group",)),
        Place(
            "desk-register-columns", "handler", "/desk/register/unit/U1/columns/", texts=("form-0-name",),
            fill={"form-0-url": "http://u1.kaoping.test/", "form-0-kind": "news", "form-0-period_days": "14"},
        ),
        Place("desk-observation-move", "handler", "/desk/ledger/{uid}/", _observation, "/desk/ledger/{uid}/move/"),
        Place(
            "desk-opinion", "handler", "/desk/evaluation/G1-2025/opinions/{opinion}/", _opinion,
            fill={"reasonable": "no"},
        ),
        Place(
            "desk-draws", "handler", "/desk/visits/draws/",
            fill={"source_on": "2025-12-01", "size-0": "1", "size-1": "1"}, texts=("title", "source"),
        ),
        Place("desk-places-unit", "handler", "/desk/visits/places/U1/", fill={"kind": "hall"}, texts=("name",)),
        Place("desk-draw", "handler", "/desk/visits/draws/{draw}/", _draw),
        Place("field-visit", "inspector", "/field/visit/U1/", fill={"item": "*", "outcome": "met"}, refused="没有照片，也没有可查的项"),
        Place(
            "unit-accountability", "U1", "/unit/report/G1-2025/U1/accountability/",
            fill={"choice": "some", "cases": "1"},
        ),
        Place(
            "desk-calendar-enter", "handler", "/desk/calendar/2027/enter/", texts=("source",),
            then="#k-confirm button, button[form=k-confirm]",
        ),
        Place(
            "desk-calendar-withdraw", "handler", "/desk/calendar/2027/withdraw/{entry}/", _entered,
        ),
        Place("desk-plan-priorities", "handler", "/desk/plan/G1-2025/priorities/"),
        Place(
            "desk-plan-stage", "handler", "/desk/plan/G1-2025/stage/self_review/",
            fill={"first": "2025-11-18", "last": "2025-12-05"},
        ),
        Place("desk-plan-units", "handler", "/desk/plan/G1-2025/units/", before="U2 "),
        Place(
            "desk-plan-unit", "handler", "/desk/plan/G1-2025/units/U2/", fill={"participates": "no"}, texts=("reason",)
        ),
        Place("desk-approval-sign", "handler", "/desk/approval/G1-2025/plan/sign/"),
        Place("desk-approval-return", "head", "/desk/approval/G1-2025/plan/return/"),
        Place(
            "desk-approval-scan", "handler", "/desk/approval/G1-2025/plan/scan/", _all_signed, texts=("document_no",),
            refused="没有选扫描件",
        ),
        Place(
            "desk-plan-new", "handler", "/desk/plan/new/", fill=PLAN, texts=("title",)
        ),
        Place("desk-plan-void", "handler", "/desk/plan/G1-2026/void/", fill={"confirm_year": "2026"}),
        Place(
            "desk-evaluation-prepare", "handler", "/desk/evaluation/G1-2026/prepare/", _openers, texts=("title",),
            fill={
                "opens_on": "2026-11-25", "closes_on": "2026-12-01", "networks": "10.0.0.0/8",
                "opener_1": "{one}", "passphrase_1": PERSON_WORDS[0], "repeat_1": PERSON_WORDS[0],
                "opener_2": "{two}", "passphrase_2": PERSON_WORDS[1], "repeat_2": PERSON_WORDS[1],
            },
        ),
        Place(
            "desk-evaluation-change", "handler", "/desk/evaluation/G1-2027/change/", _announced,
            fill={"opens_on": "2027-12-02", "closes_on": "2027-12-08"},
        ),
        Place("desk-evaluation-cancel", "handler", "/desk/evaluation/G1-2027/cancel/", _announced, fill={"confirm_year": "2027"}),
    ),
    "routine": (
        Place(
            "desk-severe-new", "handler", "/desk/severe/G1-2025/new/",
            fill={"unit": "U1", "item": "V1", "value": "查实", "on": "2025-10-08", "no_secret": "1"},
            refused="没有附文书",
        ),
        Place("desk-severe-one", "head", "/desk/severe/G1-2025/{ruling}/", _proposed, fill={"agreed": "no"}),
        Place("desk-severe-one", "handler", "/desk/severe/G1-2025/{ruling}/", _proposed),
        Place("desk-rulebook-withdraw", "handler", "/desk/rulebooks/{version}/withdraw/", _draft),
        Place("desk-ledger-batch-undo", "handler", "/desk/ledger/batch/{batch}/undo/", _imported),
        Place("desk-stage-back", "handler", "/desk/board/G1-2025/back/"),
    ),
    "cases": (
        Place(
            "desk-case-revise", "handler", "/desk/cases/{number}/", lambda room: _case(room, served=False),
            "/desk/cases/{number}/revise/",
        ),
        Place("desk-case-handed", "handler", "/desk/cases/{number}/", _case, "/desk/cases/{number}/handed/"),
        Place(
            "desk-case-check", "office_handler", "/desk/cases/{number}/", _case, "/desk/cases/{number}/check/",
            fill={"outcome": "not_met"},
        ),
        Place(
            "desk-case-merge", "handler", "/desk/cases/{number}/", _two_spellings, "/desk/cases/{number}/merge/",
            fill={"into": "{other}"},
        ),
        Place("desk-case-reply", "handler", "/desk/cases/{number}/", _case, "/desk/cases/{number}/reply/"),
        Place(
            "desk-case-explanation", "office_handler", "/desk/cases/{number}/",
            lambda room: _case(room, explained=True), "/desk/cases/{number}/explanation/",
            fill={"outcome": "decline"},
        ),
        Place(
            "unit-case-answer", "U1", "/unit/cases/{number}/", _case, "/unit/cases/{number}/answer/",
            fill={"url": "http://u1.kaoping.test/wj/new.html"}, texts=("text",),
        ),
        Place("unit-case-ask", "U1", "/unit/cases/{number}/", _case, "/unit/cases/{number}/ask/"),
        Place("unit-case-explain", "U1", "/unit/cases/{number}/", _case, "/unit/cases/{number}/explain/"),
        Place(
            "desk-material-propose", "handler", "/desk/materials/{digest}/", _material,
            "/desk/materials/{digest}/propose/destroy/",
        ),
    ),
    "monitoring": (
        Place(
            "desk-monitoring-clear", "handler", "/desk/monitoring/site/U1/?finding={finding}",
            action="/desk/monitoring/finding/{finding}/clear/",
        ),
    ),
    "gone": (
        Place(
            "desk-monitoring-removed", "handler", "/desk/monitoring/site/U1/?finding={finding}",
            action="/desk/monitoring/finding/{finding}/removed/",
        ),
    ),
    "self_review": (
        Place(
            "unit-self-review-item", "U1", "/unit/self-review/G1-2025/U1/item/K1.1/", fill={"level": "good"},
            texts=("text",),
        ),
        Place(
            "desk-self-review-return", "handler", "/desk/self-reviews/G1-2025/unit/U1/return/",
            lambda room: _submitted(room),
        ),
        Place(
            "desk-self-review-missing", "handler", "/desk/self-reviews/G1-2025/unit/U2/missing/",
            lambda room: _late(room),
        ),
    ),
    "review": (
        Place(
            "review-item", "reviewer", "/review/{row}/item/K1.1/", lambda room: _assignment(room, 0, "U1"),
            fill={"level": "good"},
        ),
        Place("review-recuse", "reviewer", "/review/{row}/recuse/", lambda room: _assignment(room, 0, "U2")),
        Place(
            "desk-assignment-back", "handler", "/desk/reviews/G1-2025/assignment/{row}/back/",
            lambda room: _assignment(room, 1, "U2"),
        ),
        Place(
            "desk-claim", "handler", "/desk/self-reviews/G1-2025/claims/{answer}/", _claim, fill={"accepted": "no"},
        ),
    ),
    "preview": (
        Place(
            "unit-preview-item", "U1", "/unit/preview/G1-2025/U1/K1.1/", texts=("claim",),
        ),
        Place(
            "unit-appeal-withdraw", "U2", "/unit/preview/G1-2025/U2/appeal/{appeal}/withdraw/",
            lambda room: _appealed(room, "K1.2"),
        ),
        Place(
            "review-appeal", "decider", "/review/appeals/{appeal}/", lambda room: _appealed(room, "K1.1"),
            fill={"outcome": "rejected"}, texts=("decision",),
        ),
    ),
    "appeals": (
        Place("desk-ruling-new", "handler", "/desk/scoring/G1-2025/rulings/new/", fill=RULING, texts=("reason",)),
    ),
    "refused": (Place("desk-step-back", "handler", "/desk/publication/G1-2025/back/"),),
    "frozen": (
        Place(
            "desk-publish", "handler", "/desk/publication/G1-2025/{release}/publish/", _release,
            fill={"confirm_year": "2025"},
        ),
        Place("desk-correction-open", "handler", "/desk/publication/G1-2025/correction/open/"),
        Place(
            "desk-correction-points", "handler", "/desk/publication/G1-2025/correction/points/", fill=RULING,
            texts=("reason",),
        ),
        Place("desk-correction-drop", "handler", "/desk/publication/G1-2025/correction/drop/"),
        Place("desk-withdraw", "head", "/desk/publication/G1-2025/{release}/withdraw/", _release, fill={"confirm_year": "2025"}),
    ),
}  # fmt: skip

# Forms that are not walked, each with its reason.
LEFT_OUT: Final = {
    "gate-sign-in": "登录以前没有会话可断",
    "gate-words-held": "没送到的内容的再送页，另有一项测试",
    "desk-material": "文字送往 desk-material-propose",
    "desk-material-confirm": "文字送往 desk-material-propose",
    "desk-material-drop": "文字送往 desk-material-propose",
    "desk-material-seal": "文字送往 desk-material-propose",
}


def signed_off(room: Room) -> None:
    """To the stage in which the result is frozen."""
    year = room.year
    year.to("appeals")
    assert year.campaign.appeals_close_at is not None
    year.at = year.campaign.appeals_close_at
    year.compute()
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.advance()
