"""Seal, unseal, destroy: who, with what, and what becomes of the bytes."""

import pytest

from kaoping.accounts.actor import SYSTEM, Actor, Refused
from kaoping.accounts.queries import audit_entries
from kaoping.evidence import disposals, logic, queries
from kaoping.evidence.disposals import confirm_disposal, drop_disposal, propose_disposal, seal_artefact
from kaoping.evidence.handing_in import store_artefact
from kaoping.support import jobs
from kaoping.support.files import SEALED, FileStore

pytestmark = pytest.mark.django_db
HANDLER = Actor("1", "handler", "经办", (("office_handler", ""),))
HEAD = Actor("2", "head", "主任", (("office_head", ""),))
LIAISON = Actor("3", "u1", "联络员", (("liaison", "U1"),))
ADMIN = Actor("5", "admin", "管理员", (("system_admin", ""),))


@pytest.fixture
def digest(now, stored_files):
    return store_artefact(b"%PDF-1.7 x", name="x.pdf", actor=SYSTEM, now=now)


@pytest.fixture
def paper(now, stored_files):
    return store_artefact(b"%PDF-1.7 paper", name="p.pdf", actor=SYSTEM, now=now)


def propose(digest, now, kind=logic.DESTROY, actor=HANDLER, **given):
    return propose_disposal(
        kind=kind, sha256=digest, actor=actor, now=now, **{"reason": "误传", "uses": ["甲"], **given}
    )


def test_one_person_seals_at_once_and_nobody_reads_any_more(digest, now, stored_files):
    with pytest.raises(Refused, match="封存由政务公开办"):
        seal_artefact(sha256=digest, actor=LIAISON, now=now)
    seal_artefact(sha256=digest, actor=HANDLER, now=now)
    assert (queries.standing(digest), queries.artefact_bytes(digest), queries.intact(digest)) == (
        "sealed",
        None,
        False,
    )
    kept = stored_files.parent / SEALED / digest
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (b"%PDF-1.7 x", 0o400)
    assert list(queries.file_store().digests()) == []
    assert seal_artefact(sha256=digest, actor=HEAD, now=now).by == "经办"
    assert audit_entries(verb="seal_artefact").filter(refused=False).count() == 1


def test_unreadable_from_the_row_on_and_the_worker_moves_the_bytes(digest, now, stored_files, monkeypatch):
    with monkeypatch.context() as ending, pytest.raises(KeyboardInterrupt):
        ending.setattr(FileStore, "seal", _end_here)
        seal_artefact(sha256=digest, actor=HANDLER, now=now)
    assert queries.file_store().get(digest) is not None and queries.artefact_bytes(digest) is None
    jobs.run_due("worker", now=now)
    assert queries.file_store().get(digest) is None


def _end_here(*_arguments):
    raise KeyboardInterrupt


@pytest.mark.parametrize("kind", [logic.UNSEAL, logic.DESTROY])
def test_what_is_sealed_moves_only_with_the_paper_and_two_persons(digest, paper, now, kind):
    seal_artefact(sha256=digest, actor=HEAD, now=now)
    with pytest.raises(Refused, match="须附保密行政管理部门的书面意见"):
        propose(digest, now, kind)
    made = propose(digest, now, kind, paper=paper)
    with pytest.raises(Refused, match="负责人或第二签发人确认"):
        confirm_disposal(proposal=made, uses=["甲"], actor=HANDLER, now=now)
    assert queries.standing(digest) == "sealed"
    confirm_disposal(proposal=made, uses=["甲"], actor=HEAD, now=now)
    assert queries.artefact_bytes(digest) == (b"%PDF-1.7 x" if kind == logic.UNSEAL else None)
    assert queries.standing(digest) == ("kept" if kind == logic.UNSEAL else "destroyed")
    assert "附保密行政管理部门书面意见" in audit_entries(verb=f"{kind}_artefact").first().sentence


def test_what_was_unsealed_can_be_sealed_again(digest, paper, now):
    seal_artefact(sha256=digest, actor=HANDLER, now=now)
    made = propose(digest, now, logic.UNSEAL, paper=paper)
    confirm_disposal(proposal=made, uses=["甲"], actor=HEAD, now=now)
    seal_artefact(sha256=digest, actor=HANDLER, now=now)
    assert queries.standing(digest) == "sealed" and queries.artefact_bytes(digest) is None


def test_the_second_person_confirms_the_uses_that_were_shown(digest, now):
    made = propose(digest, now, uses=["甲", "乙"])
    with pytest.raises(Refused, match="用途有了变化"):
        confirm_disposal(proposal=made, uses=["甲", "乙", "丙"], actor=HEAD, now=now)
    confirm_disposal(proposal=made, uses=["乙", "甲"], actor=HEAD, now=now)
    assert queries.standing(digest) == "destroyed"


def test_one_person_is_not_two(digest, now):
    both = Actor("9", "b", "一人", (("office_handler", ""), ("office_head", "")))
    made = propose(digest, now, actor=both)
    with pytest.raises(Refused, match="不能是同一人"):
        confirm_disposal(proposal=made, uses=["甲"], actor=both, now=now)


def test_a_proposal_waits_alone_and_can_be_taken_back(digest, now):
    made = propose(digest, now)
    assert propose(digest, now).pk == made.pk, "the same form sent twice"
    with pytest.raises(Refused, match="已有一件待确认的事项"):
        propose(digest, now, reason="另一理由")
    drop_disposal(proposal=made, actor=HEAD, now=now)
    for act in (drop_disposal, confirm_disposal):
        with pytest.raises(Refused, match="未重复办理"):
            act(
                proposal=made,
                actor=HEAD,
                now=now,
                **({"uses": ["甲"]} if act is confirm_disposal else {}),
            )
    assert queries.standing(digest) == "kept"
    assert propose(digest, now, reason="另一理由").pk != made.pk


@pytest.mark.parametrize("actor", [LIAISON, ADMIN])
def test_doors(digest, now, actor):
    made = propose(digest, now)
    for act, given in (
        (seal_artefact, {"sha256": digest}),
        (propose_disposal, {"kind": "destroy", "sha256": digest, "reason": "x", "uses": []}),
        (confirm_disposal, {"proposal": made, "uses": ["甲"]}),
        (drop_disposal, {"proposal": made}),
    ):
        with pytest.raises(Refused):
            act(actor=actor, now=now, **given)
    assert queries.standing(digest) == "kept" and queries.open_proposal(digest) is not None


def test_no_reason_and_no_name_enter_the_log(digest, now):
    made = propose(digest, now, reason="文件叫作战方案")
    confirm_disposal(proposal=made, uses=["甲"], actor=HEAD, now=now)
    assert not [one for one in audit_entries() if "作战" in one.sentence or "x.pdf" in one.sentence]


def test_settling_any_number_of_times_is_once(digest, now):
    seal_artefact(sha256=digest, actor=HANDLER, now=now)
    assert {disposals.settle(digest) for _ in range(3)} == {"sealed"}
    assert jobs.run_due("worker", now=now) == 1


def test_what_is_refused_is_in_the_log_under_its_own_name(digest, now):
    made = propose(digest, now)
    for act in (
        lambda: propose(digest, now, reason="另一理由"),
        lambda: confirm_disposal(proposal=made, uses=["乙"], actor=HEAD, now=now),
        lambda: seal_artefact(sha256="f" * 64, actor=HANDLER, now=now),
        lambda: drop_disposal(proposal=made, actor=LIAISON, now=now),
    ):
        with pytest.raises(Refused):
            act()
    found = [(one.verb, one.thing_id[:8]) for one in audit_entries(refused=True).order_by("id")]
    assert found == [
        ("propose_disposal", digest[:8]),
        ("destroy_artefact", digest[:8]),
        ("seal_artefact", "f" * 8),
        ("drop_disposal", digest[:8]),
    ]


def test_a_proposal_that_falls_at_one_table_names_who_was_refused(digest, now):
    with pytest.raises(Refused, match="经办提出"):
        disposals.destroy_artefact(
            sha256=digest, proposed_by=LIAISON, confirmed_by=HEAD, reason="误传", now=now
        )
    [line] = audit_entries(refused=True)
    assert (line.verb, line.actor_id) == ("propose_disposal", LIAISON.id)
