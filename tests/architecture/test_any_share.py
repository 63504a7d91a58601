"""The share of expressions without a type is measured by mypy's report, and one that grows stops ``make lint``."""

from __future__ import annotations

from tests import any_share

REPORT = """\
                     Name   Anys   Exprs   Coverage
---------------------------------------------------
     kaoping.campaigns.logic     90     100     10.00%
             kaoping.website     90     100     10.00%
   kaoping.web.desk.year.plan      3      50     94.00%
        kaoping.web.desk.urls      1      50     98.00%
         kaoping.web.ui.heat      0     100    100.00%
---------------------------------------------------
                       Total    184     400     54.00%
"""


def test_the_share_counts_the_web_alone_and_names_its_parts():
    assert any_share.share(REPORT, "kaoping.web") == (
        2.0,
        {"kaoping.web.desk": 4.0, "kaoping.web.ui": 0.0},
    )


def test_more_than_the_limit_is_told():
    assert any_share.words(REPORT, limit=2.0)[1]
    line, good = any_share.words(REPORT, limit=1.9)
    assert not good
    assert "kaoping.web: 2.00%" in line and "kaoping.web.desk 4.00%" in line


def test_lint_takes_this_step():
    makefile = (any_share.ROOT / "Makefile").read_text(encoding="utf-8")
    assert "-m tests.any_share" in makefile
    assert any_share.LIMIT <= any_share.AIM


def test_a_planted_one_is_found(tmp_path):
    (tmp_path / "planted.py").write_text(
        "from typing import Any\n\n\ndef told(case: Any) -> str:\n    return str(case.title + case.text)\n",
        encoding="utf-8",
    )
    plain = ("--config-file=", "--no-site-packages", str(tmp_path / "planted.py"))
    code, report = any_share.checked(plain)
    line, good = any_share.words(report, limit=any_share.LIMIT, package="planted")
    assert code == 0
    assert not good, line
