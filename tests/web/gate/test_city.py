"""The city's sign-in at the door, against servers on loopback: OIDC (two of them, one written by others) and CAS."""

import http.client
import json
import re
import socket
import subprocess
import sys
from base64 import urlsafe_b64encode
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client

from kaoping.accounts.city_sign_in import connection, services
from kaoping.accounts.city_sign_in.configuration import CAS, OIDC, Configuration
from kaoping.accounts.models import AuditEntry, FailedSignIn, Person, SecondFactor
from kaoping.accounts.queries import person
from kaoping.registry import passwords
from kaoping.support import clock
from tests.accounts.city_sign_in.providers import KEY, STRANGER, CasCity, OidcCity
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
STRONG = {"amr": ["pwd", "mfa"]}


@pytest.fixture
def anna(cast):
    return cast("second_signer", username="anna", name="安娜")


@pytest.fixture
def city(settings):
    with OidcCity().running() as serving:
        serving.now = clock.machine_now
        settings.KAOPING_CITY_SIGN_IN = Configuration(
            OIDC, serving.url, "sub", (("amr", "mfa"),), client="kaoping", secret="s"
        )
        yield serving


@pytest.fixture
def cas(settings):
    with CasCity().running() as serving:
        settings.KAOPING_CITY_SIGN_IN = Configuration(
            CAS, f"{serving.url}/cas/", "user", (("authnMethod", "ukey"),)
        )
        yield serving


def password(client):
    return client.post("/sign-in/", {"username": "anna", "password": PASSWORD})


def there(client, query=""):
    answer = client.get(f"/sign-in/city/{query}")
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def back(client, query):
    return client.get("/sign-in/city/back/", query)


def bind(city, *said, **claims):
    """Anna binds what the city says of her; the browser in which she did."""
    client = Client()
    password(client)
    arrived = back(client, city.signed_in(there(client, "?for=bind"), *said, **claims))
    assert arrived.headers["Location"] == "/second-factor/city/", arrived.content.decode()
    assert client.post("/second-factor/city/").status_code == 302
    return client


def test_off_by_default_there_is_no_way_and_no_word_of_it(client, anna):
    assert "统一身份" not in client.get("/sign-in/").content.decode()
    assert "没有接统一身份认证" in client.get("/sign-in/city/").content.decode()
    assert "对不上" in back(client, {"code": "x", "state": "y"}).content.decode()
    password(client)
    assert "统一身份" not in client.get("/second-factor/").content.decode()


def test_bound_once_then_one_way_in_that_counts_twice(anna, city):
    bind(city, sub="320400-17", **STRONG)
    row = SecondFactor.objects.get()
    assert "320400-17" not in row.secret and row.confirmed_at is not None
    fresh = Client()
    location = there(fresh, "?next=/sessions/")
    query = dict(parse_qsl(urlsplit(location).query))
    assert query["code_challenge_method"] == "S256" and query["redirect_uri"].endswith("/sign-in/city/back/")
    assert len(query["state"]) >= 32 and len(query["nonce"]) >= 32 and "prompt" not in query
    answer = back(fresh, city.signed_in(location, sub="320400-17", **STRONG))
    assert answer.headers["Location"] == "/sessions/"
    assert fresh.get("/password/").status_code == 200
    last = AuditEntry.objects.order_by("-id").first()
    assert (last.verb, last.sentence) == ("sign_in", "安娜 经统一身份认证登录。")
    assert Person.objects.count() == 1


def test_nobody_gets_an_account_by_signing_in(client, anna, city):
    answer = back(client, city.signed_in(there(client), sub="stranger", **STRONG))
    assert answer.status_code == 403 and "没有登记到本平台的账号" in answer.content.decode()
    assert client.get("/password/").status_code == 302
    assert Person.objects.count() == 1 and FailedSignIn.objects.get().name == "统一身份认证"


def test_a_name_that_looks_the_same_is_not_the_person(client, anna, city):
    answer = back(client, city.signed_in(there(client), sub="x", preferred_username="anna", **STRONG))
    assert answer.status_code == 403


def test_where_the_city_does_not_say_so_it_stands_for_the_password_only(anna, city):
    client = bind(city, sub="17")
    assert SecondFactor.objects.get().confirmed_at is None
    client.post("/second-factor/card/")
    page = client.get("/second-factor/").content.decode()
    assert "只抵口令" in page and "已登记 1 种" in page
    fresh = Client()
    answer = back(fresh, city.signed_in(there(fresh), sub="17", amr=["pwd"]))
    assert answer.headers["Location"] == "/sign-in/second/"
    assert fresh.get("/password/").status_code == 302


def test_a_binding_that_counts_twice_is_not_replaced_by_one_that_does_not(anna, city):
    client = bind(city, sub="17", **STRONG)
    back(client, city.signed_in(there(client, "?for=bind"), sub="18"))
    assert client.post("/second-factor/city/").status_code == 409
    assert SecondFactor.objects.get().confirmed_at is not None


def test_as_second_proof_after_the_password(anna, city):
    bind(city, sub="17", **STRONG)
    fresh = Client()
    assert password(fresh).headers["Location"] == "/sign-in/second/"
    assert "去统一身份认证验证" in fresh.get("/sign-in/second/").content.decode()
    for claims, words in (
        ({"sub": "17"}, "没有说明做过第二重验证"),
        ({"sub": "18", **STRONG}, "登录的是另一个人"),
    ):
        location = there(fresh, "?for=second")
        assert "prompt=login" in location
        answer = back(fresh, city.signed_in(location, **claims))
        assert answer.status_code == 403 and words in answer.content.decode()
        assert fresh.get("/password/").status_code == 302
    answer = back(fresh, city.signed_in(there(fresh, "?for=second"), sub="17", **STRONG))
    assert answer.headers["Location"] == "/" and fresh.get("/password/").status_code == 200
    assert FailedSignIn.objects.get(name="anna").count == 2


def test_the_second_proof_needs_the_password_in_this_browser(anna, city):
    bind(city, sub="17", **STRONG)
    stranger = Client()
    assert there(stranger, "?for=second").startswith("/sign-in/")
    first, second = Client(), Client()
    password(first), password(second)
    asked = city.signed_in(there(first, "?for=second"), sub="17", **STRONG)
    assert "对不上" in back(second, asked).content.decode(), "an answer belongs to the browser that asked"


def test_binding_takes_the_own_form(anna, cast, signed_in, city):
    """A link somewhere else leads to the city and back, but nothing is bound by it."""
    client = Client()
    password(client)
    back(client, city.signed_in(there(client, "?for=bind"), sub="evil", **STRONG))
    assert not SecondFactor.objects.exists()
    assert "evil" in client.get("/second-factor/city/").content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/second-factor/city/").status_code == 403
    assert not SecondFactor.objects.exists()


def test_one_identity_one_person(anna, cast, signed_in, city):
    bind(city, sub="17", **STRONG)
    other = signed_in(cast("reviewer"))
    back(other, city.signed_in(there(other, "?for=bind"), sub="17", **STRONG))
    answer = other.post("/second-factor/city/")
    assert answer.status_code == 409 and "登记在别人名下" in answer.content.decode()


def test_an_answer_for_another_state_counts_not_nor_does_one_twice_nor_late(anna, city, monkeypatch):
    bind(city, sub="17", **STRONG)
    fresh = Client()
    right = city.signed_in(there(fresh), sub="17", **STRONG)
    assert "对不上" in back(fresh, right | {"state": "x"}).content.decode()
    assert "对不上" in back(fresh, right).content.decode(), "the cookie is gone after one answer"
    again = city.signed_in(there(fresh), sub="17", **STRONG)
    assert back(fresh, again).status_code == 302
    late = Client()
    kept = city.signed_in(there(late), sub="17", **STRONG)
    after = clock.machine_now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "machine_now", lambda: after)
    assert "10 分钟" in back(late, kept).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": None},
        {"aud": ["kaoping", "evil"], "azp": "evil"},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(anna, city, wrong):
    bind(city, sub="17", **STRONG)
    city.says = wrong
    fresh = Client()
    answer = back(fresh, city.signed_in(there(fresh), sub="17", **STRONG))
    assert answer.status_code == 403 and "统一身份认证" in answer.content.decode()
    assert fresh.get("/password/").status_code == 302


def test_a_token_signed_by_nobody_or_by_a_stranger_opens_nothing(anna, city):
    bind(city, sub="17", **STRONG)
    for key, algorithm in ((STRANGER, "RS256"), (None, "none")):
        city.key, city.algorithm = key, algorithm
        fresh = Client()
        query = city.signed_in(there(fresh), sub="17", **STRONG)
        if algorithm == "none":
            city._token = lambda form, headers: (200, "application/json", json.dumps(unsigned(city, form)))
        answer = back(fresh, query)
        assert answer.status_code == 403 and "核对不上" in answer.content.decode()
    city.key = KEY


def unsigned(city, form):
    """A token without signature that says everything right."""
    asked = city.codes[form["code"]]
    now = int(clock.machine_now().timestamp())
    claims = {
        "iss": city.url,
        "aud": "kaoping",
        "iat": now,
        "exp": now + 300,
        "nonce": asked["nonce"],
        "sub": "17",
    }
    parts = [
        urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in ({"alg": "none"}, claims)
    ]
    return {"access_token": "a", "token_type": "Bearer", "id_token": f"{parts[0]}.{parts[1]}."}


def test_a_claim_that_only_userinfo_gives_is_taken_from_there_of_the_same_person(anna, city, settings):
    settings.KAOPING_CITY_SIGN_IN = Configuration(
        OIDC, city.url, "employeeNumber", (("amr", "mfa"),), client="kaoping", secret="s"
    )
    city.userinfo = {"sub": "17", "employeeNumber": "A-1"}
    bind(city, sub="17", **STRONG)
    fresh = Client()
    assert back(fresh, city.signed_in(there(fresh), sub="17", **STRONG)).status_code == 302
    city.userinfo = {"sub": "17", "employeeNumber": "A-1", **STRONG}
    fresh = Client()
    answer = back(fresh, city.signed_in(there(fresh), sub="17"))
    assert answer.headers["Location"] == "/sign-in/second/", "only what is signed says how somebody was asked"
    city.userinfo = {"sub": "18", "employeeNumber": "A-1"}
    fresh = Client()
    assert back(fresh, city.signed_in(there(fresh), sub="17", **STRONG)).status_code == 403


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://10.0.0.1/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
    ids=str,
)
def test_a_city_that_describes_itself_wrongly_is_not_asked(client, city, metadata):
    city.metadata = metadata
    assert client.get("/sign-in/city/").status_code == 403


def test_redirects_are_not_followed_and_a_city_that_is_down_is_told(client, city, anna):
    city.broken = "http://127.0.0.1:1/elsewhere"
    answer = client.get("/sign-in/city/")
    assert answer.status_code == 403 and "没有正常应答" in answer.content.decode()
    assert city.asked == ["/.well-known/openid-configuration"]
    assert "登录名和口令" in answer.content.decode()
    assert password(client).status_code == 302


def test_an_answer_without_end_is_not_read_to_the_end(client, city):
    city.metadata = {"x": "x" * 600_000}
    assert "没有正常应答" in client.get("/sign-in/city/").content.decode()


def test_the_city_s_refusal_is_told(client, city):
    query = city.signed_in(there(client), sub="17")
    answer = back(client, {"state": query["state"], "error": "access_denied"})
    assert "没有放行（access_denied）" in answer.content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_after_it_only_own_pages(anna, city, target):
    bind(city, sub="17", **STRONG)
    fresh = Client()
    location = there(fresh, "?" + urlencode({"next": target}))
    assert back(fresh, city.signed_in(location, sub="17", **STRONG)).headers["Location"] == "/"


def test_who_was_switched_off_stays_out_and_a_reset_by_two_ends_the_binding(anna, cast, city, now):
    bind(city, sub="17", **STRONG)
    Person.objects.filter(pk=anna.id).update(is_active=False)
    fresh = Client()
    answer = back(fresh, city.signed_in(there(fresh), sub="17", **STRONG))
    assert answer.status_code == 403 and "已停用" in answer.content.decode()
    Person.objects.filter(pk=anna.id).update(is_active=True)
    asked = passwords.ask_reset(actor=cast("system_admin"), person=person(anna.id), now=now)
    made = passwords.confirm_reset(actor=cast("security_admin"), link=asked.link, now=now)
    passwords.use_link(secret=made.secret, code=asked.code, password="yi-er-san-si-wu-liu", now=now)
    fresh = Client()
    assert back(fresh, city.signed_in(there(fresh), sub="17", **STRONG)).status_code == 403


def test_leaving_offers_the_way_out_there_too(anna, city):
    bind(city, sub="17", **STRONG)
    fresh = Client()
    back(fresh, city.signed_in(there(fresh), sub="17", **STRONG))
    assert fresh.post("/sign-out/").headers["Location"] == "/sign-in/city/left/"
    page = fresh.get("/sign-in/city/left/").content.decode()
    link = re.search(r'href="([^"]+/leave[^"]*)"', page).group(1).replace("&amp;", "&")
    query = dict(parse_qsl(urlsplit(link).query))
    assert query["client_id"] == "kaoping" and query["post_logout_redirect_uri"].endswith("/sign-in/")
    assert fresh.get("/password/").status_code == 302


def test_given_up_it_opens_nothing_more(anna, city, settings):
    settings.KAOPING_SECOND_FACTOR = "off"
    client = bind(city, sub="17", **STRONG)
    assert client.post("/second-factor/city/give-up/").status_code == 302
    fresh = Client()
    assert back(fresh, city.signed_in(there(fresh), sub="17", **STRONG)).status_code == 403
    bind(city, sub="17")
    assert client.post("/second-factor/city/give-up/").status_code == 302
    assert not SecondFactor.objects.exists()


def test_who_has_to_enrol_has_enrolled_with_a_city_that_counts_twice(anna, city, settings):
    settings.KAOPING_SECOND_FACTOR = "signing"
    settings.KAOPING_SECOND_FACTOR_FROM = "2020-01-01"
    client = Client()
    password(client)
    assert client.get("/").headers["Location"] == "/second-factor/"
    back(client, city.signed_in(there(client, "?for=bind"), sub="17", **STRONG))
    client.post("/second-factor/city/")
    assert client.get("/").headers["Location"] != "/second-factor/"
    assert client.post("/second-factor/city/give-up/").status_code == 409, "the last one stays"


def test_codes_are_not_asked_of_who_has_none(anna, city):
    bind(city, sub="17", **STRONG)
    fresh = Client()
    password(fresh)
    page = fresh.post("/sign-in/second/", {"code": "123456"}).content.decode()
    assert "请从统一身份认证进" in page


def test_cas(anna, cas):
    bind(cas, "z17", authnMethod="ukey")
    assert SecondFactor.objects.get().confirmed_at is not None
    fresh = Client()
    location = there(fresh)
    assert urlsplit(location).path == "/cas/login" and "renew" not in location
    query = cas.signed_in(location, "z17", authnMethod="ukey")
    assert "对不上" in back(Client(), query).content.decode(), "a ticket for another browser"
    assert back(fresh, query).headers["Location"] == "/"
    assert fresh.post("/sign-out/").headers["Location"] == "/sign-in/city/left/"
    assert "/cas/logout?service=" in fresh.get("/sign-in/city/left/").content.decode()
    again = Client()
    there(again)
    assert back(again, query).status_code == 403, "a used ticket"


def test_cas_without_its_second_proof_stands_for_the_password(anna, cas):
    bind(cas, "z17", authnMethod="ukey")
    fresh = Client()
    answer = back(fresh, cas.signed_in(there(fresh), "z17", authnMethod="password"))
    assert answer.headers["Location"] == "/sign-in/second/"
    location = there(fresh, "?for=second")
    assert "renew=true" in location
    assert back(fresh, cas.signed_in(location, "z17", authnMethod="ukey")).headers["Location"] == "/"


@pytest.mark.parametrize("ticket", ["ST-nobody", "", "x" * 501, "ST-1&service=https://evil.example"])
def test_a_ticket_that_nobody_issued_opens_nothing(anna, cas, ticket):
    fresh = Client()
    query = cas.signed_in(there(fresh), "z17")
    assert back(fresh, query | {"ticket": ticket}).status_code == 403


@pytest.mark.parametrize("text", ["", "<a/>", "nonsense", "<a><b/></a>", "<!DOCTYPE x>"])
def test_a_cas_server_that_answers_nonsense_is_told(anna, cas, text):
    fresh = Client()
    query = cas.signed_in(there(fresh), "z17")
    cas.answer = lambda *_asked: (200, "application/xml", text)
    answer = back(fresh, query)
    assert answer.status_code == 403 and "统一身份认证" in answer.content.decode()


@pytest.fixture
def mock(settings):
    """The provider that others wrote, as a process of its own."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    claims = json.dumps({"sub": "17", **STRONG})
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true",
         "--user-claims", claims],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        for line in process.stderr:
            if "running on" in line:
                break
        settings.KAOPING_CITY_SIGN_IN = Configuration(
            OIDC, f"http://127.0.0.1:{port}", "sub", (("amr", "mfa"),), client="kaoping", secret="s"
        )
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=10)


def at_the_mock(location):
    """Somebody chooses person 17 on the mock's page: the query of the way back."""
    parts = urlsplit(location)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request(
            "POST",
            f"{parts.path}?{parts.query}",
            "sub=17",
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        answer = connection.getresponse()
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    finally:
        connection.close()


def test_with_a_provider_that_others_wrote(anna, mock):
    client = Client()
    password(client)
    back(client, at_the_mock(there(client, "?for=bind")))
    client.post("/second-factor/city/")
    assert SecondFactor.objects.get().confirmed_at is not None
    fresh = Client()
    assert back(fresh, at_the_mock(there(fresh))).headers["Location"] == "/"
    assert fresh.get("/password/").status_code == 200
    fresh.post("/sign-out/")
    assert f"http://127.0.0.1:{mock}/" in fresh.get("/sign-in/city/left/").content.decode()


@pytest.mark.parametrize(("kind", "said", "claims"), [("city", (), {"sub": "17"}), ("cas", ("z17",), {})])
def test_no_connection_to_the_city_stays_open(anna, request, monkeypatch, kind, said, claims):
    opened, closed = [], []

    class Kept(connection.Bounded):
        def __init__(self):
            super().__init__()
            opened.append(self)

        def close(self):
            super().close()
            closed.append(self)

    monkeypatch.setattr(connection, "Bounded", Kept)
    bind(request.getfixturevalue(kind), *said, **claims)
    services.provider().look()
    assert len(opened) > 2 and sorted(map(id, opened)) == sorted(map(id, closed))
