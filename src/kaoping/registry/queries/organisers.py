"""Reads of who organises: whose a year, a poll, a release is."""

from __future__ import annotations

from datetime import date
from typing import Final

from kaoping.accounts.actor import Actor
from kaoping.foreign.visible import visible
from kaoping.registry.models import Organiser
from kaoping.registry.queries import organisations
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
