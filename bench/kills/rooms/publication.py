"""Publication: the signed sheet is frozen, refused, frozen again and published, corrected by a second release, and that one is withdrawn."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from bench.installation import late
from bench.kills.comparing import Found, each_once, none_missing
from bench.kills.rooms import correction, plan, scoring, step_back
from bench.kills.rooms.walk import Walk
from bench.kills.told import Told


def publish(walk: Walk) -> None:
    """The result, after it was refused once and its paper was signed; then a correction, which the head withdraws."""
    _freeze(walk, 1)
    step_back.refuse_and_bring_back(walk)
    step_back.rule_and_sign(walk)
    _freeze(walk, 2)
    plan.sign(walk, "result", round_=1)
    _publish(walk, 2)
    walk.told.keep("advance", (walk.year, "published"))  # publishing opens the last gate itself
    correction.correct(walk)
    correction.compute(walk)
    scoring.sign_off(walk, 2)
    _freeze(walk, 3)
    if late("kaoping.campaigns.queries.campaign").correction_missing(walk.campaign):
        plan.sign(walk, "correction", round_=0)
    _publish(walk, 3)
    form = {"reason": "更正有误（示例）", "confirm_year": str(walk.year)}
    path = f"/desk/publication/{walk.year}/{_release(walk, 3).pk}/withdraw/"
    walk.company["head"].act("withdraw", path, form, key=("release", f"{walk.year}-3"))


def _freeze(walk: Walk, number: int) -> None:
    form = {"confirm_year": str(walk.year)}
    path = f"/desk/publication/{walk.year}/freeze/"
    walk.company["handler"].act("freeze", path, form, key=(walk.year, number))


def _publish(walk: Walk, number: int) -> None:
    form = {"confirm_year": str(walk.year), "note": f"第 {number} 次"}
    path = f"/desk/publication/{walk.year}/{_release(walk, number).pk}/publish/"
    walk.company["handler"].act("publish", path, form, key=(walk.year, number))


def _models() -> Any:
    return late("kaoping.publication.models")


def _release(walk: Walk, number: int) -> Any:
    return _models().Release.objects.get(year=walk.year, number=number)


def _frozen(told: Told) -> Found:
    """A release is there once, with the bytes of both bundles."""
    store = late("kaoping.evidence.queries").file_store()
    rows = list(_models().Release.objects.all())
    wrong = sum(1 for one in rows if not (store.verify(one.full_sha256) and store.verify(one.public_sha256)))
    found = each_once(told.acknowledged["freeze"], Counter((one.year, one.number) for one in rows))
    return found.and_also(none_missing(wrong))


def _published(told: Told) -> Found:
    """Published once, and on the shelf as it was frozen; nothing lies there that nobody published."""
    acts = _models().ReleaseAct.objects.filter(kind="published").select_related("release")
    shelf, root = late("kaoping.publication.shelf"), Path(late("django.conf").settings.KAOPING_PUBLISHED)
    lying = {(one.year, one.number): one.facts.get("public_digest") for one in shelf.releases(root)}
    wrong = sum(
        1
        for act in acts
        if lying.pop((act.release.year, act.release.number), None) != act.release.public_digest
    )
    found = each_once(
        told.acknowledged["publish"], Counter((act.release.year, act.release.number) for act in acts)
    )
    return found.and_also(Found(0, wrong, len(lying)))


STORED = {"freeze": _frozen, "publish": _published}
