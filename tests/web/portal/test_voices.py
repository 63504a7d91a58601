"""Shares of all units together: over which units, and which are left out of which question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from kaoping.scoring.organised import OrganisedYear
from kaoping.web.portal import city
from kaoping.web.portal.findings import findings
from kaoping.web.portal.published import Content, Release, content, standing
from kaoping.web.portal.voices import comparable, voices
from tests.web.portal import publishing


@pytest.fixture
def release(folder: Path) -> Release:
    publishing.publish(folder, 2025)
    found = standing(OrganisedYear("", 2025))
    assert found is not None
    return found


@pytest.fixture
def uneven(release: Release) -> Content:
    """The year where the first unit, which has a grade, has too few answers to one question alone."""
    found = content(release)
    question = next(iter(found.tallies["U1"]))
    cut = {"question": question, "options": None, "n": 29}
    return replace(found, tallies={**found.tallies, "U1": {**found.tallies["U1"], question: cut}})


def test_each_question_tells_how_many_units_it_leaves_out(release: Release, uneven: Content) -> None:
    # U8 has too few answers to everything.
    assert {one["left_out"] for one in voices(content(release))} == {1}
    assert sorted(one["left_out"] for one in voices(uneven)) == [1, 1, 1, 2]


def test_only_what_every_question_holds_is_compared(release: Release, uneven: Content) -> None:
    said, units = comparable(uneven)
    assert units == 6 and len({one["units"] for one in said}) == 1
    words = "".join(one["text"] for one in findings(release, uneven))
    assert "各题都并入的 6 个单位合计" in words


def test_the_note_says_what_the_numbers_are(
    visitor: Client, release: Release, uneven: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visitor.get("/2025/").content.decode()
    assert page.count("没有并入 1 个单位") == 4 and "不能直接相比" not in page
    assert "作出评价满 30 份（待核）的单位" in page and "并入的单位里回答这一题的问卷" in page
    monkeypatch.setattr(city, "content", lambda _release: uneven)
    page = visitor.get("/2025/").content.decode()
    assert page.count("没有并入 1 个单位") == 3 and "没有并入 2 个单位" in page and "不能直接相比" in page
    assert "没有并入" not in visitor.get("/2025/U1/").content.decode()
