"""Every verb of the program, as it is declared."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints

import pytest

from kaoping.accounts.actor import Owned
from kaoping.accounts.verbs import Declaration, Verb, declared
from kaoping.config import urls_inside

assert urls_inside  # its screens read every module that declares a verb
EVERY = pytest.mark.parametrize("one", declared(), ids=lambda one: f"{one.id}-{one.kind}")


def every_verb() -> list[Verb]:
    return [
        thing
        for name, module in sorted(sys.modules.items())
        if name.startswith("kaoping.")
        for thing in vars(module).values()
        if isinstance(thing, Verb)
    ]


@EVERY
def test_what_takes_it_back_is_a_verb(one: Declaration) -> None:
    assert not one.back or one.back in {other.id for other in declared()}


@EVERY
def test_its_sentence_is_a_sentence(one: Declaration) -> None:
    assert not one.said or one.said.endswith(("。", "}")), one.said


@EVERY
def test_many_of_one_kind_are_counted(one: Declaration) -> None:
    assert bool(one.news) == bool(one.room)
    assert not one.news or "{n}" in one.news


def test_doors_and_refusals_take_what_the_verb_has() -> None:
    """Arguments go by name, so that their types are compared here and not by the type checker.

    A button may ask before the second person is there: what the verb needs, its door may do without.
    """
    wrong = []
    for one in every_verb():
        own = inspect.signature(one.__wrapped__).parameters  # type: ignore[attr-defined]
        for asked in (one.declared.door, one.declared.denied, one.declared.refusal):
            if callable(asked):
                wrong += [
                    f"{one.declared.id}: {name}"
                    for name, parameter in inspect.signature(asked).parameters.items()
                    if name != "whose"  # read on the path that the declaration names, as the test below does
                    if parameter.annotation not in (own[name].annotation, f"{own[name].annotation} | None")
                ]
    assert wrong == []


def test_whose_a_door_asks_for_leads_to_an_organiser() -> None:
    """To something of an organiser, the key of one, or an organiser's code."""
    asking = [one for one in every_verb() if one.declared.door and _asks_whose(one.declared.door)]
    assert asking
    for one in asking:
        found = _at_the_end(one)
        owned = found in (str, Owned) or "organiser" in {field.name for field in _fields(found)}
        assert owned, one.declared.whose


def _fields(found: Any) -> Iterable[Any]:
    return fields(found) if is_dataclass(found) else found._meta.concrete_fields


def _asks_whose(door: Callable[..., bool]) -> bool:
    return "whose" in inspect.signature(door).parameters


def _at_the_end(one: Verb) -> type:
    first, *rest = one.declared.whose.split(".")
    found = get_type_hints(one.__wrapped__, vars(sys.modules[one.__module__]))[first]  # type: ignore[attr-defined]
    for name in rest:
        found = found._meta.get_field(name).related_model
    return found
