"""Every act that takes a second person, after a rename, with a namesake, and beside a row that knows no id.

Which acts these are is read from the program: a verb that asks ``same_person`` anywhere on its way. One without a case here
turns this red, and so does one that is missing from the table of ``docs/reference/permissions.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, models

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import Person
from kaoping.accounts.services import note_sign_in
from tests import call_graph
from tests.evaluation.test_services import box
from tests.permission_table import TWO_PERSONS
from tests.two_persons import CASES, Kept, Scene, Two, as_roles

__all__ = ["box"]
pytestmark = pytest.mark.django_db
EVERY = pytest.mark.parametrize(
    "make", [pytest.param(make, id=f"{verb}-{label}") for verb, label, make in CASES]
)


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Scene:
    return Scene(request.getfixturevalue)


def two_person_verbs() -> set[str]:
    trees = call_graph.modules()
    asking = call_graph.reaching(("kaoping.accounts.actor", "same_person"), trees)
    return {f"{module.removeprefix('kaoping.')}.{name}" for module, name in asking & call_graph.verbs(trees)}


def test_every_act_of_two_persons_has_its_case_and_stands_in_the_table() -> None:
    found = two_person_verbs()
    assert len(found) >= 20
    assert found == {verb for verb, _label, _make in CASES}
    assert found == set(TWO_PERSONS)


def test_a_new_act_of_two_persons_would_be_found(tmp_path: Any) -> None:
    source = tmp_path / "kaoping"
    (source / "accounts").mkdir(parents=True)
    (source / "inspection" / "logic").mkdir(parents=True)
    (source / "accounts" / "actor.py").write_text("def same_person(one, other): ...\n")
    (source / "inspection" / "logic" / "visit.py").write_text(
        "from kaoping.accounts.actor import same_person\ndef refusal(a, b): return same_person(a, b)\n"
    )
    (source / "inspection" / "services.py").write_text(
        "from kaoping.inspection.logic import visit as logic\n"
        "def _ask(a): return logic.refusal(a, a)\n"
        "def confirm_visit(*, actor: Actor, now: datetime): _ask(actor)\n"
        "def record_visit(*, actor: Actor, now: datetime): ...\n"
    )
    trees = call_graph.modules(source)
    found = call_graph.reaching(("kaoping.accounts.actor", "same_person"), trees) & call_graph.verbs(trees)
    assert found == {("kaoping.inspection.services", "confirm_visit")}


def renamed(actor: Actor, name: str) -> Actor:
    Person.objects.filter(pk=actor.id).update(name=name)
    return replace(actor, name=name)


@EVERY
def test_the_same_person_is_refused_under_another_name(make: Callable[[Scene], Two], scene: Scene) -> None:
    two = make(scene)
    again = renamed(as_roles(two.first, two.roles), "改了名的人")
    with pytest.raises(Refused, match=two.words):
        two.second(again)


@EVERY
def test_a_namesake_is_another_person(make: Callable[[Scene], Two], scene: Scene) -> None:
    two = make(scene)
    namesake = two.namesake or scene.cast("inspector", name=two.first.name)
    assert namesake.name == two.first.name and namesake.id != two.first.id
    two.second(as_roles(namesake, two.roles))


@EVERY
def test_a_row_without_an_id_counts_whoever_bears_its_name(
    make: Callable[[Scene], Two], scene: Scene
) -> None:
    two = make(scene)
    note_sign_in(actor=two.first, now=scene.now)
    if two.kept is None:
        return  # the first person is the row of the register itself
    if not forget(two.kept):
        return  # the column always names a person
    again = renamed(as_roles(two.first, two.roles), "改了名的人")
    namesake = as_roles(scene.cast("inspector", name=two.first.name), two.roles)
    spaced = as_roles(scene.cast("inspector", name=f"{two.first.name[:1]} {two.first.name[1:]}"), two.roles)
    for one in (namesake, spaced, again):
        with pytest.raises(Refused, match=two.words):
            two.second(one)


@EVERY
def test_a_row_without_an_id_stops_nobody_else(make: Callable[[Scene], Two], scene: Scene) -> None:
    two = make(scene)
    if two.kept is None or isinstance(field_of(two.kept), models.ForeignKey) or not forget(two.kept):
        return
    two.second(as_roles(scene.cast("inspector", name="毫不相干的人"), two.roles))


def field_of(kept: Kept) -> Any:
    model, column = kept
    return model._meta.get_field(column)


def forget(kept: Kept) -> bool:
    """Make the rows as an earlier release left them; false where no release could leave out who acted."""
    model, column = kept
    field = field_of(kept)
    if isinstance(field, models.ForeignKey) and not field.null:
        return False
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update")
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
    model._base_manager.update(**{column: None if field.null else ""})
    return True
