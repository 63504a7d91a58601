"""No setting undercuts a floor, and what is removed leaves a row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessLog

from kaoping.accounts import services
from kaoping.accounts.models import AuditEntry, FailedSignIn, KeptSession
from kaoping.config import schedule
from kaoping.support import ageing, clock
from kaoping.support.environment import SettingError
from kaoping.support.models import Pruning

DAY = timedelta(days=1)


@pytest.mark.parametrize("rule", ageing.RULES, ids=lambda one: one.setting)
def test_a_setting_may_keep_longer_and_never_shorter_than_the_floor(monkeypatch, rule) -> None:
    assert rule.days >= rule.floor
    monkeypatch.setenv(rule.setting, str(rule.days + 100))
    assert rule.kept() == (rule.days + 100) * DAY
    for wrong in (str(rule.floor - 1), "0", "-5", "长期", "9" * 9):
        monkeypatch.setenv(rule.setting, wrong)
        with pytest.raises(SettingError, match=rule.setting):
            rule.kept()


def test_six_months_are_never_fewer_than_their_days() -> None:
    """July to December have 184."""
    assert ageing.SIGN_INS.floor >= 184


@pytest.mark.django_db
def test_old_sign_ins_and_sessions_go_and_leave_a_row(now, monkeypatch) -> None:
    monkeypatch.setattr(clock, "machine_now", lambda: now)
    for days in (500, 300):
        services.note_failed_sign_in(username="x", locked=False, now=now - days * DAY)
    services.note_closed_hours(now=now)
    services.note_failed_sign_in(username="waiting", locked=False, now=now - 600 * DAY)
    for days in (500, 300):
        made = AccessLog.objects.create(username="x", ip_address="10.0.0.7", path_info="/")
        AccessLog.objects.filter(pk=made.pk).update(attempt_time=now - days * DAY)
    for key, days in (("ended", 1), ("open", -1)):
        KeptSession.objects.create(session_key=key, session_data="", expire_date=now - days * DAY)
    lines = AuditEntry.objects.count()
    assert schedule.prune(now=now) == "清去 0 条办完的任务、1 个过期会话、2 条登录记录"
    assert sorted((now - one.hour).days for one in FailedSignIn.objects.all()) == [300, 600]
    assert [one.session_key for one in KeptSession.objects.all()] == ["open"]
    assert AccessLog.objects.count() == 1
    assert AuditEntry.objects.count() == lines, "the log itself is never pruned"
    said = {one.what: (one.count, one.rule) for one in Pruning.objects.all()}
    assert said["登录记录"][0] == 2 and "网络安全法第二十一条" in said["登录记录"][1]
    assert said["过期会话"][0] == 1
    assert schedule.prune(now=now) == "清去 0 条办完的任务"
    assert Pruning.objects.count() == 2


@pytest.mark.django_db
def test_while_a_correction_is_under_way_nothing_goes_that_it_may_need(now, monkeypatch) -> None:
    monkeypatch.setattr(schedule.corrections, "any_under_way", lambda: True)
    services.note_failed_sign_in(username="x", locked=False, now=now - 500 * DAY)
    services.note_closed_hours(now=now)
    assert "有更正在办" in schedule.prune(now=now)
    assert FailedSignIn.objects.count() == 1
