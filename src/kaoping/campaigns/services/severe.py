"""Verbs of 单项否决、重大减分: one person proposes with the document, another confirms, and only then the ledger gets a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import Person
from kaoping.accounts.verbs import Act, Verb, verb
from kaoping.campaigns import policy
from kaoping.campaigns.logic import severe as logic
from kaoping.campaigns.logic.ledger import correction_act, severe_act
from kaoping.campaigns.logic.severe import Fault, Given, Line
from kaoping.campaigns.logic.severe_table import Reading
from kaoping.campaigns.logic.stages import MEANWHILE
from kaoping.campaigns.models import Campaign, SevereRuling, SevereRulingEnd
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import severe as severes
from kaoping.campaigns.services.numbers import next_number
from kaoping.evidence import queries as ledger
from kaoping.evidence.services import Entry, record, store_artefact
from kaoping.foreign.glyphs import glyphs
from kaoping.scoring.observations import ArtefactRef

P = ParamSpec("P")
R = TypeVar("R")
MOST_FILES = 50


class SevereRefused(Refused):
    """A proposal that is not complete: nothing was stored; ``faults`` names field and remedy."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("；".join(one.message for one in faults))
        self.faults = list(faults)


class TableRefused(Refused):
    """A table that cannot be proposed as a whole: nothing was proposed; ``reading`` tells every row."""

    def __init__(self, reading: Reading) -> None:
        super().__init__("这张表里有不能提出的行，一行也没有提出。")
        self.reading = reading


@dataclass(frozen=True, slots=True)
class Draft:
    """A table that was laid out and can be proposed: the digests of its file and of its documents, and its rows."""

    reading: Reading
    table: str = ""
    documents: tuple[str, ...] = ()


def _proposes(body: Callable[Concatenate[Act, P], R]) -> Verb[P, R]:
    """One declaration for the three steps of a proposal: one, the table that is laid out first, and all of its rows."""
    return verb(
        "propose_severe",
        "提出单项否决、重大减分",
        kind="campaign",
        thing="campaign",
        signs=True,
        door=policy.can_propose_severe,
        denied=logic.ONLY_HANDLER,
        refusal=severes.refusal_to_propose,
        lock="campaign",
        said="提出{what}，待第二人确认。{why}",
        news="提出单项否决、重大减分 {n} 件，待第二人确认",
        room="severe",
        back="take_back_severe",
    )(body)


@_proposes
def propose_severe(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    given: Given,
    content: bytes | None,
    confirmed: bool = False,
    now: datetime,
) -> SevereRuling:
    """Propose one; without effect until another person confirms. Raises ``SevereRefused`` with every fault at once."""
    line, faults = logic.read(given, severes.rules(campaign, now))
    if line is None:
        raise SevereRefused(faults)
    sha256 = store_artefact(content or b"", name=given.file, confirmed=confirmed, actor=actor, now=now)
    return _propose(act, campaign, [(line, sha256)], "")[0]


@_proposes
def lay_out(
    act: Act,
    *,
    actor: Actor,
    campaign: Campaign,
    filename: str,
    content: bytes,
    documents: Sequence[tuple[str, bytes]],
    confirmed: bool = False,
    now: datetime,
) -> Draft:
    """Read a table with its documents and propose nothing yet. Only one that is good as a whole is kept, with its files."""
    names = [name for name, _content in documents]
    if len(names) > MOST_FILES:
        raise Refused(f"一次最多附 {MOST_FILES} 份文件，请把表拆成几张。")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        words = f"附了两份同名的文件“{twice[0][:60]}”，请改名后再选，“附件”一列也照改。"
        raise Refused(words, logged="附了两份同名的文件，没有读这张表。")
    reading = severes.table(campaign, filename, content, names, now)
    if not reading.good:
        return Draft(reading)
    keep = {"confirmed": confirmed, "actor": actor, "now": now}
    digests = tuple(store_artefact(one, name=name, **keep) for name, one in documents)  # type: ignore[arg-type]
    return Draft(reading, store_artefact(content, name=filename, **keep), digests)  # type: ignore[arg-type]


@_proposes
def propose_severe_many(
    act: Act, *, actor: Actor, campaign: Campaign, table: str, documents: Sequence[str], now: datetime
) -> list[SevereRuling]:
    """Propose every row of a table that this person laid out, all or none; it is read anew. Raises ``TableRefused``."""
    own = {one: _handed_in(one, actor) for one in (table, *documents)}
    content = ledger.artefact_bytes(table) if own[table] else None
    if content is None:
        raise Refused("没有这张表，或它不是您选的。请重新选文件，先看预览。")
    digests: Mapping[str, str] = {name: one for one in documents for name in own[one]}
    reading = severes.table(campaign, own[table][-1], content, list(digests), now)
    if not all(one.line for one in reading.rows) or not reading.rows:
        raise TableRefused(reading)
    lines = [(one.line, digests[one.line.file]) for one in reading.rows if one.line]
    return _propose(act, campaign, lines, table)


def _handed_in(sha256: str, actor: Actor) -> list[str]:
    return [one.name for one in ledger.uploads(sha256) if one.by_id == actor.id]


def _propose(
    act: Act, campaign: Campaign, lines: Sequence[tuple[Line, str]], table: str
) -> list[SevereRuling]:
    actor, now, made = act.actor, act.now, []
    keys = {line.key for line, _sha256 in lines}
    with act.writing():
        if keys & set(severes.rules(campaign, now).standing):
            raise Refused(MEANWHILE)
        person = Person.objects.get(pk=actor.id)
        for number, (line, sha256) in enumerate(lines, start=next_number(SevereRuling, campaign)):
            unit = campaigns.organisation_of(campaign, line.unit)
            assert unit is not None
            made.append(
                SevereRuling.objects.create(
                    campaign=campaign,
                    organisation=unit,
                    item=line.item,
                    kind=line.kind,
                    value=line.value,
                    observed_on=line.on,
                    document=line.document,
                    target=line.target,
                    sha256=sha256,
                    name=line.file[-200:],
                    reason=line.reason,
                    table=table,
                    act=severe_act(campaign.key, number),
                    by=person,
                    at=now,
                )
            )
            act.done(what=_told(made[-1]), why=f"{line.reason}（{line.document}）")
    return made


@verb(
    "second_severe",
    "确认单项否决、重大减分",
    kind="campaign",
    thing="ruling.campaign",
    signs=True,
    door=policy.can_second_severe,
    whose="ruling.campaign",
    denied=logic.ONLY_SECOND,
    refusal=severes.refusal_to_second,
    lock="ruling.campaign",
    said="{answer}{first}提出的{what}。{why}",
    news="答复单项否决、重大减分 {n} 件",
    room="severe",
    final="记进台账的，在台账里打开那一条，提请审定撤回。",
)
def second_severe(
    act: Act, *, actor: Actor, ruling: SevereRuling, agreed: bool, reason: str = "", now: datetime
) -> SevereRulingEnd:
    """Another person confirms, and the ledger gets the line, or does not agree, with a reason, and nothing changes."""
    if words := logic.refusal_of_answer(agreed, reason):
        raise Refused(words)
    with act.writing():
        uid = record([_entry(ruling)], actor=actor, whose=ruling.campaign, now=now)[0] if agreed else ""
        end = SevereRulingEnd.objects.create(
            ruling=ruling,
            outcome=logic.CONFIRMED if agreed else logic.REFUSED,
            reason=reason.strip(),
            by=Person.objects.get(pk=actor.id),
            at=now,
            observation=uid,
        )
        act.done(
            answer="确认" if agreed else "不同意",
            first=ruling.by.name,
            what=_told(ruling),
            why=f"理由：{reason.strip()}" if glyphs(reason) else ruling.reason,
        )
    return end


@verb(
    "take_back_severe",
    "收回单项否决、重大减分",
    kind="campaign",
    thing="ruling.campaign",
    door=policy.can_propose_severe,
    whose="ruling.campaign",
    denied=logic.ONLY_HANDLER,
    refusal=severes.refusal_to_take_back,
    lock="ruling.campaign",
    said="收回自己提出的{what}{why}",
    news="收回单项否决、重大减分 {n} 件",
    room="severe",
    final="收回了的，可以重新提出。",
)
def take_back_severe(
    act: Act, *, actor: Actor, ruling: SevereRuling, reason: str = "", now: datetime
) -> SevereRulingEnd:
    """The proposer takes the own proposal back while nobody has answered it; the row stays."""
    with act.writing():
        end = SevereRulingEnd.objects.create(
            ruling=ruling,
            outcome=logic.TAKEN_BACK,
            reason=reason.strip(),
            by=Person.objects.get(pk=actor.id),
            at=now,
        )
        act.done(what=_told(ruling), why=f"：{reason.strip()}" if glyphs(reason) else "。")
    return end


def _entry(ruling: SevereRuling) -> Entry:
    campaign = ruling.campaign
    correction = severes.correcting(campaign)
    return Entry(
        unit=ruling.organisation.code,
        item=ruling.item,
        source=severes.matters(campaign)[ruling.item].kinds[ruling.kind],
        observed_at=logic.observed_at(ruling.observed_on),
        kind=ruling.kind,
        value=logic.ledger_value(ruling.kind, ruling.value),
        reason=logic.ledger_reason(ruling.reason, ruling.document),
        artefacts=[ArtefactRef(ruling.sha256, None)],
        target=ruling.target,
        act=correction_act(campaign.key, correction.number) if correction else ruling.act,
    )


def _told(ruling: SevereRuling) -> str:
    """What it is about, for the log: whoever reads it sees acts, not scores."""
    said = f"{ruling.organisation.short_name} {ruling.item}"
    return said if ruling.kind == "points" else f"{said}（{logic.value_text(ruling.kind, ruling.value)}）"
