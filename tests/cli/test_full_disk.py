"""The real installation on a disk that fills up: reading goes on, storing says so in words, and everything resumes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.kills.browsing import Browser, NoAnswer
from bench.ports import free_ports
from bench.small_disk import SmallDisk, small_disk

from tests.cli.running import environment, kaoping
from tests.cli.test_serve import answer, until


@pytest.fixture
def disk(tmp_path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", 80) as found:
        if found is None:
            pytest.skip("没有权限挂载小磁盘（需要 root）")
        yield found


def once(browser: Browser, method: str, path: str, body: bytes | None = None):
    """One request, and nobody sends it again."""
    kind = "application/x-www-form-urlencoded"
    for _ in range(3):
        try:
            return browser._once(method, path, body, kind)
        except NoAnswer:
            continue
    raise AssertionError(path)


def form(browser: Browser, **fields: str) -> bytes:
    token = next((value for name, value in browser.cookies.items() if name.endswith("csrf")), "")
    return "&".join(
        f"{name}={value}" for name, value in {"csrfmiddlewaretoken": token, **fields}.items()
    ).encode()


@pytest.mark.slow
def test_a_disk_fills_up_and_is_freed(disk, tmp_path) -> None:
    folder, port, said = disk.folder / "data", free_ports(3), tmp_path / "said"
    made = json.loads(kaoping("init", "--data", folder, "--json").stdout)
    admin = next(one for one in made["accounts"] if one["role"] == "system_admin")
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "kaoping", "serve", "--data", str(folder), "--port", str(port)],
            env=environment(),
            stdout=out,
            stderr=out,
        )
    try:
        assert until(lambda: answer(port, "/health/") == answer(port + 1, "/health/") == 200), (
            said.read_text()
        )
        browser = Browser(port)
        assert browser.sign_in(admin["username"], admin["password"]).status == 302
        password = "liu-shui-bu-fu-2026"
        changed = {"current": admin["password"], "new": password, "again": password}
        assert browser.post("/password/", changed).status == 302
        assert until(lambda: "在运行" in kaoping("doctor", "--data", folder).stdout)

        disk.fill()
        assert until(lambda: answer(port, "/health/") == 503)
        page = once(browser, "GET", "/admin/people/")
        assert page.status == 200 and "现在只能看，不能保存" in page.text
        person = form(browser, username="wang", name="wang")
        refused = once(browser, "POST", "/admin/people/new/", person)
        assert refused.status == 503 and "没有办成" in refused.text, refused.words()
        stranger = Browser(port)
        once(stranger, "GET", "/sign-in/")
        entering = form(stranger, username="secadmin", password="wrong")
        assert once(stranger, "POST", "/sign-in/", entering).status == 503
        verdicts = json.loads(kaoping("doctor", "--data", folder, "--json").stdout)
        assert any(one["state"] == "bad" and "磁盘已满" in one["says"] for one in verdicts)
        assert answer(port + 1, "/") == 200
        time.sleep(3)  # the worker meets the full disk

        disk.free()
        assert until(lambda: answer(port, "/health/") == 200)
        assert once(browser, "POST", "/admin/people/new/", person).status in (200, 302, 422)
        assert "现在只能看" not in once(browser, "GET", "/admin/people/").text
        assert Browser(port).sign_in(admin["username"], password).status == 302
        assert until(lambda: "✓ 后台任务：在运行" in kaoping("doctor", "--data", folder).stdout)
        assert "重新启动" not in said.read_text(), "nothing had to be started again"
        assert "Traceback" not in said.read_text() or Path(said).stat().st_size < 200_000
    finally:
        process.terminate()
        process.wait(30)
