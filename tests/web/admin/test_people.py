import re
from datetime import timedelta

import pytest
from django.test import Client

from kaoping.accounts.actor import ROLES
from kaoping.accounts.models import PasswordLink
from kaoping.accounts.policy import SEPARATED
from kaoping.accounts.queries import audit_entries, person, person_by_username
from kaoping.beijing import day_of
from kaoping.registry import queries as registry
from kaoping.registry.passwords import ask_reset
from kaoping.registry.services import relieve

pytestmark = pytest.mark.django_db


NEW = "san-he-yi-zhang-shan-men"


def shown(page, what="link"):
    found = re.search(rf'id="handed-{what}">([^<]+)<', page.content.decode())
    return found and found.group(1).removeprefix("http://testserver")


def test_a_new_person_sets_the_password_by_a_link_shown_once(cast, signed_in):
    admin = signed_in(cast("system_admin"))
    page = admin.post("/admin/people/new/", {"name": "陈静", "username": "ChenJing"})
    assert "用浏览器打印本页" in page.content.decode()
    link = shown(page)
    fresh = Client()
    assert "陈静：设定口令" in fresh.get(link).content.decode()
    assert fresh.post(link, {"new": NEW, "again": NEW}).headers["Location"] == "/sign-in/"
    assert fresh.get(link).status_code == 410
    assert fresh.post("/sign-in/", {"username": "CHENJING", "password": NEW}).status_code == 302
    notice = fresh.get("/")
    assert notice.headers["Location"] == "/password/notice/"
    told = fresh.get("/password/notice/").content.decode()
    assert "由 人员1 提出" in told and "您的口令设定过" in told and "重新设定" not in told
    fresh.post("/password/notice/")
    assert fresh.get("/").status_code == 200
    who = person_by_username("chenjing")
    assert shown(admin.get(f"/admin/people/{who.pk}/")) is None


def test_the_browser_forgets_what_was_typed_of_a_person_who_was_made(cast, signed_in):
    """The answer is a page and no turn elsewhere: the link is shown on it once."""
    admin = signed_in(cast("system_admin"))
    typed = {"name": "陈静", "username": "chenjing", "words_ticket": "abc123def456"}
    assert admin.post("/admin/people/new/", typed).cookies["kaoping_saved"].value == "abc123def456"
    assert "kaoping_saved" not in admin.post("/admin/people/new/", typed).cookies


def test_input_is_kept_when_refused(cast, signed_in):
    cast("reviewer", username="taken")
    page = signed_in(cast("system_admin")).post("/admin/people/new/", {"name": "陈静", "username": "taken"})
    text = page.content.decode()
    assert "已有人用" in text and 'value="陈静"' in text and "有错误：" in text


@pytest.mark.parametrize("role", sorted(SEPARATED - {"system_admin"}))
def test_who_signs_or_watches_is_not_switched_off_by_one(cast, signed_in, role):
    admin, who = signed_in(cast("system_admin")), cast(role)
    page = admin.get(f"/admin/people/{who.id}/").content.decode()
    assert f"现任{ROLES[role]}，停用要两人办理" in page
    assert 'name="active" value="0"' not in page
    done = admin.post(f"/admin/people/{who.id}/switch/", {"active": "0"}, follow=True)
    assert "停用要两人办理" in done.content.decode()
    assert person(who.id).is_active
    assert audit_entries(verb="switch_person", refused=True).count() == 1


def test_after_the_role_is_ended_by_the_second_person_it_is_possible(cast, signed_in, now):
    admin, security, who = cast("system_admin"), cast("security_admin"), cast("auditor")
    [held] = registry.appointments(role="auditor")
    yesterday = day_of(now) - timedelta(days=1)
    relieve(actor=security, appointment=held, last_day=yesterday, now=now)
    signed_in(admin).post(f"/admin/people/{who.id}/switch/", {"active": "0"})
    assert not person(who.id).is_active


def test_switching_off_and_on_again(cast, signed_in):
    who, admin = cast("reviewer"), signed_in(cast("system_admin"))
    admin.post(f"/admin/people/{who.id}/switch/", {"active": "0"})
    assert not person(who.id).is_active
    admin.post(f"/admin/people/{who.id}/switch/", {"active": "1"})
    assert person(who.id).is_active


def test_no_page_ever_shows_a_password_and_one_administrator_gets_no_link_to_a_signer(cast, signed_in):
    who, admin, security = cast("second_signer"), cast("system_admin"), cast("security_admin")
    asked = signed_in(admin).post(f"/admin/people/{who.id}/reset/")
    code = shown(asked, "code")
    assert shown(asked) is None and code
    page = signed_in(security).get("/admin/passwords/").content.decode()
    confirm = re.search(r'action="(/admin/passwords/\d+/confirm/)"', page).group(1)
    assert confirm not in signed_in(admin).get("/admin/passwords/").content.decode()
    assert signed_in(admin).post(confirm).status_code == 409
    link = shown(signed_in(security).post(confirm))
    inside = signed_in(who)
    assert inside.get("/password/").status_code == 200
    fresh = Client()
    assert "核对码（可不填）" not in fresh.get(link).content.decode()
    for empty in ({}, {"code": " "}, {"code": "\u3000"}):
        assert "请填核对码" in fresh.post(link, {**empty, "new": NEW, "again": NEW}).content.decode()
    assert PasswordLink.objects.get(person_id=who.id).wrong == 0, "an empty code is no try"
    assert "核对码不对" in fresh.post(link, {"code": "1", "new": NEW, "again": NEW}).content.decode()
    assert fresh.post(link, {"code": code, "new": NEW, "again": NEW}).status_code == 302
    assert inside.get("/password/").headers["Location"].startswith("/sign-in/"), "a reset ends every session"


def test_a_reset_is_told_as_one(cast, signed_in):
    who, admin = cast("reviewer"), signed_in(cast("system_admin"))
    fresh = Client()
    fresh.post(shown(admin.post(f"/admin/people/{who.id}/reset/")), {"new": NEW, "again": NEW})
    fresh.post("/sign-in/", {"username": person(who.id).username, "password": NEW})
    told = fresh.get("/password/notice/").content.decode()
    assert "您的口令重新设定过" in told and "重新设定，由" in told


def test_the_head_ends_the_rest_by_name(cast, signed_in, now):
    who, admin = cast("reviewer", name="李四"), cast("system_admin")
    link = shown(signed_in(admin).post(f"/admin/people/{who.id}/reset/"))
    Client().post(link, {"new": NEW, "again": NEW})
    head = signed_in(cast("office_head"))
    page = head.get("/admin/passwords/").content.decode()
    assert "1 人暂不能签发" in page and "李四" in page
    assert head.post(f"/admin/passwords/people/{who.id}/release/").status_code == 302
    assert "0 人暂不能签发" in head.get("/admin/passwords/").content.decode()


def test_search_pages_and_files(cast, signed_in, django_assert_max_num_queries):
    admin = cast("system_admin")
    for number in range(55):
        cast("reviewer", username=f"zhuanjia-{number:02}", name=f"专家{number}")
    client = signed_in(admin)
    assert "zhuanjia-54" in client.get("/admin/people/?page=2").content.decode()
    assert "zhuanjia-54" in client.get("/admin/people/?words=专家54").content.decode()
    assert client.get("/admin/people/?page=999").status_code == 200
    with django_assert_max_num_queries(10):
        client.get("/admin/people/")
    assert client.get("/admin/people/?format=csv").content.decode("utf-8-sig").count("\r\n") == 57
    assert client.get("/admin/people/?format=exe").status_code == 404


def test_who_may_not_confirm_a_reset_sees_no_button_for_it(cast, signed_in, now):
    admin, own, other = cast("system_admin"), cast("security_admin"), cast("security_admin")
    ask_reset(actor=admin, person=person(own.id), now=now)
    shown = [
        "核实本人，确认" in signed_in(one).get("/admin/passwords/").content.decode()
        for one in (admin, own, other)
    ]
    assert shown == [False, False, True]
