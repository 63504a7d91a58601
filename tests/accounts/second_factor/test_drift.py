import pytest

from kaoping.accounts.models import SecondFactor
from kaoping.accounts.second_factor import logic
from kaoping.cli.commands import doctor
from kaoping.support import clock

pytestmark = pytest.mark.django_db


def test_doctor_says_that_this_machine_s_clock_is_off(cast):
    assert list(doctor._codes()) == []
    for _ in range(3):
        at = clock.machine_now()
        person_id = int(cast("reviewer").id)
        SecondFactor.objects.create(
            person_id=person_id, kind=logic.TOTP_KIND, secret="", made_at=at, confirmed_at=at, drift=1
        )
    [verdict] = doctor._codes()
    assert "差约 30 秒，本机慢" in verdict.says and "校准" in verdict.remedy
