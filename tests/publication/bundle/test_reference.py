"""The reference in ``docs`` says what the program does: schemas fit, documented files, fields and steps are the real ones."""

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from kaoping.foreign.container import write_folder
from kaoping.publication.bundle.build import MANIFEST, public_part
from kaoping.publication.bundle.canonical import loads
from kaoping.publication.bundle.levels import LEVELS
from kaoping.publication.bundle.verify import verify_files
from tests.publication.bundle.examples import RULEBOOK
from tests.publication.bundle.test_verify import FILES

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = (DOCS / "reference" / "bundle.md").read_text(encoding="utf-8")


def schema(name):
    return json.loads((DOCS / "reference" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("level", list(LEVELS))
def test_manifests_and_verdicts_fit_their_schemas(level):
    files = public_part(FILES, level, loads(FILES[MANIFEST]), RULEBOOK, loads(FILES["results.json"]))
    jsonschema.validate(loads(files[MANIFEST]), schema("manifest"))
    jsonschema.validate(verify_files(files).as_json(), schema("verdict"))
    jsonschema.validate(verify_files({}).as_json(), schema("verdict"))


def test_results_and_observations_fit_their_schemas():
    jsonschema.validate(loads(FILES["results.json"]), schema("results"))
    for line in FILES["observations.jsonl"].splitlines():
        jsonschema.validate(loads(line), schema("observation"))


def test_every_file_field_and_level_is_in_the_reference():
    names = {name for name in FILES if not name.startswith("rulebook/")} | {"rulebook/"}
    for word in names | set(loads(FILES[MANIFEST])) - {"kind"} | set(LEVELS):
        assert f"`{word}`" in REFERENCE, word


def test_the_check_by_hand_in_the_guide_works(tmp_path):
    script = re.search(
        r'python3 -c "\n(.*?)\n"\n', (DOCS / "verify.md").read_text(encoding="utf-8"), re.S
    ).group(1)
    write_folder(FILES, tmp_path / "b")
    run = [sys.executable, "-X", "utf8", "-c", script]
    good = subprocess.run(run, cwd=tmp_path / "b", capture_output=True, text=True, encoding="utf-8")
    assert good.stdout.count("一致") == len(FILES) - 1
    (tmp_path / "b" / "units.csv").write_bytes(b"x")
    bad = subprocess.run(run, cwd=tmp_path / "b", capture_output=True, text=True, encoding="utf-8")
    assert "不同 units.csv" in bad.stdout
