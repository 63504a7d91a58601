"""Modules of the program as syntax trees, each read once for all tests of one process. Nobody changes a tree."""

import ast
from functools import cache
from pathlib import Path


@cache
def tree(path: Path) -> ast.Module:
    """The module's tree."""
    return ast.parse(path.read_text(encoding="utf-8"))
