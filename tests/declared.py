"""The verbs that the program declares, and the doors of ``policy.py`` that their declarations lead to."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kaoping.accounts.verbs import Verb

APPS = (
    "accounts", "workdays", "registry", "standards", "evidence", "campaigns", "monitoring", "inspection", "evaluation",
    "rectification", "reporting", "publication",
)  # fmt: skip


@cache
def verbs() -> dict[str, Verb[..., Any]]:
    """Every verb by ``app.module.function``."""
    from kaoping.accounts.verbs import Verb  # noqa: PLC0415 - Django has to be set up before

    return {
        f"{module.__name__.removeprefix('kaoping.')}.{name}": found
        for module in _modules()
        for name, found in vars(module).items()
        if isinstance(found, Verb) and found.__module__ == module.__name__
    }


def _modules() -> Iterator[Any]:
    for app in APPS:
        package = importlib.import_module(f"kaoping.{app}")
        for found in pkgutil.walk_packages(package.__path__, f"kaoping.{app}."):
            if ".migrations" not in found.name:
                yield importlib.import_module(found.name)


def doors_of(verb: Verb[..., Any]) -> tuple[str, ...]:
    """The policies that the declared door is, or asks: ``app.verb``, in the order of the permission table."""
    door = verb.declared.door
    if door is None:
        return ()
    app = door.__module__.split(".")[1]
    for asked in ({door.__name__}, set(_named(door))):
        own = [key for key, may in _policies().items() if asked & set(_named(may))]
        # Two apps may have doors of one name: that of the door's own app is meant, else the one that has it.
        if found := tuple(key for key in own if key.startswith(f"{app}.")) or tuple(own):
            return found
    return ()


@cache
def _policies() -> dict[str, Callable[..., bool]]:
    found: dict[str, Callable[..., bool]] = {}
    for app in APPS:
        try:
            policy = importlib.import_module(f"kaoping.{app}.policy")
        except ModuleNotFoundError:
            continue
        found |= {f"{app}.{verb}": may for verb, (_label, may) in policy.POLICIES.items()}
    return found


def _named(function: Callable[..., Any]) -> Iterator[str]:
    """What a function calls by name, itself or what it encloses."""
    if not isinstance(function, FunctionType):
        return
    yield from function.__code__.co_names
    for cell in function.__closure__ or ():
        if isinstance(cell.cell_contents, FunctionType):
            yield cell.cell_contents.__name__
