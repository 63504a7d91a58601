"""How the evidence behind an observation is listed, inside: files by digest, links as they are, sealed files without name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from kaoping.campaigns.queries.review import judged_at
from kaoping.evidence import links
from kaoping.evidence.logic import DESTROYED, SEALED
from kaoping.evidence.queries import gone_among, pictures_of
from kaoping.rendering import LABEL
from kaoping.scoring.observations import Observation
from kaoping.web.ui.observed import source_words, times, times_words, value_words
from kaoping.web.ui.parts.lists import Pair

# In place of the name of a file that is sealed: neither its name nor its text stands on a screen.
SEALED_FILE: Final = "已封存的材料"
GONE: Final[dict[str, str]] = {SEALED: "已封存", DESTROYED: "已由两人销毁"}
AGAIN: Final = "再抓一次"


def closed(entry: Mapping[str, Any], standing: str | None) -> dict[str, Any]:
    """A file for ``{% artefact_list %}``: without the way to it where nobody can read it any more, which is said instead.

    ``standing`` is null while it can be read.
    """
    if standing is None:
        return dict(entry)
    name = SEALED_FILE if standing == SEALED else entry["name"]
    return {**entry, "name": name, "url": "", "state": GONE[standing]}


def closed_fact(fact: Pair, sha256: str) -> Pair:
    """The same for a line of facts whose text leads to one file."""
    standing = gone_among([sha256]).get(sha256)
    if standing is None:
        return fact
    text = SEALED_FILE if standing == SEALED else f"{fact.text}（{GONE[standing]}）"
    return Pair(fact.label, text)


def evidence(
    artefacts: Iterable[Any],
    address: Callable[[str], str],
    names: Mapping[str, str] | None = None,
    *,
    again: str = "",
) -> list[dict[str, Any]]:
    """Artefacts for ``{% artefact_list %}``: files by digest through ``address``, links as they are.

    A digest beside an address of the ledger is that of its page. ``again`` as of ``link``.
    """
    shown: list[dict[str, Any]] = []
    rows = list(artefacts)
    gone = gone_among(one.sha256 for one in rows)
    for one in rows:
        if one.sha256:
            name = getattr(one, "name", "") or (names or {}).get(one.sha256) or "材料文件"
            entry = {"name": name, "url": address(one.sha256), "kind": "file", "sha256": one.sha256}
            shown.append(closed(entry, gone.get(one.sha256)))
        if one.url and hasattr(one, "capture_sha256"):
            shown.append(link(one, address, at=_handed_in(one), again=again))
        elif one.url:
            shown.append({"name": one.url, "url": one.url, "kind": "link"})
    return shown


def _handed_in(one: Any) -> datetime:
    """When a piece of evidence was handed in: with an answer of the self-review, or with an appeal."""
    at: datetime = one.added_at if hasattr(one, "added_at") else one.filed_at
    return at


def link(one: Any, address: Callable[[str], str], *, at: datetime, again: str = "") -> dict[str, Any]:
    """A link handed in as evidence ``at``: it is archived only where there is a digest; else it waits, or says why not.

    ``again`` is the address of the reader's button 再抓一次, '' for who has none.
    """
    state = links.state(one)
    entry: dict[str, Any] = {
        "name": one.url,
        "url": one.url,
        "kind": "link",
        "state": links.LABELS[state],
        "at": at,
    }
    gone = gone_among([one.capture_sha256]).get(one.capture_sha256) if state == links.KEPT else None
    if gone:
        entry |= {"at": one.capture_at, "sha256": one.capture_sha256, "state": f"存档{GONE[gone]}"}
    elif state == links.KEPT:
        entry |= {"at": one.capture_at, "sha256": one.capture_sha256}
        entry["actions"] = [{"label": "下载存档", "url": address(one.capture_sha256), "small": True}]
        picture = pictures_of([one.capture_sha256]).get(one.capture_sha256)
        if picture:
            entry["note"] = f"附{LABEL}"
            entry["actions"] += [{"label": "下载网页图", "url": address(picture), "small": True}]
    elif state == links.FAILED:
        entry["problem"] = f"未能抓取：{one.capture_failure}"
        if again:
            entry["actions"] = [{"label": AGAIN, "url": again, "method": "post", "small": True}]
    return entry


def timeline(
    observations: Iterable[Observation],
    address: Callable[[str], str],
    *,
    levels: Mapping[str, str] | None = None,
    hidden_files: Iterable[str] = (),
) -> list[dict[str, Any]]:
    """Observations for ``{% case_timeline %}``. Files of the sources in ``hidden_files`` are left out.

    A reviewer is shown by alias, other people not at all: what counts is the office and the reason. A judgement stands at the
    time of judging.
    """
    lines, hidden = list(observations), set(hidden_files)
    judged = judged_at(one.id for one in lines)
    return [
        {
            "title": f"{source_words(one)}：{value_words(one, levels)}",
            "at": times(one, judged.get(one.id))[0][1],
            "when": times_words(one, judged.get(one.id)),
            "actor": one.by if one.source == "reviewer" else "",
            "body": one.reason or "",
            "artefacts": [] if one.source in hidden else evidence(one.artefacts, address),
        }
        for one in lines
    ]
