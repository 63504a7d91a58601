"""Nothing in the program is there for nobody: what only tests call is no part of it."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.parsed import tree

SOURCE = Path(__file__).parents[2] / "src" / "kaoping"
WORD = re.compile(r"[A-Za-z_]\w*")
# Modules whose names somebody else reads by what they are called: Django the settings, addresses and apps.
READ_BY_NAME = re.compile(r"config/\w+\.py|(?:.*/)?(?:urls|apps|policy)\.py")
# Names that a library calls.
CALLED_BY_OTHERS = {
    "Meta": "Django: options of a model",
    "state_forwards": "Django: an operation of a migration",
    "database_forwards": "Django: an operation of a migration",
    "database_backwards": "Django: an operation of a migration",
    "create_model_instance": "Django: session store",
    "acreate_model_instance": "Django: session store",
    "get_model_class": "Django: session store",
    "_get_session_from_db": "Django: session store",
    "_aget_session_from_db": "Django: session store",
    "get_by_natural_key": "Django: finds a person by the sign-in name",
    "get_help_text": "Django: a rule of passwords",
    "process_exception": "Django: middleware",
    "process_view": "Django: middleware",
    "to_python": "Django: a converter of addresses",
    "to_url": "Django: a converter of addresses",
    "handleError": "logging: a handler that failed",
    "do_GET": "http.server: a request",
    "log_message": "http.server: a line of its log",
    "format_usage": "argparse: the short help",
    "writelines": "io: a stream that takes the place of standard output",
    "groupdict": "the interface of re.Match, whose place it takes",
    "destroy_bytes": "the worker: jobs of this name may wait in installations of the first release",
}


def defined(path: Path) -> Iterator[str]:
    """Functions, methods and classes of a module that nobody registers by a decorator, and its constants."""
    module = tree(path)
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            registered = [one for one in node.decorator_list if isinstance(one, ast.Call)]
            if not registered or isinstance(node, ast.ClassDef):
                yield node.name
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                yield target.id


def test_every_name_is_spoken_of_besides_where_it_is_defined():
    words, made, places = Counter[str](), Counter[str](), {}
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in (".py", ".html", ".js", ".txt", ".xml"):
            continue
        words.update(WORD.findall(path.read_text(encoding="utf-8")))
        where = path.relative_to(SOURCE).as_posix()
        if path.suffix != ".py" or "migrations" in path.parts or READ_BY_NAME.fullmatch(where):
            continue
        for name in defined(path):
            made[name] += 1
            places[name] = where
    unused = [
        f"{places[name]}: {name}"
        for name, times in sorted(made.items())
        if words[name] <= times
        and name not in CALLED_BY_OTHERS
        and not re.fullmatch(r"__\w+__|clean_\w+", name)
    ]
    assert unused == [], "nobody in the program calls these: remove them, or say in CALLED_BY_OTHERS who does"
    assert set(CALLED_BY_OTHERS) <= set(made)
