"""How the evidence behind an observation is listed, inside: files by digest, links as they are, sealed files without name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from kaoping.campaigns.queries.review import judged_at
from kaoping.evidence import links
from kaoping.evidence.logic import DESTROYED, SEALED
from kaoping.evidence.queries import gone_among, pictures_of
from kaoping.rendering import LABEL
from kaoping.scoring.observations import Observation
from kaoping.web.ui.observed import source_words, times, times_words, value_words
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import Entry
from kaoping.web.ui.parts.evidence import Artefact
from kaoping.web.ui.parts.lists import Pair
from kaoping.web.ui.told import Added, Captured, Filed, Named, Proof

# In place of the name of a file that is sealed: neither its name nor its text stands on a screen.
SEALED_FILE: Final = "已封存的材料"
GONE: Final[dict[str, str]] = {SEALED: "已封存", DESTROYED: "已由两人销毁"}
AGAIN: Final = "再抓一次"


def closed(entry: Artefact, standing: str | None) -> Artefact:
    """A file without the way to it where nobody can read it any more, which is said instead.

    ``standing`` is null while it can be read.
    """
    if standing is None:
        return entry
    name = SEALED_FILE if standing == SEALED else entry.name
    return replace(entry, name=name, url="", state=GONE[standing])


def closed_fact(fact: Pair, sha256: str) -> Pair:
    """The same for a line of facts whose text leads to one file."""
    standing = gone_among([sha256]).get(sha256)
    if standing is None:
        return fact
    text = SEALED_FILE if standing == SEALED else f"{fact.text}（{GONE[standing]}）"
    return Pair(fact.label, text)


def evidence(
    artefacts: Iterable[Proof],
    address: Callable[[str], str],
    names: Mapping[str, str] | None = None,
    *,
    again: str = "",
) -> tuple[Artefact, ...]:
    """Artefacts: files by digest through ``address``, links as they are.

    A digest beside an address of the ledger is that of its page. ``again`` as of ``link``.
    """
    shown: list[Artefact] = []
    rows = list(artefacts)
    gone = gone_among(one.sha256 for one in rows)
    for one in rows:
        if one.sha256:
            own = one.name if isinstance(one, Named) else ""
            name = own or (names or {}).get(one.sha256) or "材料文件"
            found = Artefact(name, address(one.sha256), sha256=one.sha256)
            shown.append(closed(found, gone.get(one.sha256)))
        if one.url and isinstance(one, Captured) and isinstance(one, Added | Filed):
            shown.append(link(one, address, at=_handed_in(one), again=again))
        elif one.url:
            shown.append(Artefact(one.url, one.url, "link"))
    return tuple(shown)


def _handed_in(one: Added | Filed) -> datetime:
    """When a piece of evidence was handed in: with an answer of the self-review, or with an appeal."""
    return one.added_at if isinstance(one, Added) else one.filed_at


def link(one: Captured, address: Callable[[str], str], *, at: datetime, again: str = "") -> Artefact:
    """A link handed in as evidence ``at``: it is archived only where there is a digest; else it waits, or says why not.

    ``again`` is the address of the reader's button 再抓一次, '' for who has none.
    """
    state = links.state(one)
    found = Artefact(one.url, one.url, "link", at=at, state=links.LABELS[state])
    if state == links.KEPT:
        return _kept(
            replace(found, at=one.capture_at, sha256=one.capture_sha256), one.capture_sha256, address
        )
    if state == links.FAILED:
        once_more = Action(label=AGAIN, url=again, method="post", small=True)
        problem = f"未能抓取：{one.capture_failure}"
        return replace(found, problem=problem, actions=(once_more,) if again else ())
    return found


def _kept(found: Artefact, sha256: str, address: Callable[[str], str]) -> Artefact:
    """A link that was archived, with the ways to the page and to its picture while they can be read."""
    if gone := gone_among([sha256]).get(sha256):
        return replace(found, state=f"存档{GONE[gone]}")
    page = Action(label="下载存档", url=address(sha256), small=True)
    picture = pictures_of([sha256]).get(sha256)
    if not picture:
        return replace(found, actions=(page,))
    drawn = Action(label="下载网页图", url=address(picture), small=True)
    return replace(found, note=f"附{LABEL}", actions=(page, drawn))


def timeline(
    observations: Iterable[Observation],
    address: Callable[[str], str],
    *,
    levels: Mapping[str, str] | None = None,
    hidden_files: Iterable[str] = (),
) -> list[Entry]:
    """Observations as a history. Files of the sources in ``hidden_files`` are left out.

    A reviewer is shown by alias, other people not at all: what counts is the office and the reason. A judgement stands at the
    time of judging.
    """
    lines, hidden = list(observations), set(hidden_files)
    judged = judged_at(one.id for one in lines)
    return [
        Entry(
            title=f"{source_words(one)}：{value_words(one, levels)}",
            at=times(one, judged.get(one.id))[0][1],
            when=times_words(one, judged.get(one.id)),
            actor=(one.by or "") if one.source == "reviewer" else "",
            body=one.reason or "",
            artefacts=() if one.source in hidden else evidence(one.artefacts, address),
        )
        for one in lines
    ]
