from datetime import UTC, datetime, timedelta

from kaoping.accounts import throttle

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_eight_failures_wait_a_quarter_of_an_hour():
    assert throttle.waits(8, NOW, NOW + timedelta(minutes=14))
    assert not throttle.waits(8, NOW, NOW + timedelta(minutes=15))
    assert not throttle.waits(7, NOW, NOW)
    assert not throttle.waits(8, None, NOW)


def test_a_count_begins_anew_after_a_quarter_of_an_hour_and_when_the_clock_went_back():
    assert throttle.failed(0, None, NOW) == (1, NOW)
    assert throttle.failed(3, NOW, NOW + timedelta(minutes=14)) == (4, NOW)
    assert throttle.failed(3, NOW, NOW + timedelta(minutes=15)) == (1, NOW + timedelta(minutes=15))
    assert throttle.failed(3, NOW, NOW - timedelta(minutes=1)) == (1, NOW - timedelta(minutes=1))
