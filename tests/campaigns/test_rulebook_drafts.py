"""A draft of a rulebook: chosen in a plan, in force when the paper is signed, withdrawn as long as no plan uses it."""

from __future__ import annotations

from typing import Any

import pytest

from kaoping.accounts.actor import Refused
from kaoping.beijing import day_of
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.services import approval, plan
from kaoping.campaigns.services.rulebook import withdraw_rulebook
from kaoping.standards import queries
from kaoping.standards.loading import rulebook_from_files
from kaoping.standards.services import hand_in
from tests.campaigns.examples import Year
from tests.campaigns.rulebook import FILES

pytestmark = pytest.mark.django_db
WHY = "档次写错了，重新交存"


def draft(year: Year, version: str = "draft-1") -> Any:
    files = FILES | {"about.yaml": FILES["about.yaml"].replace("'1'", f"'{version}'")}
    book = rulebook_from_files(files)
    return hand_in(actor=year.handler, rulebook=book, organiser="G1", now=year.tick())


def choose(year: Year, version: Any) -> None:
    plan.set_rulebook(actor=year.handler, campaign=year.campaign, rulebook=version, now=year.tick())


def withdraw(year: Year, version: Any) -> Any:
    return withdraw_rulebook(actor=year.handler, version=version, reason=WHY, now=year.tick())


def test_a_draft_comes_into_force_with_the_plan_that_carries_it(year: Year) -> None:
    version = draft(year)
    choose(year, version)
    today = day_of(year.at)
    assert queries.in_force("G1", today) is None and queries.newest_version() != version
    year.sign("plan")
    assert queries.in_force("G1", today) == version and queries.approved_for() == {version.pk: "2025"}
    assert queries.newest_version() == version
    assert list(campaigns.adoptions_of(version.pk)) == [2025], "its numbers are the office's own from now on"


def test_a_paper_that_goes_back_takes_its_force_with_it(year: Year) -> None:
    choose(year, draft(year))
    for actor in (year.handler, year.head, year.leader):
        approval.approve(actor=actor, campaign=year.campaign, now=year.tick())
    assert queries.approved_for()
    approval.return_approval(actor=year.head, campaign=year.campaign, reason="再议", now=year.tick())
    assert queries.approved_for() == {} and queries.in_force("G1", day_of(year.at)) is None


def test_a_draft_that_no_plan_uses_is_withdrawn_and_never_chosen(year: Year) -> None:
    version = draft(year)
    with pytest.raises(Refused, match="理由至少"):
        withdraw_rulebook(actor=year.handler, version=version, reason="错", now=year.tick())
    gone = withdraw(year, version)
    assert gone.withdrawn.reason == WHY and gone.withdrawn.by == year.handler.name
    assert version not in queries.versions() and queries.withdrawn() == [version]
    with pytest.raises(Refused, match="已经撤回"):
        withdraw(year, gone)
    with pytest.raises(Refused, match="已经撤回"):
        choose(year, version)
    with pytest.raises(Refused, match="交存过，已撤回。请改一个版本号"):
        draft(year)


def test_a_draft_that_a_plan_chose_stays(year: Year) -> None:
    version = draft(year)
    choose(year, version)
    with pytest.raises(Refused, match="2025 年度的方案选用了这一版"):
        withdraw(year, version)
    shipped = queries.versions()[-1]
    with pytest.raises(Refused, match="不撤"):
        withdraw(year, shipped)
