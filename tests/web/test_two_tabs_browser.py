"""Two tabs on one stored text, in Chromium: both texts side by side, a choice, and nothing lost. One form of each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kaoping.accounts.actor import Actor
from kaoping.support import clock
from tests.campaigns.examples import Year
from tests.web.chromium import IN_CHROMIUM, WITH_CHROMIUM, Window, browse
from tests.web.test_stale_saves import TEXTS, Text

pytestmark = [pytest.mark.django_db, IN_CHROMIUM, WITH_CHROMIUM]
# A page for one verb, a page of its own, a form written by hand, days instead of words, a table of rows.
KINDS = ("要点", "责任追究", "整改内容", "阶段日期", "栏目计划")


def test_two_tabs_see_both_texts_and_choose(
    year: Year, signed_in: Callable[[Actor], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: year.tick())
    who = {"liaison": signed_in(year.liaisons["U1"]), "handler": signed_in(year.handler)}
    places = {name: TEXTS[name].made(year) for name in KINDS}

    def script(window: Window) -> None:
        for name in KINDS:
            window.become(who[TEXTS[name].by])
            _choose(window, TEXTS[name], places[name], year)

    browse(who["handler"], script)


def _choose(window: Window, text: Text, place: dict[str, Any], year: Year) -> None:
    page, first, second = text.page.format(**place), window.page, window.tab()
    window.open(page)
    window.open(page, second)

    def save(tab: Any, value: str) -> None:
        for name, given in text.sending(value, place).items():
            if not isinstance(given, str) or name.endswith("_FORMS"):
                continue
            field = tab.locator(f'form:has([data-edition]) [name="{name}"]')
            kind = field.first.evaluate("one => one.type")
            if kind == "radio":
                field.locator(f'xpath=self::*[@value="{given}"]').check()
            elif kind.startswith("select"):
                field.select_option(given)
            else:
                field.fill(given)
        with tab.expect_navigation():
            tab.locator("form:has([data-edition]) button:not([name=take])").first.click()
        tab.wait_for_selector("main#main", state="attached")

    save(second, text.theirs[1])
    assert not second.locator(".kp-errors").count(), second.inner_text("main")
    assert window.in_test(lambda: text.stored(year)) == text.theirs[1]
    save(first, text.mine[1])
    shown = first.inner_text("[data-stale]")
    assert text.mine[1] in shown and text.theirs[1] in shown, shown
    assert window.in_test(lambda: text.stored(year)) == text.theirs[1]
    with first.expect_navigation():
        first.click("button[name=take][value=mine]")
    first.wait_for_selector("main#main", state="attached")
    assert window.in_test(lambda: text.stored(year)) == text.mine[1], first.inner_text("main")
    second.close()
