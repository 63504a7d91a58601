"""What the case pages of the desk and of the unit draw alike: timeline, strip of days, ladder of reminders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from kaoping.calendars import StripDay
from kaoping.evidence.logic import SEALED
from kaoping.evidence.queries import gone_among
from kaoping.rectification.logic import ENDINGS, REMINDERS, STATES
from kaoping.rectification.logic.reminding import needs_none
from kaoping.rectification.queries.rows import CaseRow, EntryRow, ReminderRow
from kaoping.web.ui.parts.case import Day, DayStrip, Entry, Reminder
from kaoping.web.ui.parts.evidence import Artefact
from kaoping.web.ui.parts.head import Deadline
from kaoping.web.ui.parts.table import Cell
from kaoping.web.ui.proofs import closed, link
from kaoping.web.ui.wording import PROVISIONAL, cn_date, cn_datetime, cn_short_date

TITLES: Final = {
    "found": ("发现并确认", "search"),
    "merged": ("又一来源并入", "search"),
    "revised": ("修改整改内容", "pencil"),
    "served": ("下发整改单", "stamp"),
    "seen": ("单位查看", "search"),
    "signed": ("单位签收", "circle-check"),
    "handed": ("送达登记", "stamp"),
    "reminder": ("系统内提醒", "bell"),
    "answer": ("单位回复", "pencil"),
    "file": ("单位材料", "file-text"),
    "ask": ("单位提问", "circle-question-mark"),
    "reply": ("政务公开办答复", "message-square"),
    "retest": ("复测", "refresh-cw"),
    "check": ("人工核查", "user-check"),
    "explained": ("单位说明不可补救", "pencil"),
    "declined": ("说明未获确认", "rotate-ccw"),
    "withdrawn": ("记录撤回", "rotate-ccw"),
    "moved": ("期限顺延", "calendar"),
    "merged_into": ("合并办理", "circle-check"),
    "merged_in": ("同一处的另一张并入", "search"),
    "closed": ("结案", "circle-check"),
}
EXPLAINED: Final = "explained"
GRACE: Final = timedelta(hours=1)


def problem(title: str) -> str:
    """The name of what is wrong, inside a sentence that has a colon of its own: 查阅设施：平时 becomes 查阅设施（平时）."""
    head, colon, rest = title.partition("：")
    return f"{head}（{rest}）" if colon else title


def ending_words(case: CaseRow) -> str:
    """How a case ended, for a list; which one it was joined with where it was."""
    words = ENDINGS.get(case.ending, "")
    return f"{words}，并入 {case.merged_into}" if case.merged_into else words


def timeline(
    entries: Iterable[EntryRow],
    case: CaseRow,
    *,
    file_url: Callable[[str], str],
    hide: tuple[str, ...] = (),
    ready: bool = False,
    again: Callable[[int], str] | None = None,
    now: datetime,
) -> list[Entry]:
    """The history of an order, with the order's words where it was served and the next step dashed.

    ``ready`` says that the condition for closing is met; ``again`` gives the reader's button for a page not yet archived. Times carry their year as soon as one of them is not of this year.
    """
    rows: list[Entry] = []
    entries = sorted(entries, key=lambda one: (one.at, one.id))
    spans = len({cn_date(at)[:4] for at in (now, *(one.at for one in entries))}) > 1
    gone = gone_among(one.sha256 for one in entries)
    for one in entries:
        if one.kind in hide:
            continue
        title, icon = TITLES.get(one.kind, (one.kind, "circle"))
        sealed_file = one.kind == "file" and bool(one.sha256) and gone.get(one.sha256) == SEALED
        rows.append(
            Entry(
                title=title,
                icon=icon,
                at=one.at,
                when=cn_datetime(one.at) if spans else "",
                actor=one.actor,
                body="" if sealed_file else one.text,
                order=case.order_text if one.kind == "served" else "",
                artefacts=_artefacts(one, gone, file_url, again),
                links=(one.url,) if one.link is None and one.url.startswith(("http://", "https://")) else (),
                kind=one.kind,
            )
        )
    if case.closed_at is None:
        rows.append(Entry("结案", icon="circle-check", when="下一步", state="next", body=_next(case, ready)))
    return rows


def _artefacts(
    one: EntryRow,
    gone: Mapping[str, str],
    file_url: Callable[[str], str],
    again: Callable[[int], str] | None,
) -> tuple[Artefact, ...]:
    """What was handed in with an entry: the page of its link, else its file."""
    if one.link is not None:
        return (link(one.link, file_url, at=one.at, again=again(one.id) if again else ""),)
    if not one.sha256:
        return ()
    label = one.text if one.kind == "file" else "留存的材料"
    found = Artefact(label, file_url(one.sha256), sha256=one.sha256)
    return (closed(found, gone.get(one.sha256)),)


def _next(case: CaseRow, ready: bool) -> str:
    if case.state == EXPLAINED:
        return "待政务公开办由下发人以外的另一人确认。"
    if ready:
        return "已有通过的复测或核查，可以由政务公开办结案。"
    if case.served_at is None:
        return "由政务公开办下发后，待复测或核查。"
    return "待一次通过的复测，或一名具名人员的核查记录。"


def deadline_of(case: CaseRow) -> Deadline | None:
    """The chip of a running deadline; null when none runs."""
    if case.left is None:
        return None
    return Deadline(case.left, passed=case.passed, provisional=case.provisional)


def deadline_cell(case: CaseRow) -> Cell | str:
    """The chip of a running case, the day of one that was answered, a dash otherwise."""
    if case.left is not None:
        return Cell(deadline=deadline_of(case))
    if case.due_on is None:
        return "—"
    day = f"{cn_short_date(case.due_on)} 24:00"
    return Cell(text=day, note=PROVISIONAL) if case.provisional else day


def day_strip(case: CaseRow, days: Iterable[StripDay], today: date) -> DayStrip | None:
    """Every calendar day from service to the deadline; null before service."""
    cells = list(days)
    if not cells or case.due_on is None:
        return None
    off = [one for one in cells if not one.day.works and one.day.name]
    extra = [one for one in cells if one.day.works and one.day.name]
    names = list(dict.fromkeys(one.day.name or "" for one in off))
    note = [f"{'、'.join(names)}放假 {len(off)} 天不计"] if names else []
    note += [f"{cn_short_date(one.day.date)}调休上班，计入" for one in extra]
    counted = max((one.number for one in cells if one.number), default=0)
    if counted > case.days:
        note.append(
            f"按现在的工作日历，到这一天是 {counted} 个工作日：期限已告知单位到 {cn_short_date(case.due_on)}，不提前"
        )
    if case.provisional:
        note.append(f"{PROVISIONAL}，安排公布后只会延后，不会提前")
    return DayStrip(
        title=f"{case.days} 个工作日，到 {cn_short_date(case.due_on)} 24:00 止",
        days=tuple(
            Day(
                date=one.day.date,
                working=one.day.works,
                number=one.number,
                name="下发" if one.is_start else (one.day.name or ""),
                makeup=bool(one.day.works and one.day.name),
                past=one.day.date < today,
                today=one.day.date == today,
                deadline=one.is_deadline,
            )
            for one in cells
        ),
        note="；".join(note),
    )


def ladder(reminders: Iterable[ReminderRow], case: CaseRow, now: datetime) -> list[Reminder]:
    """Each promised reminder with the time it really ran.

    One to come is listed only while it would be sent: after a reply in time none is, until the case is the unit's again.
    """
    rows = []
    none_follows = needs_none(case.state, late=case.late)
    for one in reminders:
        label = REMINDERS.get(one.kind, one.kind)
        if one.ran_at is None and one.why:
            rows.append(Reminder(label, "failed", cause=one.why))
        elif one.ran_at is not None and one.why:
            rows.append(Reminder(label, "spared", one.ran_at, one.why))
        elif one.ran_at is not None:
            needless = case.closed_at is not None and one.ran_at >= case.closed_at
            rows.append(Reminder(label, "ran", one.ran_at, "已结案，不需提醒" if needless else ""))
        elif case.closed_at is None and now > one.promised_at + GRACE:
            rows.append(Reminder(label, "failed", cause="到时间没有运行，请系统管理员查看后台任务"))
        elif not none_follows:
            rows.append(Reminder(label, "planned", one.promised_at))
    return rows


def no_more_reminders(case: CaseRow) -> str:
    """Why no reminder follows, in words, once the order was served; '' while one would be sent."""
    if case.served_at is None or not needs_none(case.state, late=case.late):
        return ""
    return f"{STATES[case.state]}，不再提醒。"
