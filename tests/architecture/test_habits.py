"""Habits that no linter knows: where time enters, which names are banned, how apps and templates are written."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kaoping.standards.loading import load_rulebook, shipped
from tests.parsed import tree

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


def calls(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def test_no_bag_packages():
    banned = {"common", "core", "utils", "util", "helpers", "helper", "misc"}
    assert [name(path) for path in SOURCE.rglob("*") if path.stem in banned] == []


# Where a rulebook's codes may stand: the example city is data, and what a migration did is done.
CODES_STAND_IN = ("cli/demo/", "rulebooks/")


@cache
def _code_words() -> re.Pattern[str]:
    codes = {node.code for ref in shipped() for node in load_rulebook(ref).rubric.walk()}
    listed = "|".join(sorted(map(re.escape, codes), key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z0-9.])(?:{listed})(?![A-Za-z0-9]|\.[A-Za-z0-9])")


def _docstrings(path: Path) -> set[int]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }


def _codes_in(path: Path) -> Iterator[str]:
    """Rulebook codes that the program says; what a docstring tells as an example decides nothing."""
    words = _code_words()
    if path.suffix != ".py":
        yield from words.findall(path.read_text(encoding="utf-8"))
        return
    told = _docstrings(path)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield from words.findall(node.value)


def test_codes_of_rulebooks_stand_in_rulebooks_alone():
    files = [*FILES, *SOURCE.rglob("*.html")]
    read = [path for path in files if not name(path).startswith(CODES_STAND_IN)]
    assert {name(path): found for path in read if (found := list(_codes_in(path)))} == {}


def test_a_code_in_the_program_would_be_found(tmp_path):
    texts = {
        'ITEM = "K3.4.p"': ["K3.4.p"],
        'GATE = f"{year}:G1"': ["G1"],
        'METHOD = "S256"': [],
        'def f() -> str:\n    """K3.6 judges the year before."""\n    return "DSV10"': [],
    }
    for number, (text, found) in enumerate(texts.items()):
        planted = tmp_path / f"planted{number}.py"
        planted.write_text(text, encoding="utf-8")
        assert list(_codes_in(planted)) == found
    page = tmp_path / "planted.html"
    page.write_text("<p>前提 G1</p>", encoding="utf-8")
    assert list(_codes_in(page)) == ["G1"]


def offices_named(source):
    """Files that call an office by the name of one city's. Apart: rulebooks, the setting's own default, and three sentences that
    stand in sheets, dictionaries and manifests which were frozen and have to come out again as they are.
    """
    frozen = ("scoring/applicability.py", "scoring/succession.py", "publication/bundle/levels.py")
    allowed = {source / name for name in ("config/settings.py", *frozen)}
    return [
        str(path.relative_to(source))
        for pattern in ("*.py", "*.html", "*.js")
        for path in sorted(source.rglob(pattern))
        if path not in allowed
        and "rulebooks" not in path.parts
        and "市政务公开办" in path.read_text(encoding="utf-8")
    ]


def test_no_screen_calls_an_office_by_one_city_s_name():
    """Years belong to organisers; what their offices are called is kept with them."""
    assert offices_named(SOURCE) == []


def test_the_name_of_an_office_in_the_program_would_be_found(tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "page.html").write_text("请联系市政务公开办。", encoding="utf-8")
    assert offices_named(tmp_path) == ["web/page.html"]


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


def test_a_day_from_outside_is_read_by_one_door():
    """Python's reader takes 2026-W01-1 and 20260101 for days; ``foreign.days`` does not. These read what we wrote ourselves."""
    own = {
        "foreign/days.py",  # the door
        "accounts/city_sign_in/services.py",  # our own signed state
        "accounts/log_head.py",  # a column of the database
        "campaigns/services/stages.py",  # days that ``merged`` gives back as it got them
        "crawling/archived.py",  # the crawler's own record; ``kaoping check`` reads one from outside strictly first
        "evaluation/ballotbox/outbox.py",  # a column of the ballot box
        "evaluation/ballotbox/sqlite.py",  # a column of the ballot box
        "evaluation/unopened.py",  # days that ``merged`` gives back as it got them
        "registry/services/__init__.py",  # days that ``merged`` gives back as it got them
        "support/clock.py",  # the demonstration's own clock
        "support/sealing.py",  # our own seal
        "web/portal/draws.py",  # our own published protocol
        "web/ui/wording.py",  # prints stored days
    }
    found = {
        name(path)
        for path in FILES
        for _line, call in calls(path)
        if call.rpartition(".")[2] in ("fromisoformat", "strptime")
    }
    assert found == own


def past_the_verb(module: ast.Module) -> list[str]:
    """Calls of a function that says why an act is refused; a screen asks the act itself (``verb.check``)."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            if re.match(r"refusal_(to|before|by|of_sta[gt]e)|check_(?!code$|password$)", called):
                found.append(f"{node.lineno} {called}")
    return found


def test_no_screen_asks_for_a_precondition_past_its_verb():
    """Two ways to ask become two answers: a button that can be pressed and an act that is refused."""
    found = [
        f"{name(path)}:{one}"
        for path in sorted((SOURCE / "web").rglob("*.py"))
        for one in past_the_verb(tree(path))
    ]
    assert found == []


def test_a_precondition_past_its_verb_is_caught():
    planted = "words = logic.refusal_to_seal(state, now) or queries.check_freeze(campaign)"
    assert past_the_verb(ast.parse(planted)) == ["1 refusal_to_seal", "1 check_freeze"]


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
        if function.name == "record_act":  # the log's own door
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


def test_the_way_to_a_page_is_drawn_by_one_part():
    found = {name(path) for path in SOURCE.rglob("*.html") if "kp-crumbs" in path.read_text(encoding="utf-8")}
    assert found == {"web/ui/templates/ui/crumbs.html"}


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


# Columns that say who acted by name; beside each stands the person's id.
_BY_NAME = re.compile(r"(^|_)by$")
# Where a name is compared and no person is meant.
_NAMES_ALONE = {
    "accounts/actor.py": "the one door itself",
    "scoring/succession.py": "lines of a file, where a reviewer is an alias and nobody has an id",
    "scoring/methods/judged.py": "the same",
}


def _says_who(node: ast.AST) -> bool:
    """Whether an expression is the name or the id of somebody who acts or acted: ``actor.name``, ``act.by_id``, ``row.by`` …"""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "str" and node.args:
        return _says_who(node.args[0])
    if isinstance(node, ast.Tuple | ast.Set | ast.List):
        return any(_says_who(one) for one in node.elts)
    if not isinstance(node, ast.Attribute):
        return False
    whose = ast.unparse(node.value).rpartition(".")[2]
    acting = whose in ("actor", "first", "second", "signer", "user") and node.attr in ("id", "name")
    return acting or bool(_BY_NAME.search(node.attr.removesuffix("_id")))


def _compares_persons(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        fixed = any(isinstance(one, ast.Constant) for one in sides)
        if not fixed and any(_says_who(one) for one in sides):
            yield f"{name(path)}:{node.lineno} {ast.unparse(node)}"


# Questions that are no "somebody else than": whether a thing is one's own.
_OWN = {
    "accounts/city_sign_in/services.py": ["str(taken.pk) != actor.id"],
    "accounts/services.py": ["actor.id == str(person.pk)"],
    "campaigns/logic/severe.py": ["proposed_by.id != actor.id"],
    "campaigns/services/severe.py": ["one.by_id == actor.id"],
    "campaigns/services/review.py": ["actor.id == str(assignment.reviewer_id)"],
    "evidence/disposals.py": [
        "(waiting.kind, waiting.reason, waiting.by_id) == (kind, reason.strip(), actor.id)"
    ],
    "rectification/services/closing.py": [
        "(last.source, last.value, last.by_id, last.reason) == ('visit', value, actor.id, reason)"
    ],
    "web/admin/people.py": ["request.actor.id == str(account.id)"],
    "web/desk/scoring/severe.py": ["str(ruling.by_id) == request.actor.id"],
    "web/desk/year/stage_return.py": ["str(proposal.first_by_id) != actor.id"],
    "web/desk/scoring/step_back.py": ["request.actor.id != str(waiting.first_by_id)"],
    "web/desk/evaluation/poll_open.py": ["request.actor.id in {str(share.opener_id) for share in openers}"],
    "web/field/today.py": ["str(visit.inspector_id) != request.actor.id"],
    "web/gate/city.py": ["actor.id != asked.person", "kept['person'] != request.actor.id"],
    "web/gate/words.py": ["held['owner'] == actor.id"],
    "web/review/queue.py": ["str(gone.reviewer_id) == request.actor.id"],
}


def test_two_persons_are_told_apart_by_one_function():
    """Whoever compares names takes a namesake for the person, and a renamed person for another one."""
    found = [
        one
        for path in FILES
        if name(path) not in _NAMES_ALONE
        for one in _compares_persons(path)
        if one.split(" ", 1)[1] not in _OWN.get(name(path), ())
    ]
    assert found == []


def test_the_comparison_of_names_would_be_found(tmp_path, monkeypatch):
    planted = tmp_path / "services.py"
    planted.write_text(
        "def one(actor, act, names):\n"
        "    if act.by == actor.name or actor.name in names or actor.id != str(act.proposed_by_id):\n"
        "        return act.by is None\n",
        encoding="utf-8",
    )
    monkeypatch.setitem(globals(), "SOURCE", tmp_path)
    assert len(list(_compares_persons(planted))) == 3


@pytest.mark.parametrize("path", services(), ids=name)
def test_rows_are_not_looked_up_by_who_acted_in_name(path):
    """``filter(by=actor.name)`` compares names too."""
    found = [
        f"{name(path)}:{node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("filter", "exclude", "get", "get_or_create", "update_or_create")
        for keyword in node.keywords
        if keyword.arg != "defaults"
        and ast.unparse(keyword.value).endswith((".name", "who.name"))
        and (_BY_NAME.search(keyword.arg or "") or keyword.arg == "actor")
    ]
    assert found == []


@pytest.mark.parametrize("path", services(), ids=name)
def test_who_acts_is_stored_with_the_id(path):
    found = [
        f"{name(path)}:{node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if ast.unparse(keyword.value) == "actor.name"
        and f"{(keyword.arg or '').removesuffix('_name')}_id" not in {one.arg for one in node.keywords}
    ]
    assert found == []


def test_beside_every_name_of_who_acted_stands_the_person_s_id():
    alone = []
    for path in sorted(SOURCE.glob("*/models.py")):
        for one in ast.walk(tree(path)):
            if not isinstance(one, ast.ClassDef):
                continue
            columns = {
                node.targets[0].id: ast.unparse(node.value.func)
                for node in one.body
                if isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Name)
                and isinstance(node.value, ast.Call)
            }
            alone += [
                f"{path.parent.name}.{one.name}.{column}"
                for column, kind in columns.items()
                if kind == "models.CharField"
                and (_BY_NAME.search(column) or column == "actor")
                and not {f"{column}_id", "person"} & set(columns)
            ]
    # A worker's name, and an id that stands alone.
    assert alone == ["support.Job.claimed_by", "support.ClockHold.confirmed_by"]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_row_that_is_held_says_so_of_itself_alone_where_others_are_read_with_it(path):
    """PostgreSQL refuses to hold the row of a relation that may be empty; SQLite holds the whole file and says nothing."""
    for node in ast.walk(tree(path)):
        said = ast.unparse(node) if isinstance(node, ast.Call) else ""
        if "select_related(" in said and "select_for_update(" in said:
            assert "select_for_update(of=" in said, f"{name(path)}:{node.lineno}"


# What two places would one day answer differently: where it stands, and how another one would look.
DEFINED_ONCE = {
    "beijing.py": r'ZoneInfo\("Asia/Shanghai"\)|timezone\(timedelta\(hours=8\)\)',
    "arithmetic.py": r"ROUND_HALF_UP|def half_up\b|\.numerator\}/\{",
}


@pytest.mark.parametrize("door", DEFINED_ONCE)
def test_the_zone_rounding_and_exact_ratios_are_defined_once(door):
    pattern = re.compile(DEFINED_ONCE[door])
    assert [name(path) for path in FILES if pattern.search(path.read_text(encoding="utf-8"))] == [door]


# Where a blank is no missing word of a person: settings and headers, pages and files of others, the reading of tables.
_NO_TYPED_WORDS = (
    "accounts/city_sign_in/",
    "checks/",
    "config/",
    "crawling/",
    "evidence/encoded.py",
    "evidence/looking.py",
    "foreign/",
    "rendering/",
    "reporting/render/",
    "support/",
)
# The same question of what is no text: digits, codes, names that ``unseen_in`` looks at anyway, options of a search.
_NO_TEXT = {
    "calendars/arrangement.py": {"name"},
    "campaigns/logic/severe.py": {"typed"},
    "rectification/services/unit.py": {"url"},
    "web/field/today.py": {"words"},
    "web/portal/evaluate.py": {"opinion"},
    "web/review/appeals.py": {"text"},
    "web/ui/numbers.py": {"text"},
}


def _stripped(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node).endswith(".strip()")


def _length_of(node: ast.AST) -> ast.AST | None:
    return node.args[0] if isinstance(node, ast.Call) and ast.unparse(node.func) == "len" else None


def _asked(node: ast.AST) -> Iterator[ast.AST]:
    """What ``node`` asks whether it is empty, or too short."""
    waiting: list[ast.AST] = []
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        waiting = [node.test]
    elif isinstance(node, ast.comprehension):
        waiting = list(node.ifs)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        waiting = [node.operand]
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "bool":
        waiting = list(node.args)
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        for less, op, more in zip(sides, node.ops, sides[1:], strict=False):
            small = less if isinstance(op, ast.Lt) else more if isinstance(op, ast.LtE | ast.Gt) else None
            if isinstance(op, ast.GtE):
                small = less
            length = _length_of(small) if small is not None else None
            waiting += [length] if length is not None else []
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.BoolOp):
            waiting += one.values
        elif isinstance(one, ast.UnaryOp):
            waiting.append(one.operand)
        else:
            yield one


def _held(function: ast.FunctionDef) -> set[str]:
    """The names that are given a stripped text."""
    found = set()
    for node in ast.walk(function):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            several = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            pairs = zip(target.elts, node.value.elts, strict=True) if several else [(target, node.value)]
            found |= {
                place.id
                for place, value in pairs
                if isinstance(place, ast.Name) and any(_stripped(one) for one in _ways(value))
            }
    return found


def _ways(value: ast.AST) -> list[ast.AST]:
    """A value, or the values that it may be."""
    return [value.body, value.orelse] if isinstance(value, ast.IfExp) else getattr(value, "values", [value])


def _measures_words(path: Path) -> Iterator[str]:
    allowed = _NO_TEXT.get(name(path), set())
    for function in ast.walk(tree(path)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        held = _held(function) - allowed
        for node in ast.walk(function):
            for one in _asked(node):
                if _stripped(one) or (isinstance(one, ast.Name) and one.id in held):
                    yield f"{name(path)}:{one.lineno} {ast.unparse(one)}"


def test_how_much_somebody_wrote_has_one_measure():
    """``strip`` leaves signs that nobody sees, so that four of them were a reason; ``glyphs`` counts what is seen."""
    found = {
        one for path in FILES if not name(path).startswith(_NO_TYPED_WORDS) for one in _measures_words(path)
    }
    assert sorted(found) == []


def test_another_measure_would_be_found(tmp_path, monkeypatch):
    planted = tmp_path / "services.py"
    planted.write_text(
        "def one(reason, words):\n"
        "    if len(reason.strip()) < 4 or not reason.strip():\n"
        "        return None\n"
        "    text, other = words.strip(), 1\n"
        "    if not 4 <= len(text) <= 500:\n"
        "        return None\n"
        "    return bool(text) and [one for one in words if one.strip()]\n",
        encoding="utf-8",
    )
    monkeypatch.setitem(globals(), "SOURCE", tmp_path)
    assert {one.partition(":")[2] for one in _measures_words(planted)} == {
        "2 reason.strip()", "5 text", "7 text", "7 one.strip()"
    }  # fmt: skip
