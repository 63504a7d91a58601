"""What the box promises, on both databases."""

import sqlite3
from datetime import timedelta

import pytest

from kaoping.evaluation.ballotbox.postgres import _Session, psycopg
from kaoping.evaluation.ballotbox.records import NotSealed, Outcome
from kaoping.evaluation.ballotbox.sealing import seal_digest
from kaoping.evaluation.ballotbox.sqlite import SqliteStore
from kaoping.evaluation.ballotbox.store import (
    BALLOT_FILE,
    OUTBOX_FILE,
    forward_opinions,
    open_ballot_store,
    open_opinion_outbox,
)
from kaoping.support import installation
from tests.evaluation.ballotbox.examples import NOW, POLL, arrival

S, R, X = Outcome.STORED, Outcome.REPEATED, Outcome.SEALED


def test_a_ballot_is_stored_once(box):
    store = box[0]()
    assert store.add([arrival(1), arrival(2), arrival(1)]) == [S, S, R]
    assert box[0]().add([arrival(2), arrival(3)]) == [R, S]
    assert store.count(POLL) == 3
    assert store.count("other") == 0


def test_first_answers_count(box):
    store = box[0]()
    again = arrival(1, "second words")
    store.add([arrival(1, "first words")])
    assert store.add([again]) == [R]
    assert [opinion.text for opinion in store.waiting_opinions(9)] == ["first words"]


def test_nobody_reads_before_the_seal(box):
    store = box[0]()
    store.add([arrival(1)])
    with pytest.raises(NotSealed, match="没有封存"):
        store.ballots(POLL)


def test_seal_fixes_the_poll_and_refuses_later_ballots(box):
    store, other = box[0](), box[0]()
    store.add([arrival(2), arrival(1), arrival(9, name="other")])
    seal = other.seal(POLL, NOW)
    assert (seal.count, seal.sealed_at) == (2, NOW)
    assert store.add([arrival(3, "too late"), arrival(1), arrival(10, name="other")]) == [X, R, S]
    assert store.waiting_opinions(9) == []
    assert store.seal(POLL, NOW + timedelta(days=1)) == seal == store.sealed(POLL)
    ballots = list(store.ballots(POLL))
    assert [ballot.receipt for ballot in ballots] == sorted(ballot.receipt for ballot in ballots)
    assert seal_digest(reversed(ballots)) == (seal.digest, 2)
    assert store.sealed("other") is None


def test_empty_poll_can_be_sealed(box):
    seal = box[0]().seal(POLL, NOW)
    assert seal.count == 0


def test_receipt_lookup(box):
    store = box[0]()
    store.add([arrival(1)])
    found = store.counted(arrival(1).receipt)
    assert (found.poll, found.sealed) == (POLL, False)
    assert store.counted(arrival(2).receipt) is None
    store.seal(POLL, NOW)
    assert store.counted(arrival(1).receipt).sealed


def test_opinions_are_forwarded_once(box):
    store, outbox = box[0](), box[1]()
    store.add([arrival(1, "甲"), arrival(2), arrival(3, "乙")])
    assert forward_opinions(store, outbox) == 2
    assert forward_opinions(store, outbox) == 0
    assert [opinion.text for opinion in outbox.waiting(9)] == ["甲", "乙"]


def test_killed_between_outbox_and_box_nothing_doubles(box):
    store, outbox = box[0](), box[1]()
    store.add([arrival(1, "甲")])
    outbox.put(store.waiting_opinions(9))
    outbox.mark_collected(["o001"])
    assert forward_opinions(box[0](), box[1]()) == 1
    assert outbox.waiting(9) == []
    assert store.waiting_opinions(9) == []


def refusals():
    return (sqlite3.IntegrityError, psycopg.errors.RaiseException) if psycopg else sqlite3.IntegrityError


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {}ballot SET poll = 'x'",
        "DELETE FROM {}ballot",
        "UPDATE {}seal SET digest = 'x'",
        "DELETE FROM {}seal",
    ],
)
def test_the_database_itself_refuses_changes(box, statement):
    store = box[0]()
    store.add([arrival(1)])
    store.seal(POLL, NOW)
    with pytest.raises(refusals()):
        execute(store, statement)


def test_the_database_itself_refuses_a_ballot_after_the_seal(box):
    store = box[0]()
    store.seal(POLL, NOW)
    hexed = arrival(1).receipt.hex()
    literal = f"'\\x{hexed}'" if hasattr(store, "_session") else f"x'{hexed}'"
    with pytest.raises(refusals()):
        execute(store, f"INSERT INTO {{}}ballot (receipt, poll, payload) VALUES ({literal}, '{POLL}', 'x')")


def execute(store, statement):
    if hasattr(store, "_session"):
        statement = statement.format("ballots.")
        store._session.run(lambda connection: connection.execute(statement))
    else:
        store._connection.execute(statement.format(""))


def test_failed_batch_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.delenv("KAOPING_BALLOT_DATABASE_URL", raising=False)
    store = open_ballot_store(tmp_path)
    bad = arrival(2)
    with pytest.raises(sqlite3.IntegrityError):
        store.add([arrival(1, "words"), type(bad)(bad.poll, b"short", b"x")])
    assert store.count(POLL) == 0
    assert store.waiting_opinions(9) == []
    assert store.add([arrival(1)]) == [S]
    store.close()


def test_files_are_the_owners_and_rows_bear_no_number(tmp_path, monkeypatch):
    monkeypatch.delenv("KAOPING_BALLOT_DATABASE_URL", raising=False)
    store, outbox = open_ballot_store(tmp_path), open_opinion_outbox(tmp_path)
    for name in (BALLOT_FILE, OUTBOX_FILE):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
    connection = store._connection
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    with pytest.raises(sqlite3.OperationalError, match="rowid"):
        connection.execute("SELECT rowid FROM ballot")
    columns = [row[1] for row in connection.execute("PRAGMA table_info(ballot)")]
    assert columns == ["receipt", "poll", "payload"]
    store.close()
    outbox.close()


@pytest.mark.parametrize("box", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_lost_connection_is_opened_again(box):
    store, other = box[0](), box[0]()
    store.add([arrival(1)])
    (backend,) = store._session.run(
        lambda connection: connection.execute("SELECT pg_backend_pid()")
    ).fetchone()
    other._session.run(lambda connection: connection.execute("SELECT pg_terminate_backend(%s)", (backend,)))
    assert store.add([arrival(1), arrival(2)]) == [R, S]


def _kept(monkeypatch, module):
    """Every connection that is opened from now on."""
    real, made = module.connect, []

    def connect(*args, **named):
        made.append(real(*args, **named))
        return made[-1]

    monkeypatch.setattr(module, "connect", connect)
    return made


def test_a_file_that_is_no_box_is_closed_again(tmp_path, monkeypatch):
    (tmp_path / BALLOT_FILE).write_bytes(b"no database " * 100)
    made = _kept(monkeypatch, sqlite3)
    with pytest.raises(sqlite3.DatabaseError):
        SqliteStore(tmp_path / BALLOT_FILE)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        made[-1].execute("SELECT 1")


def test_a_box_that_cannot_be_marked_is_closed_again(tmp_path, monkeypatch):
    def full(*_given):
        raise OSError("no disk")

    monkeypatch.delenv("KAOPING_BALLOT_DATABASE_URL", raising=False)
    installation.write(tmp_path, installation.new_mark())
    monkeypatch.setattr(installation, "mark_database", full)
    made = _kept(monkeypatch, sqlite3)
    with pytest.raises(OSError, match="no disk"):
        open_ballot_store(tmp_path)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        made[-1].execute("SELECT 1")


@pytest.mark.parametrize("box", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_connection_that_cannot_be_prepared_is_closed_again(box, monkeypatch):
    url = box[1]()._session._url
    made = _kept(monkeypatch, psycopg)
    with pytest.raises(psycopg.errors.SyntaxError):
        _Session(url, "no statement", "ballots")
    assert made[0].closed


def _tamper(store, *statements):
    """Do what a person with the database in the hands can do: take the refusals away, change, put them back."""
    connection = getattr(store, "_connection", None)
    if connection is None:
        with psycopg.connect(store._session._url, autocommit=True) as other:
            other.execute("SET session_replication_role = replica")
            for statement in statements:
                other.execute(
                    statement.replace("ballot ", "ballots.ballot ").replace("x'00'", r"'\x00'::bytea")
                )
        return
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _name, sql in triggers:
        connection.execute(sql)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE ballot SET payload = payload || x'00' WHERE poll = 'other'", {"other": 1}),
        ("UPDATE ballot SET poll = 'third' WHERE poll = 'other'", {"third": 1}),
        ("DELETE FROM ballot WHERE poll = 'other'", {"?": 1}),
    ],
)
def test_a_changed_moved_or_removed_ballot_is_found_before_the_opening(box, statement, named):
    store = box[0]()
    store.add([arrival(1), arrival(2), arrival(9, name="other")])
    assert store.damaged() == {}
    _tamper(store, statement)
    assert store.damaged() == named


def test_a_ballot_that_was_slipped_in_has_no_checksum(box):
    store = box[0]()
    store.add([arrival(1)])
    _tamper(
        store, f"INSERT INTO ballot VALUES ({_bytes(store, b'r' * 32)}, '{POLL}', {_bytes(store, b'forged')})"
    )
    assert store.damaged() == {POLL: 1}


def _bytes(store, content):
    return f"x'{content.hex()}'" if hasattr(store, "_connection") else rf"'\x{content.hex()}'::bytea"


def test_a_box_from_before_gets_its_checksums_and_no_ballot_is_touched(box):
    store = box[0]()
    store.add([arrival(1), arrival(2)])
    seal = store.seal(POLL, NOW)
    if hasattr(store, "_connection"):
        store._connection.execute("DROP TABLE checksum")
    else:
        with psycopg.connect(store._session._url, autocommit=True) as other:
            other.execute("DROP TABLE ballots.checksum")
    again = box[0]()
    assert again.damaged() == {}
    assert again.sealed(POLL) == seal and seal_digest(again.ballots(POLL))[0] == seal.digest
    box[0]()
