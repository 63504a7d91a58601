import io
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from docx import Document

from kaoping.accounts.actor import SYSTEM, Actor, Refused
from kaoping.accounts.queries import audit_entries
from kaoping.evidence import queries
from kaoping.evidence.jobs import destroy_bytes
from kaoping.evidence.services import Entry, destroy_artefact, store_artefact
from kaoping.evidence.services.withdrawal import rule
from kaoping.scoring.observations import ArtefactRef, ObservationError
from kaoping.support import jobs
from kaoping.support import queries as support_queries
from kaoping.support.files import FileStore
from tests.ledger import ledger, record

pytestmark = pytest.mark.django_db
HANDLER = Actor("1", "handler", "经办", (("office_handler", "city"),), main="city")
HEAD = Actor("2", "head", "主任", (("office_head", "city"),), main="city")


@pytest.fixture
def entry(now):
    return Entry(
        unit="U1",
        item="K3.1",
        source="visit",
        observed_at=now,
        kind="verdict",
        value="met",
        reason="现场查看，栏目齐全",
        artefacts=[ArtefactRef("a" * 64, None)],
    )


def one(entry, now):
    return record([entry], actor=SYSTEM, now=now)[0]


def test_a_new_line_is_announced_in_the_same_transaction_and_a_known_one_is_not(entry, now):
    def due():
        return [job.name for job in support_queries.jobs()]

    with pytest.raises(ObservationError):
        record([entry, replace(entry, source="nobody")], actor=SYSTEM, now=now)
    assert due() == []
    record([replace(entry, uid="one")], actor=SYSTEM, now=now)
    assert due() == ["kaoping.rectification.jobs:read_ledger"]
    jobs.run_due("w", now=now)
    record([replace(entry, uid="one")], actor=SYSTEM, now=now)
    record([], actor=SYSTEM, now=now)
    assert support_queries.job_counts()["waiting"] == 0


def test_what_is_recorded_is_read_back_in_the_engine_form(entry, now):
    uid = one(entry, now)
    seen = queries.observation(uid)
    assert (seen.unit, seen.item, seen.value, seen.by) == ("U1", "K3.1", "met", "本平台")
    assert seen.artefacts == (ArtefactRef("a" * 64, None),)
    assert [position for position, _ in queries.since(0)] == [queries.last_position()]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("evidence_observation", "reason"),
        ("evidence_observationartefact", "url"),
        ("evidence_artefact", "name"),
        ("evidence_destruction", "reason"),
    ],
)
@pytest.mark.parametrize("act", ["UPDATE {table} SET {column} = 'x'", "DELETE FROM {table}"])
def test_the_database_refuses_change_and_removal(entry, now, stored_files, table, column, act):
    one(entry, now)
    sha = store_artefact("笔录".encode(), name="笔录.txt", actor=SYSTEM, now=now)
    destroy_artefact(sha256=sha, proposed_by=HANDLER, confirmed_by=HEAD, reason="含身份证号", now=now)
    with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table=table, column=column))


class TestSupersession:
    def test_a_correction_is_a_new_row(self, entry, now):
        old = one(entry, now)
        new = one(replace(entry, source="office", value="not_met", supersedes=old, act="ruling:1"), now)
        assert [item.id for item in ledger()] == [old, new]
        assert queries.observation(old).value == "met"

    def test_only_the_newest_is_corrected(self, entry, now):
        old = one(entry, now)
        ruled = replace(entry, source="office", supersedes=old, act="ruling:1")
        one(ruled, now)
        with pytest.raises(ObservationError, match="已被更正过"):
            one(ruled, now)

    def test_only_of_the_same_unit_and_only_what_exists(self, entry, now):
        old = one(entry, now)
        with pytest.raises(ObservationError, match="同一单位"):
            one(replace(entry, unit="U2", supersedes=old), now)
        with pytest.raises(ObservationError, match="没有编号为"):
            one(replace(entry, supersedes="none"), now)

    def test_withdrawal_needs_a_reason_and_stays_in_the_ledger(self, entry, now):
        old = one(entry, now)
        for short in (" ", "错", "看错了  "):
            with pytest.raises(Refused, match="理由至少写 4 个字"):
                rule(line=old, ref="ruling:1", actor=HANDLER, reason=short, now=now)
        new = rule(line=old, ref="ruling:1", actor=HANDLER, reason="看错了栏目", now=now)
        assert queries.observation(new).kind == "withdrawn"
        assert queries.observation(new).supersedes == old
        assert len(ledger()) == 2


def test_bad_entries_leave_nothing(entry, now):
    bad = [replace(entry, source="rumour"), replace(entry, item=None), replace(entry, value="perhaps")]
    for wrong in (*bad, replace(entry, kind="withdrawn", value=None)):
        with pytest.raises(ObservationError):
            record([entry, wrong], actor=SYSTEM, now=now)
    assert ledger() == []


def test_the_same_uid_twice_is_one_row(entry, now):
    named = replace(entry, uid="run-7/U1/P-01")
    assert record([named], actor=SYSTEM, now=now) == record([named], actor=SYSTEM, now=now)
    assert len(ledger()) == 1


class TestArtefacts:
    def test_bytes_are_kept_once_by_digest(self, now, stored_files):
        first = store_artefact(b"%PDF-1.7 x", name="a.pdf", actor=SYSTEM, now=now)
        assert store_artefact(b"%PDF-1.7 x", name="b.pdf", actor=SYSTEM, now=now) == first
        assert queries.artefact_bytes(first) == b"%PDF-1.7 x"

    def test_a_marked_file_is_refused_and_not_stored(self, now, stored_files):
        document = Document()
        document.add_paragraph("机密★10年")
        out = io.BytesIO()
        document.save(out)
        with pytest.raises(Refused, match="非涉密系统，严禁上传国家秘密、工作秘密"):
            store_artefact(out.getvalue(), name="通知.docx", actor=SYSTEM, now=now)
        with pytest.raises(Refused, match="密级标志"):
            store_artefact(b"%PDF-1.7", name="秘密★5年.pdf", actor=SYSTEM, now=now)
        assert list(queries.file_store().digests()) == []

    def test_destruction_takes_two_and_keeps_the_act(self, now, stored_files):
        sha = store_artefact("身份证号".encode(), name="a.txt", actor=SYSTEM, now=now)
        act = {"sha256": sha, "reason": "泄露身份证号", "now": now}
        both = Actor("9", "both", "一人", (("office_handler", "city"), ("office_head", "city")), main="city")
        with pytest.raises(Refused, match="两人"):
            destroy_artefact(proposed_by=both, confirmed_by=both, **act)
        with pytest.raises(Refused, match="经办提出"):
            destroy_artefact(proposed_by=HEAD, confirmed_by=HEAD, **act)
        with pytest.raises(Refused, match="负责人或第二签发人确认"):
            destroy_artefact(proposed_by=HANDLER, confirmed_by=HANDLER, **act)
        assert queries.artefact_bytes(sha) is not None
        destroy_artefact(proposed_by=HANDLER, confirmed_by=HEAD, **act)
        assert queries.artefact_bytes(sha) is None
        assert queries.artefact(sha) is not None
        assert queries.destruction(sha).reason == "泄露身份证号"
        assert "经办 提出、主任 确认，销毁材料" in audit_entries(verb="destroy_artefact").first().sentence
        with pytest.raises(Refused, match="已经销毁"):
            destroy_artefact(proposed_by=HANDLER, confirmed_by=HEAD, **act)

    def test_destruction_is_finished_by_the_worker_when_the_process_ended_before_it(
        self, now, stored_files, monkeypatch
    ):
        sha = store_artefact("身份证号".encode(), name="a.txt", actor=SYSTEM, now=now)
        act = {"sha256": sha, "reason": "泄露身份证号", "now": now}
        with monkeypatch.context() as ending, pytest.raises(KeyboardInterrupt):
            ending.setattr(FileStore, "destroy", _end_here)
            destroy_artefact(proposed_by=HANDLER, confirmed_by=HEAD, **act)
        assert queries.destruction(sha) is not None and queries.file_store().get(sha) is not None
        assert queries.artefact_bytes(sha) is None
        jobs.run_due("worker", now=now)
        assert queries.file_store().get(sha) is None
        other = store_artefact(b"%PDF-1.7 x", name="b.pdf", actor=SYSTEM, now=now)
        assert destroy_bytes(sha256=other, now=now) == "在用"
        assert queries.artefact_bytes(other) is not None


def _end_here(*_args: object) -> None:
    raise KeyboardInterrupt


def test_reading_the_ledger_costs_two_queries(entry, now, django_assert_num_queries):
    record([entry] * 3, actor=SYSTEM, now=now)
    with django_assert_num_queries(2):
        queries.ledger(organiser="G1")
    record([entry] * 30, actor=SYSTEM, now=now)
    with django_assert_num_queries(2):
        queries.ledger(organiser="G1")
