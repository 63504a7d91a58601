"""Every verb and thing that the program writes into the audit log has a Chinese word."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import kaoping
from kaoping.accounts.verbs import declared
from kaoping.config import urls_inside
from kaoping.web.admin.words import THINGS, VERBS, thing_words, verb_titles, verb_words
from tests.parsed import tree

CODE = re.compile(r"[a-z]+(_[a-z]+)*")
SOURCE = Path(kaoping.__file__).parent


def written() -> Iterator[tuple[str, str]]:
    """(verb, thing) of each call that writes a line; the thing is empty where the call does not name it."""
    for path in SOURCE.rglob("*.py"):
        if "web" in path.relative_to(SOURCE).parts:
            continue
        for call in ast.walk(tree(path)):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                continue
            if call.func.id == "record_act":
                verb, thing = (
                    str(one.value) if isinstance(one, ast.Constant) else "" for one in call.args[1:3]
                )
                yield verb, thing
            for keyword in call.keywords:
                if keyword.arg == "verb" and isinstance(keyword.value, ast.Constant):
                    yield str(keyword.value.value), ""


def test_every_code_has_its_word() -> None:
    found = list(written())
    assert len({verb for verb, _ in found} | {one.id for one in declared()}) > 80
    assert {verb for verb, _ in found if CODE.fullmatch(verb)} - verb_titles().keys() == set()
    assert {thing for _, thing in found if CODE.fullmatch(thing)} - THINGS.keys() == set()


def test_a_declared_verb_is_worded_where_it_is_declared() -> None:
    assert urls_inside  # whose screens read every module that declares a verb
    assert {one.id for one in declared()} & VERBS.keys() == set()
    assert {one.kind for one in declared()} <= THINGS.keys()
    assert verb_words("close_case") == "结案"


def test_unknown_codes_stay_and_digests_are_cut() -> None:
    assert verb_words("something_new") == "something_new"
    assert thing_words("person", "3") == "人员 3"
    assert thing_words("audit", "") == "审计日志"
    assert thing_words("artefact", "ab" * 32) == "材料 abababababab……"
