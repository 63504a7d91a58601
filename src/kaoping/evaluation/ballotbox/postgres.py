"""The ballot box in a PostgreSQL schema of its own, ``ballots``; the outbox in the schema ``opinions``.

The role of the address should own these two schemas and the desk's role none of ``ballots``. PostgreSQL keeps
the number of the transaction beside each row, so a forwarded opinion's old row is vacuumed away at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from kaoping.evaluation.ballotbox.records import (
    Arrival,
    BallotBoxError,
    Counted,
    NotSealed,
    OpinionRecord,
    Outcome,
    Seal,
    SealedBallot,
)
from kaoping.evaluation.ballotbox.sealing import seal_digest
from kaoping.support.advisory import BALLOT_TABLES

try:
    import psycopg
except ImportError:  # SQLite installations do without it
    psycopg = None  # type: ignore[assignment]

T = TypeVar("T")

_BALLOTS: Final = """
CREATE SCHEMA IF NOT EXISTS ballots;
CREATE TABLE IF NOT EXISTS ballots.ballot (
    receipt bytea PRIMARY KEY CHECK (length(receipt) = 32),
    poll text NOT NULL,
    payload bytea NOT NULL
);
CREATE TABLE IF NOT EXISTS ballots.opinion (
    id text PRIMARY KEY, poll text NOT NULL, unit text NOT NULL, text text NOT NULL, day date NOT NULL
);
CREATE TABLE IF NOT EXISTS ballots.seal (
    poll text PRIMARY KEY, digest text NOT NULL, count integer NOT NULL, sealed_at timestamptz NOT NULL
);
CREATE OR REPLACE FUNCTION ballots.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'ballots and seals are never changed or removed'; END $$;
CREATE OR REPLACE FUNCTION ballots.in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ballots.seal WHERE seal.poll = NEW.poll) THEN
        RAISE EXCEPTION 'the poll is sealed';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER ballot_kept BEFORE UPDATE OR DELETE ON ballots.ballot
    FOR EACH ROW EXECUTE FUNCTION ballots.refuse();
CREATE OR REPLACE TRIGGER seal_kept BEFORE UPDATE OR DELETE ON ballots.seal
    FOR EACH ROW EXECUTE FUNCTION ballots.refuse();
CREATE OR REPLACE TRIGGER ballot_in_time BEFORE INSERT ON ballots.ballot
    FOR EACH ROW EXECUTE FUNCTION ballots.in_time();
"""
# The same sum as ``checksums.checksum``.
_SUM: Final = r"sha256(receipt || convert_to(poll, 'UTF8') || '\x00'::bytea || payload)"
_CHECKSUMS: Final = f"""
LOCK TABLE ballots.ballot IN SHARE ROW EXCLUSIVE MODE;
CREATE TABLE ballots.checksum (receipt bytea PRIMARY KEY, sum bytea NOT NULL);
CREATE OR REPLACE TRIGGER checksum_kept BEFORE UPDATE OR DELETE ON ballots.checksum
    FOR EACH ROW EXECUTE FUNCTION ballots.refuse();
INSERT INTO ballots.checksum SELECT receipt, {_SUM} FROM ballots.ballot;
"""
_DAMAGED: Final = f"""
SELECT poll, count(*) FROM ballots.ballot LEFT JOIN ballots.checksum USING (receipt)
    WHERE sum IS DISTINCT FROM {_SUM} GROUP BY poll
UNION ALL
SELECT '?', count(*) FROM ballots.checksum c
    WHERE NOT EXISTS (SELECT 1 FROM ballots.ballot b WHERE b.receipt = c.receipt) HAVING count(*) > 0
"""
_OUTBOX: Final = """
CREATE SCHEMA IF NOT EXISTS opinions;
CREATE TABLE IF NOT EXISTS opinions.opinion (
    id text PRIMARY KEY, poll text NOT NULL, unit text NOT NULL, text text NOT NULL, day date NOT NULL,
    collected boolean NOT NULL DEFAULT false
);
"""


class _Session:
    """One connection, opened again when it was lost. Work is safe to repeat, since ids decide what is new."""

    def __init__(self, url: str, prepare: str, schema: str) -> None:
        if psycopg is None:
            raise BallotBoxError("没有安装 PostgreSQL 驱动。请安装 kaoping[postgres]。")
        self._url, self._prepare, self._schema = url, prepare, schema
        self._connection = self._open()

    def _open(self) -> Any:
        connection = psycopg.connect(self._url, autocommit=True)
        with ExitStack() as opened:
            opened.callback(connection.close)
            with connection.transaction():
                self._prepared(connection)
            opened.pop_all()
        return connection

    def _prepared(self, connection: Any) -> None:
        connection.execute("SET LOCAL client_min_messages = warning")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (BALLOT_TABLES,))
        table = "ballot" if self._schema == "ballots" else "opinion"
        name = f"{self._schema}.{table}"
        (found,) = connection.execute("SELECT to_regclass(%s)", (name,)).fetchone() or (None,)
        if found is None:
            connection.execute(self._prepare)
        if self._schema == "ballots":
            _add_checksums(connection)

    def run(self, work: Callable[[Any], T]) -> T:
        """Do ``work`` with the connection; once more on a new one when the old one was lost."""
        try:
            return work(self._connection)
        except psycopg.OperationalError:
            if not self._connection.closed:
                raise
            self._connection = self._open()
            return work(self._connection)

    def close(self) -> None:
        """Release the connection."""
        self._connection.close()


class PostgresStore:
    """``BallotStore`` in PostgreSQL."""

    def __init__(self, url: str) -> None:
        self._session = _Session(url, _BALLOTS, "ballots")

    def add(self, batch: Sequence[Arrival]) -> list[Outcome]:
        """See ``BallotStore``."""
        return self._session.run(lambda connection: _add(connection, batch))

    def seal(self, poll: str, now: datetime) -> Seal:
        """See ``BallotStore``."""
        return self._session.run(lambda connection: _seal(connection, poll, now))

    def sealed(self, poll: str) -> Seal | None:
        """See ``BallotStore``."""
        return self._session.run(lambda connection: _sealed(connection, poll))

    def count(self, poll: str) -> int:
        """See ``BallotStore``."""
        query = "SELECT count(*) FROM ballots.ballot WHERE poll = %s"
        return int(self._session.run(lambda connection: connection.execute(query, (poll,)).fetchone()[0]))

    def ballots(self, poll: str) -> Iterator[SealedBallot]:
        """See ``BallotStore``."""
        if self.sealed(poll) is None:
            raise NotSealed(poll)
        return self._session.run(lambda connection: iter(_ballots(connection, poll)))

    def damaged(self) -> dict[str, int]:
        """See ``BallotStore``."""
        rows = self._session.run(lambda connection: connection.execute(_DAMAGED).fetchall())
        return {str(poll): int(count) for poll, count in rows}

    def counted(self, receipt: bytes) -> Counted | None:
        """See ``BallotStore``."""
        query = "SELECT poll FROM ballots.ballot WHERE receipt = %s"
        row = self._session.run(lambda connection: connection.execute(query, (receipt,)).fetchone())
        return Counted(row[0], self.sealed(row[0]) is not None) if row else None

    def waiting_opinions(self, limit: int) -> list[OpinionRecord]:
        """See ``BallotStore``."""
        query = "SELECT id, poll, unit, text, day FROM ballots.opinion ORDER BY id LIMIT %s"
        rows = self._session.run(lambda connection: connection.execute(query, (limit,)).fetchall())
        return [OpinionRecord(*row) for row in rows]

    def drop_opinions(self, ids: Sequence[str]) -> None:
        """See ``BallotStore``."""
        query = "DELETE FROM ballots.opinion WHERE id = ANY(%s)"
        self._session.run(lambda connection: connection.execute(query, (list(ids),)))
        self._session.run(lambda connection: connection.execute("VACUUM ballots.opinion"))

    def close(self) -> None:
        """See ``BallotStore``."""
        self._session.close()


class PostgresOutbox:
    """``OpinionOutbox`` in PostgreSQL."""

    def __init__(self, url: str) -> None:
        self._session = _Session(url, _OUTBOX, "opinions")

    def put(self, opinions: Sequence[OpinionRecord]) -> None:
        """See ``OpinionOutbox``."""
        rows = [(one.id, one.poll, one.unit, one.text, one.day) for one in opinions]
        self._session.run(lambda connection: _put(connection, rows))

    def waiting(self, limit: int) -> list[OpinionRecord]:
        """See ``OpinionOutbox``."""
        query = (
            "SELECT id, poll, unit, text, day FROM opinions.opinion WHERE NOT collected ORDER BY id LIMIT %s"
        )
        rows = self._session.run(lambda connection: connection.execute(query, (limit,)).fetchall())
        return [OpinionRecord(*row) for row in rows]

    def mark_collected(self, ids: Sequence[str]) -> None:
        """See ``OpinionOutbox``."""
        query = "UPDATE opinions.opinion SET collected = true, text = '' WHERE id = ANY(%s)"
        self._session.run(lambda connection: connection.execute(query, (list(ids),)))

    def close(self) -> None:
        """See ``OpinionOutbox``."""
        self._session.close()


def _add_checksums(connection: Any) -> None:
    """Once, for a box from before: each ballot as it lies there gets its checksum."""
    (there,) = connection.execute("SELECT to_regclass('ballots.checksum')").fetchone()
    if there is None:
        connection.execute(_CHECKSUMS)


def _add(connection: Any, batch: Sequence[Arrival]) -> list[Outcome]:
    with connection.transaction():
        # Taken at the start, so that a seal waits for this batch or this batch sees the seal.
        connection.execute("LOCK TABLE ballots.ballot IN ROW EXCLUSIVE MODE")
        polls = list({arrival.poll for arrival in batch})
        rows = connection.execute("SELECT poll FROM ballots.seal WHERE poll = ANY(%s)", (polls,))
        closed = {row[0] for row in rows}
        fresh: dict[bytes, Arrival] = {}
        for arrival in batch:
            if arrival.poll not in closed:
                fresh.setdefault(arrival.receipt, arrival)
        stored = _insert_ballots(connection, list(fresh.values()))
        opinions = [fresh[receipt].opinion for receipt in stored]
        _insert_opinions(connection, [opinion for opinion in opinions if opinion is not None])
        known = _known(connection, [arrival.receipt for arrival in batch if arrival.poll in closed])
    outcomes: list[Outcome] = []
    for arrival in batch:
        if arrival.receipt in stored and fresh[arrival.receipt] is arrival:
            outcomes.append(Outcome.STORED)
        elif arrival.poll in closed and arrival.receipt not in known:
            outcomes.append(Outcome.SEALED)
        else:
            outcomes.append(Outcome.REPEATED)
    return outcomes


def _insert_ballots(connection: Any, arrivals: list[Arrival]) -> set[bytes]:
    rows = connection.execute(
        "WITH new AS (INSERT INTO ballots.ballot (receipt, poll, payload) "
        "SELECT * FROM unnest(%s::bytea[], %s::text[], %s::bytea[]) "
        "ON CONFLICT (receipt) DO NOTHING RETURNING receipt, poll, payload) "
        f"INSERT INTO ballots.checksum SELECT receipt, {_SUM} FROM new RETURNING receipt",
        (
            [arrival.receipt for arrival in arrivals],
            [arrival.poll for arrival in arrivals],
            [arrival.payload for arrival in arrivals],
        ),
    )
    return {bytes(row[0]) for row in rows}


def _insert_opinions(connection: Any, opinions: list[OpinionRecord]) -> None:
    if opinions:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO ballots.opinion (id, poll, unit, text, day) VALUES (%s, %s, %s, %s, %s)",
                sorted((one.id, one.poll, one.unit, one.text, one.day) for one in opinions),
            )


def _known(connection: Any, receipts: list[bytes]) -> set[bytes]:
    if not receipts:
        return set()
    rows = connection.execute("SELECT receipt FROM ballots.ballot WHERE receipt = ANY(%s)", (receipts,))
    return {bytes(row[0]) for row in rows}


def _seal(connection: Any, poll: str, now: datetime) -> Seal:
    with connection.transaction():
        connection.execute("LOCK TABLE ballots.ballot IN SHARE ROW EXCLUSIVE MODE")
        found = _sealed(connection, poll)
        if found is not None:
            return found
        digest, count = seal_digest(_ballots(connection, poll))
        made = Seal(poll, digest, count, now.astimezone(UTC))
        connection.execute(
            "INSERT INTO ballots.seal (poll, digest, count, sealed_at) VALUES (%s, %s, %s, %s)",
            (poll, digest, count, made.sealed_at),
        )
        return made


def _sealed(connection: Any, poll: str) -> Seal | None:
    query = "SELECT digest, count, sealed_at FROM ballots.seal WHERE poll = %s"
    row = connection.execute(query, (poll,)).fetchone()
    return Seal(poll, row[0], row[1], row[2].astimezone(UTC)) if row else None


def _ballots(connection: Any, poll: str) -> list[SealedBallot]:
    query = "SELECT receipt, payload FROM ballots.ballot WHERE poll = %s ORDER BY receipt"
    rows = connection.execute(query, (poll,)).fetchall()
    return [SealedBallot(bytes(row[0]), bytes(row[1])) for row in rows]


def _put(connection: Any, rows: list[tuple[Any, ...]]) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO opinions.opinion (id, poll, unit, text, day) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (id) DO NOTHING",
            rows,
        )
