"""The verbs of the product, as its source names them where it writes the audit log, and those that the bench leaves out."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import kaoping

# Verb to the reason for which no writer covers it.
_ONE_ROW: Final = "one row in one transaction with its line; the walk by two persons with what is shown once is tests/web/admin"
EXCEPTIONS: Final[dict[str, str]] = {
    "retry_link": "a retry needs a page that could not be fetched, and the bench asks for no page outside",
    "confirm_reset": "what it shows is shown once: with the answer the link is lost, and asked for anew",
    "correct_withdrawal": "the log has its refusals under this name, and the act as the ledger's withdraw, which is covered",
    "correct_restoration": "the log has its refusals under this name, and the act as the ledger's restore, which is covered",
    "use_link": "a link opens once: sent again it is refused, and signing in shows which password holds",
    "see_reset": _ONE_ROW,
    "release_rest": _ONE_ROW,
    "merge_cases": "refused once the round of its lines is closed, as it nearly always is while the bench walks through the "
    "years; one transaction with its lines, sent again it is done once: tests/web/desk/monitoring/test_case_merge.py",
    "end_session": "ends the session that would send it again; what is left is a sign-in, which is covered",
    "enrol_factor": "a card is shown once; sent again it makes a new card and the former one is worth nothing",
    "give_up_factor": _ONE_ROW,
    "recover_account": "a command at the machine, without a form and without an answer to lose",
    "rule": "leaves no line of its own but that of withdraw, in one transaction with whatever called it: clear_finding is covered",
    "confirm_disposal": "leaves no line of its own: destroy_artefact, unseal_artefact and lift_refusal, which it calls, are covered",
    "rename_person": "a command at the machine, without a form and without an answer to lose",
}
# Doors of the log itself pass on what their callers name.
_DOORS: Final = ("accounts/audit.py", "accounts/verbs.py")
# Which argument of a call says the verb.
_NAMES_IT_AT: Final = {"record_act": 1, "verb": 0}


def in_source() -> set[str]:
    """Every verb declared, or named in a call of ``record_act``. Raises ``ValueError`` for one that hides its name."""
    root = Path(kaoping.__file__).parent
    found = set()
    for path in sorted(root.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        doors = {"record_act", "verb"} if _imports_verb(tree) else {"record_act"}
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and _name(node.func) in doors):
                continue
            verb = node.args[_NAMES_IT_AT[_name(node.func)]]
            if isinstance(verb, ast.Constant) and isinstance(verb.value, str):
                found.add(verb.value)
            elif path.relative_to(root).as_posix() not in _DOORS:
                raise ValueError(f"{path}:{node.lineno}: the verb is no plain text")
    return found


def _imports_verb(tree: ast.Module) -> bool:
    """Whether ``verb`` is the declaration here; a screen gives the name to whatever act it was handed."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "kaoping.accounts.verbs"
        and any(one.name == "verb" for one in node.names)
        for node in ast.walk(tree)
    )


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
