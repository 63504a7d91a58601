"""Cases come from the ledger: a reader with a cursor opens, merges, and attaches what second looks said."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from kaoping.accounts.actor import SYSTEM, Who
from kaoping.accounts.audit import record_act
from kaoping.beijing import BEIJING, day_of
from kaoping.checks import all_checks
from kaoping.evidence.queries import observation, recorders, since
from kaoping.rectification import logic, queries
from kaoping.rectification.logic import Proof
from kaoping.rectification.models import Case, CaseEntry, CaseObservation
from kaoping.registry.models import Organisation
from kaoping.registry.queries import organisation
from kaoping.registry.queries.places import TargetWords
from kaoping.scoring import targets
from kaoping.scoring.observations import Observation
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.succession import target_of
from kaoping.standards.queries import item_fed_by
from kaoping.support import jobs

CURSOR = "rectification.ledger"


def read_ledger(*, now: datetime, limit: int = 500) -> int:
    """Read what the ledger gained since the last time; returns how many cases were opened. Twice is once."""
    opened = 0
    while True:
        with transaction.atomic():
            rows = since(jobs.cursor(CURSOR), limit=limit)
            for _position, one in rows:
                opened += take(one, now=now)
            if rows:
                jobs.move_cursor(CURSOR, rows[-1][0])
        if len(rows) < limit:
            return opened


def take(one: Observation, *, now: datetime) -> bool:
    """Let one observation open a case, join one, or close one whose ground was withdrawn; true when it opened one."""
    if one.kind == "withdrawn":
        _withdraw(one, now)
        return False
    if not logic.belongs(one.source, one.kind, one.value):
        return False
    if CaseObservation.objects.filter(observation=one.id).exists():
        return False
    unit = organisation(one.unit)
    if unit is None:
        return False
    target = target_of(one) or ""
    fault = queries.fault_met(one.organiser, one.unit, logic.fault_of(one.check, one.item, target))
    case = queries.unsettled_case_of(one.organiser, one.unit, fault)
    before = queries.settled_case_of(one.organiser, one.unit, fault)
    if case is None and before is not None and _still_of(before, one):
        case = before
    if case is not None:
        attach(case, one, now=now)
        return False
    came_back = before is not None and before.state == logic.PASSED and one.value == "not_met"
    if not came_back and not logic.opens_case(one.source, one.kind, one.value, one.check):
        return False
    _open(unit, one, target, now, before)
    return True


def _still_of(case: Case, one: Observation) -> bool:
    """Whether what was seen belongs to a settled case: another pass of one that waits to be closed, a look that was earlier
    than its pass, or a past fact that cannot be repaired and is only seen again.
    """
    if case.state == logic.CLOSED:
        return case.ending == logic.IRREPARABLE
    proof = logic.closing_proof(queries.proofs(case), case.served_at)
    return one.value == "met" or proof is None or one.observed_at < proof.at


def attach(case: Case, one: Observation, *, now: datetime) -> None:
    """Merge an observation into a case and say so on the timeline."""
    proof = Proof(one.source, str(one.value), one.observed_at, one.by or "", one.reason or "")
    _keep(case, one)
    after = logic.state_after(
        case.state,
        proof,
        said_at=queries.facts(case).said_at,
        proofs=queries.proofs(case),
        served_at=case.served_at,
    )
    if after != case.state:
        case.state = after
        case.save(update_fields=["state"])
    word = "通过" if one.value == "met" else "未通过"
    if one.source == "retest":
        kind, text = "retest", logic.second_look_words(str(one.value), one.reason or "")
    elif one.value == "met":
        kind, text = "check", f"核查{word}。{one.reason or ''}"
    else:
        kind, text = (
            "merged",
            f"{logic.SOURCES[one.source]}也看到同一问题，并入本单，不另扣分。{one.reason or ''}",
        )
    add_entry(case, kind, _recorder(one), text, at=now, sha256=_sha(one), url=queries.page_of(one))


def _open(
    unit: Organisation, one: Observation, target: str, now: datetime, before: Case | None = None
) -> Case:
    year = now.astimezone(BEIJING).year
    check = next((known for known in all_checks() if known.id == one.check), None)
    rule = check.title if check else queries.item_name(one.item or "")
    named = partial(TargetWords(), unit.code)
    title = logic.title_of(rule, one.reason or "", target, named)
    where = targets.address(target) or named(target)
    remedy = check.remedy if check else "请对照上述问题整改，并在本系统回复整改情况。"
    case = Case.objects.create(
        organiser=one.organiser,
        number=_next_number(OrganisedYear(one.organiser, year)),
        organisation=unit,
        item=one.item or item_fed_by(one.organiser, one.check or "", day_of(one.observed_at)),
        check_id=one.check or "",
        target=target,
        fault=logic.fault_of(one.check, one.item, target),
        title=title[:200],
        order_text=logic.order_text(unit.name, one.source, one.reason or title, where, remedy),
        state=logic.DRAFT,
        opened_at=now,
        relapse_of=before.number if before else "",
    )
    _keep(case, one)
    back = f"反弹：{before.number} 核查通过以后又查出同一问题，另立本单。" if before else ""
    text = f"{back}{logic.SOURCES[one.source]}：{one.reason or title}"
    add_entry(case, "found", _recorder(one), text, at=now, sha256=_sha(one), url=queries.page_of(one))
    record_act(
        SYSTEM,
        "open_case",
        "case",
        case.number,
        f"立整改单 {case.number}：{unit.short_name}，{title}。",
        now=now,
    )
    return case


def add_entry(
    case: Case,
    kind: str,
    who: Who,
    text: str,
    *,
    at: datetime,
    sha256: str = "",
    url: str = "",
) -> CaseEntry:
    """One more entry of the timeline, under the name and the id of whoever acted."""
    return CaseEntry.objects.create(
        case=case,
        at=at,
        kind=kind,
        actor=who.name,
        person=who.id or None,
        text=text,
        sha256=sha256,
        url=url[:500],
    )


def _recorder(one: Observation) -> Who:
    """Who recorded the line, as the ledger keeps it beside the line itself."""
    return recorders([one.id]).get(one.id) or SYSTEM.who


def said_already(
    case: Case, kind: str, who: Who, text: str, *, at: datetime, url: str = ""
) -> CaseEntry | None:
    """The entry when somebody's newest words of that day are these: a form sent again because its answer was lost."""
    last = case.entries.filter(person=who.id).exclude(kind="file").order_by("-id").first()
    if last is None or (last.kind, last.text, last.url) != (kind, text, url[:500]):
        return None
    return last if day_of(last.at) == day_of(at) else None


def _keep(case: Case, one: Observation) -> None:
    CaseObservation.objects.create(
        case=case,
        observation=one.id,
        source=one.source,
        value=str(one.value),
        at=one.observed_at,
        by=one.by or "",
        by_id=_recorder(one).id or None,
        reason=one.reason or "",
    )


def _withdraw(one: Observation, now: datetime) -> None:
    """A case all of whose failures were withdrawn has no ground left and is closed by the program, in words."""
    row = CaseObservation.objects.select_related("case").filter(observation=one.supersedes).first()
    if row is None or CaseObservation.objects.filter(observation=one.id).exists():
        return
    case = row.case
    CaseObservation.objects.create(
        case=case,
        observation=one.id,
        source=one.source,
        value="withdrawn",
        at=one.observed_at,
        by=one.by or "",
        by_id=_recorder(one).id or None,
        reason=one.supersedes or "",
    )
    add_entry(case, "withdrawn", _recorder(one), one.reason or "记录已撤回", at=now)
    withdrawn = set(
        CaseObservation.objects.filter(case=case, value="withdrawn").values_list("reason", flat=True)
    )
    left = CaseObservation.objects.filter(case=case, value="not_met").exclude(observation__in=withdrawn)
    if case.state == logic.CLOSED:
        return
    if left.exists():
        _unsettle(case)
        return
    case.state, case.closed_at, case.closed_by, case.closed_by_id = logic.CLOSED, now, SYSTEM.name, SYSTEM.id
    case.ending = logic.WITHDRAWN
    case.save(update_fields=["state", "closed_at", "closed_by", "closed_by_id", "ending"])
    add_entry(case, "closed", SYSTEM.who, "所依据的记录已经全部撤回，本单撤销，不扣分。", at=now)
    record_act(SYSTEM, "close_case", "case", case.number, f"{case.number} 依据撤回，撤销。", now=now)


def _unsettle(case: Case) -> None:
    """A case whose pass was withdrawn is open again, unless the same fault has a newer case by now."""
    if case.state != logic.PASSED or queries.unsettled_case_of(
        case.organiser, case.organisation.code, case.fault
    ):
        return
    if logic.closing_proof(queries.proofs(case), case.served_at) is None:
        case.state = logic.ANSWERED if queries.facts(case).answers else logic.SERVED
        case.save(update_fields=["state"])


def observed(uid: str) -> Observation:
    """The observation just recorded."""
    found = observation(uid)
    if found is None:
        raise LookupError(uid)
    return found


def _next_number(key: OrganisedYear) -> str:
    last = Case.objects.filter(number__startswith=logic.numbers_of(key)).order_by("-id").first()
    serial = int(last.number.rpartition("-")[2]) + 1 if last else 1
    return logic.number(key, serial)


def _sha(one: Observation) -> str:
    return next((artefact.sha256 for artefact in one.artefacts if artefact.sha256), "")
