"""Shared fixtures, and the rule of what the default run leaves out."""

from __future__ import annotations

import os
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LEFT_OUT = {
    "browser": "真实浏览器（需要 Chromium）",
    "postgres": "PostgreSQL（需要 KAOPING_TEST_POSTGRES）",
    "slow": "杀进程与全年旅程",
}


def pytest_addoption(parser):
    parser.addoption("--run-all", action="store_true", help="run browser, postgres and slow tests too")


def pytest_collection_modifyitems(config, items):
    """Leave out what needs more than Python, and remember it for one line at the end."""
    everything = config.getoption("--run-all") or bool(config.getoption("-m"))
    left = {name: 0 for name in LEFT_OUT}
    kept = []
    for item in items:
        reason = next((name for name in LEFT_OUT if item.get_closest_marker(name)), None)
        if reason and not everything:
            left[reason] += 1
        else:
            kept.append(item)
    config.kaoping_left_out = {name: count for name, count in left.items() if count}
    items[:] = kept


def pytest_runtest_setup(item):
    if item.get_closest_marker("browser") and not CHROMIUM:
        pytest.skip("没有 Chromium")
    if item.get_closest_marker("postgres") and not os.environ.get("KAOPING_TEST_POSTGRES"):
        pytest.skip("没有 PostgreSQL 服务器（KAOPING_TEST_POSTGRES 未设）")


def pytest_terminal_summary(terminalreporter, config):
    left = getattr(config, "kaoping_left_out", {})
    if left:
        words = "，".join(f"{LEFT_OUT[name]} {count} 项" for name, count in left.items())
        terminalreporter.write_line(f"没有跑：{words}。全部跑用 .ci/run")
