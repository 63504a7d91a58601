"""The log's filter and rows name every verb, the worker's as well, in a process that serves screens only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "kaoping.config.settings_test"
import django
django.setup()
import kaoping.config.urls_inside
from kaoping.web.admin.words import verb_titles
from tests.declared import verbs
titles = set(verb_titles())
print(sorted({one.declared.id for one in verbs().values()} - titles))
"""


def test_every_verb_of_the_program_has_its_title_where_screens_are_served() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
