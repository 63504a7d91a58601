"""The way back: a refused result is brought back, worked on, signed again and published; what went back is kept, never out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from kaoping.accounts.actor import Actor, Refused
from kaoping.campaigns.models import StepBack
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import ledger as year_ledger
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries import step_back as reads
from kaoping.campaigns.services import approval, correction, ruling, sign_off, step_back
from kaoping.campaigns.services.ledger import propose_ruling
from kaoping.evidence import queries as ledger
from kaoping.evidence.services import Entry
from kaoping.publication import queries, services, shelf
from kaoping.publication.bundle.verify import verify_files
from kaoping.publication.models import Release
from kaoping.registry.queries.organisers import main_year
from tests.campaigns.examples import Year
from tests.ledger import record

pytestmark = pytest.mark.django_db
SEEN = datetime.fromisoformat("2025-11-20T10:00:00+08:00")


def _freeze(year: Year) -> Release:
    return services.freeze(actor=year.handler, campaign=year.campaign, typed_year="2025", now=year.tick())


def _publish(year: Year, release: Release) -> None:
    services.publish(actor=year.handler, release=release, now=year.tick())
    year.campaign.refresh_from_db()


def _signed(year: Year) -> None:
    year.wait_for_appeals()
    sign_off.sign_off(actor=year.signer, campaign=year.campaign, typed_year="2025", now=year.tick())


def _refuse(year: Year, subject: str = "result") -> None:
    """The leading group sends the paper back."""
    for actor in (year.handler, year.head):
        approval.approve(actor=actor, campaign=year.campaign, subject=subject, now=year.tick())
    approval.return_approval(
        actor=year.leader, campaign=year.campaign, subject=subject, reason="U1 得分有误", now=year.tick()
    )


def _bring_back(year: Year, actor: Actor | None = None) -> StepBack:
    return step_back.bring_back(
        actor=actor or year.handler, campaign=year.campaign, reason="按领导小组意见核对 K1.1", now=year.tick()
    )


def _rule(year: Year, points: str = "40", second: Actor | None = None) -> None:
    made = ruling.propose_points(
        actor=year.handler,
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        points=points,
        reason="领导小组会议核定",
        now=year.tick(),
    )
    ruling.second_points(actor=second or year.head, ruling=made, agreed=True, now=year.tick())


def test_a_refused_result_is_brought_back_and_published_anew(frozen: Year) -> None:
    first = _freeze(frozen)
    old = sheets.signed(frozen.campaign)
    assert old is not None
    _refuse(frozen)
    [lack, *_] = campaigns.missing(frozen.campaign, now=frozen.at, release=True)
    assert "被退回" in lack.what and "退回复核申请" in lack.how
    made = _bring_back(frozen)
    assert frozen.campaign.stage == "appeals"
    assert (str(made.first_by_id), str(made.end.by_id)) == (frozen.leader.id, frozen.handler.id)
    # The signature is void, the release is kept and can never be published.
    assert sheets.signed(frozen.campaign) is None
    assert sheets.sign_off_of(old) is None
    assert queries.returned_by(first) == made
    assert queries.full_files(first) is not None
    with pytest.raises(Refused, match="已经退回，不能公开"):
        services.publish(actor=frozen.handler, release=first, now=frozen.tick())
    # The same sheet cannot be signed again: a new one is computed.
    with pytest.raises(Refused, match="已经作废"):
        _signed(frozen)
    with pytest.raises(Refused, match="要重算"):
        frozen.advance()
    _rule(frozen)
    new = frozen.compute()
    _signed(frozen)
    frozen.advance()
    assert frozen.campaign.stage == "frozen"
    with pytest.raises(Refused, match="结果呈批表缺经办、"):  # the signatures before do not count
        services.publish(actor=frozen.handler, release=_freeze(frozen), now=frozen.tick())
    second = queries.latest(main_year(2025))
    assert second is not None
    assert (second.number, second.sheet_digest) == (2, new.digest)
    frozen.sign("result")
    _publish(frozen, second)
    assert frozen.campaign.stage == "published"
    found = shelf.latest(Path(settings.KAOPING_PUBLISHED), main_year(2025))
    assert found is not None and found.facts["full_digest"] == second.full_digest
    files = queries.full_files(second)
    assert files is not None
    assert verify_files(files, digest=second.full_digest).ok
    assert (
        '"ruling:points-G1-2025-1"' in files["acts.json"].decode()
        and '"signers":2' in files["acts.json"].decode()
    )
    assert queries.bundle_of_year(main_year(2025)) == files


def test_who_sent_it_back_does_not_take_it_up(frozen: Year) -> None:
    with pytest.raises(Refused, match="没有被退回"):
        _bring_back(frozen)
    with pytest.raises(Refused, match="由政务公开办经办"):
        _bring_back(frozen, frozen.signer)
    approval.approve(actor=frozen.handler, campaign=frozen.campaign, subject="result", now=frozen.tick())
    approval.return_approval(
        actor=frozen.handler, campaign=frozen.campaign, subject="result", reason="写错", now=frozen.tick()
    )
    with pytest.raises(Refused, match="是您退回的"):
        _bring_back(frozen)
    # Signed again: the last word is no longer that it goes back.
    approval.approve(actor=frozen.handler, campaign=frozen.campaign, subject="result", now=frozen.tick())
    with pytest.raises(Refused, match="没有被退回"):
        _bring_back(frozen)
    approval.return_approval(
        actor=frozen.leader, campaign=frozen.campaign, subject="result", reason="有误", now=frozen.tick()
    )
    made = _bring_back(frozen)
    with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic():
        StepBack.objects.filter(pk=made.pk).update(reason="别的")


def test_signer_and_head_take_a_signature_back_together(frozen: Year) -> None:
    def propose(actor: Actor) -> StepBack:
        return step_back.propose_back(
            actor=actor, campaign=frozen.campaign, reason="发现漏记", now=frozen.tick()
        )

    def second(actor: Actor, agreed: bool = True) -> None:
        step_back.second_back(actor=actor, campaign=frozen.campaign, agreed=agreed, now=frozen.tick())

    with pytest.raises(Refused, match="由第二签发人和办公室负责人两人"):
        propose(frozen.handler)
    with pytest.raises(Refused, match="没有待确认的退回"):
        second(frozen.head)
    propose(frozen.signer)
    with pytest.raises(Refused, match="待第二人确认"):
        propose(frozen.head)
    with pytest.raises(Refused, match="提出人不能自己确认"):
        second(frozen.signer)
    second(frozen.head, agreed=False)
    assert frozen.campaign.stage == "frozen"
    assert sheets.signed(frozen.campaign) is not None
    _freeze(frozen)
    approval.approve(actor=frozen.handler, campaign=frozen.campaign, subject="result", now=frozen.tick())
    propose(frozen.head)
    second(frozen.signer)
    assert frozen.campaign.stage == "appeals"
    # A signature on the old paper does not count for the next.
    assert campaigns.approval_state(frozen.campaign, "result").standing == 0
    assert [one.first_by.name for one in reads.step_backs(frozen.campaign)] == [frozen.head.name]


def test_nothing_goes_back_before_the_signature_or_after_publication(frozen: Year) -> None:
    release = _freeze(frozen)
    frozen.sign("result")
    _publish(frozen, release)
    with pytest.raises(Refused, match="已经公开，不能退回"):
        step_back.propose_back(actor=frozen.head, campaign=frozen.campaign, reason="晚了", now=frozen.tick())


def test_points_move_by_two_people_alone(frozen: Year) -> None:
    with pytest.raises(Refused, match="退回复核申请"):
        _rule(frozen)
    _refuse(frozen)
    _bring_back(frozen)
    before = ledger.last_position()
    made = ruling.propose_points(
        actor=frozen.handler,
        campaign=frozen.campaign,
        organisation="U1",
        item="K1.1",
        points="40",
        reason="核定",
        now=frozen.tick(),
    )
    assert ledger.last_position() == before
    with pytest.raises(Refused, match="由第二签发人或办公室负责人确认"):
        ruling.second_points(actor=frozen.decider, ruling=made, agreed=True, now=frozen.tick())
    both = Actor(frozen.handler.id, "x", "经办甲", (("office_handler", "G1"), ("office_head", "G1")))
    with pytest.raises(Refused, match="提出人不能自己确认"):
        ruling.second_points(actor=both, ruling=made, agreed=True, now=frozen.tick())
    with pytest.raises(Refused, match="已提请审定，待"):
        _rule(frozen)
    ruling.second_points(actor=frozen.signer, ruling=made, agreed=False, now=frozen.tick())
    assert ledger.last_position() == before
    with pytest.raises(Refused, match="未重复办理"):
        ruling.second_points(actor=frozen.signer, ruling=made, agreed=True, now=frozen.tick())
    _rule(frozen)
    detail = sheets.unit_detail(frozen.compute(), "U1")
    assert detail is not None
    assert detail["indicators"]["K1.1"]["points"] == "40.00"


@pytest.mark.parametrize("verb", ["compute", "correct", "rule", "freeze"])
def test_every_refusal_while_frozen_names_the_way_back(frozen: Year, verb: str) -> None:
    [uid] = record(
        [Entry("U1", "monitor", SEEN, "verdict", "not_met", item="K3.3", check="P-01")],
        actor=Actor("system", "system", "本平台"),
        now=frozen.at,
    )
    if verb == "freeze":
        _freeze(frozen)
    acts = {
        "compute": frozen.compute,
        "correct": lambda: correction.open_correction(
            actor=frozen.handler, campaign=frozen.campaign, reason="错", now=frozen.tick()
        ),
        "rule": lambda: propose_ruling(actor=frozen.handler, line=uid, reason="属于误报", now=frozen.tick()),
        "freeze": lambda: _freeze(frozen),
    }
    with pytest.raises(Refused, match="退回复核申请"):
        acts[verb]()
    line = ledger.observation(uid)
    assert line is not None and "退回复核申请" in year_ledger.ways(line).words


def _published(frozen: Year) -> Release:
    release = _freeze(frozen)
    frozen.sign("result")
    _publish(frozen, release)
    return release


def _correct(year: Year, points: str) -> None:
    correction.open_correction(actor=year.handler, campaign=year.campaign, reason="录错", now=year.tick())
    _points(year, points)
    year.compute("correction")
    _signed(year)


def _points(year: Year, points: str) -> None:
    correction.correct_points(
        actor=year.handler,
        campaign=year.campaign,
        organisation="U1",
        item="K1.1",
        points=points,
        reason="核对",
        now=year.tick(),
    )


def test_a_correction_that_changes_a_grade_passes_the_leading_group(frozen: Year) -> None:
    _published(frozen)
    with pytest.raises(Refused, match="没有在办的更正"):
        approval.approve(
            actor=frozen.handler, campaign=frozen.campaign, subject="correction", now=frozen.tick()
        )
    _correct(frozen, "40")
    release = _freeze(frozen)
    with pytest.raises(Refused, match="更正呈批表缺经办、"):
        _publish(frozen, release)
    frozen.sign("correction")
    _publish(frozen, release)
    assert queries.published_act(release) is not None
    with pytest.raises(Refused, match="没有在办的更正"):  # what is out is not sent back
        approval.return_approval(
            actor=frozen.leader,
            campaign=frozen.campaign,
            subject="correction",
            reason="晚",
            now=frozen.tick(),
        )
    # The next correction needs signatures of its own.
    correction.open_correction(
        actor=frozen.handler, campaign=frozen.campaign, reason="又错", now=frozen.tick()
    )
    assert campaigns.approval_state(frozen.campaign, "correction").standing == 0


def test_a_correction_that_changes_no_grade_is_published_as_before(frozen: Year) -> None:
    _published(frozen)
    _correct(frozen, "20.01")
    under_way = corrections.under_way(frozen.campaign)
    assert under_way is not None
    assert corrections.grades_moved(under_way) == []
    with pytest.raises(Refused, match="没有改变任何单位的等次"):
        approval.approve(
            actor=frozen.handler, campaign=frozen.campaign, subject="correction", now=frozen.tick()
        )
    _publish(frozen, _freeze(frozen))
    assert corrections.under_way(frozen.campaign) is None


def test_a_refused_correction_is_worked_on_again_and_the_year_stays_published(frozen: Year) -> None:
    first = _published(frozen)
    _correct(frozen, "40")
    release = _freeze(frozen)
    _refuse(frozen, "correction")
    with pytest.raises(Refused, match="更正退回重办"):
        _points(frozen, "39")
    _bring_back(frozen)
    assert frozen.campaign.stage == "published"
    assert queries.returned_by(release) is not None
    assert queries.release_of_signed(frozen.campaign) == first
    assert queries.published_act(first) is not None
    with pytest.raises(Refused, match="已经退回，不能公开"):
        _publish(frozen, release)
    _points(frozen, "39")
    frozen.compute("correction")
    _signed(frozen)
    again = _freeze(frozen)
    assert again.number == 3
    frozen.sign("correction")
    _publish(frozen, again)
    pair = queries.corrected_by(again)
    assert pair is not None and pair[1] == first
