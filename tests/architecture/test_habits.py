"""Habits that no linter knows: where time enters, which names are banned, how apps and templates are written."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "kaoping"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
APPS = sorted(path.parent for path in SOURCE.glob("*/apps.py"))
HAN = "\u4e00-\u9fff"
# Modules that load others by name: discovery by folder, jobs by dotted path, commands that start Django first.
LATE = (
    "cli/",
    "support/jobs.py",
    "support/reading_child.py",
    "checks/registry.py",
    "scoring/methods/__init__.py",
)


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def test_no_bag_packages():
    banned = {"common", "core", "utils", "util", "helpers", "helper", "misc"}
    assert [name(path) for path in SOURCE.rglob("*") if path.stem in banned] == []


def test_imports_stand_at_the_top():
    found = []
    for path in FILES:
        if name(path).startswith("cli/"):
            continue
        for function in ast.walk(tree(path)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                optional = isinstance(node, ast.Import) and node.names[0].name == "psycopg"
                if (
                    isinstance(node, ast.Import | ast.ImportFrom)
                    and not optional
                    and not (path.name == "apps.py" and function.name == "ready")
                ):
                    found.append(f"{name(path)}:{node.lineno}")
    assert found == []


def test_modules_are_loaded_by_name_only_where_that_is_the_point():
    found = [
        f"{name(path)}:{node.lineno}"
        for path in FILES
        if not name(path).startswith(LATE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("importlib.import_module", "import_module", "__import__")
        and ast.unparse(node.args[0]) != "'psycopg'"  # optional, so looked for when a database asks for it
    ]
    assert found == []


def test_time_enters_by_one_door():
    banned = {
        "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now",
        "timezone.localdate", "time.time", "time.monotonic", "time.sleep", "time.perf_counter",
    }  # fmt: skip
    found = [
        f"{name(path)}:{line} {call}"
        for path in FILES
        if name(path) != "support/clock.py"
        for line, call in calls(path)
        if call.removeprefix("datetime.") in banned or call in banned
    ]
    # The crawler measures its own seconds; it stands below the clock.
    assert [one for one in found if not one.startswith("crawling/")] == []


@pytest.mark.parametrize("package", ["scoring", "calendars"])
def test_no_binary_fractions_in_a_score(package):
    found = []
    for path in sorted((SOURCE / package).rglob("*.py")):
        for node in ast.walk(tree(path)):
            literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            call = isinstance(node, ast.Call) and ast.unparse(node.func) == "float"
            if literal or call:
                found.append(f"{name(path)}:{node.lineno}")
    assert found == []


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_an_app_opens_with_words_only(app):
    body = tree(app / "__init__.py").body
    assert len(body) == 1 and isinstance(body[0], ast.Expr), "only a docstring"


@pytest.mark.parametrize(
    "path", sorted(path for path in FILES if path.name == "policy.py"), ids=lambda path: path.parent.name
)
def test_every_policy_lists_its_doors(path):
    module = importlib.import_module("kaoping." + name(path).removesuffix(".py").replace("/", "."))
    doors = {key for key in vars(module) if key.startswith("can_")}
    text = path.read_text(encoding="utf-8")
    listed = text[text.index("POLICIES") :]
    assert [door for door in sorted(doors) if door not in listed] == []


def services() -> list[Path]:
    return [path for path in FILES if path.name == "services.py" or path.parent.name == "services"]


@pytest.mark.parametrize("path", services(), ids=name)
def test_verbs_take_actor_and_now_by_name(path):
    wrong = []
    for function in tree(path).body:
        if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
            continue
        if function.name in ("record_act", "refuse"):  # the log's own door
            continue
        positional = {argument.arg for argument in function.args.args}
        named = {argument.arg for argument in function.args.kwonlyargs}
        if "actor" in positional | named and not {"actor", "now"} <= named:
            wrong.append(function.name)
    assert wrong == []


def test_every_promised_job_exists():
    promised = set()
    for path in FILES:
        promised |= set(re.findall(r'"(kaoping(?:\.\w+)+:\w+)"', path.read_text(encoding="utf-8")))
    for one in sorted(promised):
        module, _, function = one.partition(":")
        if ".wsgi_" in module or function in ("intake_app", "entry"):
            continue
        assert callable(getattr(importlib.import_module(module), function)), one


def test_chinese_text_has_full_width_punctuation():
    half = re.compile(f"[{HAN}]\\s?[,;:?!()]\\s?[{HAN}]")
    markup = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>", re.DOTALL)
    found = []
    for path in sorted(SOURCE.rglob("*.html")):
        text = markup.sub(" \x00 ", path.read_text(encoding="utf-8"))
        found += [f"{name(path)}: {match.group(0)}" for match in half.finditer(text)]
    assert found == []


def test_templates_carry_no_inline_script_or_style():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)
    found = [
        f"{name(path)}: {match.group(0)}"
        for path in sorted(SOURCE.rglob("*.html"))
        for match in inline.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_working_days_enter_by_one_door():
    """What ships with the program is asked for by the door and by commands without a data folder; all others get a calendar."""
    may = ("calendars/", "workdays/queries.py", "cli/commands/calendar.py", "cli/commands/check.py")
    door = {"calendar_from_seed", "calendar_with", "seed_table", "shipped_table", "chinese_calendar"}
    found = {
        name(path)
        for path in FILES
        if not name(path).startswith(may)
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Name) and node.id in door)
        or (isinstance(node, ast.alias) and node.name.partition(".")[0] in door)
    }
    assert found == set()
