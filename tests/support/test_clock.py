from datetime import UTC, datetime, timedelta

import pytest

from kaoping.support import clock
from kaoping.support.environment import DEMO_MARK

THEN = datetime(2025, 11, 24, 1, 30, tzinfo=UTC)


def test_only_a_demonstration_folder_is_simulated(tmp_path):
    (tmp_path / clock.CLOCK_FILE).write_text('{"now": "2020-01-01T00:00:00+00:00"}')
    assert clock.simulated(tmp_path) is None
    with pytest.raises(clock.ClockError, match="只有演示"):
        clock.set_simulated(tmp_path, THEN)


def test_a_simulated_clock_never_runs_backwards(tmp_path):
    (tmp_path / DEMO_MARK).write_text("{}")
    assert clock.simulated(tmp_path) is None
    clock.set_simulated(tmp_path, THEN)
    with pytest.raises(clock.ClockError, match="不能倒退"):
        clock.set_simulated(tmp_path, THEN - timedelta(seconds=1))


def test_a_simulated_clock_creeps_so_that_no_two_acts_are_at_one_instant(tmp_path, monkeypatch):
    (tmp_path / DEMO_MARK).write_text("{}")
    clock.set_simulated(tmp_path, THEN)
    written = datetime.fromtimestamp((tmp_path / clock.CLOCK_FILE).stat().st_mtime, UTC)
    for passed, shown in ((0, 0), (1, 0.001), (86400, 86.4), (-5, 0)):
        monkeypatch.setattr(clock, "machine_now", lambda passed=passed: written + timedelta(seconds=passed))
        seen = clock.simulated(tmp_path)
        assert abs(seen - THEN - timedelta(seconds=shown)) < timedelta(microseconds=5)


def test_the_door_follows_the_data_folder(tmp_path, monkeypatch):
    (tmp_path / DEMO_MARK).write_text("{}")
    monkeypatch.setenv("KAOPING_DATA", str(tmp_path))
    clock.set_simulated(tmp_path, datetime(2025, 11, 23, 16, 30, tzinfo=UTC))
    assert clock.now() - datetime(2025, 11, 23, 16, 30, tzinfo=UTC) < timedelta(seconds=1)
    assert clock.today().isoformat() == "2025-11-24"
