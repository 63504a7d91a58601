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
from tests.web.chromium import IN_CHROMIUM, WITH_CHROMIUM, Window, browse

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
            window.page.emulate_media(color_scheme=look)
            assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
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
