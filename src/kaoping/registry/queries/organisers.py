"""Reads of who organises: whose a year, a poll, a release is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet

from kaoping.accounts.actor import Actor, Organising, Owned
from kaoping.foreign.visible import visible
from kaoping.registry.models import Organisation, Organiser
from kaoping.registry.queries import organisations
from kaoping.registry.scope import Scope, about
from kaoping.scoring.organised import OrganisedYear, organised_year, year_alone
from kaoping.support import clock

UNNAMED: Final = "city"


def main_code(*, on: date) -> str:
    """The code of the organiser for whom the installation was set up.

    Before it organised anything: the government at the top of the register, ``city`` where the register names none.
    """
    known = Organiser.objects.filter(main=True).values_list("code", flat=True).first()
    if known is not None:
        return known
    top = organisations(on=on, kinds=("government",)).filter(parent="").first()
    return top.code if top else UNNAMED


def known(code: str, *, on: date) -> bool:
    """Whether somebody of that code organises assessments."""
    return code == main_code(on=on) or Organiser.objects.filter(code=code).exists()


def served(actor: Actor) -> str:
    """The organiser for whom a person works at the desk; who works for none looks at the main one's years."""
    return next(iter(actor.organisers), "") or main_code(on=clock.today())


def seen_by(actor: Actor, door: Callable[[Actor, Owned], bool], codes: Iterable[str]) -> Scope:
    """What a person sees of organisers' things: all of the own organiser where ``door`` is open for it, else what concerns the
    units ``codes``, of every organiser.
    """
    whose = served(actor)
    return Scope(whose) if door(actor, Organising(whose)) else about(*codes)


def within(code: str, *, on: date) -> QuerySet[Organisation]:
    """The units of which an organiser's plan speaks on a day: those whose parent or leading department it is (考核办法 第九条、第十条).

    The main organiser's plan speaks of everybody in the register: who is assessed by others is listed with the reason.
    """
    rows = organisations(on=on).exclude(code=code)
    return rows if code == main_code(on=on) else rows.filter(Q(parent=code) | Q(leading_department=code))


def offices(codes: Collection[str], *, main: str) -> dict[str, str]:
    """What the offices of organisers are called, by code; one query where one is not the main one's, none otherwise."""
    named = {main: str(settings.KAOPING_OFFICE)} if main in codes else {}
    others = [code for code in codes if code != main]
    if others:
        named |= dict(Organiser.objects.filter(code__in=others).values_list("code", "office"))
    return named


def office_of(code: str) -> str:
    """What the office of an organiser is called."""
    main = main_code(on=clock.today())
    return offices({code}, main=main).get(code, code)


def body_of(code: str) -> str:
    """The body in whose name an organiser's office works."""
    if code == main_code(on=clock.today()):
        return f"{settings.KAOPING_CITY}人民政府"
    found = organisations().filter(code=code).first()
    return found.name if found else code


def refusal_of(code: str, *, on: date) -> str | None:
    """Why nothing is organised under a code, or null."""
    return None if known(code, on=on) else f"没有代码是 {visible(code)[:40]} 的组织单位。"


def main_year(year: int) -> OrganisedYear:
    """A year of that organiser: what a year alone means, in old addresses and in old lines."""
    return OrganisedYear(main_code(on=clock.today()), year)


def named(text: str) -> OrganisedYear | None:
    """The key that ``text`` writes, or null; a year alone is that organiser's."""
    alone = year_alone(text)
    return organised_year(text) if alone is None else main_year(alone)
