import re

import pytest
from django.test import Client

from kaoping.accounts.queries import person, person_by_username

pytestmark = pytest.mark.django_db


def shown_password(page):
    return re.search(r'id="first-password">([^<]+)<', page.content.decode()).group(1)


def test_a_new_person_signs_in_with_the_password_shown_once(cast, signed_in):
    admin = signed_in(cast("system_admin"))
    page = admin.post("/admin/people/new/", {"name": "陈静", "username": "chenjing"})
    fresh = Client()
    entered = fresh.post("/sign-in/", {"username": "chenjing", "password": shown_password(page)})
    assert entered.status_code == 302
    assert fresh.get("/").headers["Location"] == "/password/"
    who = person_by_username("chenjing")
    assert 'id="first-password"' not in admin.get(f"/admin/people/{who.pk}/").content.decode()


def test_input_is_kept_when_refused(cast, signed_in):
    cast("reviewer", username="taken")
    page = signed_in(cast("system_admin")).post("/admin/people/new/", {"name": "陈静", "username": "taken"})
    text = page.content.decode()
    assert "已有人用" in text and 'value="陈静"' in text and "有错误：" in text


def test_switching_off_and_on_again(cast, signed_in):
    who, admin = cast("reviewer"), signed_in(cast("system_admin"))
    admin.post(f"/admin/people/{who.id}/switch/", {"active": "0"})
    assert not person(who.id).is_active
    admin.post(f"/admin/people/{who.id}/switch/", {"active": "1"})
    assert person(who.id).is_active


def test_a_reset_shows_a_new_password(cast, signed_in):
    who, admin = cast("reviewer"), signed_in(cast("system_admin"))
    password = shown_password(admin.post(f"/admin/people/{who.id}/reset/"))
    assert person(who.id).check_password(password)
    assert person(who.id).must_change_password


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
