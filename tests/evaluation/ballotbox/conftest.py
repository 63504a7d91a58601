"""The ballot box on SQLite and, where a server is given, on PostgreSQL in a database of its own."""

import os
import uuid

import pytest

from kaoping.evaluation.ballotbox.outbox import SqliteOutbox
from kaoping.evaluation.ballotbox.postgres import PostgresOutbox, PostgresStore, psycopg
from kaoping.evaluation.ballotbox.sqlite import SqliteStore

SERVER = "KAOPING_TEST_BALLOT_DATABASE_URL"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def box(request, tmp_path):
    """(open a store, open an outbox), each call a new connection to the same empty database."""
    if request.param == "sqlite":
        opened = _opener(
            lambda: SqliteStore(tmp_path / "b.sqlite3"), lambda: SqliteOutbox(tmp_path / "o.sqlite3")
        )
    else:
        url = os.environ.get(SERVER) or os.environ.get("KAOPING_DATABASE_URL", "")
        if psycopg is None or not url.startswith("postgres"):
            pytest.skip(f"{SERVER} 未设置")
        opened = _postgres(request, url)
    yield opened[0], opened[1]
    for connection in opened[2]:
        connection.close()


def _opener(store, outbox):
    connections = []

    def keep(make):
        connections.append(make())
        return connections[-1]

    return (lambda: keep(store)), (lambda: keep(outbox)), connections


def _postgres(request, url):
    name = f"kaoping_box_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    info = psycopg.conninfo.make_conninfo(url, dbname=name)
    opened = _opener(lambda: PostgresStore(info), lambda: PostgresOutbox(info))

    def drop():
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    request.addfinalizer(drop)
    return opened
