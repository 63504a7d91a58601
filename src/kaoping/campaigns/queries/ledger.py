"""Reads of the ledger as a year sees it: whose year a line is of, how it can be moved, what was withdrawn, by which acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kaoping.campaigns.logic import correction as correction_logic
from kaoping.campaigns.logic import ledger as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.severe import CONFIRMED
from kaoping.campaigns.models import Appeal, Campaign, Correction, PointsRulingEnd, SevereRulingEnd, Sheet
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import correction as corrections
from kaoping.campaigns.queries import sheet as sheets
from kaoping.campaigns.queries.period import item_of_line, period_of_line
from kaoping.evidence import queries as ledger
from kaoping.evidence.queries import acts, closings
from kaoping.registry.queries import short_names
from kaoping.registry.queries.organisers import named
from kaoping.scoring.observations import Observation
from kaoping.scoring.succession import ACT_WORDS, SEEN, SOURCE_WORDS, act_kind
from kaoping.standards.queries import rulebook_of, severe_items, unscored_items


def campaign_of(line: Observation) -> Campaign | None:
    """The year that a line counts for, null when it is of none."""
    for campaign in campaigns.campaigns().filter(organiser=line.organiser):
        if period_of_line(campaign, line).holds(line.observed_at):
            return campaign
    return None


@dataclass(frozen=True, slots=True)
class Ways:
    """How a line can be moved now. Each is empty or false when it cannot be moved so; ``words`` says what is left."""

    batch: str = ""  # the import to undo
    batch_lines: int = 0
    rule: bool = False
    ruling: acts.LedgerAct | None = None  # proposed, waits for its second person
    correct: int = 0  # the number of the correction under way
    restore: bool = False
    words: str = ""


def ways(line: Observation) -> Ways:
    """The ways that are open for a line, as its source and the stage of its year allow."""
    if ledger.successor_of(line.id) is not None:
        return Ways(words="")
    campaign = campaign_of(line)
    correction = corrections.under_way(campaign) if campaign else None
    late = correction_logic.refusal_of_late(closings.speaks_of_late(line)) or ""
    correct = correction.number if correction and not corrections.is_signed(correction) and not late else 0
    if line.kind == "withdrawn":
        words = "" if correct else late or "撤回只能经更正恢复。"
        return Ways(correct=correct, restore=bool(correct), words=words)
    closed = closings.is_closed(
        line.organiser, line.item, line.observed_at, line.check
    ) and not closings.is_late(line)
    no_ruling = logic.refusal_to_rule(campaign.stage if campaign else None)
    by_two = line.source in (*SEEN, "reviewer", "office") or line.item in severe_items()
    if line.source == "register" and not by_two:
        batch = ledger.batch_of(line.id)
        if batch and not closed:
            return Ways(
                batch, len(ledger.standing_of(one.id for one in ledger.batch(batch))), correct=correct
            )
    ruling = acts.open_ruling(line.id) if by_two else None
    if by_two and (ruling is not None or no_ruling is None):
        # A ruling that still waited when the result was frozen can only be declined: that moves nothing.
        return Ways(rule=ruling is None, ruling=ruling, correct=correct, words=no_ruling or "")
    left = _left(line, campaign, correct)
    # Of a result that is signed and not yet public, the way back comes before what only matters once it is.
    frozen = campaign is not None and campaign.stage == stages.FROZEN
    return Ways(correct=correct, words=left if frozen else late or left)


def _left(line: Observation, campaign: Campaign | None, correct: int) -> str:
    """What is said where no way is open but, perhaps, a correction."""
    if correct:
        return ""
    if campaign is not None and stages.reached(campaign.stage, stages.FROZEN):
        return str(logic.refusal_to_rule(campaign.stage))
    return {
        "ballot": "评议计票由开箱产生，只能在结果公开以后经更正撤回。",
        "self": "自查由单位填写：退回单位重新提交，或审定不涉及。",
        "register": "评审已经结束：由单位申请复核，或公开以后更正。",
    }.get(line.source, "这一条由本平台登记，随下一次登记更新。")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One withdrawal and what it did: the item's points in the sheet before it, and in the sheet to be signed."""

    uid: str
    unit: str
    item: str
    source: str
    act: str
    by: str
    at: datetime
    reason: str
    before: str | None
    after: str | None


def withdrawals(campaign: Campaign, sheet: Sheet) -> list[Withdrawal]:
    """Every withdrawal that concerns the year, up to ``sheet``, since the last sheet that was signed (all, when none was)."""
    signed = next(
        (one for one in sheets.sheets(campaign) if one.pk < sheet.pk and sheets.sign_off_of(one)), None
    )
    since = signed.last_observation if signed else 0
    earlier = [one for one in sheets.sheets(campaign) if one.pk < sheet.pk]
    units, names, made = set(sheets.unit_codes(campaign)), short_names(), []
    for position, line in ledger.withdrawals(campaign.organiser):
        inside = since < position <= sheet.last_observation and line.recorded_at <= sheet.as_of
        if not inside or line.unit not in units or campaign_of(line) != campaign:
            continue
        before = next((one for one in earlier if one.last_observation < position), None)
        old = ledger.observation(line.supersedes or "")
        made.append(
            Withdrawal(
                line.id,
                names.get(line.unit, line.unit),
                item_of_line(campaign, line) or line.check or "",
                SOURCE_WORDS.get(old.source, "") if old else "",
                _act_words(line),
                line.by or "本平台",
                line.recorded_at,
                line.reason or "",
                _points(before, line),
                _points(sheet, line),
            )
        )
    return made


def _act_words(line: Observation) -> str:
    """By which act; one line of a register that two people took out is no undone import."""
    act = acts.act(line.act) if line.act else None
    kind = "ruling" if act is not None and act.takes_two else act_kind(line.act)
    return ACT_WORDS.get(kind or "", "没有写明")


def _points(sheet: Sheet | None, line: Observation) -> str | None:
    detail = sheets.unit_detail(sheet, line.unit) if sheet else None
    found = detail["indicators"].get(item_of_line(sheet.campaign, line)) if sheet and detail else None
    return str(found["points"]) if found else None


@dataclass(frozen=True, slots=True)
class Done:
    """When an act was done and by how many people."""

    at: datetime
    signers: int


def acts_of(campaign: Campaign, lines: Iterable[Observation], signed: Sheet) -> dict[str, Done]:
    """The acts that lines name. ``signed`` is the sheet whose second signer stands for every correction in it."""
    found: dict[str, Done] = {}
    for line in lines:
        if line.act and line.act not in found:
            done = _done(campaign, line, signed)
            if done is not None:
                found[line.act] = done
    return found


def _correction(number: str) -> Correction | None:
    """By ``<organiser>-<year>-<n>``; lines of earlier releases name the year alone, which was the main organiser's."""
    whose, _, which = number.rpartition("-")
    key = named(whose)
    if key is None:
        return None
    rows = Correction.objects.filter(campaign__organiser=key.organiser, campaign__year=key.year)
    return rows.filter(number=int(which)).first()


def _done(campaign: Campaign, line: Observation, signed: Sheet) -> Done | None:
    kind, _, number = str(line.act).partition(":")
    if kind == "appeal":
        appeal = Appeal.objects.filter(number=number).exclude(decided_at=None).first()
        if appeal is None or appeal.decided_at is None:
            return None
        return Done(appeal.decided_at, len({appeal.filed_by_id, appeal.decided_by_id}))
    if kind == "correction":
        row = _correction(number)
        if row is None:
            return None
        sign_off = sheets.sign_off_of(signed)
        people = {row.opened_by_id, *([sign_off.signed_by_id] if sign_off else [])}
        return Done(row.opened_at, len(people))
    ruling = (
        PointsRulingEnd.objects.filter(ruling__act=line.act, agreed=True).select_related("ruling").first()
    )
    if ruling is not None:
        return Done(ruling.at, len({ruling.by_id, ruling.ruling.by_id}))
    severe = (
        SevereRulingEnd.objects.filter(ruling__act=line.act, outcome=CONFIRMED)
        .select_related("ruling")
        .first()
    )
    if severe is not None:
        return Done(severe.at, len({severe.by_id, severe.ruling.by_id}))
    act = acts.act(str(line.act))
    # The first release kept no record of its withdrawals beside the line itself.
    return Done(act.at, act.signers) if act else Done(line.recorded_at, 1)


def importable(version_id: int) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What a ledger kept elsewhere may be imported for: code -> the item's name and the kinds it takes.

    Vetoes and major deductions take two persons; what became of opinions does not score yet.
    """
    closed = severe_items() | unscored_items(version_id)
    return {
        leaf.code: (
            leaf.name,
            tuple(kind for kind in leaf.sources["register"] if kind not in ("tally", "looks")),
        )
        for leaf in rulebook_of(version_id).rubric.leaves()
        if "register" in leaf.sources and leaf.code not in closed
    }
