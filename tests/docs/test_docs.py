"""Documents that cannot rot silently: links, settings, commands and console blocks agree with the program."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from kaoping.cli import main as cli
from tests.docs.documents import ROOT, anchors, commands, documents, links
from tests.docs.run_commands import FOR_EVER, ONLY_LOOKED_UP

# Reads of the environment: read("X"), environ["X"], environ.get("X"), and names kept as constants.
_READ = re.compile(
    r'(?:\bread|environ(?:\.get|\.pop|\.setdefault)?)\s*[(\[]\s*"((?:KAOPING_[A-Z_]+|PORT))"'
    r'|= "(KAOPING_[A-Z_]+)"$',
    re.MULTILINE,
)
# Kept from one process of the installation for another, or by Django itself: no setting of an administrator.
_ROWS = re.compile(r"^\|(.+?)\|", re.MULTILINE)


def used() -> set[str]:
    """The environment variables that the program reads."""
    found = set()
    for path in (ROOT / "src").rglob("*.py"):
        for one, other in _READ.findall(path.read_text(encoding="utf-8")):
            found.add(one or other)
    return found


def described() -> set[str]:
    """The environment variables that the reference describes: first column of its tables."""
    text = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    return {name for cell in _ROWS.findall(text) for name in re.findall(r"`(KAOPING_[A-Z_]+|PORT)`", cell)}


def test_every_setting_is_described_and_every_described_one_is_read() -> None:
    assert used() == described()


def test_every_command_is_described_with_every_option() -> None:
    text = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `kaoping ([a-z-]+)`\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE))
    assert sorted(sections) == cli.names()
    for name, section in sections.items():
        source = (ROOT / f"src/kaoping/cli/commands/{name.replace('-', '_')}.py").read_text(encoding="utf-8")
        options = set(re.findall(r'add_argument\(\s*"(--[a-z-]+)"', source))
        missing = {option for option in options if f"`{option}" not in section}
        assert not missing, f"{name}: {missing}"


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_resolve(path: Path) -> None:
    broken = []
    for target in links(path):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = unquote(target).partition("#")
        other = (path.parent / name).resolve() if name else path
        if not other.exists() or (anchor and other.suffix == ".md" and anchor not in anchors(other)):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_console_blocks_hold_commands_that_anybody_can_run(path: Path) -> None:
    """What needs a network, a package manager or another machine's files is fenced as ``sh`` and not run."""
    for command in commands(path):
        assert re.match(r"(make|\.venv/bin/|kaoping |PORT=|mkdir |cp |cat |ls )", command.text), command.place
        target = re.match(r"make ([a-z]+)", command.text)
        if target:
            makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
            assert re.search(rf"^{target[1]}:", makefile, re.MULTILINE), command.place


def test_the_readme_has_the_two_commands() -> None:
    texts = [command.text for command in commands(ROOT / "README.md")]
    assert texts[:2] == ["make demo", "make test"]


def test_a_block_is_read_with_continued_lines_comments_and_promised_codes(tmp_path) -> None:
    (tmp_path / "a.md").write_text(
        "text\n```console\n# comment\nkaoping a \\\n  --b c\n\nkaoping d  # 退出码 1\n```\n```sh\nnot run\n```\n"
    )
    first, second = commands(tmp_path / "a.md", tmp_path)
    assert (first.place, " ".join(first.text.split()), first.code) == ("a.md:4", "kaoping a --b c", 0)
    assert (second.place, second.text, second.code) == ("a.md:7", "kaoping d", 1)


@pytest.mark.parametrize(
    ("text", "serves"),
    [
        ("make demo", True),
        ("make demo STAGE=review", True),
        (".venv/bin/kaoping serve --data 目录", True),
        (".venv/bin/kaoping work --once", False),
        (".venv/bin/kaoping demo --build-only", False),
        (".venv/bin/kaoping doctor", False),
    ],
)
def test_what_serves_for_ever_is_known(text, serves) -> None:
    assert bool(FOR_EVER.search(text)) == serves


def test_the_suite_does_not_run_itself() -> None:
    assert ONLY_LOOKED_UP.match("make test") and not ONLY_LOOKED_UP.match("make demo")


@pytest.mark.parametrize("name", ["asvs.md", "gbt-22239.md", "threat-model.md"])
def test_every_evidence_that_a_table_of_defences_names_is_there(name: str) -> None:
    text = (ROOT / "docs/dev" / name).read_text(encoding="utf-8")
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    places = re.findall(r"`((?:tests|docs|bench|src|requirements)/[^`\s:]*)`", text)
    assert places, "the table rests on nothing"
    assert [place for place in places if not (ROOT / place).exists()] == []
    named = re.findall(r"`(test_\w+)`", text)
    assert [one for one in named if f"def {one}(" not in tests] == []


def test_what_the_verification_standard_asks_for_and_is_not_kept_is_told_at_the_end() -> None:
    text = (ROOT / "docs/dev/asvs.md").read_text(encoding="utf-8")
    rows, _, told = text.partition("## 未满足")
    excepted = re.findall(r"^\| (V[\d.]+)[^|]*\|[^|]*末节[^|]*\|", rows, re.MULTILINE)
    assert excepted
    missing = [one for one in excepted if one.partition(".")[0] not in told]
    assert missing == [], "a row points to the end, where nothing is said of it"
