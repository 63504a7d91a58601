"""The import laws hold, and each of them catches a planted violation."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAWS = ROOT / ".importlinter"
# Contract, where the violation is planted, what is planted there.
PLANTS = {
    "tower": [
        ("registry/planted.py", "from kaoping.evidence import queries"),
        ("monitoring/planted.py", "from kaoping.rectification import queries"),
        ("scoring/planted.py", "from kaoping.support import files"),
    ],
    "acyclic": [("support/planted_up.py", "from kaoping.accounts import services")],
    "app-shape": [("accounts/logic.py", "from kaoping.accounts import services")],
    "pure": [
        ("balloting/planted.py", "import random"),
        ("campaigns/logic.py", "from django.db import models"),
        ("drawing/planted.py", "import time"),
    ],
    "django-free": [
        ("crawling/planted.py", "import django"),
        ("reporting/render/planted.py", "from kaoping.registry import models"),
        ("publication/bundle/planted.py", "from kaoping.publication import models"),
    ],
    "rules": [("checks/rules/planted_a.py", "from kaoping.checks.rules import planted_b")],
    "audiences": [
        ("web/desk/planted.py", "from kaoping.web.unit import urls"),
        ("web/ui/planted.py", "from kaoping.web.gate import context"),
    ],
    "trades": [
        ("web/desk/year/planted.py", "from kaoping.web.desk.scoring import sign_off"),
        ("web/desk/signatures.py", "from kaoping.web.desk.year import approval"),
        ("web/desk/unnamed.py", "X = 1"),
    ],
    "internet-face": [
        ("web/portal/planted.py", "from kaoping.evidence import queries"),
        ("web/portal/planted_far.py", "from kaoping.web.ui import planted_bridge"),
    ],
    "tables": [
        ("web/desk/planted_tables.py", "from kaoping.campaigns import models"),
        ("config/planted.py", "from kaoping.registry.models import Organisation"),
    ],
    "ledger-tables": [("campaigns/planted.py", "from kaoping.evidence.models import Observation")],
    "ballot-box": [("web/desk/planted_box.py", "from kaoping.evaluation.ballotbox import store")],
}
NEEDED = [
    ("checks/rules/planted_b.py", "X = 1"),
    ("web/ui/planted_bridge.py", "from kaoping.registry import services"),
]


def lint(source: Path, laws: Path) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(source)!r}); from importlinter.cli import lint_imports_command as c; c()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache", "--no-logo", str(laws)],
        cwd=source,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The source tree without what imports nothing."""
    ignore = shutil.ignore_patterns("__pycache__", "templates", "static", "rulebooks")
    shutil.copytree(ROOT / "src" / "kaoping", tmp_path / "kaoping", ignore=ignore)
    return tmp_path


def plant(copy: Path, where: str, line: str) -> None:
    path = copy / "kaoping" / where
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{text}\n{line}\n", encoding="utf-8")


def contracts() -> dict[str, str]:
    text = LAWS.read_text(encoding="utf-8")
    return dict(re.findall(r"\[importlinter:contract:([\w-]+)\]\n(?:#.*\n)*name = (.+)", text))


def test_the_laws_hold():
    done = lint(ROOT / "src", LAWS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_law_has_a_planted_violation():
    assert set(PLANTS) == set(contracts())


def test_every_planted_violation_is_caught(copy):
    for where, line in [*NEEDED, *(one for plants in PLANTS.values() for one in plants)]:
        plant(copy, where, line)
    done = lint(copy, LAWS)
    assert done.returncode == 1, done.stderr
    text = " ".join(done.stdout.split())
    for contract, name in contracts().items():
        assert f"{name} BROKEN" in text, contract
        report = text[text.rindex(name) :]
        for where, _line in PLANTS[contract]:
            module = "kaoping." + where.removesuffix(".py").replace("/", ".")
            # Cycles are reported by package.
            assert module in report or contract == "acyclic", (contract, module)


def test_a_package_outside_the_tower_is_caught(copy):
    for name in ("extras", "web/extras"):
        (copy / "kaoping" / name).mkdir()
        plant(copy, f"{name}/__init__.py", "X = 1")
    done = lint(copy, LAWS)
    assert done.returncode == 1
    assert "kaoping.extras" in done.stdout
    assert "kaoping.web.extras" in done.stdout
