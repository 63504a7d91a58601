"""An installation with something on every screen, from the open plan to the published result, under a rulebook of proposals."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.apps import apps

from kaoping.accounts.actor import SYSTEM, Actor
from kaoping.accounts.models import Person
from kaoping.campaigns.logic.severe import Given
from kaoping.campaigns.logic.stages import STAGES
from kaoping.campaigns.models import Answer, Appeal
from kaoping.campaigns.queries import ruling as rulings
from kaoping.campaigns.queries import severe as severes
from kaoping.campaigns.services import appeal, applicability, correction, ruling, self_review, severe
from kaoping.evidence import disposals
from kaoping.evidence import queries as evidence
from kaoping.evidence.models import Artefact, Observation
from kaoping.evidence.services import Entry
from kaoping.inspection.services import record_visit
from kaoping.monitoring.models import Finding, Run, Sighting
from kaoping.publication import services as publication
from kaoping.publication import shelf
from kaoping.publication.bundle.build import MANIFEST, build_bundle, bundle_digest, public_part
from kaoping.rectification.models import Case
from kaoping.registry import passwords
from kaoping.registry.models import Organisation
from kaoping.registry.queries.organisers import main_year
from kaoping.scoring.observations import Observation as Line
from kaoping.standards import services as standards
from kaoping.standards.loading import rulebook_from_files
from tests.campaigns.examples import PDF, Year
from tests.campaigns.numbered_rulebook import FILES
from tests.campaigns.test_withdrawal import imported
from tests.ledger import main, record
from tests.web import form_places as places
from tests.web.form_places import Room
from tests.web.portal import publishing

SEVERE: Final = Given(
    "U1", "V1", "查实", "2025-10-08", "常政公开办发〔2025〕1号", "查实台账不实。", "通报.pdf"
)
# The name of an argument of an address, and what the installation holds under it.
_TABLES: Final = {
    "person_id": "accounts.Person", "link_id": "accounts.PasswordLink", "job_id": "support.Job",
    "appointment_id": "registry.Appointment", "opinion_id": "evaluation.Opinion", "proposal_id": "evidence.Proposal",
    "entry_id": "workdays.Arrangement", "version_id": "standards.RulebookVersion", "before_id": "standards.RulebookVersion",
    "after_id": "standards.RulebookVersion", "answer_id": "campaigns.Answer", "assignment_id": "campaigns.ReviewAssignment",
    "appeal_id": "campaigns.Appeal", "release_id": "publication.Release", "finding_id": "monitoring.Finding",
    "draw_id": "inspection.Draw", "visit_id": "inspection.Visit", "artefact_id": "campaigns.AnswerArtefact",
}  # fmt: skip
_OTHER_BOOK: Final = FILES | {
    "about.yaml": FILES["about.yaml"].replace("'1'", "'2'"),
    "rubric.yaml": FILES["rubric.yaml"].replace("37.37", "36.37").replace("31.31", "32.31"),
}
SEEN: Final = datetime(2025, 6, 1, tzinfo=UTC)
SHOWN: Final = 6
JPEG: Final = b"\xff\xd8\xff" + b"0" * 50
ADOPTED: Final = {"by": "市政务公开领导小组", "on": "2025-03-03", "document_no": "常政公开〔2025〕3号"}


def values() -> Mapping[str, Sequence[object]]:
    """For each argument of an address what there is now. Raises ``KeyError`` for an argument that nobody named."""
    found: dict[str, Sequence[object]] = {
        name: list(apps.get_model(label)._base_manager.order_by("pk").values_list("pk", flat=True)[:SHOWN])
        for name, label in _TABLES.items()
    }
    rulings = [*_keys("campaigns.PointsRuling"), *_keys("campaigns.SevereRuling")]
    return found | {
        "ruling_id": rulings,
        "year": [2025],
        "key": [main_year(2025)],
        "code": ["U1", "K1.1", "K3.3"],
        "unit": ["U1"],
        "subject": ["plan", "result", "correction"],
        "stage": STAGES,
        "kind": ["destroy", "program"],
        "part": ["full", "public"],
        "secret": ["nobody-was-given-this-link"],
        "number": [*Case.objects.values_list("number", flat=True)[:SHOWN], 1],
        "sha256": list(Artefact.objects.values_list("sha256", flat=True)[:SHOWN]),
        "uid": list(Observation.objects.values_list("uid", flat=True)[:SHOWN]),
        "batch": sorted(
            {
                batch
                for uid in Observation.objects.values_list("uid", flat=True)
                if (batch := evidence.batch_of(uid))
            }
        ),
    }


def _keys(label: str) -> list[Any]:
    return list(apps.get_model(label)._base_manager.values_list("pk", flat=True)[:SHOWN])


def another_book(year: Year) -> None:
    """A second version with other numbers, so that there is a difference to look at."""
    standards.adopt(actor=year.handler, rulebook=rulebook_from_files(_OTHER_BOOK), now=year.tick())


def routine_work(room: Room) -> None:
    """What goes on all year, also before a plan is approved."""
    another_book(room.year)
    for make in (places._case, places._observation, places._opinion, places._draw, places._entered):
        make(room)
    places._case(room, served=False)
    digest = places._material(room)["digest"]
    handler, head = room.year.handler, room.who("office_head")
    disposals.propose_disposal(
        kind="destroy",
        sha256=digest,
        reason="含有个人信息",
        uses=["整改回复"],
        actor=handler,
        now=room.year.tick(),
    )
    passwords.ask_reset(actor=room.who("system_admin"), person=_person(head), now=room.year.tick())
    _look(room)
    record_visit(
        actor=room.who("inspector"), organisation_code="U1", place="办事大厅", outcome="not_met", note="查不到",
        visited_at=room.year.at, client_id="phone-1", item="K3.3", photo=("现场.jpg", JPEG), confirmed=True,
        now=room.year.tick(),
    )  # fmt: skip


def _person(actor: Actor) -> Person:
    return Person.objects.get(pk=actor.id)


def _look(room: Room) -> None:
    """A finding of the monitor that waits for more looks."""
    unit, at = Organisation.objects.get(code="U1"), room.year.tick()
    run = Run.objects.create(
        organiser=main(), organisation=unit, kind="routine", state="done", started_at=at, finished_at=at
    )
    found = Finding.objects.create(
        organiser=main(), organisation=unit, check_id="P-01", item="K3.3", target="http://u1.kaoping.test/wj/1.html", state="suspected",
        reason="逾期没有更新", opened_at=at,
    )  # fmt: skip
    Sighting.objects.create(finding=found, run=run, outcome="not_met", reason="逾期没有更新", at=at)


def in_routine(room: Room) -> None:
    """Papers of the year that wait for a second person, an import, a file and a link of a self-review to come."""
    year = room.year
    severe.propose_severe(
        actor=year.handler, campaign=year.campaign, given=SEVERE, content=PDF, confirmed=True, now=year.tick()
    )
    imported(year, f"U1,K3.3,件数,1,{year.at.date().isoformat()},台账")
    fault = Entry("U1", "monitor", year.at, "verdict", "not_met", item="K3.3", check="P-01")
    record([fault], actor=SYSTEM, now=year.tick())


def in_self_review(room: Room) -> None:
    """An answer with a file, and a claim of 不涉及."""
    year = room.year
    year.answer("U1", "K1.1", level="good", text="见材料")
    self_review.add_artefact(
        actor=year.liaisons["U1"], self_review=year.form("U1"), item="K1.1", name="会议.pdf", content=PDF,
        confirmed=True, now=year.tick(),
    )  # fmt: skip
    year.answer("U2", "K1.2", not_applicable=True, text="不涉及的理由")


def in_review(room: Room) -> None:
    """The claim is decided."""
    year = room.year
    claim = Answer.objects.get(item="K1.2", self_review__organisation__code="U2")
    applicability.decide_claim(
        actor=year.handler, answer=claim, accepted=False, reason="涉及", now=year.tick()
    )


def in_appeals(room: Room) -> None:
    """An appeal that waits, a ruling that waits, a computed sheet."""
    year = room.year
    appeal.file_appeal(
        actor=year.liaisons["U1"], campaign=year.campaign, organisation="U1", item="K1.1", claim="材料齐全",
        now=year.tick(),
    )  # fmt: skip
    ruling.propose_points(
        actor=year.handler, campaign=year.campaign, organisation="U2", item="K1.1", points="20", reason="经核实有误",
        now=year.tick(),
    )  # fmt: skip
    year.compute()


def settle(room: Room) -> None:
    """Decide what waits, so that the result can be signed."""
    year = room.year
    for one in Appeal.objects.filter(outcome=""):
        appeal.decide_appeal(
            actor=year.decider, appeal=one, outcome="rejected", decision="原评定有据", now=year.tick()
        )
    for one in rulings.waiting(year.campaign):
        ruling.second_points(actor=year.head, ruling=one, agreed=False, now=year.tick())
    for one in severes.waiting(year.campaign):
        severe.second_severe(
            actor=year.head, ruling=one, agreed=False, reason="经核实不成立", now=year.tick()
        )


def published(room: Room) -> None:
    """Signed, frozen, approved and published, and a correction that is being made."""
    year = room.year
    settle(room)
    places.signed_off(room)
    made = publication.freeze(actor=year.handler, campaign=year.campaign, typed_year="2025", now=year.tick())
    year.sign("result")
    publication.publish(actor=year.handler, release=made, now=year.tick())
    year.campaign.refresh_from_db()
    correction.open_correction(
        actor=year.handler, campaign=year.campaign, reason="K1.1 录分有误", now=year.tick()
    )


def shelve(folder: Path, *, level: str, adopted: Mapping[str, str] | None) -> Mapping[str, bytes]:
    """A published year of the same rulebook, approved by a plan or, as files made by hand are, by none."""
    book, members = rulebook_from_files(FILES), publishing.units()[:4]
    lines = [
        Line(
            id=f"{unit.code}-{item}", unit=unit.code, item=item, check=None, source=source, observed_at=SEEN,
            recorded_at=SEEN, kind=kind, value=value, reason="材料齐全",
        )
        for unit in members
        for item, source, kind, value in (
            ("K1.1", "reviewer", "level", "fair"),
            ("K1.2", "reviewer", "level", "good"),
            ("K3.3", "register", "count", 2),
            ("S5.1", "ballot", "tally", {"question": "q1", "options": {"a": 40, "b": 6, "c": 4}}),
            ("D1", "register", "count", 2),
            ("B1", "register", "count", 2),
        )
    ]  # fmt: skip
    files = build_bundle(
        rulebook=book, units=members, observations=lines, year=2025, as_of=SEEN.replace(year=2026), salt=b"salt",
        adopted=adopted,
    )  # fmt: skip
    public = public_part(files, level, json.loads(files[MANIFEST]), book, json.loads(files["results.json"]))
    facts = {
        "organiser": "", "main": True, "year": 2025, "number": 1, "level": level, "example": True, "note": "", "corrects": None, "adopted": adopted,
        "published_at": "2026-01-20T01:00:00+00:00", "full_digest": bundle_digest(files),
        "public_digest": bundle_digest(public), "not_participating": [], "appeals": {"upheld": 0, "rejected": 0},
        "evaluation": publishing.evaluation(members),
    }  # fmt: skip
    shelf.write_release(folder, facts, public)
    return public


STORY: Final[Mapping[str, Callable[[Room], object]]] = {
    "方案已批，还没有开放下一阶段": lambda room: room.year.sign("plan"),
    "部门自查": lambda room: (
        room.year.advance(),
        in_routine(room),
        room.year.to("self_review"),
        in_self_review(room),
    ),
    "综合评定": lambda room: (room.year.to("review"), in_review(room)),
    "复核申请": lambda room: (room.year.to("appeals"), in_appeals(room)),
    "公开以后": published,
}
