"""The verbs of the product, as its source names them where it writes the audit log, and those that the bench leaves out."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import kaoping

# Verb to the reason for which no writer covers it. Empty: every verb is covered.
EXCEPTIONS: Final[dict[str, str]] = {
    "retry_link": "a retry needs a page that could not be fetched, and the bench asks for no page outside",
}
# The one door of the log itself passes on what its callers name.
_DOOR: Final = "accounts/services.py"


def in_source() -> set[str]:
    """Every verb named in a call of ``record_act``. Raises ``ValueError`` for a call that hides its verb."""
    root = Path(kaoping.__file__).parent
    found = set()
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and _name(node.func) == "record_act"):
                continue
            verb = node.args[1]
            if isinstance(verb, ast.Constant) and isinstance(verb.value, str):
                found.add(verb.value)
            elif path.relative_to(root).as_posix() != _DOOR:
                raise ValueError(f"{path}:{node.lineno}: the verb is no plain text")
    return found


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
