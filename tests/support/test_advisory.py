"""Advisory locks: no two are one, none stands outside its place, and who holds one opens the box all the same."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from kaoping.evaluation.ballotbox.postgres import PostgresStore, psycopg
from kaoping.support import advisory

SOURCE = Path(advisory.__file__).parents[1]


def test_no_two_are_the_same() -> None:
    numbers = {name: value for name, value in vars(advisory).items() if name.isupper()}
    assert len(numbers) == 3
    assert len(set(numbers.values())) == len(numbers)


def test_each_lock_is_taken_by_its_name() -> None:
    """A number of one's own, or a copy of another's, would be a lock that nobody compared."""
    taken = {
        (path.name, found)
        for path in SOURCE.rglob("*.py")
        for found in re.findall(
            r"pg_(?:try_)?advisory\w*\(%s\)\", [\[(](\w+)", path.read_text(encoding="utf-8")
        )
    }
    assert {name for _path, name in taken} == {name for name in vars(advisory) if name.isupper()}
    everywhere = sum(
        len(re.findall(r"SELECT pg_(?:try_)?advisory", path.read_text(encoding="utf-8")))
        for path in SOURCE.rglob("*.py")
    )
    assert everywhere == 4


@pytest.mark.postgres
def test_who_writes_the_log_opens_the_box_in_the_same_database(fresh_databases) -> None:
    """Cancelling or sealing a poll writes its line first and then opens the box."""
    url = fresh_databases("one_database")
    with closing(psycopg.connect(url)) as writing:
        writing.execute("SELECT pg_advisory_xact_lock(%s)", (advisory.APPENDING,))
        bounded = f"{url}{'&' if '?' in url else '?'}options=-c%20lock_timeout%3D3000"
        with closing(PostgresStore(bounded)) as store:
            assert store is not None
