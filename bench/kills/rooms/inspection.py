"""Inspection: visits with a photo, rulings by two on their lines, and draws that are committed before they are run."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any, Final

from bench.installation import late
from bench.kills.browsing import File
from bench.kills.city import VISITED
from bench.kills.comparing import Found, each_once, no_more, none_missing
from bench.kills.people import Company, Person
from bench.kills.rooms import ledger
from bench.kills.rooms.ledger import PLEDGE
from bench.kills.told import Told
from bench.small_disk import when_there_is_room

from kaoping.beijing import BEIJING

# What is said of a ruling while the year's result is frozen.
FROZEN: Final = "结果已经签发冻结"


def visit(told: Told) -> None:
    """An inspector sees a fault at another place each time, sometimes none; the office doubts each line."""
    inspector, company, number = Person(told, "inspector"), Company(told), 0
    picture = late("kaoping.cli.demo.routine").picture
    while True:
        number += 1
        met = number % 4 == 0
        place = f"第{number}查阅点"
        form = {"place": place, "item": "K4.3.p", "outcome": "met" if met else "not_met"}
        form |= {"note": "" if met else "没有指南（示例）", "client_id": f"visit-{number}"}
        form |= PLEDGE | {"visited_at": f"{told.passing.now.astimezone(BEIJING):%Y-%m-%dT%H:%M}"}
        photo = File("photo", "现场.png", picture(place))
        inspector.act("record_visit", f"/field/visit/{VISITED}/", form, file=photo, key=form["client_id"])
        if not met:
            told.keep("open_case", place)
        if number % 3 == 2:
            join = {"act": "join", "place": place, "same_as": f"第{number - 1}查阅点"}
            company["handler"].act("name_place", f"/desk/visits/places/{VISITED}/", join, key=place)
        _rule(company, f"visit-{form['client_id']}", agrees=met)
        told.rest(6.25)


def _rule(company: Company, uid: str, *, agrees: bool) -> None:
    """The office proposes that a line should not stand; its head agrees (then it is withdrawn) or does not.

    While the year's result is frozen nobody may. Of a form that was cut off just before the freezing and is refused when it
    is sent again, the ledger says whether it had been taken.
    """
    handler, head, acts = (
        company["handler"],
        company["head"],
        late("kaoping.evidence.queries.acts").rulings_on,
    )
    proposed = ledger.move(handler, "propose_ruling", uid, "rule", key=uid, unless=FROZEN)
    if not proposed:
        if not acts(uid):
            return
        handler.told.keep("propose_ruling", uid)
    done = ledger.move(
        head, "second_ruling", uid, "agree" if agrees else "disagree", key=(uid, agrees), unless=FROZEN
    )
    if not done:
        if acts(uid)[0].agreed is None:
            return
        head.told.keep("second_ruling", (uid, agrees))
    if agrees:
        head.told.keep("withdraw", ("line", uid))


def draw(told: Told) -> None:
    """A draw is committed, then run with a public value."""
    handler, number = Person(told, "handler"), 0
    while True:
        number += 1
        title = f"第{number}次抽查"
        # Months pass before a form goes out that has to wait: two years ahead are still ahead then.
        ahead = f"{told.passing.now.astimezone(BEIJING) + timedelta(days=730):%Y-%m-%d}"
        form = {"title": title, "size-0": "1", "source": "示例彩票第1期", "source_on": ahead}
        handler.act("commit_draw", "/desk/visits/draws/", form, key=title)
        pk = _published(told, title)
        if pk is None:
            continue
        when_there_is_room(partial(_value_is_out, told, pk))
        handler.act("run_draw", f"/desk/visits/draws/{pk}/", {"public_value": f"开奖{number:05d}"}, key=title)
        told.rest(5)


def _published(told: Told, title: str) -> int | None:
    """The draw's number, once the worker has put its commitment on the shelf; None when that takes minutes."""
    for _ in range(30):
        found = _draws().filter(title=title, published_at__isnull=False).order_by("pk").first()
        if found is not None:
            return int(found.pk)
        told.rest(4)
    return None


def _value_is_out(told: Told, pk: int) -> None:
    """The public value comes out in two years and the bench lives for minutes: here it came out yesterday, on the shelf too."""
    yesterday = told.passing.now.date() - timedelta(days=1)
    path = told.passing.folder / "published" / "draws" / f"{pk}.json"
    there = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**there, "source_on": yesterday.isoformat()}), encoding="utf-8")
    _draws().filter(pk=pk).update(source_on=yesterday)


def _draws() -> Any:
    return late("kaoping.inspection.models").Draw.objects


def _record_visit(told: Told) -> Found:
    """One visit is one line of the ledger, with its photo."""
    rows = late("kaoping.inspection.models").Visit.objects.all()
    store = late("kaoping.evidence.queries").file_store()
    known = set(late("kaoping.evidence.models").Observation.objects.values_list("uid", flat=True))
    wrong = sum(1 for row in rows if row.observation not in known or not store.verify(row.photo))
    found = each_once(told.acknowledged["record_visit"], Counter(row.client_id for row in rows))
    lines = sum(1 for uid in known if uid.startswith("visit-visit-"))
    return found.and_also(none_missing(wrong)).and_also(no_more(lines - len(rows)))


def _commit_draw(told: Told) -> Found:
    return each_once(told.acknowledged["commit_draw"], Counter(_draws().values_list("title", flat=True)))


def _name_place(told: Told) -> Found:
    """Every name that was said to mean another place means it, once."""
    rows = (
        late("kaoping.registry.models").Place.objects.filter(organisation__code=VISITED).exclude(same_as=None)
    )
    return each_once(told.acknowledged["name_place"], Counter(rows.values_list("name", flat=True)))


def _propose_ruling(told: Told) -> Found:
    return each_once(told.acknowledged["propose_ruling"], Counter(_rulings().values_list("line", flat=True)))


def _second_ruling(told: Told) -> Found:
    """Answered once, in the words of the head; withdrawals are compared where the ledger's are."""
    seconds = late("kaoping.evidence.models").Second.objects.values_list("act__line", "agreed")
    return each_once(told.acknowledged["second_ruling"], Counter(seconds))


def _rulings() -> Any:
    return late("kaoping.evidence.models").Act.objects.filter(takes_two=True)


def _run_draw(told: Told) -> Found:
    """Run once, with a protocol that draws the same again."""
    rows = [row for row in _draws().all() if row.drawn_at]
    redraw = late("kaoping.inspection.queries").redraw
    wrong = sum(1 for row in rows if redraw(row))
    found = each_once(told.acknowledged["run_draw"], Counter(row.title for row in rows))
    return found.and_also(none_missing(wrong))


WRITERS = (("visit", visit), ("draw", draw))
STORED = {
    "record_visit": _record_visit,
    "name_place": _name_place,
    "propose_ruling": _propose_ruling,
    "second_ruling": _second_ruling,
    "commit_draw": _commit_draw,
    "run_draw": _run_draw,
}
