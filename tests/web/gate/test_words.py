"""Typed words when the session is over: what the server says, holds and gives back, and to whom. Without script."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.conf import settings as live
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kaoping.accounts.actor import Actor
from kaoping.campaigns.queries import self_review as reads
from kaoping.support import clock
from kaoping.support.sealing import KEPT_FOR, seal, unseal
from kaoping.web.gate.words import keeper_of
from tests.campaigns.examples import Year
from tests.conftest import NOW, PASSWORD

pytestmark = pytest.mark.django_db
ITEM = "/unit/self-review/G1-2025/U1/item/K1.1/"
HELD = "/words/held/"


@pytest.fixture
def filling(year: Year) -> Year:
    return year.to("self_review")


def enter(client: Client, actor: Actor, **more: str) -> str:
    answer = client.post("/sign-in/", {"username": actor.username, "password": PASSWORD, **more})
    assert answer.status_code == 302
    return answer.headers["Location"]


@pytest.fixture
def liaison(filling: Year) -> Client:
    client = Client()
    enter(client, filling.liaisons["U1"])
    return client


def end_session(client: Client) -> None:
    """As after half an hour: the session is gone, the browser's other cookies are not."""
    client.cookies.pop(live.SESSION_COOKIE_NAME)


def kept(filling: Year) -> str:
    found = reads.answers(filling.form("U1")).get("K1.1")
    return found.text if found else ""


def test_a_form_sent_after_the_end_leads_back_to_its_page_and_its_words_come_back(
    liaison: Client, filling: Year
) -> None:
    end_session(liaison)
    sent = liaison.post(ITEM, {"level": "good", "text": "三月开会部署", "then": "next"})
    assert sent.headers["Location"] == f"/sign-in/?next={ITEM}"
    assert "您刚才提交的内容还在" in liaison.get(sent.headers["Location"]).content.decode()
    assert kept(filling) == ""
    assert enter(liaison, filling.liaisons["U1"], next=ITEM) == ITEM
    page = liaison.get(ITEM).content.decode()
    assert "刚才没有提交上，内容还在" in page
    back = liaison.get(HELD).content.decode()
    assert "三月开会部署" in back and 'action="' + ITEM in back and "再次提交" in back
    fields = dict(re.findall(r'<input type="hidden" name="(level|then)" value="([^"]*)"', back))
    assert 'name="words_held"' in back
    again = liaison.post(ITEM, {**fields, "text": "三月开会部署", "words_held": "1"})
    assert again.status_code == 302 and kept(filling) == "三月开会部署"
    assert "内容还在" not in liaison.get(ITEM).content.decode()


def test_held_words_can_be_let_go(liaison: Client, filling: Year) -> None:
    end_session(liaison)
    liaison.post(ITEM, {"text": "三月开会部署"})
    enter(liaison, filling.liaisons["U1"])
    assert liaison.post(HELD).headers["Location"] == ITEM
    assert "内容还在" not in liaison.get(ITEM).content.decode()


def test_the_page_of_a_door_for_forms_is_where_the_form_stood(liaison: Client) -> None:
    end_session(liaison)
    door = "/desk/cases/ZG-1/reply/"
    came = liaison.post(door, {"text": "答复"}, headers={"referer": "http://testserver/desk/cases/ZG-1/"})
    assert came.headers["Location"] == "/sign-in/?next=/desk/cases/ZG-1/"
    assert liaison.post(door, {"text": "答复"}).headers["Location"] == "/sign-in/?next=/"
    foreign = liaison.post(ITEM, {"text": "答复"}, headers={"referer": "http://evil.test/desk/"})
    assert foreign.headers["Location"] == f"/sign-in/?next={ITEM}"


def test_another_person_who_signs_in_there_sees_nothing(liaison: Client, filling: Year) -> None:
    end_session(liaison)
    liaison.post(ITEM, {"text": "三月开会部署"})
    enter(liaison, filling.liaisons["U2"])
    home = liaison.get("/unit/G1-2025/U2/").content.decode()
    assert "内容还在" not in home
    assert liaison.get(HELD).headers["Location"] == "/"
    assert "三月开会部署" not in json.dumps(dict(liaison.session))


def test_what_a_stranger_sends_is_not_held(filling: Year) -> None:
    client = Client()
    assert client.post(ITEM, {"text": "三月"}).headers["Location"] == f"/sign-in/?next={ITEM}"
    assert not client.session.keys()
    client.cookies["kaoping_present"] = "1"
    client.post(ITEM, {"text": "三月"})
    assert set(client.session.keys()) <= {"seen"}, "no words"


def test_passwords_are_never_held_and_files_are_named_as_missing(liaison: Client, filling: Year) -> None:
    end_session(liaison)
    fields = {
        "text": "三月开会",
        "own_passphrase": "绝不留下的口令",
        "password": "绝不留下",
        "repeat_1": "绝不留下",
    }
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.4")
    liaison.post(ITEM, {**fields, "file": upload})
    enter(liaison, filling.liaisons["U1"])
    back = liaison.get(HELD).content.decode()
    assert "三月开会" in back and "绝不留下" not in back
    assert "附件没有收下" in back and "再次提交" not in back


def test_held_words_are_sealed_at_rest(liaison: Client) -> None:
    end_session(liaison)
    liaison.post(ITEM, {"text": "三月开会部署"})
    assert "三月" not in json.dumps(dict(liaison.session), ensure_ascii=False)


def test_a_script_is_told_in_words_it_can_show(liaison: Client) -> None:
    asks = {"accept": "application/json"}
    end_session(liaison)
    over = liaison.post(f"{ITEM}save/", {"text": "三月"}, headers=asks)
    assert over.status_code == 401 and over.json()["over"] and "内容还在" in over.json()["words"]
    assert liaison.get("/words/here/", headers=asks).status_code == 401


def test_a_script_whose_page_is_from_before_a_new_sign_in_is_told_so(filling: Year) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(_person(filling.liaisons["U1"]), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"{ITEM}save/", {"text": "三月"}, headers={"accept": "application/json"})
    assert answer.status_code == 403 and answer.json()["expired"]
    token = client.get("/words/here/").json()["csrf"]
    again = client.post(f"{ITEM}save/", {"text": "三月", "csrfmiddlewaretoken": token})
    assert again.status_code == 200 and kept(filling) == "三月"


def _person(actor: Actor) -> object:
    from kaoping.accounts.models import Person  # noqa: PLC0415

    return Person.objects.get(pk=actor.id)


class TestExpiredForm:
    """The second tab after a new sign-in: its check mark is dead."""

    def send(self, filling: Year, **headers: str) -> tuple[Client, str]:
        client = Client(enforce_csrf_checks=True)
        client.force_login(
            _person(filling.liaisons["U1"]), backend="django.contrib.auth.backends.ModelBackend"
        )
        client.get(ITEM)
        fields = {"level": "good", "text": "三月开会部署", "csrfmiddlewaretoken": "x" * 64}
        answer = client.post(ITEM, fields, headers=headers)
        assert answer.status_code == 403
        return client, answer.content.decode()

    def test_the_words_are_shown_and_go_with_one_click(self, filling: Year) -> None:
        client, page = self.send(filling, origin="http://testserver")
        assert "内容还在" in page and "三月开会部署" in page and "刷新" not in page
        token = unescape(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0])
        again = client.post(ITEM, {"level": "good", "text": "三月开会部署", "csrfmiddlewaretoken": token})
        assert again.status_code == 302 and kept(filling) == "三月开会部署"

    @pytest.mark.parametrize("headers", [{"origin": "http://evil.test"}, {"origin": "null"}, {}])
    def test_what_another_site_sends_is_not_put_into_a_form(
        self, filling: Year, headers: dict[str, str]
    ) -> None:
        _client, page = self.send(filling, **headers)
        assert "三月开会部署" not in page


class TestSealing:
    def test_only_the_person_opens_it_and_only_for_seven_days(
        self, liaison: Client, filling: Year, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        me = filling.liaisons["U1"]
        words = json.dumps({"fields": {"text": ["三月"]}, "opened": ""})
        stranger = Client()
        answer = stranger.post("/words/seal/", {"keeper": keeper_of(me.id), "words": words}).json()
        assert answer["here"] == "" and "三月" not in answer["sealed"]
        opened = liaison.post("/words/open/", {"sealed": answer["sealed"]}).json()
        assert opened["words"]["fields"] == {"text": ["三月"]}
        other = Client()
        enter(other, filling.liaisons["U2"])
        assert other.post("/words/open/", {"sealed": answer["sealed"]}).json() == {"words": None}
        later = clock.now() + KEPT_FOR + timedelta(minutes=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert liaison.post("/words/open/", {"sealed": answer["sealed"]}).json() == {"words": None}

    def test_nothing_is_sealed_for_a_name_somebody_made_up(self, db: None) -> None:
        client = Client()
        for keeper in ("", "1", "1:x:y"):
            assert client.post("/words/seal/", {"keeper": keeper, "words": "三"}).status_code == 400

    def test_too_much_is_refused_in_words(self, db: None) -> None:
        answer = Client().post("/words/seal/", {"keeper": "", "words": "长" * 200_000})
        assert answer.status_code == 413 and "太长" in answer.json()["refused"]

    def test_long_words_come_back(self, liaison: Client, filling: Year) -> None:
        """As long as a field may be; sealed they are longer than that."""
        page = liaison.get(ITEM).content.decode()
        keeper = re.search(r'name="kp-keeper" content="([^"]+)"', page)
        assert keeper
        words = json.dumps({"text": "长" * 9_999})
        sealed = liaison.post("/words/seal/", {"keeper": keeper[1], "words": words}).json()["sealed"]
        assert liaison.post("/words/open/", {"sealed": sealed}).json()["words"] == json.loads(words)

    @given(owner=st.text(max_size=5), other=st.text(max_size=5), words=st.text(max_size=20))
    def test_what_was_sealed_comes_back_to_its_owner_alone(self, owner: str, other: str, words: str) -> None:
        sealed = seal("secret", owner, {"kept": words}, now=NOW)
        assert unseal("secret", owner, sealed, now=NOW) == (NOW, {"kept": words})
        if other != owner:
            assert unseal("secret", other, sealed, now=NOW) is None
        assert unseal("another", owner, sealed, now=NOW) is None
        assert unseal("secret", owner, sealed[:-4] + "AAAA", now=NOW) is None
        for broken in ("", "x", "汉", words):
            assert unseal("secret", owner, broken, now=NOW) is None


def test_the_page_after_a_stored_form_is_told_which_words_were_taken(
    liaison: Client, filling: Year, signed_in: Callable[[Actor], Client], now: datetime
) -> None:
    fields = {"level": "good", "text": "三月", "words_ticket": "abc123def456"}
    stored = liaison.post(ITEM, fields)
    assert stored.cookies["kaoping_saved"].value == "abc123def456"
    assert not stored.cookies["kaoping_saved"]["httponly"]
    refused = liaison.post(ITEM, {**fields, "level": "not_applicable", "text": ""})
    assert refused.status_code == 409 and "kaoping_saved" not in refused.cookies
    for bad in ("<script>", "a;b", "短"):
        assert "kaoping_saved" not in liaison.post(ITEM, {**fields, "words_ticket": bad}).cookies
