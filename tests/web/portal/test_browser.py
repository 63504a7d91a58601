"""The outside face as a process of its own, in real Chromium: axe, phones, elder mode, and work without script."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from tests.web.chromium import over
from tests.web.portal import publishing

CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", shutil.which("chromium") or "") if path and Path(path).exists()),
    "",
)
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js"))
PAGES = ("/", "/2025/U2/", "/2025/data/", "/evaluate/", "/evaluate/U1/", "/receipt/", "/about/accessibility/")

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="没有 Chromium，跳过浏览器测试")]


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a served folder with two years and an open poll."""
    folder = tmp_path_factory.mktemp("face")
    published = folder / "published"
    publishing.publish(published, 2024, shift=1)
    publishing.publish(published, 2025)
    publishing.announce(published, datetime(2100, 1, 1, tzinfo=UTC), opens=-40000)
    environment = {
        **os.environ,
        "KAOPING_DATA": str(folder),
        "KAOPING_PUBLISHED": str(published),
        "KAOPING_SECRET_KEY": "for-tests-only",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.web.portal.face"], stdout=subprocess.PIPE, env=environment, text=True
    ) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield started
        started.close()


@pytest.mark.parametrize(
    ("width", "theme", "mode"), [(1440, "light", ""), (360, "dark", ""), (360, "light", "elder")]
)
def test_axe_finds_nothing_and_nothing_runs_off_the_side(
    browser: Any, face: str, width: int, theme: str, mode: str
) -> None:
    script, found = AXE.read_text(encoding="utf-8"), []
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    if mode:
        context.add_cookies([{"name": "kp_mode", "value": mode, "url": face}])
    tab = context.new_page()
    for address in PAGES:
        assert tab.goto(face + address).status == 200
        assert over(tab) <= 0, address
        tab.evaluate("() => { " + script + " }")
        found += [(address, one["id"]) for one in tab.evaluate("axe.run()")["violations"]]
    context.close()
    assert found == []


def test_the_questionnaire_is_filled_with_large_targets_and_without_script(browser: Any, face: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{face}/evaluate/")
    assert tab.locator(".kp-links a").first.bounding_box()["height"] >= 52
    tab.locator("text=市教育局").click()
    assert tab.locator(".kp-option").first.bounding_box()["height"] >= 52
    tab.locator("text=交上去").click()
    assert "有 5 处要改" in tab.content()
    context.close()


def test_with_script_one_question_a_screen_and_the_answers_stay_on_the_device(
    browser: Any, face: str
) -> None:
    tab = browser.new_page(viewport={"width": 360, "height": 740})
    tab.goto(f"{face}/evaluate/U1/")
    token = tab.locator("input[name=token]").input_value()
    shown = tab.locator("fieldset:visible, [data-step]:visible")
    assert shown.count() == 1
    tab.get_by_role("button", name="下一题").click()
    assert "请选一项。" in shown.inner_text() and tab.evaluate("document.activeElement.type") == "radio"
    tab.keyboard.press("Space")
    tab.keyboard.press("Enter")
    assert "第 2 题，共 6 题" in tab.inner_text("body")
    assert "真实、全面、准确吗" in tab.evaluate("document.activeElement.innerText")
    shown.get_by_label("说不清", exact=True).check()
    tab.get_by_role("button", name="下一题").click()
    tab.go_back()
    assert "第 2 题，共 6 题" in tab.inner_text("body")
    tab.reload()
    assert "第 2 题，共 6 题" in tab.inner_text("body")
    assert shown.get_by_label("说不清", exact=True).is_checked()
    assert tab.locator("input[name=token]").input_value() == token
    tab.get_by_role("link", name="全部题目一页显示").click()
    assert tab.locator("fieldset:visible").count() == 5
    assert tab.locator("input:checked").count() == 2
    tab.close()


def test_targets_of_the_elder_mode_are_sixty_pixels(browser: Any, face: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": "kp_mode", "value": "elder", "url": face}])
    tab = context.new_page()
    tab.goto(f"{face}/evaluate/U1/")
    tab.locator("fieldset:visible input").first.check()
    tab.get_by_role("button", name="下一题").click()
    heights = [
        one.bounding_box()["height"] for one in tab.locator(".kp-option:visible, main button:visible").all()
    ]
    assert len(heights) >= 6 and min(heights) >= 60
    assert tab.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize)") >= 22
    context.close()


def test_explanations_open_by_keyboard(browser: Any, face: str) -> None:
    tab = browser.new_page()
    tab.goto(f"{face}/2025/U2/")
    first = tab.locator("details.kp-why summary").first
    first.focus()
    tab.keyboard.press("Enter")
    assert tab.locator(".kp-why__box").first.is_visible()
    tab.close()
