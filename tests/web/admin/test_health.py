from datetime import timedelta

import pytest

from kaoping.support import clock, jobs, logic
from kaoping.support.models import Heartbeat, Job

pytestmark = pytest.mark.django_db


def fails(*, now):
    raise RuntimeError("网站没有回应")


@pytest.fixture
def admin(cast, signed_in):
    return signed_in(cast("system_admin"))


def failed(now):
    jobs.enqueue(f"{__name__}:fails", key="a", due_at=now, now=now)
    for hour in range(logic.MAX_ATTEMPTS):
        jobs.run_due("w", now=now + timedelta(hours=hour))
    return Job.objects.get()


def test_a_failed_job_shows_its_cause_and_is_put_back(admin, now):
    job = failed(now)
    Heartbeat.objects.create(name="worker", at=clock.machine_now())
    page = admin.get("/admin/health/").content.decode()
    assert "1 个后台任务没有办成" in page and "网站没有回应" in page
    admin.post(f"/admin/health/jobs/{job.pk}/retry/")
    job.refresh_from_db()
    assert job.state == Job.WAITING


def test_a_silent_worker_is_the_headline(admin, now):
    assert "后台任务没有在运行" in admin.get("/admin/health/").content.decode()
    Heartbeat.objects.create(name="worker", at=clock.machine_now() - timedelta(minutes=5))
    assert "没有动静" in admin.get("/admin/health/").content.decode()


def test_facts_and_files(admin, now):
    failed(now)
    page = admin.get("/admin/health/?state=all").content.decode()
    assert "机器时间" in page and "业务时间" in page
    assert "网站没有回应" in admin.get("/admin/health/?state=all&format=csv").content.decode("utf-8-sig")
