"""The verbs that the program declares, and the doors of ``policy.py`` that their declarations lead to."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kaoping.accounts.actor import Actor
    from kaoping.accounts.verbs import Verb

SOURCE = Path(__file__).parents[1] / "src" / "kaoping"
Door = Callable[["Actor", "str | None"], bool]

# What each app is called in the permission table, in its order.
APPS = {
    "accounts": "人员与审计",
    "workdays": "工作日历",
    "registry": "单位名录",
    "standards": "规则集",
    "evidence": "台账",
    "campaigns": "年度考核",
    "monitoring": "在线监测",
    "inspection": "实地查看与抽查",
    "evaluation": "社会评议",
    "rectification": "督促整改",
    "reporting": "报表",
    "publication": "公开",
}


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
        own = [key for key, (_label, may) in policies().items() if asked & set(_named(may))]
        # Two apps may have doors of one name: that of the door's own app is meant, else the one that has it.
        if found := tuple(key for key in own if key.startswith(f"{app}.")) or tuple(own):
            return found
    return ()


@cache
def policies() -> dict[str, tuple[str, Door]]:
    """Every door, as ``app.verb``: what it is called and the question it answers."""
    found: dict[str, tuple[str, Door]] = {}
    for app in APPS:
        if not (SOURCE / app / "policy.py").is_file():
            continue
        own = importlib.import_module(f"kaoping.{app}.policy").POLICIES
        found |= {f"{app}.{verb}": door for verb, door in own.items()}
    return found


def _named(function: Callable[..., Any]) -> Iterator[str]:
    """The doors that a function asks by name, itself or what it encloses."""
    if not isinstance(function, FunctionType):
        return
    yield from (name for name in function.__code__.co_names if name.startswith("can_"))
    for cell in function.__closure__ or ():
        if isinstance(cell.cell_contents, FunctionType):
            yield cell.cell_contents.__name__
            yield from _named(cell.cell_contents)
