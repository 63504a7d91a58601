"""The door's own facts: what it needs from the environment and what it must not load."""

import subprocess
import sys
from pathlib import Path

from kaoping.evaluation import intake


def test_polls_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("KAOPING_DATA", str(tmp_path))
    monkeypatch.delenv("KAOPING_PUBLISHED", raising=False)
    assert intake.polls_folder() == tmp_path / "published" / "polls"
    monkeypatch.setenv("KAOPING_PUBLISHED", "/srv/published")
    assert intake.polls_folder() == Path("/srv/published/polls")


def test_the_door_loads_no_django_and_nothing_of_the_desk():
    code = (
        "import sys, kaoping.evaluation.intake as door; "
        "print(sorted(name for name in sys.modules if name.startswith('django') "
        "or name in ('kaoping.evaluation.models', 'kaoping.evaluation.services', 'kaoping.evidence')))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
