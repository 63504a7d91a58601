"""How long, how many and under how many names: what keeps the house readable, measured, with today's exceptions.

``tests/architecture/exceptions.json`` names whatever stands over a limit today, with its measure. The list may only shrink: nothing
joins it, nothing on it may grow, and what no longer needs it has to leave it. ``python -m tests.budgets`` takes out and lowers
what was mended, and adds nothing.
"""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tests.parsed import tree

ROOT: Final = Path(__file__).parents[1]
SOURCE: Final = ROOT / "src" / "kaoping"
LIST: Final = ROOT / "tests" / "architecture" / "exceptions.json"

VIEW_LINES: Final = 40
FILE_LINES: Final = 400
TEMPLATE_SIGNS: Final = 160

# Where what somebody typed is read by its name in the request: what every form carries beside its fields, and what is no form.
POST_DOORS: Final = {
    "web/ui/editing.py": "the edition of a form, and its fields where a writer gave up the own text",
    "web/ui/requests.py": "the pledge",
    "web/ui/typed.py": "what was typed in vain, given back",
    "web/ui/readable.py": "bytes that are no characters",
    "web/ui/look.py": "the look of a page, on both faces",
    "web/gate/bounds.py": "how long the fields are, before any form",
    "web/gate/middleware.py": "the ticket of words that were kept",
    "web/gate/throttle.py": "the name under which a failure is counted",
    "web/gate/words.py": "sealed words, between the browser and its own person",
}
# What stands inside a line of text and makes no line of its own.
INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "br",
        "code",
        "em",
        "i",
        "option",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "wbr",
    ]
)
# What each app calls its parts: whoever speaks of one app alone may say the part's own name.
PARTS: Final = frozenset(["jobs", "logic", "models", "policy", "queries", "services"])

_BLOCK: Final = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
_OPENS: Final = re.compile(r"<([a-z][a-z0-9-]*)")

Measured = dict[str, int]


def _files(source: Path, pattern: str = "*.py") -> list[tuple[str, Path]]:
    found = sorted(path for path in source.rglob(pattern) if "migrations" not in path.parts)
    return [(path.relative_to(source).as_posix(), path) for path in found]


def _web(source: Path) -> Iterator[tuple[str, Path]]:
    return ((name, path) for name, path in _files(source) if name.startswith("web/"))


def views(source: Path = SOURCE) -> Measured:
    """Functions of the web that take a request, with more lines than one sees at once. Decorators are not counted."""
    return {
        f"{name}:{one.name}": lines
        for name, path in _web(source)
        for one in tree(path).body
        if isinstance(one, ast.FunctionDef) and one.args.args and one.args.args[0].arg == "request"
        if (lines := (one.end_lineno or one.lineno) - one.lineno + 1) > VIEW_LINES
    }


def files(source: Path = SOURCE) -> Measured:
    """Files with more lines than one duty needs."""
    return {
        name: lines
        for name, path in _files(source)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }


def template_lines(source: Path = SOURCE) -> Measured:
    """Templates, each with the number of its lines that are too long or begin several elements."""
    found = {}
    for name, path in _files(source, "*.html"):
        lines = path.read_text(encoding="utf-8").splitlines()
        over = sum(len(line) > TEMPLATE_SIGNS or _elements(line) > 1 for line in lines)
        if over:
            found[name] = over
    return found


def _elements(line: str) -> int:
    return sum(tag not in INLINE for tag in _OPENS.findall(_BLOCK.sub("", line)))


def posts_by_hand(source: Path = SOURCE) -> Measured:
    """Files of the web that read single fields out of a request, each with how often, beside the named doors."""
    found: Measured = defaultdict(int)
    for name, path in _web(source):
        if name in POST_DOORS:
            continue
        for node in ast.walk(tree(path)):
            read: ast.AST | None = None
            if isinstance(node, ast.Attribute) or isinstance(node, ast.Subscript):
                read = node.value
            elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
                read = node.comparators[0]
            if isinstance(read, ast.Attribute) and ast.unparse(read) == "request.POST":
                found[name] += 1
    return dict(found)


def names_of_modules(source: Path = SOURCE) -> Measured:
    """Modules that are imported under several names, with how many: one thing, one name.

    A part of an app (``queries`` …) may be called so wherever one app alone is spoken of, and by one other name elsewhere.
    """
    modules = {f"kaoping.{name.removesuffix('.py').replace('/', '.')}" for name, _path in _files(source)}
    called: dict[str, set[str]] = defaultdict(set)
    for _name, path in _files(source):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module:
                for one in node.names:
                    if (module := f"{node.module}.{one.name}") in modules:
                        called[module].add(one.asname or one.name)
    for module, names in called.items():
        own = module.rpartition(".")[2]
        if own in PARTS and len(names) > 1:
            names.discard(own)
    return {module: len(names) for module, names in sorted(called.items()) if len(names) > 1}


KINDS: Final[dict[str, Callable[[Path], Measured]]] = {
    "views": views,
    "files": files,
    "template_lines": template_lines,
    "posts_by_hand": posts_by_hand,
    "names_of_modules": names_of_modules,
}
REMEDIES: Final = {
    "views": f"a view over {VIEW_LINES} lines: put what it decides and what it shows into functions of their own",
    "files": f"a file over {FILE_LINES} lines: divide it by what it is for",
    "template_lines": f"a template with lines over {TEMPLATE_SIGNS} signs, or with several elements in a line: break them",
    "posts_by_hand": "fields read out of request.POST: let a Django form read them, and ask it by kaoping.web.ui.filled",
    "names_of_modules": "a module under several names: call it what the others call it",
}


def allowed() -> dict[str, Measured]:
    """Today's exceptions by kind, each with its measure."""
    listed: dict[str, Measured] = json.loads(LIST.read_text(encoding="utf-8"))
    return listed


def faults(kind: str, measured: Measured, listed: Measured) -> list[str]:
    """What is over its limit without standing on the list, what grew, and what the list no longer needs to say."""
    new = [f"{one}: {size}" for one, size in measured.items() if one not in listed]
    grown = [
        f"{one}: {listed[one]} became {size}"
        for one, size in measured.items()
        if one in listed and size > listed[one]
    ]
    words = [f"{REMEDIES[kind]} – {one}" for one in new + grown]
    gone = [one for one, size in listed.items() if measured.get(one, 0) < size]
    return words + [f"mended, so run “python -m tests.budgets” – {one}" for one in gone]


def main() -> None:
    """Take out of the list what no longer needs it, and lower what shrank."""
    listed = allowed()
    kept = {
        kind: {one: min(size, now[one]) for one, size in listed[kind].items() if one in now}
        for kind, measure in KINDS.items()
        for now in [measure(SOURCE)]
    }
    LIST.write_text(json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
