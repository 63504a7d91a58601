"""Score sheets, appeals against them, the second person's signature, the note for the annual report."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from bench.installation import late
from bench.kills.city import UNITS, WALKERS, YEAR
from bench.kills.comparing import Found, each_once, each_sending, last_stands, no_more, none_missing
from bench.kills.people import Person
from bench.kills.rooms.walk import Walk, walked
from bench.kills.told import Told

APPEALED: Final = (("W2", "K1.1", "upheld"), ("W3", "K1.1", "rejected"))
WITHDRAWN: Final = ("W1", "K1.1")
POINTS: Final = "39"


def compute(walk: Walk) -> None:
    """The office computes a sheet."""
    count = walk.told.acts["compute_sheet"]
    walk.company["handler"].act(
        "compute_sheet", f"/desk/scoring/{walk.year}/compute/", key=(walk.year, count)
    )


def appeal(walk: Walk) -> None:
    """Two units ask for review of an item; one is upheld, one is not; a third takes its appeal back."""
    for unit, item, _outcome in APPEALED:
        form = {"claim": f"{walk.year} 年的材料当时已经公开（示例）", "url": "https://example.test/proof"}
        path = f"/unit/preview/{walk.year}/{unit}/{item}/"
        walk.company[f"liaison-{unit.lower()}"].act("file_appeal", path, form, key=(walk.year, unit, item))
    unit, item = WITHDRAWN
    path, key = f"/unit/preview/{walk.year}/{unit}", (walk.year, unit, item)
    liaison = walk.company[f"liaison-{unit.lower()}"]
    form = {"claim": f"{walk.year} 年的材料待核（示例）", "url": ""}
    liaison.act("file_appeal", f"{path}/{item}/", form, key=key)
    [row] = walked("Appeal", campaign__year=walk.year, organisation__code=unit, item=item)
    liaison.act("withdraw_appeal", f"{path}/appeal/{row.pk}/withdraw/", {"reason": "看错了（示例）"}, key=key)
    walk.advance("appeals")
    for unit, item, outcome in APPEALED:
        [row] = walked("Appeal", campaign__year=walk.year, organisation__code=unit, item=item)
        upheld = outcome == "upheld"
        form = {"outcome": outcome, "points": POINTS if upheld else "", "decision": "已核对（示例）"}
        form |= {"seen": f"{POINTS}|" if upheld else "", "withdraws": ""}
        path, key = f"/review/appeals/{row.pk}/", (walk.year, unit, item)
        walk.company["decider"].act("decide_appeal", path, form, key=key, value=outcome)
        if upheld:  # the sheet after the appeal belongs to the same act
            walk.told.keep("compute_sheet", (walk.year, "appeal"))


def sign_off(walk: Walk, number: int) -> None:
    """The second person signs the latest sheet."""
    form = {"confirm_year": str(walk.year)}
    walk.company["signer"].act(
        "sign_off", f"/desk/scoring/{walk.year}/sign-off/", form, key=(walk.year, number)
    )


def appealed_line(walk: Walk) -> str:
    """The line of the ledger that the upheld appeal of the year left."""
    [row] = walked("Appeal", campaign__year=walk.year, outcome="upheld")
    return str(row.observation)


def state_accountability(walk: Walk) -> None:
    """A unit states 责任追究 for its annual report."""
    ways = f"{walk.year} 年责令检查 1 件次（示例）"
    form = {"choice": "some", "cases": "1", "ways": ways, "authority": "示例机关〔2025〕1号"}
    path = f"/unit/report/{walk.year}/W2/accountability/"
    walk.company["liaison-w2"].act("state_accountability", path, form, key=walk.year, value=ways)


def keep_computing(told: Told) -> None:
    """The office computes the sheet of the open year; each one is kept."""
    handler = Person(told, "handler")
    while True:
        count = told.acts["compute_sheet"]
        handler.act("compute_sheet", f"/desk/scoring/{YEAR}/compute/", key=(YEAR, count))
        told.rest(15)


def _sheets(told: Told) -> Found:
    """A sheet is there whole or not at all."""
    models = late("kaoping.campaigns.models")
    units = Counter(models.SheetUnit.objects.values_list("sheet_id", flat=True))
    broken = 0
    # A sheet that equals the one before keeps its lines there.
    for pk, same_as, year in models.Sheet.objects.values_list("pk", "same_as", "campaign__year"):
        broken += int(units[same_as or pk] != (len(UNITS) if year == YEAR else len(WALKERS)))
    sent = each_sending(told, "compute_sheet", models.Sheet.objects.count())
    return sent.and_also(none_missing(broken))


def _file_appeal(told: Told) -> Found:
    rows = walked("Appeal").values_list("campaign__year", "organisation__code", "item")
    return each_once(told.acknowledged["file_appeal"], Counter(rows))


def _decide_appeal(told: Told) -> Found:
    """Decided as acknowledged; each upheld one is one line of the ledger and one sheet."""
    rows = walked("Appeal").exclude(outcome__in=("", "withdrawn"))
    there = {tuple(row[:3]): row[3] for row in rows.values_list(*_KEY, "outcome")}
    upheld = [key for key, outcome in told.acknowledged["decide_appeal"].items() if outcome == "upheld"]
    lines = late("kaoping.evidence.models").Observation.objects.filter(
        source="office", kind="points", uid__startswith="appeal-"
    )
    points = Counter(
        (at.year, unit, item) for at, unit, item in lines.values_list("observed_at", "unit", "item")
    )
    sheets = Counter(walked("Sheet", occasion="appeal").values_list("campaign__year", flat=True))
    found = last_stands(told.acknowledged["decide_appeal"], there)
    found = found.and_also(no_more(len(there) - len(told.acknowledged["decide_appeal"])))
    return found.and_also(each_once(upheld, points)).and_also(each_once((key[0] for key in upheld), sheets))


def _withdraw_appeal(told: Told) -> Found:
    rows = walked("Appeal", outcome="withdrawn").values_list(*_KEY)
    return each_once(told.acknowledged["withdraw_appeal"], Counter(rows))


_KEY: Final = ("campaign__year", "organisation__code", "item")


def _sign_off(told: Told) -> Found:
    return each_once(told.acknowledged["sign_off"], _numbered(walked("SignOff", "sheet__campaign__year")))


def _numbered(rows: Any) -> Counter[Any]:
    seen: Counter[int] = Counter()
    made: Counter[Any] = Counter()
    for year in rows.order_by("id").values_list("sheet__campaign__year", flat=True):
        made[(year, seen[year])] += 1
        seen[year] += 1
    return made


def _state_accountability(told: Told) -> Found:
    """Stated once: a form sent again adds no second line."""
    rows = list(walked("AccountabilityStatement").values_list("campaign__year", "ways"))
    found = last_stands(told.acknowledged["state_accountability"], dict(rows))
    return found.and_also(
        each_once(told.acknowledged["state_accountability"], Counter(year for year, _ in rows))
    )


WRITERS = (("keep_computing", keep_computing),)
STORED = {
    "compute_sheet": _sheets,
    "file_appeal": _file_appeal,
    "decide_appeal": _decide_appeal,
    "withdraw_appeal": _withdraw_appeal,
    "sign_off": _sign_off,
    "state_accountability": _state_accountability,
}
