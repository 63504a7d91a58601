"""The specimen in real Chromium: axe, reflow, the keyboard, and work without script."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from tests.web.chromium import over
from tests.web.ui.specimen import write

CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", shutil.which("chromium") or "") if path and Path(path).exists()),
    "",
)
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js"))

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="没有 Chromium，跳过浏览器测试")]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write(tmp_path_factory.mktemp("specimen"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield started
        started.close()


def opened(browser: Any, page: Path, *, width: int = 1440, **options: Any) -> Any:
    tab = browser.new_page(viewport={"width": width, "height": 900}, **options)
    tab.goto(page.as_uri())
    return tab


# What a page in other colours can break; the rest of it is, sign by sign, the page in light colours.
OF_COLOURS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]


def in_light(page: str) -> str:
    """A page without the words that say which colours it has, and which button stands pressed for them."""
    told = page.replace("dark", "light").replace("黑底白字", "白底黑字")
    return re.sub(r'aria-pressed="\w+"', "", told)


def test_the_dark_page_is_the_light_page(pages: list[Path]) -> None:
    dark = {page for page in pages if "dark" in page.name}
    assert dark
    for page in dark:
        light = page.with_name(page.name.replace("dark", "light"))
        assert in_light(page.read_text()) == in_light(light.read_text())


def test_axe_finds_nothing_in_any_shell_theme_or_mode(browser: Any, pages: list[Path]) -> None:
    script, found = AXE.read_text(encoding="utf-8"), []
    for page in pages:
        tab = opened(browser, page)
        tab.evaluate(script)
        asked = {"runOnly": {"type": "rule", "values": OF_COLOURS}} if "dark" in page.name else {}
        for violation in tab.evaluate("asked => axe.run(asked)", asked)["violations"]:
            found.append(
                (page.name, violation["id"], [node["html"][:120] for node in violation["nodes"][:3]])
            )
        tab.close()
    assert found == []


def test_nothing_runs_off_the_side(browser: Any, pages: list[Path]) -> None:
    for page in pages:
        if "dark" in page.name:
            continue
        tab = opened(browser, page)
        for width in (320, 360, 768, 1280, 1920):
            tab.set_viewport_size({"width": width, "height": 900})
            assert over(tab) <= 0, (page.name, width)
        tab.close()


def test_the_arrows_walk_the_heat_table_and_tab_stops_once(browser: Any, pages: list[Path]) -> None:
    tab = opened(browser, pages[0])
    assert tab.evaluate("document.querySelectorAll('.kp-heat td a[tabindex=\"0\"]').length") == 1
    tab.focus('.kp-heat td a[href="#c0-0"]')
    words = []
    for key in ("ArrowRight", "ArrowDown", "End", "Home", "ArrowUp"):
        tab.keyboard.press(key)
        words.append(tab.evaluate("document.activeElement.getAttribute('href')"))
    assert words == ["#c0-1", "#c1-1", "#c1-5", "#c1-0", "#c0-0"]
    tab.close()


def test_enter_moves_to_the_reason_and_escape_back_to_the_cell(browser: Any, pages: list[Path]) -> None:
    tab = opened(browser, pages[0])
    chosen = tab.evaluate("document.querySelector('.kp-heat td[data-selected] a').getAttribute('href')")
    tab.goto(pages[0].as_uri() + "#reason")
    assert tab.evaluate("document.activeElement.id") == "reason"
    tab.keyboard.press("Escape")
    assert tab.evaluate("document.activeElement.getAttribute('href')") == chosen
    tab.close()


def test_errors_take_the_focus(browser: Any, pages: list[Path]) -> None:
    tab = opened(browser, pages[0])
    assert tab.evaluate("document.activeElement.className") == "kp-errors"
    tab.close()


def test_targets_are_large_enough(browser: Any, pages: list[Path]) -> None:
    for name, least in (("office-light", 24), ("citizen-light", 52), ("citizen-light-elder", 60)):
        tab = opened(browser, next(page for page in pages if page.stem == name), width=390)
        heights = tab.evaluate(
            "[...document.querySelectorAll('.kp-option, .kp-form .kp-button')].map(e => e.offsetHeight)"
        )
        assert heights and min(heights) >= least, name
        tab.close()


def test_without_script_everything_is_there(browser: Any, pages: list[Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(pages[0].as_uri())
    assert tab.locator(".kp-heat td a").count() == 42
    assert not tab.locator("[data-copy]").is_visible()
    assert tab.locator(".kp-items a").first.is_visible()
    tab.locator(".kp-why summary").first.click()
    assert not tab.locator(".kp-why__box").first.is_visible()
    context.close()


def test_paper_shows_no_chrome_and_opens_the_explanations(browser: Any, pages: list[Path]) -> None:
    tab = opened(browser, next(page for page in pages if page.stem == "public-dark"))
    tab.emulate_media(media="print")
    assert not tab.locator(".kp-masthead").is_visible()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert tab.locator(".kp-strip table").first.is_visible()
    tab.close()
