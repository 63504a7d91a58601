"""Every act that takes somebody else than a first person: how the first comes about, and how the second is tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.db.models import Model

from kaoping.accounts.actor import OF_AN_ORGANISER, Actor
from kaoping.accounts.models import PasswordLink, Person
from kaoping.accounts.queries import person
from kaoping.accounts.services import switch_person
from kaoping.campaigns.logic.severe import Given
from kaoping.campaigns.models import (
    Appeal,
    Approval,
    Correction,
    PointsRuling,
    ReviewAssignment,
    SevereRuling,
    Sheet,
    StepBack,
)
from kaoping.campaigns.services import (
    appeal,
    approval,
    correction,
    ruling,
    severe,
    sheet,
    sign_off,
    stage_return,
    step_back,
)
from kaoping.campaigns.services import ledger as year_ledger
from kaoping.evaluation.models import OpeningShare
from kaoping.evaluation.services.box import open_poll, seal_poll
from kaoping.evaluation.services.poll import prepare_poll
from kaoping.evidence import disposals, logic
from kaoping.evidence.handing_in import store_artefact
from kaoping.evidence.models import Act, Observation, Proposal
from kaoping.evidence.services import Entry, withdrawal
from kaoping.publication import services as publication
from kaoping.rectification.models import Case, CaseEntry
from kaoping.rectification.services import closing, order, unit
from kaoping.registry import passwords
from kaoping.registry.queries.organisers import main_code, main_year
from kaoping.registry.services import appoint
from tests.campaigns.examples import PDF, Year, make_year
from tests.campaigns.rulebook import SEVERE_FILES
from tests.evaluation.test_services import AFTER, CLOSES, OPENS, PASSPHRASES, QUESTIONNAIRE
from tests.ledger import ledger as whole_ledger
from tests.ledger import record
from tests.rectification.making import drafted

Kept = tuple[type[Model], str]
WHY: Final = "经核实登记有误"


@dataclass(frozen=True, slots=True)
class Two:
    """A first person who has acted, and the verb tried by a second with ``roles``; ``words`` refuse the first again.

    ``kept`` is the column that says who was first; null where that is the person of the register itself. ``namesake`` is given
    where the second person must have been named before.
    """

    first: Actor
    roles: tuple[str, ...]
    second: Callable[[Actor], object]
    words: str
    kept: Kept | None
    namesake: Actor | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What the cases are made of. ``fixture`` gives a fixture by its name."""

    fixture: Callable[[str], Any]

    @property
    def now(self) -> Any:
        return self.fixture("now")

    def cast(self, role: str, *given: str, **named: str) -> Actor:
        made: Actor = self.fixture("cast")(role, *given, **named)
        return made

    def year(self, stage: str) -> Year:
        self.fixture("units")
        self.fixture("stored_files")
        return make_year(self.fixture("cast"), self.now).to(stage)

    def signed(self) -> Year:
        """A year whose result is signed and frozen."""
        year = self.year("appeals")
        year.compute()
        assert year.campaign.appeals_close_at is not None
        year.at = year.campaign.appeals_close_at
        sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())
        year.advance()
        return year


CASES: Final[list[tuple[str, str, Callable[[Scene], Two]]]] = []


def case(verb: str, label: str = "") -> Callable[[Callable[[Scene], Two]], Callable[[Scene], Two]]:
    """Declare the case of a verb; a verb that several persons may be first of has one for each."""

    def keep(make: Callable[[Scene], Two]) -> Callable[[Scene], Two]:
        CASES.append((verb, label, make))
        return make

    return keep


# ---- people ------------------------------------------------------------------------------------------------------------


@case("accounts.services.switch_person", "自己")
def switch_off_oneself(scene: Scene) -> Two:
    first = scene.cast("system_admin")

    def second(actor: Actor) -> None:
        switch_person(actor=actor, person=_person(first), active=False, roles=(), now=scene.now)

    return Two(first, ("system_admin",), second, "不能停用自己", None)


@case("registry.passwords.ask_reset", "自己")
def reset_oneself(scene: Scene) -> Two:
    first = scene.cast("system_admin")

    def second(actor: Actor) -> object:
        return passwords.ask_reset(actor=actor, person=_person(first), now=scene.now)

    return Two(first, ("system_admin",), second, "另一名系统管理员", None)


@case("registry.services.appoint", "自己")
def appoint_oneself(scene: Scene) -> Two:
    first = scene.cast("security_admin")

    def second(actor: Actor) -> object:
        return appoint(
            actor=actor,
            person=_person(first),
            role="security_admin",
            organisation=None,
            valid_from=date(2024, 1, 1),
            valid_until=date(2024, 12, 31),
            now=datetime(2024, 1, 1, 1, 30, tzinfo=UTC),
        )

    return Two(first, ("security_admin",), second, "不能给自己授予岗位", None)


@case("registry.passwords.confirm_reset", "提出人")
def confirm_ones_own_asking(scene: Scene) -> Two:
    first = scene.cast("system_admin")
    made = passwords.ask_reset(actor=first, person=_person(scene.cast("second_signer")), now=scene.now)
    return Two(
        first,
        ("security_admin",),
        lambda actor: passwords.confirm_reset(actor=actor, link=made.link, now=scene.now),
        "提出人以外",
        (PasswordLink, "asked_by_id"),
    )


@case("registry.passwords.confirm_reset", "自己")
def confirm_ones_own_reset(scene: Scene) -> Two:
    first = scene.cast("security_admin")
    made = passwords.ask_reset(actor=scene.cast("system_admin"), person=_person(first), now=scene.now)
    return Two(
        first,
        ("security_admin",),
        lambda actor: passwords.confirm_reset(actor=actor, link=made.link, now=scene.now),
        "不能确认自己",
        None,
    )


def _resting(scene: Scene, asked_by: Actor, who: Actor) -> Callable[[Actor], object]:
    asked = passwords.ask_reset(actor=asked_by, person=_person(who), now=scene.now)
    made = passwords.confirm_reset(actor=scene.cast("security_admin"), link=asked.link, now=scene.now)
    passwords.use_link(secret=made.secret, code=asked.code, password="san-he-yi-zhang-shan", now=scene.now)
    return lambda actor: passwords.release_rest(actor=actor, person=_person(who), now=scene.now)


@case("registry.passwords.release_rest", "重置人")
def release_whom_one_reset(scene: Scene) -> Two:
    first = scene.cast("system_admin")
    second = _resting(scene, first, scene.cast("second_signer"))
    return Two(first, ("office_head",), second, "重置人以外", (PasswordLink, "asked_by_id"))


@case("registry.passwords.release_rest", "本人")
def release_oneself(scene: Scene) -> Two:
    """Whoever rests is stopped at the door of every signing verb before this question is asked."""
    first = scene.cast("office_head")
    second = _resting(scene, scene.cast("system_admin"), first)
    return Two(first, ("office_head",), second, "24 小时内不能签发|不能由本人确认", None)


# ---- the ledger and its materials --------------------------------------------------------------------------------------


def _ruling(scene: Scene) -> tuple[Year, str]:
    year = scene.year("preview")
    line = next(one.id for one in whole_ledger() if one.source == "reviewer")
    ref = year_ledger.propose_ruling(actor=year.handler, line=line, reason=WHY, now=year.tick())
    return year, ref


@case("campaigns.services.ledger.second_ruling", "提出人")
def second_ones_own_ruling(scene: Scene) -> Two:
    year, ref = _ruling(scene)
    return Two(
        year.handler,
        ("office_head",),
        lambda actor: year_ledger.second_ruling(actor=actor, ref=ref, agreed=True, now=year.tick()),
        "提出人不能自己确认",
        (Act, "by_id"),
    )


@case("evidence.services.withdrawal.second_ruling", "提出人")
def second_ones_own_ruling_in_the_ledger(scene: Scene) -> Two:
    year, ref = _ruling(scene)
    return Two(
        year.handler,
        ("office_head",),
        lambda actor: withdrawal.second_ruling(actor=actor, ref=ref, agreed=True, now=year.tick()),
        "提出人不能自己确认",
        (Act, "by_id"),
    )


def _stored(scene: Scene, actor: Actor) -> str:
    scene.fixture("stored_files")
    return store_artefact(b"%PDF-1.7 x", name="x.pdf", confirmed=True, actor=actor, now=scene.now)


@case("evidence.disposals.confirm_disposal", "提出人")
def confirm_ones_own_disposal(scene: Scene) -> Two:
    first = scene.cast("office_handler")
    made = disposals.propose_disposal(
        kind=logic.DESTROY,
        sha256=_stored(scene, first),
        reason="误传",
        uses=["甲"],
        actor=first,
        now=scene.now,
    )
    return Two(
        first,
        ("office_head",),
        lambda actor: disposals.confirm_disposal(proposal=made, uses=["甲"], actor=actor, now=scene.now),
        "不能是同一人",
        (Proposal, "by_id"),
    )


@case("evidence.disposals.destroy_artefact", "提出人")
def destroy_alone(scene: Scene) -> Two:
    first = scene.cast("office_handler")
    digest = _stored(scene, first)

    def second(actor: Actor) -> None:
        disposals.destroy_artefact(
            sha256=digest, proposed_by=first, confirmed_by=actor, reason="误传", now=scene.now
        )

    return Two(first, ("office_head",), second, "不能是同一人", None)


# ---- the year ----------------------------------------------------------------------------------------------------------


def _appealed(year: Year, item: str = "K1.1") -> Callable[[Actor], object]:
    filed = appeal.file_appeal(
        actor=year.liaisons["U1"],
        campaign=year.campaign,
        organisation="U1",
        item=item,
        claim="材料齐全",
        now=year.tick(),
    )
    return lambda actor: appeal.decide_appeal(
        actor=actor, appeal=filed, outcome="rejected", decision="维持原分", now=year.tick()
    )


@case("campaigns.services.appeal.decide_appeal", "申请人")
def decide_ones_own_appeal(scene: Scene) -> Two:
    year = scene.year("preview")
    second = _appealed(year)
    return Two(year.liaisons["U1"], ("appeal_decider",), second, "申请是您提出的", (Appeal, "filed_by"))


@case("campaigns.services.appeal.decide_appeal", "评分人")
def decide_ones_own_score(scene: Scene) -> Two:
    year = scene.year("preview")
    second = _appealed(year)
    return Two(
        year.reviewers[0], ("appeal_decider",), second, "没有评过分的人", (ReviewAssignment, "reviewer")
    )


@case("campaigns.services.appeal.decide_appeal", "登记人")
def decide_ones_own_record(scene: Scene) -> Two:
    year = scene.year("review")
    first = scene.cast("inspector", name="检查员辛")
    seen = Entry("U1", "monitor", year.at, "verdict", "not_met", item="K3.3", check="P-01", reason="打不开")
    record([seen], actor=first, now=year.tick())
    # The log knows the name under which it was done.
    _noted(first, scene)
    second = _appealed(year.to("preview"), "K3.3")
    return Two(first, ("appeal_decider",), second, "记录是您登记的", (Observation, "by_id"))


@case("campaigns.services.approval.approve", "前一步签批人")
def sign_two_steps(scene: Scene) -> Two:
    year = scene.year("plan")
    approval.approve(actor=year.handler, campaign=year.campaign, now=year.tick())
    return Two(
        year.handler,
        ("office_head",),
        lambda actor: approval.approve(actor=actor, campaign=year.campaign, now=year.tick()),
        "一人只签一处",
        (Approval, "by"),
    )


@case("campaigns.services.ruling.second_points", "提出人")
def second_ones_own_points(scene: Scene) -> Two:
    year = scene.year("preview")
    made = ruling.propose_points(
        actor=year.handler,
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        points="40",
        reason=WHY,
        now=year.tick(),
    )
    return Two(
        year.handler,
        ("office_head",),
        lambda actor: ruling.second_points(actor=actor, ruling=made, agreed=True, now=year.tick()),
        "提出人不能自己确认",
        (PointsRuling, "by"),
    )


@case("campaigns.services.severe.second_severe", "提出人")
def second_ones_own_veto(scene: Scene) -> Two:
    scene.fixture("units")
    scene.fixture("stored_files")
    year = make_year(scene.fixture("cast"), scene.now, files=SEVERE_FILES).to("routine")
    given = Given("U1", "V1", "查实", "2025-10-08", "常政公开办发〔2025〕1号", "查实台账不实。", "通报.pdf")
    made = severe.propose_severe(
        actor=year.handler,
        campaign=year.campaign,
        given=given,
        content=PDF,
        confirmed=True,
        now=year.tick(),
    )
    return Two(
        year.handler,
        ("office_head",),
        lambda actor: severe.second_severe(actor=actor, ruling=made, agreed=True, now=year.tick()),
        "提出人不能自己确认",
        (SevereRuling, "by"),
    )


@case("campaigns.services.stage_return.second_stage_return", "提出人")
def second_ones_own_stage_return(scene: Scene) -> Two:
    year = scene.year("preview")
    stage_return.return_stage(actor=year.handler, campaign=year.campaign, reason="开错了", now=year.tick())
    return Two(
        year.handler,
        ("office_head",),
        lambda actor: stage_return.second_stage_return(
            actor=actor, campaign=year.campaign, agreed=True, now=year.tick()
        ),
        "提出人不能自己确认",
        (StepBack, "first_by"),
    )


@case("campaigns.services.sign_off.sign_off", "计算人")
def sign_what_one_computed(scene: Scene) -> Two:
    year = scene.year("appeals")
    year.compute()
    assert year.campaign.appeals_close_at is not None
    year.at = year.campaign.appeals_close_at
    return Two(
        year.handler,
        ("second_signer",),
        lambda actor: sign_off.sign_off(
            actor=actor, campaign=year.campaign, typed_year="2025", now=year.tick()
        ),
        # A sheet of the first release may not say who computed it: nobody signs it.
        "签发须由第二人办理|没有经办计算的计分表",
        (Sheet, "prepared_by"),
    )


@case("campaigns.services.sign_off.sign_off", "立更正的人")
def sign_the_correction_one_opened(scene: Scene) -> Two:
    settings = scene.fixture("settings")
    settings.KAOPING_PUBLISHED = scene.fixture("tmp_path") / "published"
    year = scene.signed()
    release = publication.freeze(
        actor=year.handler, campaign=year.campaign, typed_year="2025", now=year.tick()
    )
    year.sign("result")
    publication.publish(actor=year.handler, release=release, now=year.tick())
    year.campaign.refresh_from_db()
    correction.open_correction(
        actor=year.handler, campaign=year.campaign, reason="K1.1 录分有误。", now=year.tick()
    )
    correction.correct_points(
        actor=year.handler,
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        points="40",
        reason="专家都评了好",
        now=year.tick(),
    )
    other = scene.cast("office_handler", name="经办壬")
    sheet.compute_sheet(actor=other, campaign=year.campaign, occasion="correction", now=year.tick())
    return Two(
        year.handler,
        ("second_signer",),
        lambda actor: sign_off.sign_off(
            actor=actor, campaign=year.campaign, typed_year="2025", now=year.tick()
        ),
        "更正是您立的",
        (Correction, "opened_by"),
    )


@case("campaigns.services.step_back.bring_back", "退回人")
def bring_back_what_one_returned(scene: Scene) -> Two:
    year = scene.signed()
    for actor in (year.handler, year.head):
        approval.approve(actor=actor, campaign=year.campaign, subject="result", now=year.tick())
    approval.return_approval(
        actor=year.leader, campaign=year.campaign, subject="result", reason="U1 得分有误", now=year.tick()
    )
    return Two(
        year.leader,
        ("office_handler",),
        lambda actor: step_back.bring_back(
            actor=actor, campaign=year.campaign, reason="核对 K1.1", now=year.tick()
        ),
        "呈批表是您退回的",
        (Approval, "by"),
    )


@case("campaigns.services.step_back.second_back", "提出人")
def second_ones_own_step_back(scene: Scene) -> Two:
    year = scene.signed()
    step_back.propose_back(actor=year.signer, campaign=year.campaign, reason="U1 有误", now=year.tick())
    return Two(
        year.signer,
        ("office_head",),
        lambda actor: step_back.second_back(
            actor=actor, campaign=year.campaign, agreed=True, now=year.tick()
        ),
        "提出人不能自己确认",
        (StepBack, "first_by"),
    )


# ---- public evaluation -------------------------------------------------------------------------------------------------


def _prepare(scene: Scene, one: Actor, other: Actor) -> Any:
    scene.fixture("units")
    return prepare_poll(
        actor=scene.cast("office_handler"),
        key=main_year(2025),
        title="2025 年社会评议",
        opens_at=OPENS,
        closes_at=CLOSES,
        questionnaire=QUESTIONNAIRE,
        units=[{"code": "U1", "name": "教育局", "short_name": "教育局", "group": "市级部门"}],
        openers=(_person(one), _person(other)),
        passphrases=PASSPHRASES,
        now=OPENS - timedelta(days=5),
    )


@case("evaluation.services.poll.prepare_poll", "第一开箱人")
def name_one_opener_twice(scene: Scene) -> Two:
    scene.fixture("box")
    first = scene.cast("ballot_opener")
    return Two(first, ("ballot_opener",), lambda actor: _prepare(scene, first, actor), "不能是同一人", None)


@case("evaluation.services.box.open_poll", "第一开箱人")
def open_alone(scene: Scene) -> Two:
    scene.fixture("units")
    scene.fixture("box")
    first = scene.cast("ballot_opener")
    namesake = scene.cast("ballot_opener", name=first.name)
    poll = _prepare(scene, first, namesake)
    seal_poll(actor=scene.cast("office_handler"), poll=poll, now=AFTER)

    def second(actor: Actor) -> object:
        return open_poll(
            first=first,
            first_passphrase=PASSPHRASES[0],
            second=actor,
            second_passphrase=PASSPHRASES[1],
            poll=poll,
            now=AFTER,
        )

    return Two(first, ("ballot_opener",), second, "须两人到场", (OpeningShare, "opener"), namesake)


# ---- rectification -----------------------------------------------------------------------------------------------------


def _served(scene: Scene, *, explained: bool) -> tuple[Actor, Case]:
    scene.fixture("units")
    first = scene.cast("office_handler")
    [one] = order.serve(actor=first, numbers=[drafted(scene.now).number], now=scene.now)
    _noted(first, scene)
    if explained:
        unit.explain(
            actor=scene.cast("liaison", "U1"),
            case=one,
            text="当时系统停机，公开时已过 20 个工作日。",
            now=scene.now,
        )
    return first, one


@case("rectification.services.closing.check", "下发人")
def check_ones_own_order(scene: Scene) -> Two:
    first, one = _served(scene, explained=False)
    return Two(
        first,
        ("inspector",),
        lambda actor: closing.check(actor=actor, case=one, met=True, note="逐页看过，已改", now=scene.now),
        "由您下发",
        (CaseEntry, "person"),
    )


@case("rectification.services.closing.confirm_explanation", "下发人")
def confirm_on_ones_own_order(scene: Scene) -> Two:
    first, one = _served(scene, explained=True)
    return Two(
        first,
        ("office_head",),
        lambda actor: closing.confirm_explanation(actor=actor, case=one, note="", now=scene.now),
        "由您下发",
        (CaseEntry, "person"),
    )


@case("rectification.services.closing.decline_explanation", "下发人")
def decline_on_ones_own_order(scene: Scene) -> Two:
    first, one = _served(scene, explained=True)
    return Two(
        first,
        ("office_head",),
        lambda actor: closing.decline_explanation(actor=actor, case=one, reason="可以补公开", now=scene.now),
        "由您下发",
        (CaseEntry, "person"),
    )


def _person(actor: Actor) -> Person:
    found = person(actor.id)
    assert found is not None
    return found


def _noted(actor: Actor, scene: Scene) -> None:
    """A line of the log under the name of the day, as signing in leaves one."""
    from kaoping.accounts.services import note_sign_in  # noqa: PLC0415

    note_sign_in(actor=actor, now=scene.now)


def as_roles(actor: Actor, roles: tuple[str, ...]) -> Actor:
    """The same person in other posts, of the organiser where they are an organiser's."""
    main = main_code(on=date(2025, 1, 1))
    held = tuple((role, main if role in OF_AN_ORGANISER else "") for role in roles)
    return replace(actor, roles=held, main=main)
