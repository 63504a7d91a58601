"""The first release's installation, upgraded, served, and opened in Chromium by its people: they read on and go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kaoping.cli.demo.cast import PASSWORD
from tests.cli.running import kaoping
from tests.journeys.installation import Installation
from tests.upgrade.loading import Loaded, load_postgres, load_sqlite
from tests.web.chromium import BINARY, IN_CHROMIUM, WITH_CHROMIUM

pytestmark = [IN_CHROMIUM, WITH_CHROMIUM]
RELEASE = "first_release"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def loaded(request: pytest.FixtureRequest, tmp_path: Path) -> Loaded:
    if request.param == "sqlite":
        return load_sqlite(RELEASE, tmp_path / "data")
    fresh: Callable[[str], str] = request.getfixturevalue("fresh_databases")
    return load_postgres(RELEASE, tmp_path / "data", fresh("desk"), fresh("ballots"))


@pytest.fixture
def served(loaded: Loaded) -> Iterator[Installation]:
    done = kaoping("init", "--json", **loaded.settings)
    assert done.returncode == 0, done.stderr
    installation = Installation(loaded.folder, loaded.settings)
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()


@pytest.fixture
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=BINARY, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


def test_the_cast_reads_on_and_goes_on(served: Installation, browser: Any) -> None:
    said: list[str] = []

    def sit_down(username: str) -> Any:
        page = browser.new_context().new_page()
        page.set_default_timeout(60000)
        page.on("pageerror", lambda error: said.append(f"{page.url}：{error}"))
        if username:
            page.goto(served.inside + "/sign-in/")
            page.fill("input[name=username]", username)
            page.fill("input[name=password]", PASSWORD)
            with page.expect_navigation():
                page.keyboard.press("Enter")
            page.wait_for_selector("main#main", state="attached")
            assert "/sign-in/" not in page.url, page.inner_text("body")
        return page

    def reads(page: Any, path: str, *words: str, base: str = "") -> str:
        answer = page.goto((base or served.inside) + path)
        text = str(page.inner_text("main"))
        assert answer.ok, (path, answer.status, text[:300])
        assert all(one in text for one in words), (path, words, text[:1500])
        return text

    handler = sit_down("jingban")
    reads(handler, "/desk/board/2025/", "复核申请")
    reads(handler, "/desk/appeals/2025/", "FH-2025-0001", "FH-2025-0003")
    reads(handler, "/desk/evaluation/2026/", "2026")
    reads(handler, "/desk/cases/ZG-2025-0001/", "整改")
    reads(handler, "/desk/self-reviews/2025/", "已提交")
    reads(handler, "/desk/publication/2024/", "2024")
    unit = sit_down("czd03")
    reads(unit, "/unit/self-review/2025/CZD03/", "自查")
    reads(unit, "/unit/preview/2025/CZD03/K1.3/", "培训材料已补")

    # The open appeal is decided.
    decider = sit_down("fuhe")
    reads(decider, "/review/appeals/", "FH-2025-0001")
    reads(decider, "/review/appeals/4/", "培训材料已补")
    decider.check("input[name=outcome][value=rejected]")
    decider.fill("textarea[name=decision]", "升级以后复核：没有新的证据")
    with decider.expect_navigation():
        decider.click("main form button:has-text('作出决定')")
    decider.wait_for_selector("main#main", state="attached")
    assert not decider.locator(".kp-errors").count(), decider.inner_text("main")
    reads(unit, "/unit/preview/2025/CZD03/K1.3/", "升级以后复核：没有新的证据", "不成立")

    # The public reads the published release, finds its old receipt, and may take part in the running poll.
    visitor = sit_down("")
    reads(visitor, "/2024/", "2024", base=served.outside)
    reads(visitor, "/2024-1/", base=served.outside)
    reads(visitor, "/evaluate/", base=served.outside)
    assert not said
