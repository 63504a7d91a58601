"""On PostgreSQL: whoever appends second becomes visible second, so that a reader with a cursor misses no line."""

import os
import subprocess
import sys

import pytest

TWO_WRITERS = """
import threading, django
django.setup()
from django.db import connection, transaction
from kaoping.accounts.actor import SYSTEM
from kaoping.evidence import queries
from kaoping.evidence.services import Entry
from kaoping.support import clock
from tests.ledger import record

now = clock.now()
written, commit = threading.Event(), threading.Event()

def line(uid):
    return Entry(unit="U1", item="K3.1", source="visit", observed_at=now, kind="verdict", value="met", uid=uid)

def first():
    with transaction.atomic():
        record([line("first")], actor=SYSTEM, now=now)
        written.set()
        commit.wait(30)
    connection.close()

def second():
    written.wait(30)
    record([line("second")], actor=SYSTEM, now=now)
    connection.close()

threads = [threading.Thread(target=first), threading.Thread(target=second)]
for thread in threads:
    thread.start()
written.wait(30)
end = clock.monotonic() + 30
waiting = False
while not waiting and threads[1].is_alive() and clock.monotonic() < end:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        waiting = cursor.fetchone()[0] == 1
print(waiting, [one.id for _position, one in queries.since(0)])
commit.set()
for thread in threads:
    thread.join()
print([one.id for _position, one in queries.since(0)])
"""


@pytest.mark.postgres
def test_the_second_writer_waits_until_the_first_can_be_read(fresh_databases, tmp_path):
    environment = {
        **os.environ,
        "KAOPING_DATA": str(tmp_path),
        "KAOPING_DATABASE_URL": fresh_databases("order"),
        "DJANGO_SETTINGS_MODULE": "kaoping.config.settings",
    }

    def python(*arguments: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout.splitlines()

    python("-m", "django", "migrate", "-v0", "--skip-checks")
    assert python("-c", TWO_WRITERS) == ["True []", "['first', 'second']"]
