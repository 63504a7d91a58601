from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaoping.accounts.actor import ROLES
from kaoping.accounts.policy import SEPARATED
from kaoping.accounts.second_factor import logic
from tests.accounts.second_factor.program import code_at

KEY = b"12345678901234567890"  # the key of RFC 6238, appendix B


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_vectors_of_the_standard(seconds, code):
    at = datetime.fromtimestamp(seconds, UTC)
    assert code_at(KEY, at) == code
    assert logic.right_step(KEY, code, now=at, last_step=-1, drift=0)


@given(st.integers(10**9, 2 * 10**9), st.integers(-5, 5))
def test_one_step_to_each_side_and_never_twice(seconds, off):
    now = datetime.fromtimestamp(seconds, UTC)
    code = code_at(KEY, now + timedelta(seconds=30 * off))
    step = logic.right_step(KEY, code, now=now, last_step=-1, drift=0)
    if abs(off) <= 1:
        assert step is not None
        assert logic.right_step(KEY, code, now=now, last_step=step.number, drift=step.drift) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "一二三四五六", "12 34"])
def test_what_is_no_code(typed):
    assert logic.right_step(KEY, typed, now=datetime(2026, 1, 1, tzinfo=UTC), last_step=-1, drift=0) is None


def test_who_is_asked():
    for role in ROLES:
        assert not logic.asked("off", [role])
        assert logic.asked("all", [role])
        assert logic.asked("signing", [role]) == (role in SEPARATED)


def test_a_card_is_read_as_printed_and_belongs_to_one_person_and_installation():
    digest = logic.card_digest("s", "1", "ABCDE-FGHJK")
    assert digest == logic.card_digest("s", "1", "abcde fghjk")
    assert digest not in {
        logic.card_digest("s", "2", "ABCDEFGHJK"),
        logic.card_digest("t", "1", "ABCDEFGHJK"),
    }
    assert logic.left_of([digest, "x"], digest) == ["x"]
    assert logic.left_of(["x"], digest) is None


def test_a_certificate_is_whole_or_nothing():
    assert logic.certificate_of("CN=张三,  O=市政府", "0a:1B") == "0A1B CN=张三, O=市政府"
    assert logic.certificate_of("", "1") == logic.certificate_of("CN=a", " ") == ""


@pytest.mark.parametrize(
    ("drifts", "seconds"),
    [([], 0), ([3], 0), ([1, 1], 0), ([0, 0, 2], 0), ([1, 1, 0], 30), ([-1, -2, -1, 0], -30)],
)
def test_one_program_that_is_off_is_not_this_machine(drifts, seconds):
    assert logic.common_drift(drifts) == seconds
