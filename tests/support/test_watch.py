"""The watch over the clock: what is odd is kept until somebody confirmed, a simulated clock is not watched."""

from datetime import UTC, datetime, timedelta

import pytest

from kaoping.support import clock, jobs, watch, workers
from kaoping.support.environment import DEMO_MARK
from kaoping.support.models import ClockHold, ClockLook

pytestmark = pytest.mark.django_db
START = datetime(2025, 10, 16, 1, tzinfo=UTC)


class Machine:
    """A machine whose wall clock can be set and whose own count cannot."""

    def __init__(self) -> None:
        self.wall, self.count, self.boot = START, 5000.0, "boot-1"

    def run(self, **time: float) -> None:
        """Time passes."""
        self.wall += timedelta(**time)
        self.count += timedelta(**time).total_seconds()

    def start_again(self) -> None:
        """Another boot: the count begins anew, and so does every process."""
        self.boot, self.count, watch._last = "boot-2", 30.0, float("-inf")

    def set(self, **by: float) -> None:
        """Somebody sets the clock."""
        self.wall += timedelta(**by)


@pytest.fixture
def machine(monkeypatch, tmp_path) -> Machine:
    made = Machine()
    monkeypatch.setenv("KAOPING_DATA", str(tmp_path))
    monkeypatch.setattr(clock, "machine_now", lambda: made.wall)
    monkeypatch.setattr(clock, "monotonic", lambda: made.count)
    monkeypatch.setattr(workers, "place", lambda: made.boot)
    monkeypatch.setattr(watch, "_last", float("-inf"))
    return made


def run_for(machine: Machine, minutes: int) -> None:
    for _ in range(minutes):
        machine.run(minutes=1)
        watch.look_sometimes()


def test_while_all_agrees_nothing_waits(machine):
    assert watch.refusal() is None
    run_for(machine, 90)
    assert watch.refusal() is None
    assert not ClockHold.objects.exists()
    assert ClockLook.objects.count() == 1


def test_a_jump_forward_and_back_again_waits_until_somebody_confirmed(machine):
    watch.look()
    machine.set(days=65)
    machine.run(seconds=20)
    assert "时钟向前跳了 65 天" in watch.refusal()
    machine.set(days=-65)
    machine.run(seconds=20)
    assert "时钟向后退了 64 天" in watch.refusal()
    assert ClockHold.objects.count() == 2
    assert watch.confirm(by="7", now=machine.wall) == 2
    assert watch.refusal() is None
    assert {one.confirmed_by for one in watch.holds()} == {"7"}


@pytest.mark.parametrize("seconds", [5, 3600])
def test_back_by_any_amount(machine, seconds):
    watch.look()
    machine.set(seconds=-seconds)
    assert "时钟向后退了" in watch.refusal()


def test_after_a_stop_the_first_one_asks_a_person_and_the_second_does_not(machine):
    run_for(machine, 3)
    machine.run(days=2)
    machine.start_again()
    assert "服务停了 2 天" in watch.refusal()
    watch.confirm(by="7", now=machine.wall)
    run_for(machine, 30)
    assert watch.refusal() is None


def test_a_quick_restart_of_service_or_machine_asks_nobody(machine):
    run_for(machine, 3)
    machine.run(minutes=3)
    assert watch.refusal() is None
    machine.run(minutes=3)
    machine.start_again()
    assert watch.refusal() is None


def test_the_first_releases_sign_of_life_counts_as_a_look(machine):
    """An upgrade is a stop; a new installation has nothing to compare with."""
    assert watch.refusal() is None
    ClockLook.objects.all().delete()
    jobs.beat(jobs.WORKER)
    machine.run(hours=5)
    assert "服务停了 5 小时" in watch.refusal()


def test_the_simulated_clock_of_a_demonstration_jumps_by_design(machine, tmp_path):
    (tmp_path / DEMO_MARK).write_text("{}")
    clock.set_simulated(tmp_path, START)
    machine.set(days=-30)
    watch.look_sometimes()
    clock.set_simulated(tmp_path, START + timedelta(days=300))
    assert watch.refusal() is None
    assert not ClockLook.objects.exists()


def test_a_demonstration_without_a_simulated_clock_is_watched(machine, tmp_path):
    (tmp_path / DEMO_MARK).write_text("{}")
    watch.look()
    machine.set(days=30)
    assert watch.refusal() is not None
