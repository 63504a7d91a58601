"""The register of organisations: rosters, changed fields, closed organisations, columns of a site."""

from __future__ import annotations

import base64
from collections import Counter
from typing import Any

from bench.installation import late
from bench.kills.browsing import File
from bench.kills.comparing import Found, each_once, last_stands
from bench.kills.people import Person
from bench.kills.told import Told

CHANGED, PLANNED = "U2", "U3"


def keep_the_register(told: Told) -> None:
    """The office changes an organisation, imports a township, closes it, and plans the columns of a site."""
    handler, number = Person(told, "handler"), 0
    while True:
        number += 1
        mark = f"{number:010d}"
        form = {"name": "样例市第U2局", "short_name": "U2局", "kind": "department", "group": "市级部门"}
        form |= {"parent": "G1", "leading_department": "", "valid_from": "", "participates": "on"}
        form |= {"site_url": "", "site_id_code": mark}
        path = f"/desk/register/unit/{CHANGED}/edit/"
        handler.act("change_organisation", path, form, key=CHANGED, value=mark)
        code = f"T{number}"
        csv = f"code,name,short_name,kind,parent,participates\n{code},样例镇{number},镇{number},township,G1,否\n"
        kept = base64.b64encode(csv.encode()).decode()
        form = {"confirm": "1", "kept": kept, "name": "名录.csv"}
        handler.act("import_roster", "/desk/register/import/", form, key=code)
        day = told.passing.today.isoformat()
        path = f"/desk/register/unit/{code}/close/"
        handler.act("close_organisation", path, {"valid_to": day, "successor": "G1"}, key=code)
        columns = [f"栏目{number}甲", f"栏目{number}乙"]
        path = f"/desk/register/unit/{PLANNED}/columns/"
        handler.act("set_columns", path, _columns(columns), key=PLANNED, value=sorted(columns))
        _keep_places(handler, number, day)
        told.rest(3.75)


def _keep_places(handler: Person, number: int, day: str) -> None:
    """A place is added by hand; another one comes in a table, is called otherwise and closed."""
    path, name = f"/desk/visits/places/{PLANNED}/", f"查阅点{number}"
    handler.act("add_place", path, {"act": "add", "name": name, "kind": "reading_point"}, key=name)
    name, renamed = f"厅{number}", f"新厅{number}"
    table = File("file", "地点.csv", f"单位代码,地点名称,类别\n{PLANNED},{name},政务服务大厅\n".encode())
    handler.act("import_places", "/desk/visits/places/import/", file=table, key=name)
    code = str(_places(name=name).values_list("code", flat=True).get())
    handler.act("rename_place", path, {"act": "rename", "which": code, "name": renamed}, key=renamed)
    handler.act("close_place", path, {"act": "close", "which": code, "on": day}, key=renamed)


def _columns(names: list[str]) -> dict[str, str]:
    form = {"form-TOTAL_FORMS": str(len(names)), "form-INITIAL_FORMS": "0"}
    for number, name in enumerate(names):
        form |= {f"form-{number}-name": name, f"form-{number}-url": "http://u3.example/a/"}
        form |= {f"form-{number}-kind": "notice", f"form-{number}-period_days": "30"}
    return form


def _organisations(**conditions: Any) -> Any:
    return late("kaoping.registry.models").Organisation.objects.filter(**conditions)


def _places(**conditions: Any) -> Any:
    return late("kaoping.registry.models").Place.objects.filter(organisation__code=PLANNED, **conditions)


def _named(**conditions: Any) -> Counter[str]:
    return Counter(_places(**conditions).values_list("name", flat=True))


def _add_place(told: Told) -> Found:
    return each_once(told.acknowledged["add_place"], _named(name__startswith="查阅点"))


def _import_places(told: Told) -> Found:
    """Each place of a table once, under its former name where it is called otherwise by now."""
    return each_once(told.acknowledged["import_places"], _named(name__startswith="厅"))


def _rename_place(told: Told) -> Found:
    return each_once(told.acknowledged["rename_place"], _named(name__startswith="新厅", same_as=None))


def _close_place(told: Told) -> Found:
    return each_once(
        told.acknowledged["close_place"], _named(name__startswith="新厅", closed_on__isnull=False)
    )


def _change_organisation(told: Told) -> Found:
    there = dict(_organisations(code=CHANGED).values_list("code", "site_id_code"))
    return last_stands(told.acknowledged["change_organisation"], there)


def _import_roster(told: Told) -> Found:
    towns = Counter(_organisations(kind="township").values_list("code", flat=True))
    return each_once(told.acknowledged["import_roster"], towns)


def _close_organisation(told: Told) -> Found:
    closed = Counter(_organisations(valid_to__isnull=False, successor="G1").values_list("code", flat=True))
    return each_once(told.acknowledged["close_organisation"], closed)


def _set_columns(told: Told) -> Found:
    names = late("kaoping.registry.models").SiteColumn.objects.filter(organisation__code=PLANNED)
    return last_stands(
        told.acknowledged["set_columns"], {PLANNED: sorted(names.values_list("name", flat=True))}
    )


WRITERS = (("keep_the_register", keep_the_register),)
STORED = {
    "change_organisation": _change_organisation,
    "import_roster": _import_roster,
    "close_organisation": _close_organisation,
    "set_columns": _set_columns,
    "add_place": _add_place,
    "import_places": _import_places,
    "rename_place": _rename_place,
    "close_place": _close_place,
}
SELDOM = frozenset({"change_organisation"})
