"""Grids of marks: units by indicators in steps of colour, rules by runs in signs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from kaoping.web.ui.parts.table import PageLink


@dataclass(frozen=True, slots=True)
class HeatMark:
    """What a heat cell shows, whosever it is: few different ones fill a whole table.

    ``step`` is the colour, null where there is no value; ``words`` are what is read out after unit and indicator.
    """

    text: str
    state: str
    words: str
    step: int | None = None
    moved: Literal["", "up", "down"] = ""
    spread: bool = False
    veto: bool = False


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A mark in its place: ``label`` is read out, ``url`` leads to the reasons."""

    mark: HeatMark
    label: str
    url: str = ""
    selected: bool = False


@dataclass(frozen=True, slots=True)
class PlainCell:
    """A cell beside the marks: text, the chip ``late`` before it, a grade, or ``done`` of ``total``.

    ``label`` is what a link is called when it is read out; ``bare`` leaves the grade's word to the label of its seal.
    """

    text: str = ""
    strong: bool = False
    grade: str = ""
    bare: bool = False
    done: int | None = None
    total: int = 0
    late: str = ""
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class HeatHeading:
    """The name of a group of units, above them."""

    heading: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A unit with its marks."""

    heading: ClassVar[str] = ""

    label: str
    cells: tuple[HeatCell, ...]
    plain: tuple[PlainCell, ...] = ()
    url: str = ""
    selected: bool = False


@dataclass(frozen=True, slots=True)
class HeatColumn:
    """An indicator. ``label`` may be broken at ``|`` where ``title`` has the whole wording; ``source`` says who looks."""

    label: str
    title: str = ""
    max: Decimal | int | str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """The head of what stands beside the marks; ``note`` explains it in a second line."""

    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HeatGroup:
    """The indicators of one of a higher level: ``span`` of them."""

    label: str
    span: int
    max: Decimal | int | str | None = None


@dataclass(frozen=True, slots=True)
class HeatTable:
    """Units by indicators; ``plain_columns`` follow the marks. ``total`` counts the units of all pages."""

    caption: str
    columns: tuple[HeatColumn, ...]
    rows: tuple[HeatRow | HeatHeading, ...]
    plain_columns: tuple[PlainColumn, ...] = ()
    groups: tuple[HeatGroup, ...] = ()
    corner: str = "单位"
    second_corner: str = "满分 · 来源"
    page: int = 1
    pages: tuple[PageLink, ...] = ()
    total: int = 0

    @property
    def span(self) -> int:
        """The columns beside the head of a row."""
        return len(self.columns) + len(self.plain_columns)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run said of a rule."""

    outcome: str
    url: str = ""

    @property
    def words(self) -> str:
        """The outcome as it is read out."""
        return _OUTCOMES.get(self.outcome, "未运行")


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A rule (or a unit) with what each run said, and what holds now (``verdict``)."""

    label: str
    cells: tuple[Outcome, ...]
    verdict: str
    code: str = ""
    url: str = ""
    selected: bool = False
    tone: Literal["", "neg"] = ""


@dataclass(frozen=True, slots=True)
class OutcomeMatrix:
    """Rules by runs; ``runs`` are the heads, the latest last."""

    caption: str
    runs: tuple[str, ...]
    rows: tuple[OutcomeRow, ...]
    corner: str = "规则"


_OUTCOMES = {"met": "符合", "not_met": "不符合", "suspected": "疑似，未确认", "undecided": "无法判定"}
