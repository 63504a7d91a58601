"""更正 for the public: which release replaces which, when and why, and what changed, unit by unit and item by item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.urls import reverse

from kaoping.scoring.changes import ItemChange, UnitChange, changed_units
from kaoping.scoring.sheet import WrittenLine, WrittenUnit
from kaoping.web.portal.published import BundleUnreadable, Content, Release, address, content
from kaoping.web.ui.parts.table import Cell, Column, DataTable, Value, table_of
from kaoping.web.ui.wording import cn_date

SHOWN: Final = 20
COLUMNS: Final = (
    "单位",
    Column("原总分", num=True),
    "原等次",
    Column("现总分", num=True),
    "现等次",
    "变了的项",
)


def corrected(release: Release, all_of_year: Sequence[Release]) -> Release | None:
    """The release that this one corrects; null for a first publication."""
    number = (release.place.facts.get("corrects") or {}).get("number")
    earlier = [one for one in all_of_year if one.number < release.number]
    return next((one for one in earlier if one.number == number), earlier[0] if earlier else None)


def corrected_by(release: Release, all_of_year: Sequence[Release]) -> Release | None:
    """The newest release that stands and replaces this one; null while this one counts."""
    return next((one for one in all_of_year if one.number > release.number and one.stands), None)


def reason(release: Release) -> str:
    """Why a release corrects another, in the office's words, with its note; empty when it corrects nothing."""
    said = str((release.place.facts.get("corrects") or {}).get("reason") or "")
    return "　".join(part for part in (said, release.note) if part)


def status(release: Release, all_of_year: Sequence[Release], path: Sequence[str] = ()) -> dict[str, Any]:
    """What a page about a release says of corrections; ``path`` is the page below the release (a unit's code)."""
    old, new = corrected(release, all_of_year), corrected_by(release, all_of_year)
    page = "portal-unit" if path else "portal-year"
    made: dict[str, Any] = {"corrects": None, "replaced": None, "undone": _undone(release, all_of_year, new)}
    if new is not None:
        made["replaced"] = {
            "title": "已被更正",
            "text": f"这是 {cn_date(release.published_at)}公开的原结果，"
            f"{cn_date(new.published_at)}已被更正，不再有效。",
            "reason": reason(new),
            "url": address(new, page, *path),
        }
    if old is not None:
        made["corrects"] = {
            "title": f"更正，{cn_date(release.published_at)}",
            "text": "这是更正后的结果，原来的不再有效。",
            "reason": reason(release),
            "url": address(old, page, *path) if old.stands else "",
            "changes": address(release, "portal-data-year") + "#versions",
        }
    return made


def _undone(
    release: Release, all_of_year: Sequence[Release], replaced_by: Release | None
) -> dict[str, str] | None:
    """That a later correction was withdrawn, by which this release is valid again; null when none was or another counts."""
    gone = next((one for one in all_of_year if one.number > release.number and not one.stands), None)
    if gone is None or replaced_by is not None:
        return None
    return {
        "title": f"更正（发布 {gone.place.name}）已撤回，本结果重新有效",
        "text": f"{cn_date(gone.published_at)}公开的更正，{cn_date(gone.withdrawn_at)}撤回，不再有效。",
        "reason": gone.withdrawn_reason,
        "url": reverse("portal-release", args=[gone.key, gone.number]),
    }


def changes(release: Release, all_of_year: Sequence[Release], found: Content) -> list[UnitChange] | None:
    """What the correction changed; null when it corrects nothing or what it corrects was withdrawn or cannot be read."""
    old = corrected(release, all_of_year)
    if old is None or not old.stands:
        return None
    try:
        before = content(old)
    except BundleUnreadable:
        return None
    return changed_units(before.sheets, found.sheets, _codes(found))


def table(found: Content, changed: Sequence[UnitChange], release: Release) -> DataTable:
    """Before and after, one unit a row."""
    return table_of(
        caption="更正前后对照",
        columns=list(COLUMNS),
        fold=True,
        rows=[_row(found, one, release) for one in changed],
    )


def of_unit(found: Content, changed: Sequence[UnitChange], unit: str) -> list[tuple[str, str]]:
    """What changed for one unit, as pairs of what and before → after; empty when nothing did."""
    one = next((one for one in changed if one.unit == unit), None)
    if one is None:
        return []
    before, after = _result(found, one.before), _result(found, one.after)
    pairs = [
        (label, f"{then} → {now}")
        for label, then, now in zip(("总分", "等次"), before, after, strict=True)
        if then != now
    ]
    return pairs + [
        (f"{change.code} {_name(found, change.code)}", f"{_points(change.before)} → {_points(change.after)}")
        for change in one.items
    ]


def _codes(found: Content) -> list[str]:
    """Leaves where items are published, first-level indicators where only those are."""
    return (
        [leaf.code for leaf in found.rubric.leaves()]
        if found.complete
        else [top.code for top in found.rubric.indicators]
    )


def _row(found: Content, one: UnitChange, release: Release) -> list[Value]:
    there = one.after is not None
    return [
        Cell(
            text=found.name(one.unit),
            url=address(release, "portal-unit", one.unit) if there else "",
        ),
        *_result(found, one.before),
        *_result(found, one.after),
        "、".join(_change(item) for item in one.items) or "—",
    ]


def _result(found: Content, sheet: WrittenUnit | None) -> list[str]:
    if sheet is None:
        return ["没有", "没有"]
    return [found.total(sheet), found.grade(sheet["grade"]) or "未定"]


def _change(item: ItemChange) -> str:
    return f"{item.code} {_points(item.before)}→{_points(item.after)}"


def _points(line: WrittenLine | None) -> str:
    if line is None:
        return "没有"
    words = {"not_applicable": "不涉及", "not_scored": "没有计分"}
    return words.get(line["status"], str(line["points"]))


def _name(found: Content, code: str) -> str:
    item = found.rubric.find(code)
    return item.name if item else ""
