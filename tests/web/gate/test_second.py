"""The second proof at the door: three kinds, none of which needs a phone."""

import re
from base64 import b32decode
from datetime import timedelta

import pytest
from django.test import Client

from kaoping.accounts.models import SecondFactor
from kaoping.accounts.queries import audit_entries, person
from kaoping.registry import passwords
from kaoping.support import clock
from tests.accounts.second_factor.program import code_at
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(cast):
    return cast("second_signer", username="anna", name="安娜")


def enter(client, **more):
    return client.post("/sign-in/", {"username": "anna", "password": PASSWORD}, **more)


def enrol(client):
    page = client.get("/second-factor/program/").content.decode()
    assert "口令卡上的在这里不能用" in page and "一个没有用过的" not in page
    assert 'src="data:image/svg+xml' in page and "<script>" not in page
    text = re.search(r'id="fresh-secret">([^<]+)<', page).group(1).replace(" ", "")
    key = b32decode(text)
    assert client.post("/second-factor/program/", {"code": "000000"}).status_code == 200
    code = code_at(key, clock.machine_now())
    assert client.post("/second-factor/program/", {"code": code}).status_code == 302
    return key


def test_a_program_is_enrolled_and_asked_for(client, anna, monkeypatch):
    enter(client)
    key = enrol(client)
    assert key.hex() not in str(list(SecondFactor.objects.values())), "a copied database gives no key away"
    fresh = Client()
    assert enter(fresh).headers["Location"] == "/sign-in/second/"
    assert fresh.get("/password/").headers["Location"].startswith("/sign-in/"), "half way is not in"
    assert "data-sign-in" in fresh.get("/sign-in/second/").content.decode(), (
        "the panel in a form shows it too"
    )
    used = code_at(key, clock.machine_now())
    assert "不对" in fresh.post("/sign-in/second/", {"code": used}).content.decode(), "no code counts twice"
    later = clock.machine_now() + timedelta(seconds=61)
    monkeypatch.setattr(clock, "machine_now", lambda: later)
    answer = fresh.post("/sign-in/second/", {"code": code_at(key, later)})
    assert answer.headers["Location"] == "/"
    page = fresh.get("/", follow=True).content.decode()
    assert "用过以后" in page and "又有人填了一次" in page and "127.0.0.1" in page, "the holder is told"
    assert (
        audit_entries(verb="sign_in").filter(refused=True, sentence__contains="用过的动态口令").count() == 1
    )
    fresh.post("/sign-out/")
    later += timedelta(seconds=61)
    enter(fresh)
    fresh.post("/sign-in/second/", {"code": code_at(key, later)})
    assert "又有人填了一次" not in fresh.get("/", follow=True).content.decode(), "once"


def test_the_year_s_clock_does_not_matter(client, anna, now):
    """The simulated clock stands in 2025; codes are those of the machine."""
    enter(client)
    enrol(client)


def test_a_card_of_codes_each_once(client, anna):
    enter(client)
    page = client.post("/second-factor/card/").content.decode()
    codes = re.findall(r'<li class="kp-mono">([A-Z2-9]{5}-[A-Z2-9]{5})</li>', page)
    assert len(codes) == 20
    assert all(words in page for words in ("anna", clock.beijing_text(clock.now()), "用浏览器打印本页"))
    assert "还有 20 个没有用" in client.get("/second-factor/").content.decode()
    for expected in (302, 200):
        fresh = Client()
        enter(fresh)
        assert fresh.post("/sign-in/second/", {"code": codes[0].lower()}).status_code == expected


def test_guessing_codes_waits(client, anna):
    enter(client)
    page = client.post("/second-factor/card/").content.decode()
    right = re.findall(r'<li class="kp-mono">([A-Z2-9-]+)</li>', page)[0]
    fresh = Client()
    enter(fresh)
    for _ in range(8):
        fresh.post("/sign-in/second/", {"code": "123456"})
    assert "请等 15 分钟" in fresh.post("/sign-in/second/", {"code": right}).content.decode()


CERTIFICATE = {"HTTP_X_VERIFY": "SUCCESS", "HTTP_X_SUBJECT": "CN=anna", "HTTP_X_SERIAL": "01"}


def test_a_certificate_counts_only_from_a_named_proxy(client, anna, cast, signed_in, settings, monkeypatch):
    settings.KAOPING_CERTIFICATE_HEADERS = ["X-Verify", "X-Subject", "X-Serial"]
    enter(client)
    assert client.post("/second-factor/certificate/", **CERTIFICATE).status_code == 409
    monkeypatch.setenv("KAOPING_TRUSTED_PROXIES", "127.0.0.1")
    failed = CERTIFICATE | {"HTTP_X_VERIFY": "FAILED:expired"}
    assert client.post("/second-factor/certificate/", **failed).status_code == 409
    assert client.post("/second-factor/certificate/", **CERTIFICATE).status_code == 302
    assert enter(Client(), **CERTIFICATE).headers["Location"] == "/"
    other = CERTIFICATE | {"HTTP_X_SERIAL": "02"}
    assert enter(Client(), **other).headers["Location"] == "/sign-in/second/"
    assert signed_in(cast("reviewer")).post("/second-factor/certificate/", **CERTIFICATE).status_code == 409
    monkeypatch.delenv("KAOPING_TRUSTED_PROXIES")
    assert enter(Client(), **CERTIFICATE).headers["Location"] == "/sign-in/second/"


def test_who_has_to_enrol_is_reminded_and_from_the_day_led_there(client, anna, settings):
    settings.KAOPING_SECOND_FACTOR = "signing"
    enter(client)
    assert "您的岗位要登记第二重验证" in client.get("/second-factor/").content.decode()
    assert client.get("/password/").status_code == 200
    settings.KAOPING_SECOND_FACTOR_FROM = "2020-01-01"
    led = Client()
    enter(led)
    assert led.get("/").headers["Location"] == "/second-factor/"
    led.post("/second-factor/card/")
    assert led.get("/").headers["Location"] != "/second-factor/"


def test_the_last_one_stays_where_one_is_asked_for(client, anna, settings):
    settings.KAOPING_SECOND_FACTOR = "signing"
    enter(client)
    client.post("/second-factor/card/")
    assert client.post("/second-factor/card/give-up/").status_code == 409
    settings.KAOPING_SECOND_FACTOR = "off"
    assert client.post("/second-factor/card/give-up/").status_code == 302


def test_a_reset_by_two_is_the_way_back(client, anna, cast, now):
    enter(client)
    client.post("/second-factor/card/")
    asked = passwords.ask_reset(actor=cast("system_admin"), person=person(anna.id), now=now)
    made = passwords.confirm_reset(actor=cast("security_admin"), link=asked.link, now=now)
    passwords.use_link(secret=made.secret, code=asked.code, password="yi-er-san-si-wu-liu", now=now)
    assert not SecondFactor.objects.exists()


def test_an_ordinary_person_with_a_second_proof_takes_two_as_well(cast, signed_in, now):
    who = cast("reviewer")
    signed_in(who).post("/second-factor/card/")
    assert not passwords.ask_reset(actor=cast("system_admin"), person=person(who.id), now=now).secret
