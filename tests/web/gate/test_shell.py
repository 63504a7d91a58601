from datetime import timedelta

import pytest

from kaoping.accounts.models import PasswordLink
from kaoping.support import clock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "target"),
    [
        ("system_admin", "/admin/people/"),
        ("security_admin", "/admin/appointments/"),
        ("auditor", "/admin/audit/"),
    ],
)
def test_each_role_goes_to_its_own_desk(cast, signed_in, role, target):
    assert signed_in(cast(role)).get("/").headers["Location"] == target


def test_without_a_role_the_page_says_who_gives_one(cast, signed_in, monkeypatch, now):
    who = cast("reviewer")
    monkeypatch.setattr("kaoping.web.gate.navigation.ENTRIES", ())
    page = signed_in(who).get("/").content.decode()
    assert "岗位由安全管理员授予" in page
    assert who.username in page


def test_the_shell_names_person_role_and_city(cast, signed_in, units):
    page = signed_in(cast("auditor", name="安娜")).get("/admin/audit/").content.decode()
    for words in ("常州考评", "安娜", "审计员", "严禁上传国家秘密、工作秘密"):
        assert words in page


def test_the_simulated_clock_is_shown(cast, signed_in, now, monkeypatch):
    monkeypatch.setattr("kaoping.support.clock.simulated", lambda _folder: now)
    page = signed_in(cast("auditor")).get("/admin/audit/").content.decode()
    assert "模拟时间" in page and "2025年11月24日" in page


def test_a_refusal_becomes_a_page_with_its_words(cast, signed_in, now):
    admin = cast("system_admin")
    client = signed_in(admin)
    page = client.post(f"/admin/people/{admin.id}/switch/", {"active": "0"})
    assert page.status_code == 409
    assert "不能停用自己" in page.content.decode()


@pytest.mark.django_db
def test_who_may_not_sign_for_a_day_is_told_before_a_form_is_filled(cast, signed_in, units, now):
    signer = cast("office_head")
    client = signed_in(signer)
    assert "24 小时内不能签发" not in client.get("/desk/board/", follow=True).content.decode()
    PasswordLink.objects.create(
        person_id=int(signer.id),
        first=False,
        asked_by_id="x",
        asked_by="系统管理员",
        asked_at=now,
        used_at=now,
        rests_until=clock.machine_now() + timedelta(hours=20),
    )
    page = client.get("/desk/board/", follow=True).content.decode()
    assert "24 小时内不能签发" in page
    assert "当面核实" in page
