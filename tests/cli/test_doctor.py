"""``kaoping doctor``: each finding says what is wrong and how to mend it."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
from argparse import Namespace
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessLog

from kaoping.accounts.actor import SYSTEM
from kaoping.accounts.city_sign_in.configuration import CAS, OIDC, Configuration
from kaoping.calendars import read_arrangement
from kaoping.campaigns.models import Campaign
from kaoping.cli import unfed
from kaoping.cli.commands import doctor, work
from kaoping.cli.main import main
from kaoping.deadlines.services import enter_arrangement
from kaoping.rendering import browser
from kaoping.support import clock, jobs, storage
from kaoping.support.models import Job
from tests.accounts.city_sign_in.providers import CasCity, OidcCity
from tests.calendars.making import notice
from tests.campaigns.examples import make_year
from tests.cli.running import kaoping

MACHINE = datetime(2025, 11, 24, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    """The machine's clock says Monday 2025-11-24 10:00 in Beijing; no setting leaks in."""
    monkeypatch.setattr(clock, "machine_now", lambda: MACHINE)
    for name in ("KAOPING_DATABASE_URL", "KAOPING_BALLOT_DATABASE_URL", "KAOPING_HTTPS", "KAOPING_INTAKE"):
        monkeypatch.delenv(name, raising=False)


def only(found):
    [verdict] = list(found)
    assert (verdict.state == "good") == (verdict.remedy is None)
    return verdict


def test_no_folder(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("KAOPING_DATA", "untouched")
    assert main(["doctor", "--data", str(tmp_path / "none"), "--json"]) == 1
    [row] = json.loads(capsys.readouterr().out)
    assert row["state"] == "bad" and "kaoping init" in row["remedy"]
    assert not (tmp_path / "none").exists()


def test_an_empty_folder_is_looked_at_and_left_empty(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("KAOPING_DATA", "untouched")
    assert main(["doctor", "--data", str(tmp_path), "--json"]) == 1
    rows = {row["what"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["静态文件"]["remedy"] == rows["数据库"]["remedy"] == "运行 kaoping init"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("trouble", [storage.FULL, storage.READ_ONLY])
def test_a_full_disk_or_one_that_takes_no_write(tmp_path, monkeypatch, trouble) -> None:
    monkeypatch.setattr(doctor.storage, "look", lambda _path: storage.Room(10_000_000, trouble))
    verdict = only(doctor._data_folder(tmp_path))
    assert verdict.state == "bad" and "磁盘" in verdict.remedy and trouble in verdict.says


def test_little_room_is_told_early(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(doctor.storage, "look", lambda _path: storage.Room(10_000_000, ""))
    verdict = next(iter(doctor._data_folder(tmp_path)))
    assert verdict.state == "bad" and "磁盘" in verdict.remedy


@pytest.mark.django_db
def test_people_who_all_come_from_one_address(monkeypatch) -> None:
    monkeypatch.delenv("KAOPING_TRUSTED_PROXIES", raising=False)
    for number in range(4):
        AccessLog.objects.create(username=f"p{number}", ip_address="10.0.0.5")
    AccessLog.objects.update(attempt_time=MACHINE)
    assert list(doctor._addresses()) == [], "so few may well sit behind one address"
    AccessLog.objects.create(username="p5", ip_address="10.0.0.5")
    AccessLog.objects.update(attempt_time=MACHINE)
    verdict = only(doctor._addresses())
    assert (
        verdict.state == "warn" and "10.0.0.5" in verdict.says and "KAOPING_TRUSTED_PROXIES" in verdict.remedy
    )
    AccessLog.objects.create(username="p6", ip_address="10.0.0.6")
    AccessLog.objects.update(attempt_time=MACHINE)
    assert list(doctor._addresses()) == []


@pytest.mark.django_db
def test_the_database_is_up_to_date() -> None:
    assert only(doctor._database()).state == "good"


@pytest.mark.django_db
def test_pending_migrations_say_backup_first(monkeypatch) -> None:
    monkeypatch.setattr(doctor, "pending_migrations", lambda: 2)
    verdict = only(doctor._database())
    assert verdict.state == "bad" and verdict.remedy.index("backup") < verdict.remedy.index("init")


@pytest.mark.django_db
def test_a_database_that_does_not_answer(monkeypatch) -> None:
    def fails() -> int:
        raise OSError("connection refused")

    monkeypatch.setattr(doctor, "pending_migrations", fails)
    verdict = only(doctor._database())
    assert verdict.state == "bad" and "服务器没有启动" in verdict.says
    assert "KAOPING_DATABASE_URL" in verdict.remedy


@pytest.mark.django_db
def test_a_worker_that_never_ran_that_stopped_and_that_runs(monkeypatch) -> None:
    assert "从没运行过" in only(doctor._worker()).says
    monkeypatch.setattr(clock, "machine_now", lambda: MACHINE - timedelta(hours=1))
    jobs.beat("worker")
    monkeypatch.setattr(clock, "machine_now", lambda: MACHINE)
    assert "2025-11-24 09:00" in only(doctor._worker()).says
    jobs.beat("worker")
    assert only(doctor._worker()).state == "good"


@pytest.mark.django_db
def test_a_worker_that_said_it_ends_is_not_running(monkeypatch) -> None:
    jobs.beat("worker")
    jobs.end_work()
    verdict = only(doctor._worker())
    assert (verdict.state, verdict.says) == ("warn", "到期的刚办完（2025-11-24 10:00），现在没有在运行")
    monkeypatch.setattr(clock, "machine_now", lambda: MACHINE + timedelta(minutes=3))
    verdict = only(doctor._worker())
    assert (verdict.state, verdict.says) == ("bad", "没有在运行，上次办理 2025-11-24 10:00")
    monkeypatch.setattr(clock, "machine_now", lambda: MACHINE + timedelta(seconds=1))
    jobs.beat("worker")
    assert only(doctor._worker()).state == "good", "another one works on"


@pytest.mark.django_db
def test_work_that_is_done_once_says_that_it_ends(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(work, "setup", lambda _args: tmp_path)
    assert work.run(Namespace(once=True)) == 0
    assert "办了" in capsys.readouterr().err
    assert only(verdict for verdict in doctor._worker() if verdict.what == "后台任务").state == "warn"


@pytest.mark.django_db
def test_jobs_that_gave_up_are_counted() -> None:
    jobs.beat("worker")
    Job.objects.create(name="x:y", key="k", due_at=MACHINE, enqueued_at=MACHINE, state=Job.FAILED)
    running, failed = doctor._worker()
    assert running.state == "good"
    assert failed.state == "bad" and "1 个任务" in failed.says and "再试" in failed.remedy


def test_the_ballot_box(tmp_path, monkeypatch) -> None:
    assert "还没有收过卷" in only(doctor._ballot_box(tmp_path)).says
    path = tmp_path / "ballots.sqlite3"
    with closing(sqlite3.connect(path)) as box:
        box.execute("CREATE TABLE ballot (receipt BLOB)")
    assert only(doctor._ballot_box(tmp_path)).state == "good"
    path.write_bytes(b"no database at all" * 1000)
    verdict = only(doctor._ballot_box(tmp_path))
    assert verdict.state == "bad" and "kaoping restore" in verdict.remedy
    monkeypatch.setenv("KAOPING_BALLOT_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
    assert "KAOPING_BALLOT_DATABASE_URL" in only(doctor._ballot_box(tmp_path)).remedy


def test_an_intake_that_is_not_there(monkeypatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("KAOPING_INTAKE", f"127.0.0.1:{port}")
    verdict = only(doctor._intake())
    assert verdict.state == "warn" and "kaoping serve" in verdict.remedy
    monkeypatch.setenv("KAOPING_INTAKE", "nonsense")
    assert only(doctor._intake()).state == "bad"


def test_the_clock(tmp_path, monkeypatch) -> None:
    assert only(doctor._clock(tmp_path)).says == "北京时间 2025-11-24 10:00"
    monkeypatch.setattr(clock, "machine_now", lambda: datetime(1999, 1, 1, tzinfo=UTC))
    assert "校准" in only(doctor._clock(tmp_path)).remedy


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "state", "words"),
    [
        (datetime(2026, 10, 31, 15, 59, tzinfo=UTC), "good", "2026"),
        (datetime(2026, 10, 31, 16, 0, tzinfo=UTC), "warn", "2027"),  # 1 November 0:00 in Beijing
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), "warn", "2027"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "bad", "2027"),
        (datetime(2099, 3, 1, tzinfo=UTC), "bad", "2099"),
    ],
)
def test_the_next_years_arrangement_is_asked_for_from_november(monkeypatch, at, state, words) -> None:
    monkeypatch.setattr(clock, "machine_now", lambda: at)
    verdict = only(doctor._calendar())
    assert (verdict.what, verdict.state) == ("工作日历", state) and words in verdict.says
    if state != "good":
        assert "“工作日历”" in verdict.remedy and "kaoping calendar import" in verdict.remedy


@pytest.mark.django_db
def test_an_entered_year_is_asked_for_no_more(monkeypatch) -> None:
    at = datetime(2026, 12, 1, tzinfo=UTC)
    monkeypatch.setattr(clock, "machine_now", lambda: at)
    enter_arrangement(actor=SYSTEM, given=read_arrangement(notice()), now=at)
    assert only(doctor._calendar()).state == "good"


@pytest.mark.django_db
def test_checks_that_count_for_nothing_in_a_year_at_work(cast, now, units) -> None:
    assert list(unfed.examine()) == [], "no year, nothing to tell"
    make_year(cast, now)
    verdict = only(unfed.examine())
    assert (verdict.what, verdict.state) == ("规则集", "warn") and "2025 年度" in verdict.says
    assert "P-01" in verdict.says and "逾期未结" in verdict.says
    Campaign.objects.update(stage="published")
    assert only(unfed.examine()).state == "good"


def test_a_simulated_clock_counts_in_a_demonstration_only(tmp_path) -> None:
    (tmp_path / "clock.json").write_text('{"now": "2025-06-01T00:00:00+00:00"}')
    ignored, _real = doctor._clock(tmp_path)
    assert ignored.state == "warn" and "删去" in ignored.remedy
    (tmp_path / "demo.json").write_text("{}")
    assert "模拟时间 2025-06-01 08:00" in only(doctor._clock(tmp_path)).says


def test_no_https(tmp_path, monkeypatch) -> None:
    verdict = only(doctor._configuration(tmp_path))
    assert verdict.state == "warn" and "KAOPING_HTTPS=1" in verdict.remedy
    monkeypatch.setenv("KAOPING_HTTPS", "1")
    assert not list(doctor._configuration(tmp_path))


@pytest.mark.slow
def test_the_whole_of_a_new_folder(data) -> None:
    done = kaoping("doctor", "--data", data(), "--json")
    rows = {row["what"]: row for row in json.loads(done.stdout)}
    assert done.returncode == 1, "no worker has run yet"
    assert {name for name, row in rows.items() if row["state"] == "bad"} == {"后台任务"}
    assert all((row["remedy"] is None) == (row["state"] == "good") for row in rows.values())


@pytest.mark.slow
def test_a_bad_setting_is_a_finding(data) -> None:
    done = kaoping("doctor", "--data", data(), "--json", KAOPING_DATABASE_URL="mysql://x/y")
    assert done.returncode == 1
    assert json.loads(done.stdout)[-1]["what"] == "配置"


def test_the_citys_sign_in_is_told_only_where_a_setting_names_it(settings) -> None:
    assert not list(doctor._city_sign_in())
    with OidcCity().running() as city:
        settings.KAOPING_CITY_SIGN_IN = Configuration(
            OIDC, city.url, "sub", (("amr", "mfa"),), client="kaoping", secret="geheim"
        )
        verdict = only(doctor._city_sign_in())
        assert (verdict.state, "amr=mfa" in verdict.says) == ("good", True)
        city.metadata = {"issuer": "https://elsewhere.example"}
        verdict = only(doctor._city_sign_in())
        assert (verdict.state, "不一致" in verdict.says) == ("warn", True)
        assert "geheim" not in verdict.says
    with CasCity().running() as city:
        settings.KAOPING_CITY_SIGN_IN = Configuration(CAS, f"{city.url}/cas/", "user", ())
        assert only(doctor._city_sign_in()).state == "good"
        settings.KAOPING_CITY_SIGN_IN = Configuration(CAS, f"{city.url}/elsewhere/", "user", ())
        assert only(doctor._city_sign_in()).state == "warn"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("grown", "free", "state", "words"),
    [
        (0, 10**12, "good", "几乎没有增长"),
        (28 * 10**6, 10**9, "good", "约 1,000 天后满"),
        (28 * 10**6, 10**8, "warn", "约 100 天后满"),
        (28 * 10**6, 10**7, "bad", "约 10 天后满"),
    ],
)
def test_when_the_disk_is_full_is_forecast_from_the_last_weeks(
    tmp_path, monkeypatch, grown, free, state, words
) -> None:
    """Files of the last four weeks count, older ones and the database do not."""
    for name, size, days in (("files/new", grown, 1), ("runs/old", 10**7, 60), ("kaoping.sqlite3", 10**7, 1)):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
        os.truncate(path, size)
        at = (MACHINE - timedelta(days=days)).timestamp()
        os.utime(path, (at, at))
    monkeypatch.setattr(storage, "glance", lambda _folder: storage.Room(free, ""))
    verdict = only(doctor._forecast(tmp_path))
    assert verdict.state == state
    assert words in verdict.says and "到期可清的监测存档 0 份" in verdict.says


def test_which_browser_draws_archived_pages_and_that_none_is_no_fault(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("KAOPING_CHROMIUM", "off")
    assert "不配图；存档不受影响" in only(doctor._pictures()).says
    monkeypatch.setenv("KAOPING_CHROMIUM", str(tmp_path / "none"))
    assert only(doctor._pictures()).state == "warn"
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho Chromium 1.0\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("KAOPING_CHROMIUM", str(program))
    assert only(doctor._pictures()).says == f"Chromium 1.0（{program}）"
    program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    assert "启动不了" in only(doctor._pictures()).says
    monkeypatch.delenv("KAOPING_CHROMIUM")
    monkeypatch.setattr(browser, "PLACES", ())
    assert only(doctor._pictures()).says == "没有装 Chromium，不配图；存档不受影响"
