"""Every verb by which a sheet can come to other points, with the step until which it can: tried, not read from a list.

Which verbs have to be tried is read from the program: what the scorer's way reads from the database, and which verbs write it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kaoping.accounts.actor import Actor, Refused
from kaoping.campaigns.queries import items
from kaoping.campaigns.services import review
from kaoping.support import clock
from tests import call_graph, point_moves
from tests.campaigns.examples import make_year
from tests.permission_table import (
    AFTER_THE_ROUND,
    LEDGER_VERBS,
    MOVE_NOTHING,
    POINT_VERBS,
    TWO_PERSONS,
    UNTIL,
    doors,
    doors_of,
)
from tests.point_moves import CLOSED, STEPS, TRIALS, Nothing, World, step, undone

pytestmark = pytest.mark.django_db
# Read on the way to a sheet, and yet nothing that it is made of.
NOT_SCORED: Final = {
    "accounts_auditentry": "日志，新的一条接在上一条后面",
    "accounts_passwordlink": "口令重置后不能签发的那一天",
    "accounts_person": "谁算的",
    "campaigns_sheet": "上一张计分表，相同的不再存",
    "support_job": "后台任务",
}
WRITES: Final = {
    "create", "bulk_create", "update", "update_or_create", "get_or_create", "delete", "save", "bulk_update",
}  # fmt: skip
# The ledger's own pen: what other apps put into a sheet goes through it, and ``record`` is tried with a line of every source.
PEN: Final = ("kaoping.evidence.services", "_append")


@pytest.fixture
def world(
    cast: Callable[..., Actor],
    now: Any,
    units: Any,
    stored_files: Path,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    """The open plan of a small year in which something was recorded."""
    settings.KAOPING_PUBLISHED = tmp_path / "published"
    year = make_year(cast, now, files=point_moves.FILES)
    monkeypatch.setattr(clock, "now", lambda: year.at)
    made = World(
        year,
        cast("reviewer", name="专家辛"),
        cast("office_handler", name="经办壬"),
        cast("security_admin", name="安全癸"),
    )
    point_moves.begin(made)
    return made


# ---- which verbs there are ----------------------------------------------------------------------------------------------


def models_scored(world: World) -> set[str]:
    """The names of the models from which a sheet is made: what closing the round and computing read."""
    with undone(world):
        while step(world) != "review":
            point_moves.onwards(world)
        point_moves.score_all(world)
        with CaptureQueriesContext(connection) as seen:
            review.close_round(actor=world.year.handler, campaign=world.campaign, now=world.now())
            world.year.compute("preview")
    asked = "\n".join(one["sql"] for one in seen.captured_queries if one["sql"].startswith("SELECT"))
    read = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', asked))
    named = {model._meta.db_table: model.__name__ for model in apps.get_models()}
    return {named[one] for one in read - set(NOT_SCORED)}


@cache
def trees() -> dict[str, ast.Module]:
    return call_graph.modules()


def words(node: ast.AST | None) -> set[str]:
    return set(re.findall(r"\w+", ast.unparse(node))) if node is not None else set()


def root(node: ast.expr) -> str:
    """``campaign`` of ``campaign.participations.all()``."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


@cache
def fields() -> dict[tuple[str, str], set[str]]:
    """The types of the fields of every class, by class and field."""
    return {
        (one.name, line.target.id): words(line.annotation)
        for tree in trees().values()
        for one in ast.walk(tree)
        if isinstance(one, ast.ClassDef)
        for line in one.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    }


def variables(function: ast.FunctionDef, tree: ast.Module) -> dict[str, set[str]]:
    """For each name of a function the words by which its type, or what it was made from, is called."""
    returned = {one.name: words(one.returns) for one in tree.body if isinstance(one, ast.FunctionDef)}
    known = {one.arg: words(one.annotation) for one in (*function.args.args, *function.args.kwonlyargs)}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            made = words(node.value) | returned.get(root(node.value), set())
            known.setdefault(node.targets[0].id, set()).update(made)
    return known


def writes(function: ast.FunctionDef, tree: ast.Module, models: set[str], relations: set[str]) -> bool:
    """Whether a function writes a row of one of the models: by its class, by a relation to it, or through a variable of it."""
    bases = [
        node.func.value
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
    ]
    known = variables(function, tree) if bases else {}
    for base in bases:
        types = known.get(root(base), set())
        field = base.attr if isinstance(base, ast.Attribute) else ""
        if root(base) in models or words(base) & relations or types & models:
            return True
        if any(fields().get((one, field), set()) & models for one in types):
            return True
    return False


def scored_verbs(models: set[str]) -> set[str]:
    """Every verb that writes what a sheet is made of, itself or through others; lines of the ledger apart."""
    relations = {
        str(field.get_accessor_name())
        for model in apps.get_models()
        for field in model._meta.related_objects
        if field.related_model.__name__ in models
    }
    writers = {
        (module, name)
        for (module, name), function in call_graph.functions(trees()).items()
        if not module.startswith(("kaoping.web", "kaoping.cli"))
        and writes(function, trees()[module], models, relations)
    } - {PEN}
    verbs = call_graph.verbs(trees())
    found = {one for writer in writers for one in ({writer} | call_graph.reaching(writer, trees())) & verbs}
    return {f"{module.removeprefix('kaoping.')}.{name}" for module, name in found}


@pytest.mark.slow
def test_every_verb_that_writes_what_a_sheet_is_made_of_is_tried(world: World) -> None:
    models = models_scored(world)
    assert {"Observation", "Participation", "Organisation", "ReviewScore", "Answer"} <= models
    found = scored_verbs(models)
    assert found - set(TRIALS) == set(), "these verbs write what a sheet is made of, and nobody tried them"
    # Those of the year and of the ledger that add or take lines are tried as well; other apps have ``record`` for theirs.
    own = {verb for verb in LEDGER_VERBS if verb.startswith(("campaigns.", "evidence."))}
    assert own - set(TRIALS) == set()


# ---- what they do -------------------------------------------------------------------------------------------------------


@contextmanager
def tried(world: World) -> Iterator[None]:
    """Whatever is done inside is undone, on the clock as well."""
    items._items.cache_clear()
    at = world.year.at
    with undone(world):
        yield
    world.year.at = at


def outcomes(world: World) -> dict[str, str]:
    """What became of each verb at this step: moved, stayed, or refused; the strongest where there are several trials."""
    with tried(world):
        before = point_moves.totals(world)
    found: dict[str, str] = {}
    for verb, acts in TRIALS.items():
        said = {_outcome(world, act, before) for act in acts}
        found[verb] = next(one for one in ("moved", "stayed", "refused", "nothing") if one in said)
    return found


def _outcome(world: World, act: Callable[[World], object], before: point_moves.Totals) -> str:
    with tried(world):
        try:
            with transaction.atomic():
                act(world)
        except Refused:
            return "refused"
        except Nothing:
            return "nothing"
        return "moved" if point_moves.totals(world) != before else "stayed"


def walked(world: World, steps: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """By step, what became of each verb."""
    found = {}
    for name in STEPS:
        assert step(world) == name
        point_moves.prepare(world)
        if name in steps:
            found[name] = outcomes(world)
        if name == steps[-1]:
            break
        point_moves.onwards(world)
    return found


@pytest.mark.slow
def test_the_table_says_of_each_verb_until_when_it_moves_points(world: World) -> None:
    found = walked(world, STEPS)
    used = {verb for one in found.values() for verb, what in one.items() if what in ("moved", "stayed")}
    assert set(TRIALS) - used == set(), "a trial that is refused at every step tries nothing"
    until = {verb: name for name in STEPS for verb, what in found[name].items() if what == "moved"}
    assert until == {
        verb: name for verb, name in UNTIL.items() if verb in TRIALS and verb not in MOVE_NOTHING
    }
    assert {verb for verb in until if verb not in LEDGER_VERBS} == set(POINT_VERBS)
    late = {verb for verb, name in until.items() if STEPS.index(name) >= CLOSED}
    assert late == AFTER_THE_ROUND


@pytest.mark.parametrize("name", ["closed", "preview"])
def test_nothing_but_an_act_of_two_moves_points_after_the_round(world: World, name: str) -> None:
    found = walked(world, (name,))[name]
    assert {verb for verb, what in found.items() if what == "moved"} <= AFTER_THE_ROUND


def test_the_table_names_doors_that_there_are_and_acts_that_take_two() -> None:
    assert {door for verb in POINT_VERBS for door in doors_of(verb)} <= set(doors())
    assert set(UNTIL) == set(POINT_VERBS) | set(LEDGER_VERBS)
    assert set(UNTIL.values()) <= set(STEPS)
    # What moves points after the round takes two: at the act itself, or where its correction is signed.
    alone = {verb for verb in AFTER_THE_ROUND if verb not in TWO_PERSONS}
    assert {door for verb in alone for door in doors_of(verb)} <= {
        "campaigns.correct",
        "evidence.withdraw_by_appeal",
        "evidence.withdraw_by_correction",
        "evidence.import_register",
    }
