"""The session is over in every form with a text: told so, signed in in place, sent on, and the words are stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as live
from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client

from kaoping.accounts.actor import Actor
from kaoping.accounts.models import Person
from kaoping.campaigns.services import approval
from kaoping.cli.demo.sites import BAD_NUMBER, Fault
from kaoping.monitoring import queries as monitoring
from kaoping.support import clock
from tests.campaigns.conftest import severe_year
from tests.conftest import PASSWORD
from tests.monitoring.fixtures import look, world
from tests.monitoring.site import after
from tests.web import product_forms
from tests.web.chromium import IN_CHROMIUM, WITH_CHROMIUM, Window, browse
from tests.web.form_places import LEFT_OUT, PLACES, Place, Room, signed_off

__all__ = ["look", "severe_year", "world"]
pytestmark = [pytest.mark.django_db]
WORD = "三月开会部署"
KEPT = "Object.keys(localStorage).filter(k => k.startsWith('kp-words:'))"
TEXTS = "textarea, input:not([type]), input[type=text], input[type=url]"
# Marks the form, opens what is folded, chooses what is given; answers with the names of its texts.
READY = """([action, fill, texts]) => {
  document.querySelectorAll('main details').forEach(d => { d.open = true; });
  const form = [...document.querySelectorAll('main form')].find(f => f.method === 'post' && (!action ||
    new URL(f.getAttribute('action') || location.href, location.href).pathname === action) && f.querySelector('TEXTS'));
  if (!form) { return null; }
  form.dataset.test = '1';
  for (const [name, value] of Object.entries(fill)) {
    for (const f of form.querySelectorAll(`[name="${name}"]`)) {
      if (f.type === 'radio' || f.type === 'checkbox') { f.checked = f.value === value; }
      else if (value === '*') { f.value = [...f.options].map(o => o.value).find(Boolean); }
      else if (f.type !== 'hidden') { f.value = value; }
    }
  }
  return [...form.querySelectorAll('TEXTS')].filter(f => f.autocomplete !== 'off' && !f.disabled && !f.inputMode)
    .map(f => f.name).filter(n => texts.length ? texts.includes(n) : !(n in fill));
}""".replace("TEXTS", TEXTS)
BUTTON = "form[data-test] button:not([type=button]):not([data-speak]):not([name=try])"


def test_every_form_with_a_text_has_its_place() -> None:
    """The product says which forms there are; one that nobody walks is named here."""
    forms = product_forms.text_forms()
    walked = {one.kind for places in PLACES.values() for one in places}
    missing = {name: where for name, where in forms.items() if name not in walked | set(LEFT_OUT)}
    assert not missing, f"这些表单没有试过会话结束：{missing}"
    assert walked | set(LEFT_OUT) <= set(forms), (walked | set(LEFT_OUT)) - set(forms)
    assert not walked & set(LEFT_OUT)


def stored(words: str) -> list[str]:
    """The tables in which somebody's words stand now, sealed sessions aside."""
    found = []
    for model in apps.get_models():
        if model is Session:
            continue
        for one in model._meta.concrete_fields:
            if not isinstance(one, models.CharField | models.TextField | models.JSONField):
                continue
            # JSON may be stored with its characters written out.
            ways = [words, words.encode("unicode_escape").decode()]
            column = {f"{one.name}__contains": ways[0]}
            if isinstance(one, models.JSONField):
                rows = model._base_manager.values_list(one.name, flat=True)
                hit = any(words in str(value) for value in rows.iterator())
            else:
                hit = model._base_manager.filter(**column).exists()
            if hit:
                found.append(f"{model._meta.label}.{one.name}")
    return found


@pytest.fixture
def room(
    stage: str, cast: Callable[..., Actor], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Room:
    """A year; where vetoes and major deductions are proposed, one whose rulebook has them."""
    year = request.getfixturevalue("severe_year" if stage == "routine" else "year")
    monkeypatch.setattr(clock, "now", lambda: year.at)
    return Room(year, cast)


def _arrive(stage: str, room: Room, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Go to the stage; what its places are about."""
    year = room.year
    if stage in ("monitoring", "gone"):
        look = request.getfixturevalue("look")
        if stage == "gone":
            request.getfixturevalue("world").put(Fault(BAD_NUMBER, after(0).date()))
        one = None
        for day in (0, 3, 6) if stage == "monitoring" else (0, 250, 253):
            look(day)
            year.at = after(day)
            if stage == "gone" and one is None:
                one = monitoring.findings(state="suspected", check="P-05").order_by("target").first()
        if one is None:
            one = monitoring.findings(state="ready").order_by("target").first()
        assert one is not None
        return {"finding": one.pk}
    if stage in ("refused", "frozen"):
        signed_off(room)
        enter(year.handler).post("/desk/publication/G1-2025/freeze/", {"confirm_year": "2025"})
        if stage == "frozen":
            year.sign("result")
        else:
            for actor in (year.handler, year.head):
                approval.approve(actor=actor, campaign=year.campaign, subject="result", now=year.tick())
            approval.return_approval(
                actor=year.leader,
                campaign=year.campaign,
                subject="result",
                reason="U1 得分有误",
                now=year.tick(),
            )
        year.tick()
    elif stage == "review":
        year.to("self_review")
        year.answer("U2", "K1.2", level="", not_applicable=True, text="本单位没有下属机构")
        year.to("review")
    elif stage == "appeals":
        year.to("appeals")
        assert year.campaign.appeals_close_at is not None
        year.at = year.campaign.appeals_close_at
        year.compute()
        year.tick()
    elif stage not in ("plan", "cases"):
        year.to(stage)
    return {}


def enter(actor: Actor, *, checked: bool = False) -> Client:
    """A client in which a person is signed in; asked for check marks as browsers are, if ``checked``."""
    client = Client(enforce_csrf_checks=checked)
    client.force_login(Person.objects.get(pk=actor.id), backend="django.contrib.auth.backends.ModelBackend")
    return client


@IN_CHROMIUM
@WITH_CHROMIUM
@pytest.mark.parametrize("stage", list(PLACES))
def test_the_session_ends_in_every_form_with_a_text_and_its_words_are_stored(
    stage: str, room: Room, box: None, request: pytest.FixtureRequest
) -> None:
    given = _arrive(stage, room, request)
    wrong: list[str] = []

    def script(window: Window) -> None:
        for place in PLACES[stage]:
            room.year.tick()
            try:
                made = {**given, **(window.in_test(lambda place=place: place.ready(room)) or {})}
                client = window.in_test(lambda place=place: enter(room.who(place.who), checked=True))
                window.become(client)
                _ends(window, place, made, client, room)
            except Exception as error:
                wrong.append(f"{place.kind}：{str(error)[:700]}")
                window.page.evaluate("localStorage.clear(); sessionStorage.clear()")

    browse(Client(), script)
    assert not wrong, "\n\n".join(wrong)


def _ends(window: Window, place: Place, made: dict[str, Any], client: Client, room: Room) -> None:
    page, actor, words = window.page, room.who(place.who), f"{WORD}{place.kind} {place.who}。"
    window.open(place.page.format(**made))
    action = place.action.format(**made)
    fill = {name: value.format(**made) for name, value in place.fill.items()}
    names = page.evaluate(READY, [action, fill, list(place.texts)])
    assert names, f"页上没有这张表单：{page.locator('main').inner_text()[:300]}"
    window.in_test(lambda: client.cookies.pop(live.SESSION_COOKIE_NAME))
    for name in names:
        page.locator(f'form[data-test] [name="{name}"]:is(textarea, input:not([type=hidden]))').first.fill(
            place.before + words
        )
    page.wait_for_selector("[data-over] input[name=username]")
    # Who is still writing is not taken away from the text.
    assert page.evaluate("document.activeElement.closest('form[data-test]') !== null")
    line = page.locator("form[data-test] :text('内容还在本机')").first
    line.wait_for()
    assert "已退出，内容还在本机" in line.inner_text()
    said = page.locator("[data-over]").inner_text()
    assert "已退出登录。您填的内容还在" in said and "离开太久" not in said
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert page.evaluate(KEPT) and WORD not in kept and "sealed" in kept
    assert not window.in_test(lambda: stored(words)), "还没有提交就存了"
    page.locator(BUTTON).first.click()
    page.wait_for_selector("[data-over] :focus")
    page.fill("[data-over] input[name=username]", actor.username)
    page.fill("[data-over] input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-over]", state="detached")
    with page.expect_navigation():
        page.locator(BUTTON).first.click()
    window.settle()
    if place.then:
        with page.expect_navigation():
            page.locator(place.then).first.click()
        window.settle()
    found = window.in_test(lambda: stored(words))
    if place.refused:
        held = page.evaluate("[...document.querySelectorAll('textarea, input')].map(f => f.value).join('|')")
        assert not found and words in held, f"{place.refused}，内容却不在表单里"
        assert page.locator("main .kp-errors").count(), "没有说为什么没有存"
    else:
        assert found, f"没有存下：{page.locator('main').inner_text()[:500]}"
        window.until(f"!{KEPT}.length")
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
