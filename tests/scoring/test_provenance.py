"""Where a number comes from: a name may stand in the law while the points do not."""

from datetime import date

import pytest

from kaoping.scoring import provenance
from kaoping.scoring.provenance import ADOPTED, DERIVED, LAW, PROPOSED, PUBLISHED, Adoption
from kaoping.standards.loading import RulebookError, load_rulebook, rulebook_from_files

PLAN = Adoption("领导小组领导", date(2025, 3, 20), "样政公开〔2025〕1号")


def test_the_points_of_a_branch_are_as_sure_as_the_least_sure_below():
    rubric = load_rulebook("changzhou-2020").rubric
    for top in rubric.indicators:
        if top.children:
            assert top.confidence == LAW, "the name stands in the regulation"
            assert provenance.of_number(top) == PROPOSED, top.code


@pytest.mark.parametrize(
    ("written", "before", "after"),
    [
        (LAW, "条文规定", "条文规定"),
        (PUBLISHED, "公开发布", "公开发布"),
        (DERIVED, "推得，待核", "本级审定（样政公开〔2025〕1号）"),
        (PROPOSED, "建议值，待核", "本级审定（样政公开〔2025〕1号）"),
    ],
)
def test_what_no_text_gives_is_open_until_the_plan_decides_it(written, before, after):
    assert provenance.words(written) == before
    assert provenance.words(written, PLAN) == after
    assert provenance.is_open(written) == ("待核" in before)
    assert not provenance.is_open(written, PLAN)


def test_before_its_number_is_given_the_paper_is_named_by_its_day():
    assert (
        provenance.words(PROPOSED, Adoption("领导", date(2025, 3, 20)))
        == "本级审定（方案 2025年3月20日批准）"
    )


def test_no_rulebook_says_of_itself_that_it_was_adopted():
    files = dict(load_rulebook("changzhou-2020").files)
    files["rubric.yaml"] = files["rubric.yaml"].replace(
        ", confidence: proposed}", f", confidence: {ADOPTED}}}", 1
    )
    with pytest.raises(RulebookError, match="adopted 由程序在年度方案批准时记"):
        rulebook_from_files(files)
