"""The bench's generated site, crawled by the command: every page, title, index number and dead link, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bench.crawl.site import make_site

from tests.cli.running import environment


def test_the_site_is_the_same_each_time_and_of_the_asked_size():
    one, two = make_site(60), make_site(60)
    assert one.files == two.files and one.dead == two.dead
    assert len(one.titles) == 60
    assert one.dead and one.attachments
    assert all(target not in one.files for _on, target in one.dead)


@pytest.mark.slow
def test_a_whole_site_is_read_without_a_fault():
    done = subprocess.run(
        [sys.executable, "-m", "bench.crawl", "--pages", "120", "--rounds", "1", "--only", "kaoping"],
        env=environment(),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["faults"] == [] and report["dead_links"] > 20
