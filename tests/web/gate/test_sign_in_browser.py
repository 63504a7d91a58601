"""The screens of the door in real Chromium: on a phone and on a wide screen, light and dark, without a fault that axe finds."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings as live
from django.test import Client

from kaoping.accounts.actor import Actor
from kaoping.accounts.queries import person
from kaoping.registry import passwords
from tests.web.chromium import IN_CHROMIUM, WITH_CHROMIUM, Window, browse, over

pytestmark = [pytest.mark.django_db, IN_CHROMIUM, WITH_CHROMIUM]
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
FAULTS = (
    "axe.run({runOnly: ['wcag2a', 'wcag2aa']}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))"
)
# Set to a folder to look at the pictures.
PICTURES = os.environ.get("KAOPING_TEST_PICTURES", "")


def seen(window: Window, name: str) -> None:
    """No fault, no sideways scrolling, at both widths and in both looks."""
    for width in (360, 1440):
        for look in ("light", "dark"):
            window.page.set_viewport_size({"width": width, "height": 900})
            window.page.emulate_media(color_scheme=look, reduced_motion="reduce")
            assert over(window.page) <= 0, (name, width)
            if PICTURES:
                window.page.screenshot(path=f"{PICTURES}/{name}-{width}-{look}.png", full_page=True)
    window.page.evaluate(AXE)
    assert window.page.evaluate(FAULTS) == [], name


def test_the_screens_of_passwords_and_second_proofs(
    cast: Callable[..., Actor], signed_in: Callable[[Actor], Client], now: object
) -> None:
    admin, security, who = (
        cast("system_admin"),
        cast("security_admin", name="安全员"),
        cast("second_signer", name="李签发"),
    )
    asked = passwords.ask_reset(actor=admin, person=person(who.id), now=now)
    passwords.ask_reset(actor=admin, person=person(cast("reviewer", name="王专家").id), now=now)
    rested = passwords.ask_reset(actor=admin, person=person(cast("inspector", name="检查员甲").id), now=now)
    passwords.use_link(secret=rested.secret, code="", password="yi-er-san-si-wu-liu", now=now)

    def look(window: Window) -> None:
        for path, name in (
            ("/admin/passwords/", "passwords"),
            ("/sessions/", "sessions"),
            ("/second-factor/", "factors"),
            ("/second-factor/program/", "program"),
            ("/password/", "password"),
        ):
            window.open(path)
            seen(window, name)
        window.open("/second-factor/")
        window.page.get_by_role("button", name="打印一张口令卡").click()
        seen(window, "card")
        window.open("/admin/passwords/")
        window.page.get_by_role("button", name="核实本人，确认：李签发").click()
        seen(window, "handed")
        link = window.page.locator("#handed-link").inner_text()
        window.open("/link/" + link.split("/link/")[1])
        seen(window, "link")

    assert asked.code
    browse(signed_in(security), look)
    assert live.AXES_ENABLED is False


def test_what_is_typed_unseen_can_be_shown_and_is_judged_and_goes_unseen(
    cast: Callable[..., Actor], signed_in: Callable[[Actor], Client]
) -> None:
    who = cast("reviewer", name="王专家")
    strong = "每天早上八点半开门 rain-or-shine"

    def look(window: Window) -> None:
        window.open("/password/")
        page = window.page
        new, words = page.locator("input[name=new]"), page.locator(".kp-strength [role=status]")
        for typed, said in (
            ("abcdef", "还差 6 个字符"),
            ("aaaaaaaaaaaaaaaa", "弱"),
            ("1234567890123456", "弱"),
            ("long-enough-1", "中"),
            (strong, "强"),
        ):
            new.fill(typed)
            assert words.inner_text().startswith("口令强度：" + said), typed
        page.get_by_role("button", name="显示新口令").click()
        assert (new.get_attribute("type"), new.input_value()) == ("text", strong)
        seen(window, "password-shown")
        page.locator("input[name=again]").fill(strong)
        page.locator("input[name=current]").fill("not the present one")
        page.get_by_role("button", name="改口令").click()
        window.settle()
        assert page.locator("input[name=new]").get_attribute("type") == "password"
        assert "现在的口令不对" in page.locator("main").inner_text()

    browse(signed_in(who), look)


def test_the_password_at_the_door_can_be_shown() -> None:
    def look(window: Window) -> None:
        window.open("/sign-in/")
        window.page.locator("input[name=password]").fill("kan-de-jian")
        window.page.keyboard.press("Tab")
        window.page.keyboard.press("Enter")
        assert window.page.locator("input[name=password]").get_attribute("type") == "text"
        seen(window, "sign-in-shown")

    browse(Client(), look)
