"""Views, files, template lines, fields read by hand and names of modules keep within their limits; the exceptions only shrink."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import budgets

LONG_VIEW = "def view(request, year):\n" + "    year += 1\n" * budgets.VIEW_LINES
PLANTED = {
    "views": ("web/desk/planted.py", LONG_VIEW, {"web/desk/planted.py:view": budgets.VIEW_LINES + 1}),
    "files": ("campaigns/planted.py", "X = 1\n" * (budgets.FILE_LINES + 1), {"campaigns/planted.py": 401}),
    "template_lines": (
        "web/desk/templates/desk/planted.html",
        '<p>{{ "<p><p>" }} <a href="#">有 <b>3</b> 处</a></p>\n<div><p>两个</p></div>\n<p>'
        + "长" * 160
        + "</p>\n",
        {"web/desk/templates/desk/planted.html": 2},
    ),
    "posts_by_hand": (
        "web/desk/planted.py",
        'def view(request):\n    form = Form(request.POST or None)\n    if "x" in request.POST:\n'
        '        return request.POST["x"], request.POST.get("y"), request.POST.getlist("z")\n    return form\n',
        {"web/desk/planted.py": 4},
    ),
    "names_of_modules": (
        "web/desk/planted.py",
        "from kaoping.planted import thing as one, thing as other\n"
        "from kaoping.planted import queries, queries as planted\n",
        {"kaoping.planted.thing": 2},
    ),
}


@pytest.mark.parametrize("kind", budgets.KINDS)
def test_nothing_new_stands_over_its_limit(kind):
    measured = budgets.KINDS[kind](budgets.SOURCE)
    assert budgets.faults(kind, measured, budgets.allowed()[kind]) == []


@pytest.mark.parametrize("kind", budgets.KINDS)
def test_a_planted_one_is_found(kind, tmp_path):
    name, text, found = PLANTED[kind]
    for path in (name, "planted/thing.py", "planted/queries.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("", encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-8")
    measured = budgets.KINDS[kind](tmp_path)
    assert measured == found
    assert len(budgets.faults(kind, measured, {})) == 1


def test_an_exception_neither_grows_nor_stays_when_it_is_mended():
    assert budgets.faults("files", {"a.py": 450}, {"a.py": 450}) == []
    [grown] = budgets.faults("files", {"a.py": 451}, {"a.py": 450})
    assert "450 became 451" in grown
    [shrunk] = budgets.faults("files", {"a.py": 420}, {"a.py": 450})
    [gone] = budgets.faults("files", {}, {"a.py": 450})
    assert "tests.budgets" in shrunk and "tests.budgets" in gone


def test_the_command_lowers_and_takes_out_and_adds_nothing(tmp_path, monkeypatch):
    listed = tmp_path / "exceptions.json"
    listed.write_text('{"files": {"a.py": 450, "b.py": 500}}', encoding="utf-8")
    monkeypatch.setattr(budgets, "LIST", listed)
    monkeypatch.setattr(budgets, "KINDS", {"files": lambda _source: {"a.py": 420, "c.py": 600}})
    budgets.main()
    assert budgets.allowed() == {"files": {"a.py": 420}}


def test_every_named_door_still_reads_by_hand():
    """A door that no form has to pass any more is no door."""
    for name in budgets.POST_DOORS:
        assert "request.POST" in (Path(budgets.SOURCE) / name).read_text(encoding="utf-8"), name
