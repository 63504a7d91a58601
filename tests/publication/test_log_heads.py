"""Each day's head is published once, with the one before it, and never taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kaoping.accounts.actor import SYSTEM
from kaoping.accounts.audit import record_act
from kaoping.publication import log_heads, services

DAY = date(2026, 11, 28)


def test_heads_are_added_in_order_and_known_days_stay(tmp_path) -> None:
    later = DAY + timedelta(days=2)
    assert log_heads.add(tmp_path, [(later, 9, "b" * 64), (DAY, 4, "a" * 64)]) == 2
    assert log_heads.add(tmp_path, [(DAY, 4, "f" * 64), (later, 9, "f" * 64)]) == 0
    assert log_heads.add(tmp_path, [(later + timedelta(days=1), 5, "c" * 64)]) == 0, (
        "a log never becomes shorter"
    )
    first, second = log_heads.read(tmp_path)
    assert (first.digest, first.previous_day, first.previous_digest) == ("a" * 64, None, None)
    assert (second.digest, second.previous_day, second.previous_digest) == ("b" * 64, DAY, "a" * 64)


@pytest.mark.parametrize("content", ["", "[]", '{"heads": 1}', '{"heads": [{}]}'])
def test_a_spoilt_file_is_said_and_not_overwritten(tmp_path, content) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "heads.json").write_text(content)
    with pytest.raises(ValueError):
        log_heads.add(tmp_path, [(DAY, 4, "a" * 64)])
    assert (tmp_path / "log" / "heads.json").read_text() == content


@pytest.mark.django_db
def test_the_job_publishes_days_that_are_over(now, settings, tmp_path) -> None:
    settings.KAOPING_PUBLISHED = tmp_path
    for days in (0, 0, 1, 3):
        record_act(SYSTEM, "test", "thing", "1", "一句话。", now=now + timedelta(days=days))
    assert services.publish_log_heads(now=now + timedelta(days=3)) == 2
    assert services.publish_log_heads(now=now + timedelta(days=3)) == 0
    assert [(one.day.day, one.number) for one in log_heads.read(tmp_path)] == [(24, 2), (25, 3)]
    assert services.publish_log_heads(now=now + timedelta(days=4)) == 1
