"""Who calls whom in the program, read from its text: which verbs reach a decision."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "kaoping"
Function = tuple[str, str]  # module, name


def modules(source: Path = SOURCE) -> dict[str, ast.Module]:
    """Every module of the program but migrations, by its dotted name."""
    found = {}
    for path in sorted(source.rglob("*.py")):
        if "migrations" not in path.parts:
            name = ".".join(("kaoping", *path.relative_to(source).with_suffix("").parts))
            found[name.removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def functions(trees: dict[str, ast.Module]) -> dict[Function, ast.FunctionDef]:
    """Every function that stands in a module itself."""
    return {
        (name, one.name): one
        for name, tree in trees.items()
        for one in tree.body
        if isinstance(one, ast.FunctionDef)
    }


def _known_as(name: str, tree: ast.Module, trees: dict[str, ast.Module]) -> dict[str, Function]:
    """What the names at the top of a module mean: (module, '') for a module, (module, function) for what stands in one."""
    known = {one.name: (name, one.name) for one in tree.body if isinstance(one, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                inner = f"{node.module}.{one.name}"
                known[one.asname or one.name] = (inner, "") if inner in trees else (node.module, one.name)
    return known


def _mentioned(function: ast.FunctionDef, known: dict[str, Function]) -> Iterator[Function]:
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in known:
            yield known[node.id]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module, inside = known.get(node.value.id, ("", "-"))
            if not inside:
                yield module, node.attr


def reaching(target: Function, trees: dict[str, ast.Module]) -> set[Function]:
    """Every function that calls ``target``, itself or through others."""
    calls = {}
    for name, tree in trees.items():
        known = _known_as(name, tree, trees)
        for one in tree.body:
            if isinstance(one, ast.FunctionDef):
                calls[name, one.name] = set(_mentioned(one, known))
    found, grown = {target}, True
    while grown:
        more = {one for one, others in calls.items() if one not in found and others & found}
        found |= more
        grown = bool(more)
    return found - {target}


def verbs(trees: dict[str, ast.Module]) -> set[Function]:
    """Public functions that somebody does something by: they take an ``Actor`` and ``now``, both by name."""
    return {
        (module, name)
        for (module, name), function in functions(trees).items()
        if not name.startswith("_") and not module.startswith("kaoping.web") and _is_verb(function)
    }


def _is_verb(function: ast.FunctionDef) -> bool:
    named = {one.arg: ast.unparse(one.annotation) for one in function.args.kwonlyargs if one.annotation}
    return "now" in named and "Actor" in named.values()
