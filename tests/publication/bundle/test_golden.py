"""Every format version's golden bundle keeps verifying, whatever rulebooks and scorers come later."""

from pathlib import Path

import pytest

from kaoping.publication.bundle.container import read
from kaoping.publication.bundle.verify import verify_files

GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.mark.parametrize(
    "folder", sorted(path for path in GOLDEN.iterdir() if path.is_dir()), ids=lambda p: p.name
)
def test_golden_bundle_verifies(folder):
    digest = folder.with_suffix(".digest").read_text(encoding="utf-8").strip()
    verdict = verify_files(read(folder), digest)
    assert verdict.ok, verdict.as_json()
    assert verdict.example
