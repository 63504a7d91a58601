"""Two people, or two tabs, on one form: the edition it was opened with, and both texts side by side when it is stale.

A form that changes stored texts carries ``{% edition mark %}``; its view hands ``opened_with(request)`` to the verb and
shows ``panel_of(stale, …)`` when the verb raises ``Stale``. It works the same without script. Its form is bound to
``sent(request, stored)``: what was given up by 用已存的 stays given up, whatever else the save meets.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import HttpRequest, JsonResponse, QueryDict
from django.template.loader import render_to_string

from kaoping.accounts.actor import Actor, Stale, same_person
from kaoping.accounts.logic import Opened, edition_of, plain, renewed, shown_again, unsettled, waived
from kaoping.beijing import BEIJING
from kaoping.foreign.visible import undirected
from kaoping.web.ui.parts.form import Panel, Side

OPENED: Final = "opened"
CLASHING: Final = "clashing"
# The button 用已存的: the writer gives up the own text of the fields that clash.
TAKE: Final = "take"
STORED: Final = "stored"
_EMPTY: Final = "（空）"


def opened_with(request: HttpRequest) -> Opened:
    """What the form that was sent says of its edition and of the choice between two texts; for the verb that stores it."""
    return _opened(request)


def _opened(request: HttpRequest) -> Opened:
    given_up = request.POST.get(CLASHING, "").split() if request.POST.get(TAKE) == STORED else []
    return Opened(request.POST.get(OPENED, ""), waived(given_up))


def sent(request: HttpRequest, stored: Mapping[str, object]) -> QueryDict:
    """What the form sent, with the fields that its writer gave up as they are ``stored``."""
    data = request.POST.copy()
    for name, text in shown_again(_opened(request), stored).items():
        data[name] = text
    return data


def mark_of(request: HttpRequest, stored: Mapping[str, object], panel: Panel | None = None) -> str:
    """The hidden edition of a form: of what is ``stored`` when it is opened, and from then on what it was opened with.

    A form that is shown again after a refusal keeps its edition: its writer has seen nothing newer, but for the panel
    and for what was given up. A list that is stored as one and sent as many fields cannot be shown as stored beside what
    was typed: given up and refused for something else, it is asked about once more.
    """
    opened = _opened(request)
    edition = panel.mark if panel else opened.edition
    if not edition or not opened.waived:
        return edition or edition_of(stored)
    whole = [name for name in opened.waived & stored.keys() if name not in request.POST]
    return unsettled(renewed(Opened(edition, opened.waived), stored, ()), whole)


def spoken(
    form: forms.Form | None,
    labels: Mapping[str, str] | None = None,
    choices: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[Mapping[str, str], Mapping[str, Mapping[str, str]]]:
    """What the fields of a form are called, and the words of the codes that each stores."""
    names, words = dict(labels or {}), dict(choices or {})
    for name, field in form.fields.items() if form is not None else ():
        names.setdefault(name, str(field.label or name))
        offered: Any = getattr(field, "choices", None)
        if offered is not None:
            words.setdefault(name, {str(key): str(label) for key, label in offered})
        elif isinstance(field, forms.BooleanField):
            words.setdefault(name, {"True": "是", "False": "否"})
    return names, words


def panel_of(
    stale: Stale,
    *,
    form: forms.Form | None = None,
    labels: Mapping[str, str] | None = None,
    choices: Mapping[str, Mapping[str, str]] | None = None,
    me: Actor,
) -> Panel:
    """The panel for a refused save. Labels and the words of choices come from ``form`` where they are not given."""
    names, words = spoken(form, labels, choices)

    def said(name: str, text: str) -> str:
        return words.get(name, {}).get(text, text) or _EMPTY

    whose = "您在另一个页面" if same_person(stale.by, me.who) else stale.by.name or "别处"
    return Panel(
        title=f"这一页打开以后，|{whose}又存过，|这里的还没有存",
        whose=whose,
        at=stale.at,
        sides=tuple(
            Side(names.get(name, name), said(name, mine), said(name, stored))
            for name, (mine, stored) in stale.clashes.items()
        ),
        clashing=" ".join(stale.clashes),
        mark=stale.edition,
    )


def saved_answer(
    at: datetime, mine: Mapping[str, object], stored: Mapping[str, object], labels: Mapping[str, str]
) -> JsonResponse:
    """What an autosave is told when it was stored: the time, the edition that the page stands on, and what is newer.

    The edition is of what the page shows, not of what is stored: a field that a colleague changed meanwhile, and that
    this page did not, is still shown as it was.
    """
    newer = [labels.get(name, name) for name, value in mine.items() if plain(value) != plain(stored[name])]
    return JsonResponse(
        {
            "saved": f"{at.astimezone(BEIJING):%H:%M:%S}",
            "opened": edition_of(mine),
            "newer": f"{'、'.join(newer)}别处存过新的，刷新可见" if newer else "",
        }
    )


def stale_answer(request: HttpRequest, stale: Stale, panel: Panel) -> JsonResponse:
    """What an autosave is told when somebody else stored: the panel to show in the form, and the form's next edition."""
    html = undirected(render_to_string("ui/stale.html", {"panel": panel}, request))
    return JsonResponse({"refused": str(stale), "stale": html, "opened": panel.mark}, status=409)
