"""Whole small years, one after another, from the plan to the withdrawn correction; the clock walks with them."""

from __future__ import annotations

from datetime import date

from bench.kills.city import WALKED
from bench.kills.people import Company
from bench.kills.rooms import evaluation, plan, publication, review, scoring, self_review, severe, step_back
from bench.kills.rooms.walk import Walk
from bench.kills.told import Told


def walk_the_years(told: Told) -> None:
    """Every year that the table of working days knows, until told to stop."""
    company = Company(told)
    for year in WALKED:
        told.passing.at(date(year, 1, 5))
        _walk(Walk(told, company, year))


def _walk(walk: Walk) -> None:
    plan.plan(walk)
    severe.by_two(walk)
    step_back.return_stage(walk, "routine")
    walk.advance("routine", 2)
    evaluation.evaluate(walk)
    self_review.review_themselves(walk)
    review.review(walk)
    scoring.compute(walk)
    walk.advance("preview")
    step_back.return_preview(walk)
    scoring.appeal(walk)
    walk.told.passing.days(14)  # past the last day for appeals
    scoring.compute(walk)
    scoring.sign_off(walk, 0)
    scoring.state_accountability(walk)
    walk.advance("frozen")
    publication.publish(walk)


WRITERS = (("walk_the_years", walk_the_years),)
