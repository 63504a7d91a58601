"""Self-review: units answer with evidence and hand in; the office sends back, and names who did not hand in."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from bench.installation import late
from bench.kills.city import YEAR
from bench.kills.comparing import Found, audit, each_once, last_stands, no_more, none_missing
from bench.kills.people import Person
from bench.kills.rooms.walk import Walk
from bench.kills.told import Told

from kaoping.beijing import BEIJING

CLAIM: Final = "not_applicable"
CLAIMED: Final = ("W1", "K1.2")


def review_themselves(walk: Walk) -> None:
    """W1 claims that an item does not apply, W2 is sent back, W3 is named as missing before it hands in."""
    for unit in ("W1", "W2"):
        _fill(walk, unit)
        _submit(walk, unit, 0)
    _office(walk, "return_to_unit", "W2", "return", 0)
    _fill(walk, "W2")
    _submit(walk, "W2", 1)
    until = late("kaoping.campaigns.queries.period").self_review_until(walk.campaign)
    walk.told.passing.at(until.astimezone(BEIJING).date())  # nobody is late before 24:00 of the promised day
    _office(walk, "name_as_missing", "W3", "missing", 0)
    _office(walk, "return_to_unit", "W3", "return", 1)
    _fill(walk, "W3")
    _submit(walk, "W3", 0)


def keep_writing(told: Told) -> None:
    """A liaison of the open year writes an answer with an address as evidence, and takes it out again."""
    liaison, number = Person(told, "liaison-u1"), 0
    artefacts = late("kaoping.campaigns.models").AnswerArtefact
    base = f"/unit/self-review/{YEAR}/U1/item/K1.1/"
    while True:
        number += 1
        url = f"https://example.test/{number}"
        form = {"level": "", "text": f"第{number}稿", "url": url}
        liaison.act("save_answer", base, form, key=(YEAR, "U1", "K1.1"), value=("", form["text"]))
        told.keep("add_artefact", url)
        if number % 2:
            pk = artefacts.objects.get(url=url).pk
            liaison.act("remove_artefact", f"{base}remove/{pk}/", key=url)
        told.rest(2.5)


def _fill(walk: Walk, unit: str) -> None:
    liaison = walk.company[f"liaison-{unit.lower()}"]
    for item in ("K1.1", "K1.2"):
        claims = (unit, item) == CLAIMED
        text = f"{unit} {item}：{walk.year} 年按要求办理（示例）"
        url = f"https://example.test/{walk.year}/{unit}/{item}"
        form = {"level": CLAIM if claims else "good", "text": text, "url": url}
        liaison.act(
            "save_answer",
            f"/unit/self-review/{walk.year}/{unit}/item/{item}/",
            form,
            key=(walk.year, unit, item),
            value=("" if claims else "good", text),
        )
        walk.told.keep("add_artefact", url)


def _submit(walk: Walk, unit: str, number: int) -> None:
    walk.company[f"liaison-{unit.lower()}"].act(
        "submit_self_review",
        f"/unit/self-review/{walk.year}/{unit}/submit/",
        key=(walk.year, unit, number),
    )


def _office(walk: Walk, verb: str, unit: str, word: str, number: int) -> None:
    path = f"/desk/self-reviews/{walk.year}/unit/{unit}/{word}/"
    walk.company["handler"].act(verb, path, {"reason": f"示例理由{number}"}, key=(walk.year, unit))


def _models() -> Any:
    return late("kaoping.campaigns.models")


def _save_answer(told: Told) -> Found:
    rows = _models().Answer.objects.values_list(
        "self_review__campaign__year", "self_review__organisation__code", "item", "level", "text"
    )
    there = {(year, unit, item): (level, text) for year, unit, item, level, text in rows}
    return last_stands(told.acknowledged["save_answer"], there)


def _add_artefact(told: Told) -> Found:
    there = Counter(_models().AnswerArtefact.objects.values_list("url", flat=True))
    taken_out = set(told.acknowledged["remove_artefact"])
    return each_once(set(told.acknowledged["add_artefact"]) - taken_out, there)


def _remove_artefact(told: Told) -> Found:
    there = set(_models().AnswerArtefact.objects.values_list("url", flat=True))
    wanted = set(told.acknowledged["remove_artefact"])
    return Found(len(wanted - there), len(wanted & there))


def _by_form(verb: str, *, numbered: bool) -> Counter[Any]:
    """Lines of the log by year and unit, numbered when one unit does it more than once."""
    forms = _models().SelfReview.objects.exclude(campaign__year=YEAR)
    names = {
        str(pk): (year, unit)
        for pk, year, unit in forms.values_list("pk", "campaign__year", "organisation__code")
    }
    seen: Counter[Any] = Counter()
    made: Counter[Any] = Counter()
    for pk in audit(verb).order_by("id").values_list("thing_id", flat=True):
        if pk in names:
            made[(*names[pk], seen[pk]) if numbered else names[pk]] += 1
            seen[pk] += 1
    return made


def _submit_self_review(told: Told) -> Found:
    """Each time once, and at the end one standing line of the ledger for each answer."""
    observations = late("kaoping.evidence.models").Observation.objects.filter(source="self")
    replaced = set(observations.exclude(supersedes="").values_list("supersedes", flat=True))
    standing = Counter(
        (instant.year, unit, item)
        for uid, unit, item, instant in observations.values_list("uid", "unit", "item", "observed_at")
        if uid not in replaced
    )
    twice = sum(n - 1 for n in standing.values())
    units = {(year, unit) for year, unit, _number in told.acknowledged["submit_self_review"]}
    missing = sum(1 for year, unit in units for item in ("K1.1", "K1.2") if not standing[(year, unit, item)])
    found = each_once(told.acknowledged["submit_self_review"], _by_form("submit_self_review", numbered=True))
    return found.and_also(no_more(twice)).and_also(none_missing(missing))


def _return_to_unit(told: Told) -> Found:
    return each_once(told.acknowledged["return_to_unit"], _by_form("return_to_unit", numbered=False))


def _name_as_missing(told: Told) -> Found:
    return each_once(told.acknowledged["name_as_missing"], _by_form("name_as_missing", numbered=False))


WRITERS = (("keep_writing", keep_writing),)
STORED = {
    "save_answer": _save_answer,
    "add_artefact": _add_artefact,
    "remove_artefact": _remove_artefact,
    "submit_self_review": _submit_self_review,
    "return_to_unit": _return_to_unit,
    "name_as_missing": _name_as_missing,
}
# Only a changed level, and only evidence that was not offered before, are lines of the log.
SELDOM = frozenset({"save_answer", "add_artefact"})
