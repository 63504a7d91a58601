"""The chain in the database: every writer links, several at once too, and each act says from where."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from kaoping.accounts import audit, chain, queries, services
from kaoping.accounts.actor import SYSTEM
from kaoping.accounts.logic import MOST_NAMES, OTHER_NAMES
from kaoping.accounts.models import AuditEntry, FailedSignIn
from kaoping.accounts.origin import Origin, reference, said

KEY = "a-session-key"


def act(now: datetime, words: str = "一句话。") -> None:
    audit.record_act(SYSTEM, "test", "thing", "1", words, now=now)


def sound() -> chain.Verdict:
    verdict = chain.verify(queries.log_lines(), [])
    assert verdict.problems == []
    return verdict


@pytest.mark.django_db
def test_each_line_carries_the_digest_of_the_one_before(now) -> None:
    AuditEntry.objects.create(
        at=now, actor_id="1", actor_name="甲", verb="x", thing_kind="y", thing_id="z", sentence="早先。"
    )
    for words in ("一。", "二。", "三。"):
        act(now, words)
    rows = list(AuditEntry.objects.order_by("id").values_list("number", "previous", "digest"))
    assert [row[0] for row in rows] == [None, 2, 3, 4]
    assert [row[1] for row in rows[2:]] == [row[2] for row in rows[1:-1]]
    verdict = sound()
    assert (verdict.lines, verdict.before, verdict.head) == (4, 1, rows[-1][2])
    assert queries.log_head() == chain.Anchor(4, rows[-1][2], "本机")


@pytest.mark.django_db
def test_an_act_that_is_undone_leaves_no_gap(now) -> None:
    act(now)
    with pytest.raises(RuntimeError), transaction.atomic():
        act(now, "办到一半。")
        raise RuntimeError
    act(now)
    assert sound().lines == 2


WRITERS = """
import threading, django
django.setup()
from django.db import connection, transaction
from kaoping.accounts import audit, chain, queries, services
from kaoping.accounts.actor import SYSTEM
from kaoping.support import clock

now, start = clock.now(), threading.Barrier(5)

def write(who):
    start.wait(30)
    for n in range(8):
        with transaction.atomic():
            audit.record_act(SYSTEM, "test", "thing", who, f"{who}-{n}", now=now)
    connection.close()

threads = [threading.Thread(target=write, args=(n,)) for n in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
verdict = chain.verify(queries.log_lines(), [])
print(verdict.lines, verdict.last, verdict.problems)
"""


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_writers_at_once_never_follow_one_line(request, tmp_path, engine) -> None:
    """On files and servers as in life: a database in memory has no two writers."""
    url = request.getfixturevalue("fresh_databases")("chain") if engine == "postgres" else ""
    environment = {
        **os.environ,
        "KAOPING_DATA": str(tmp_path),
        "KAOPING_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "kaoping.config.settings",
    }

    def python(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=120
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.strip()

    python("-m", "django", "migrate", "-v0", "--skip-checks")
    assert python("-c", WRITERS) == "40 40 []"


@pytest.mark.django_db
def test_acts_say_from_where(now) -> None:
    with said(lambda: Origin("10.0.0.7", reference(KEY))):
        act(now)
    act(now)
    first, second = AuditEntry.objects.order_by("id")
    assert (first.address, second.address, second.session) == ("10.0.0.7", None, None)
    assert first.session and len(first.session) == 16 and KEY not in first.session


@pytest.mark.django_db
def test_requests_bring_their_address_and_session(cast, signed_in) -> None:
    client = signed_in(cast("auditor"))
    assert client.get(reverse("admin-audit"), {"format": "csv"}, REMOTE_ADDR="10.1.2.3").status_code == 200
    line = AuditEntry.objects.get(verb="export_audit")
    assert line.address == "10.1.2.3"
    assert line.session == reference(client.session.session_key)


@pytest.mark.django_db
def test_failed_sign_ins_are_folded_and_enter_once_when_the_hour_is_over(now) -> None:
    hour = datetime(2025, 11, 24, 1, tzinfo=UTC)
    for minute in range(36):
        with said(lambda: Origin("10.0.0.7", None)):
            services.note_failed_sign_in(
                username="lingdao", locked=minute > 8, now=hour + timedelta(minutes=minute)
            )
    with said(lambda: Origin("10.0.0.8", None)):
        services.note_failed_sign_in(username="lingdao", locked=False, now=hour)
    assert AuditEntry.objects.count() == 0
    assert services.note_closed_hours(now=hour + timedelta(minutes=63)) == 0, (
        "who began within the hour still counts"
    )
    assert services.note_closed_hours(now=hour + timedelta(minutes=66)) == 2
    assert services.note_closed_hours(now=hour + timedelta(minutes=90)) == 0
    first, second = AuditEntry.objects.order_by("id")
    assert first.sentence == (
        "2025-11-24 9 时至 10 时，从 10.0.0.7 以“lingdao”登录未成功 36 次，其间因连续失败暂停过登录。"
    )
    assert (first.refused, first.address, first.thing_id) == (True, "10.0.0.7", "lingdao")
    assert second.sentence.endswith("登录未成功 1 次。")
    assert FailedSignIn.objects.filter(noted_at=None).count() == 0


@pytest.mark.django_db
def test_invented_names_do_not_fill_the_log(now) -> None:
    for n in range(MOST_NAMES + 30):
        services.note_failed_sign_in(username=f"name{n}", locked=False, now=now)
    assert FailedSignIn.objects.count() == MOST_NAMES + 1
    assert FailedSignIn.objects.get(name=OTHER_NAMES).count == 30


@pytest.mark.django_db
def test_the_head_of_a_day_is_its_last_line_in_beijing(now) -> None:
    day = datetime(2025, 11, 24, 10, tzinfo=UTC)
    for at in (day, day + timedelta(hours=5), day + timedelta(hours=7), day + timedelta(days=3)):
        act(at)
    heads = queries.heads_of_days(after=0, before=(day + timedelta(days=3)).date())
    assert [(one.day.isoformat(), one.number) for one in heads] == [("2025-11-24", 2), ("2025-11-25", 3)]
    assert [
        one.number for one in queries.heads_of_days(after=2, before=(day + timedelta(days=3)).date())
    ] == [3]
