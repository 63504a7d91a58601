from datetime import timedelta

import pytest
from django.test import Client

from kaoping.accounts.actor import SYSTEM
from kaoping.accounts.models import FailedSignIn, KeptSession
from kaoping.accounts.queries import audit_entries, person_by_username
from kaoping.accounts.services import note_closed_hours, set_password, switch_person
from kaoping.accounts.sessions import digest_of
from kaoping.support import clock
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(cast):
    return cast("auditor", username="anna", name="安娜")


def enter(client, password=PASSWORD, username="anna", **more):
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def test_the_page_says_what_must_not_be_uploaded(client, db):
    page = client.get("/sign-in/").content.decode()
    assert "本系统为非涉密系统，严禁上传国家秘密、工作秘密" in page
    assert "离开太久" not in page


def test_strangers_are_sent_to_the_page_and_back_again(client, anna):
    assert client.get("/admin/audit/?verb=sign_in").headers["Location"] == (
        "/sign-in/?next=/admin/audit/%3Fverb%3Dsign_in"
    )
    assert (
        enter(client, next="/admin/audit/?verb=sign_in").headers["Location"] == "/admin/audit/?verb=sign_in"
    )


@pytest.mark.parametrize(
    "target", ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)"]
)
def test_no_link_leads_elsewhere_after_signing_in(client, anna, target):
    assert enter(client, next=target).headers["Location"] == "/"


def test_a_session_planted_before_is_worth_nothing(client, anna):
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    enter(client)
    assert client.session.session_key != before


def test_signing_in_and_out_leaves_lines(client, anna):
    enter(client)
    assert audit_entries(verb="sign_in", refused=False).first().sentence == "安娜 登录。"
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert audit_entries(verb="sign_out").count() == 1
    assert client.get("/admin/audit/").status_code == 302


def test_a_wrong_password_is_refused_in_words_and_logged(client, anna):
    page = enter(client, "wrong")
    assert "登录名或口令不对" in page.content.decode()
    assert FailedSignIn.objects.filter(noted_at=None).count() == 1
    assert client.get("/").status_code == 302


def test_an_unknown_name_gets_the_same_words(client, anna):
    known, unknown = enter(client, "wrong"), enter(client, "wrong", username="nobody")
    words = "登录名或口令不对"
    assert words in known.content.decode() and words in unknown.content.decode()


def test_too_many_failures_shut_the_door_even_to_the_right_password(client, anna, settings, now):
    settings.AXES_ENABLED = True
    for _ in range(8):
        last = enter(client, "wrong")
    assert last.status_code == 429
    assert "请等 15 分钟" in last.content.decode()
    assert enter(client).status_code == 429
    note_closed_hours(now=now + timedelta(hours=2))
    assert audit_entries(words="暂停过登录").count() == 1


def test_signed_out_is_said_and_no_reason_that_is_not_known(client, anna):
    enter(client)
    client.cookies.pop("kaoping_inside")
    page = client.get("/sign-in/?next=/").content.decode()
    assert "已退出登录。登录后回到刚才那一页" in page and "离开太久" not in page


def test_a_switched_off_person_is_out_at_once(client, anna, now):
    enter(client)
    assert client.get("/admin/audit/").status_code == 200
    switch_person(actor=SYSTEM, person=person_by_username("anna"), active=False, roles=(), now=now)
    assert client.get("/admin/audit/").status_code == 302
    assert "登录名或口令不对" in enter(client).content.decode()


class TestPassword:
    def change(self, client, current, new, again=None):
        return client.post("/password/", {"current": current, "new": new, "again": again or new})

    def test_a_reset_password_must_be_changed_first(self, client, anna, now):
        who = person_by_username("anna")
        set_password(who, "linshi-kouling-9")  # as the first accounts of an installation have them
        who.must_change_password = True
        who.save()
        enter(client, "linshi-kouling-9")
        assert client.get("/admin/audit/").headers["Location"] == "/password/"
        assert "先改口令" in client.get("/password/").content.decode()
        assert self.change(client, "linshi-kouling-9", "anna-ziji-kouling").status_code == 302
        assert client.get("/admin/audit/").status_code == 200

    def test_what_is_wrong_is_said_at_the_field(self, client, anna):
        enter(client)
        assert "现在的口令不对" in self.change(client, "wrong", "anna-ziji-kouling").content.decode()
        assert "两遍写得不一样" in self.change(client, PASSWORD, "anna-ziji-kouling", "x").content.decode()
        assert "口令不合要求" in self.change(client, PASSWORD, "12345678").content.decode()

    @pytest.mark.parametrize("length", [129, 200, 201, 500])
    def test_one_limit_is_told_in_one_wording(self, client, anna, length):
        enter(client)
        page = self.change(client, PASSWORD, "口" * length).content.decode()
        assert f"新口令最长 128 个字符，这里有 {length} 个，请缩短。" in page
        assert "最长 200" not in page and "口令不合要求" not in page

    def test_other_sessions_end(self, client, anna):
        other = Client()
        enter(other)
        enter(client)
        self.change(client, PASSWORD, "anna-ziji-kouling")
        assert client.get("/admin/audit/").status_code == 200
        assert other.get("/admin/audit/").status_code == 302


def test_forms_need_their_token(anna):
    strict = Client(enforce_csrf_checks=True)
    assert enter(strict).status_code == 403


def test_health_answers_without_sign_in(client, db):
    assert client.get("/health/").json() == {"status": "ok"}


def test_pages_behind_sign_in_are_not_stored(client, anna):
    enter(client)
    assert "no-store" in client.get("/admin/audit/").headers["Cache-Control"]


def test_the_page_answers_head(client, db):
    assert client.head("/sign-in/").status_code == 200


def test_the_door_is_shut_by_name_and_by_the_address_that_a_named_proxy_says(
    client, anna, settings, monkeypatch
):
    settings.AXES_ENABLED = True
    monkeypatch.setenv("KAOPING_TRUSTED_PROXIES", "127.0.0.1")
    there = {"HTTP_X_FORWARDED_FOR": "203.0.113.66"}
    for _ in range(8):
        client.post("/sign-in/", {"username": "anna", "password": "wrong"}, **there)
    assert client.post("/sign-in/", {"username": "anna", "password": PASSWORD}, **there).status_code == 429
    here = {"HTTP_X_FORWARDED_FOR": "198.51.100.7"}
    assert client.post("/sign-in/", {"username": "anna", "password": PASSWORD}, **here).status_code == 302


def test_a_header_that_nobody_named_writes_opens_no_door(client, anna, settings, monkeypatch):
    settings.AXES_ENABLED = True
    monkeypatch.delenv("KAOPING_TRUSTED_PROXIES", raising=False)
    for number in range(8):
        spoofed = {"HTTP_X_FORWARDED_FOR": f"203.0.113.{number}"}
        client.post("/sign-in/", {"username": "anna", "password": "wrong"}, **spoofed)
    assert enter(client).status_code == 429


@pytest.mark.parametrize("typed", ["ANNA", "Anna", " anna "])
def test_names_ignore_case(client, anna, typed):
    answer = client.post("/sign-in/", {"username": typed, "password": PASSWORD})
    assert answer.status_code == 302


class TestNobodyIsShutOut:
    """Guessing is slowed; the right person gets in. Behind a proxy that nobody named, all have one address."""

    @pytest.fixture(autouse=True)
    def counted(self, settings):
        settings.AXES_ENABLED = True

    def guess(self, times, client=None, **where):
        client = client or Client()
        return [
            client.post("/sign-in/", {"username": "anna", "password": f"wrong-{n}"}, **where).status_code
            for n in range(times)
        ]

    @pytest.mark.slow
    def test_the_known_browser_gets_in_whatever_strangers_do(self, client, anna):
        enter(client)
        client.post("/sign-out/")
        assert self.guess(130)[-1] == 429, "the stranger is slowed"
        assert enter(client).status_code == 302

    def test_a_new_browser_at_the_known_address_gets_in_after_eight_failures(self, client, anna):
        enter(client)
        self.guess(12)
        assert enter(Client()).status_code == 302

    def test_a_stranger_from_elsewhere_waits_even_with_the_right_password(self, client, anna, monkeypatch):
        enter(client)
        monkeypatch.setenv("KAOPING_TRUSTED_PROXIES", "127.0.0.1")
        there = {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}
        assert self.guess(8, **there)[-1] == 429
        assert (
            Client().post("/sign-in/", {"username": "ANNA", "password": PASSWORD}, **there).status_code == 429
        )
        assert enter(client).status_code == 302

    def test_many_addresses_do_not_add_up_to_many_guesses(self, client, anna, monkeypatch):
        enter(client)
        monkeypatch.setenv("KAOPING_TRUSTED_PROXIES", "127.0.0.1")
        answers = [
            self.guess(7, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}", client=Client()) for number in range(12)
        ]
        assert answers[0] == [200] * 7
        assert set(answers[-1]) == {429}
        assert enter(client).status_code == 302

    @pytest.mark.slow
    def test_a_known_browser_that_fails_itself_counts_too(self, client, anna):
        enter(client)
        client.post("/sign-out/")
        assert self.guess(120, client)[-1] == 429

    def test_the_person_and_the_security_administrator_see_the_attempts(self, client, anna, cast, signed_in):
        enter(client)
        client.post("/sign-out/")
        self.guess(5)
        entered = client.post("/sign-in/", {"username": "anna", "password": PASSWORD}, follow=True)
        assert "试了 5 次" in entered.content.decode()
        self.guess(3)
        page = signed_in(cast("security_admin")).get("/admin/passwords/").content.decode()
        assert "anna" in page and "3 次，来自 127.0.0.1" in page


class TestOwnSessions:
    def test_they_are_listed_and_ended(self, client, anna):
        other = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/109.0")
        enter(client)
        enter(other)
        page = client.get("/sessions/").content.decode()
        assert "您现在有 2 处登录" in page and "Chrome，Windows" in page and "127.0.0.1" in page
        theirs = digest_of(other.session.session_key)
        assert client.post("/sessions/", {"session": theirs}).status_code == 302
        assert other.get("/sessions/").headers["Location"].startswith("/sign-in/")
        assert client.get("/sessions/").status_code == 200

    def test_nobody_ends_somebody_elses(self, client, anna, cast, signed_in):
        enter(client)
        mine = digest_of(client.session.session_key)
        assert signed_in(cast("reviewer")).post("/sessions/", {"session": mine}).status_code == 409
        assert client.get("/sessions/").status_code == 200

    def test_the_database_holds_no_key(self, client, anna):
        enter(client)
        key = client.cookies["kaoping_inside"].value
        stored = [one.session_key for one in KeptSession.objects.all()]
        assert stored and key not in str(list(KeptSession.objects.values()))
        thief = Client()
        for one in stored:
            thief.cookies["kaoping_inside"] = one
            assert thief.get("/sessions/").status_code == 302

    def test_sign_out_ends_it(self, client, anna):
        enter(client)
        kept = client.cookies["kaoping_inside"].value
        client.post("/sign-out/")
        assert not KeptSession.objects.filter(person_id=anna.id).exists()
        client.cookies["kaoping_inside"] = kept
        assert client.get("/sessions/").status_code == 302

    def test_the_absolute_end_comes_however_busy(self, client, anna, monkeypatch):
        enter(client)
        start, answers = clock.machine_now(), []
        for minutes in range(20, 12 * 60 + 21, 20):
            monkeypatch.setattr(clock, "machine_now", lambda at=start + timedelta(minutes=minutes): at)
            answers.append(client.get("/sessions/").status_code)
        assert answers == [200] * 35 + [302] * 2
