"""Who may do what: every door of every app asked for every role, compared with the table that people read.

Run ``python -m tests.permission_table`` to write the table anew after a policy changed.
"""

import ast

import pytest

from kaoping.accounts.actor import ROLES
from tests.declared import verbs
from tests.permission_table import (
    LEDGER_VERBS,
    PAGE,
    POINT_VERBS,
    ROOT,
    doors,
    doors_of,
    table,
    verdict,
)

pytestmark = pytest.mark.django_db


def test_the_table_in_the_documentation_is_what_the_doors_say(units):
    assert PAGE.read_text(encoding="utf-8") == table()


def test_a_person_without_a_role_may_do_nothing(units):
    assert {door for door, (_label, may) in doors().items() if verdict(may, None) != "—"} == set()


ADMINISTRATION = {
    "system_admin": {"accounts.manage_people", "accounts.run_system"},
    "security_admin": {"accounts.appoint", "accounts.confirm_reset"},
    "auditor": {"accounts.read_audit"},
}
READING = ("see_", "preview", "read_")


@pytest.mark.parametrize("role", ADMINISTRATION)
def test_three_separate_roles_take_no_part_in_the_assessment(units, role):
    allowed = {door for door, (_label, may) in doors().items() if verdict(may, role) != "—"}
    rest = allowed - ADMINISTRATION[role] - {"registry.see_register", "registry.release_rest"}
    if role == "auditor":  # looks at everything official and changes nothing
        rest = {door for door in rest if not door.partition(".")[2].startswith(READING)}
    assert ADMINISTRATION[role] <= allowed
    assert rest == set()


def test_one_administration_door_belongs_to_one_role(units):
    for door, (_label, may) in doors().items():
        if door.startswith("accounts."):
            assert len([role for role in ROLES if verdict(may, role) != "—"]) == 1, door


def test_every_door_is_open_to_somebody(units):
    for door, (_label, may) in doors().items():
        assert any(verdict(may, role) != "—" for role in ROLES), door


# What writes a line of the ledger; whoever calls one of these moves points, or can.
WRITERS = {"record", "withdraw", "restore", "rule", "second_ruling", "import_register", "undo_import"}
SOURCE = ROOT / "src" / "kaoping"


def called(function):
    """Names of the functions that ``function`` calls, as ``name`` or ``module.name``."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr


def functions():
    """Every module-level function of the services of all apps: its module, its name, what it calls."""
    for path in sorted(SOURCE.glob("*/services*")) + sorted(SOURCE.glob("*/services/*.py")):
        if path.is_dir() or path.suffix != ".py":
            continue
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        imported = imports_the_ledger(path)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                yield module, node.name, set(called(node)), imported


def imports_the_ledger(path):
    """Whether the module knows the ledger's verbs at all: other apps have functions called ``withdraw`` too."""
    text = path.read_text(encoding="utf-8")
    return "kaoping.evidence" in text and "services" in text or path.is_relative_to(SOURCE / "evidence")


def writing_verbs():
    """Public functions that write lines, by themselves or through private helpers of their module."""
    known = list(functions())
    writing = {(module, name) for module, name, calls, ledger in known if ledger and calls & WRITERS}
    grown = True
    while grown:
        more = {
            (module, name)
            for module, name, calls, _ledger in known
            if (module, name) not in writing
            and any((module, other) in writing and other.startswith("_") for other in calls)
        }
        writing |= more
        grown = bool(more)
    return {f"{module}.{name}" for module, name in writing if not name.startswith("_")}


def test_every_verb_that_moves_points_stands_in_the_table_with_its_doors():
    assert writing_verbs() == set(LEDGER_VERBS)
    assert {door for verb in LEDGER_VERBS for door in doors_of(verb)} <= set(doors())


def test_the_comparison_would_find_a_new_verb(tmp_path, monkeypatch):
    (tmp_path / "src" / "kaoping" / "inspection" / "services").mkdir(parents=True)
    planted = tmp_path / "src" / "kaoping" / "inspection" / "services" / "quiet.py"
    planted.write_text(
        "from kaoping.evidence.services import record\ndef _do(x): record([x])\ndef quietly(x): _do(x)\n",
        encoding="utf-8",
    )
    monkeypatch.setitem(globals(), "SOURCE", tmp_path / "src" / "kaoping")
    assert writing_verbs() == {"inspection.services.quiet.quietly"}


# Done by the worker, or by a verb that asks its own door before.
WITHOUT_DOOR = {
    "evidence.services.record",
    "monitoring.services.retest.perform_retest",
    "monitoring.services.sighting.record_sightings",
}


def test_a_verb_that_moves_points_asks_a_door_itself():
    assert {verb for verb in (*LEDGER_VERBS, *POINT_VERBS) if not doors_of(verb)} == WITHOUT_DOOR


def test_every_declared_door_is_one_of_the_table():
    """Or asks one; the own person and the worker need none."""
    outside = {name for name, one in verbs().items() if one.declared.door and not doors_of(name)}
    assert outside == {"accounts.services.change_password"}


def test_what_a_verb_names_as_its_way_back_is_a_verb():
    ids = {one.declared.id for one in verbs().values()}
    assert {one.declared.back for one in verbs().values() if one.declared.back} <= ids
