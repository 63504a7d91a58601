"""The real intake process, killed under load: nothing acknowledged is lost, nothing doubles."""

import pytest
from bench.kill_intake import run


@pytest.mark.slow
def test_three_kills_lose_and_double_nothing(tmp_path, monkeypatch):
    monkeypatch.delenv("KAOPING_BALLOT_DATABASE_URL", raising=False)
    report = run(kills=3, writers=4, seed=7, folder=tmp_path)
    assert report.acknowledged > 0
    assert (report.lost, report.opinions_lost, report.opinions_doubled) == (0, 0, 0)
    assert report.stored == report.opened >= report.acknowledged
    assert report.opinions_delivered >= report.opinions_acknowledged > 0
