"""Text from outside meets linear patterns only, and every pattern can be measured.

``bench.linear`` measures; here it is counted: who may import ``re``, and that no pattern hides from the bench.
"""

import ast
from pathlib import Path

import pytest

from tests.parsed import tree

SOURCE = Path(__file__).parents[2] / "src" / "kaoping"
# Packages that read what people and sites hand in.
READERS = (
    "accounts", "checks", "crawling", "evaluation", "evidence", "inspection", "publication", "rectification", "registry", "reporting",
    "standards", "support", "web",
)  # fmt: skip
# A file, or a folder ending in a slash: why it may use ``re`` all the same.
EXCEPTIONS: dict[str, str] = {}


def files(package):
    return sorted(path for path in (SOURCE / package).rglob("*.py") if "migrations" not in path.parts)


def name(path):
    return path.relative_to(SOURCE).as_posix()


def imports_re(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import) and any(one.name.partition(".")[0] == "re" for one in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "re":
            return True
    return False


def test_readers_use_the_one_door():
    found = [
        name(path)
        for package in READERS
        for path in files(package)
        if imports_re(path) and not name(path).startswith(tuple(EXCEPTIONS))
    ]
    assert found == []


def test_every_exception_has_an_argument():
    assert all(len(reason) > 60 for reason in EXCEPTIONS.values())


@pytest.mark.parametrize("planted", ["import re", "from re import compile", "import re as r"])
def test_a_planted_import_is_seen(tmp_path, planted):
    path = tmp_path / "planted.py"
    path.write_text(planted)
    assert imports_re(path)


def test_every_pattern_stands_at_the_top_of_its_module_where_the_bench_finds_it():
    hidden = []
    for path in sorted(SOURCE.rglob("*.py")):
        if name(path).startswith("patterns/"):
            continue
        module = tree(path)
        top = [node for node in module.body if isinstance(node, ast.Assign | ast.AnnAssign)]
        seen = {id(call) for node in top for call in ast.walk(node)}
        hidden += [
            f"{name(path)}:{node.lineno}"
            for node in ast.walk(module)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "linear"
            and id(node) not in seen
        ]
    assert hidden == []


def test_the_bench_finds_as_many_patterns_as_the_source_compiles():
    from bench.linear import patterns  # noqa: PLC0415 - loads the whole product

    found = {pattern.pattern for pattern in patterns().values()}
    modules = {key.partition(":")[0] for key in patterns()}
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "= linear(" in text and not name(path).startswith("patterns/"):
            assert name(path).removesuffix(".py").replace("/", ".") in modules, name(path)
    assert len(found) > 30
