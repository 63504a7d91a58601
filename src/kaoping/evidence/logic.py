"""Decisions of the ledger, pure: how a line is withdrawn, which files are refused, what may be sealed, destroyed or let pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from kaoping.accounts.actor import Who, same_person
from kaoping.beijing import BEIJING, just_before
from kaoping.foreign.glyphs import glyphs
from kaoping.scoring.succession import act_kind

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
ALLOWED_TYPES: Final[dict[str, str]] = {
    ".pdf": "application/pdf",
    ".ofd": "application/ofd",
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}presentationml.presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".wps": "application/vnd.ms-works",
    ".et": "application/wps-office.et",
    ".dps": "application/wps-office.dps",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".html": "text/html",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".zip": "application/zip",
}
_ZIP: Final = (b"PK\x03\x04",)
_COMPOUND: Final = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_SIGNATURES: Final[dict[str, tuple[bytes, ...]]] = {
    ".pdf": (b"%PDF-",),
    **dict.fromkeys((".ofd", ".docx", ".xlsx", ".pptx", ".zip"), _ZIP),
    # What is called .doc or .xls is often RTF, and WPS writes either container under its own names.
    ".doc": (*_COMPOUND, b"{\\rtf"),
    **dict.fromkeys((".xls", ".ppt"), _COMPOUND),
    **dict.fromkeys((".wps", ".et", ".dps"), (*_COMPOUND, *_ZIP)),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
}
MAX_BYTES: Final = 50 * 1024 * 1024
MAX_NAME: Final = 200
SUFFIXES: Final = {media: suffix for suffix, media in ALLOWED_TYPES.items() if suffix != ".jpeg"}

PLEDGE: Final = "本人确认不含国家秘密、工作秘密"
NOT_PLEDGED: Final = f"请勾选“{PLEDGE}”后再上传。自动检查不代替保密审查。"
PREFIX: Final = 8

# Kinds of proposals that take two persons.
DESTROY: Final = "destroy"
LIFT: Final = "lift"
UNSEAL: Final = "unseal"
PROPOSALS: Final = {DESTROY: "销毁", LIFT: "放行", UNSEAL: "启封"}
# Where the bytes of a digest stand.
UNKNOWN, REFUSED, KEPT, SEALED, DESTROYED = "unknown", "refused", "kept", "sealed", "destroyed"
STANDINGS: Final = {
    UNKNOWN: "没有收过",
    REFUSED: "带密级标志，没有收",
    KEPT: "在用",
    SEALED: "已封存",
    DESTROYED: "已销毁",
}
# 24 hours from the finding to the report; the article that says so is marked 待核 where it is printed.
REPORT_WITHIN: Final = timedelta(hours=24)


def refusal_of_file(name: str, content: bytes) -> str | None:
    """Why a file cannot be stored, in words with the remedy, or null when it can (type, size, signature)."""
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if suffix not in ALLOWED_TYPES:
        kinds = "、".join(sorted(one[1:].upper() for one in ALLOWED_TYPES))
        return f"“{name[:60]}”的类型不收。请换成 {kinds} 之一。"
    if not content:
        return f"“{name[:60]}”是空文件。请检查后重新选取。"
    if len(content) > MAX_BYTES:
        return f"“{name[:60]}”超过 50 MB。请拆成几个文件。"
    signatures = _SIGNATURES.get(suffix)
    if signatures and not content.startswith(signatures):
        return f"“{name[:60]}”的内容与扩展名 {suffix} 不符。请确认文件没有损坏或改名。"
    return None


def refusal_of_mark(name: str, mark: str, digest: str) -> str:
    """What the person who hands in a marked file is told."""
    return (
        f"“{name[:60]}”带有密级标志“{mark}”。本系统为非涉密系统，严禁上传国家秘密、工作秘密，文件没有保存。"
        f"确属误判的，请把校验值前 {PREFIX} 位 {digest[:PREFIX]} 告诉政务公开办，由两人核准放行后再传。"
    )


def refusal_to_seal(standing: str) -> str | None:
    """Why bytes cannot be sealed, or null."""
    return {
        UNKNOWN: "没有这份材料。",
        REFUSED: "这份文件没有保存过，不用封存。",
        SEALED: "这份材料已经封存。",
        DESTROYED: "这份材料已经销毁。",
    }.get(standing)


def refusal_to_propose(kind: str, standing: str, *, reason: str, paper: bool, pending: bool) -> str | None:
    """Why destroying, unsealing or letting pass cannot be proposed, or null."""
    if words := refusal_of_kind(kind):
        return words
    if not glyphs(reason):
        return f"{PROPOSALS[kind]}要写明理由。"
    if pending:
        return "这份材料已有一件待确认的事项，请先确认或撤回。"
    return refusal_by_standing(kind, standing, paper=paper)


def refusal_of_kind(kind: str) -> str | None:
    """Why this is nothing that can be proposed of a file, or null."""
    return None if kind in PROPOSALS else "请选办理事项。"


def refusal_by_standing(kind: str, standing: str, *, paper: bool) -> str | None:
    """Whether ``kind`` suits where the bytes stand. What is sealed moves only with the paper of the 保密 department."""
    if standing == DESTROYED:
        return "这份材料已经销毁。"
    if kind == LIFT:
        return None if standing == REFUSED else "没有因密级标志拒收过这份文件。"
    if standing in (UNKNOWN, REFUSED):
        return "没有这份材料。"
    if kind == UNSEAL and standing != SEALED:
        return "这份材料没有封存。"
    if standing == SEALED and not paper:
        return "已封存的材料，须附保密行政管理部门的书面意见才能启封或销毁。"
    return None


def refusal_to_confirm(proposer: Who, actor: Who, before: Sequence[str], after: Sequence[str]) -> str | None:
    """Why a proposal cannot be confirmed: one person, or other uses than those that were shown."""
    if same_person(proposer, actor):
        return "须由两人办理，提出人与确认人不能是同一人。"
    if sorted(before) != sorted(after):
        return "提出之后，这份材料的用途有了变化。请看过现在的用途，撤回后重新提出。"
    return None


def report_due(sealed_at: datetime) -> datetime:
    """By when the incident is to be reported."""
    return sealed_at + REPORT_WITHIN


def refusal_to_second(proposer: Who, actor: Who) -> str | None:
    """Why this person cannot answer a ruling that waits, or null."""
    return "审定须两人办理，提出人不能自己确认。" if same_person(proposer, actor) else None


# A reason shorter than this tells the next reader nothing; it is printed on the sheet that is signed.
MIN_REASON: Final = 4
_ROUND_CLOSED: Final = "本年度评审已经结束"
_AFTER_CLOSING: Final = (
    "评审已经结束，台账不能再增减影响得分的记录。请由单位申请复核；结果公开以后，在“更正”办理。"
)


def refusal_of_reason(reason: str) -> str | None:
    """Why the reason of a withdrawal does not do, or null."""
    if glyphs(reason) < MIN_REASON:
        return f"撤回的理由至少写 {MIN_REASON} 个字，说明错在哪里：签发人和以后查账的人要看。"
    return None


def refusal_after_closing(act: str | None, signers: int) -> str | None:
    """Why a line of a year whose round is closed may not be touched by this act, or null.

    Only an appeal, a correction (each by two people) or a ruling by two moves points then; a line of a register that two
    people take out goes by an act of its batch.
    """
    kind = act_kind(act)
    if kind in ("appeal", "correction") or (kind in ("ruling", "batch") and signers >= 2):
        return None
    if kind == "ruling":
        return (
            f"{_ROUND_CLOSED}，误报和撤回须两人办理：请经办在“台账”打开这一条，提请审定，由办公室负责人确认。"
        )
    return f"本年度{_AFTER_CLOSING}"


def closing_key(item: str | None, check: str | None) -> str:
    """Under which key a year closes the days of a line: its item's; of a line that names none, its check's; '' of neither."""
    return item or (f"check:{check}" if check else "")


# Sources whose lines no person types: the program looked or counted, the public voted.
UNTYPED: Final = ("monitor", "retest", "clock", "ballot")
# Acts that take two persons by their nature; a ruling on points or on a veto is one, that of a false alarm withdraws only.
ACTS_OF_TWO: Final = ("ruling", "appeal", "correction")
SEVERE_PAGE: Final = "单项否决、重大减分"


def severe_elsewhere(item: str) -> str:
    """Where a veto or major deduction is entered, said at every door that does not take it."""
    return f"{item} 属于{SEVERE_PAGE}，须附文书、由两人办理，请在“{SEVERE_PAGE}”页提出"


def withdrawal_act(source: str, line: str, number: int) -> str:
    """How the ledger names the withdrawal of one line by two people, as ``scoring.succession`` asks of its source.

    The line's whole id stands in it: the ids of one import begin alike.
    """
    return f"{'batch' if source == 'register' else 'ruling'}:{line}-{number}"


def refusal_of_counted(rows: Sequence[tuple[str, int]]) -> str | None:
    """Why a whole import stays: ``rows`` are those that counted in a year whose round is closed, as year and row of the file."""
    if not rows:
        return None
    where = "；".join(
        f"第 {'、'.join(str(number) for whose, number in rows if whose == year)} 行属于 {year} 年度"
        for year in dict.fromkeys(year for year, _number in rows)
    )
    return f"这一批里，{where}。{_AFTER_CLOSING}"


def refusal_to_undo(severe: int) -> str | None:
    """Why a whole import cannot be taken back by one person, or null; ``severe`` of its lines need two."""
    if not severe:
        return None
    return (
        f"这一批里有 {severe} 条{SEVERE_PAGE}还有效，须两人办理：请在“台账”逐条打开，提请审定撤回，"
        "由办公室负责人确认；都撤回以后再撤回整批。"
    )


LATE: Final = "到达时本轮已截止，存档不计分"
CAME_LATE: Final = f"这份文件已经导入过，{LATE}。要在更正里计入，请先在“台账”打开那一批，撤回以后再导入。"


def batch_of(uid: str) -> str | None:
    """The import that a line came with, null for every other line."""
    kind, _, rest = uid.partition(":")
    return rest.rpartition(":")[0] if kind == "register" and rest.count(":") == 1 else None


def legacy_act(uid: str, source: str, old_uid: str, old_source: str | None) -> str | None:
    """The act of a line of the first release, which kept none: an appeal by its id, else the office's ruling or a batch of one."""
    if source != "office":
        return None
    if uid.startswith("appeal-"):
        return f"appeal:{uid.removeprefix('appeal-').rpartition('-')[0]}"
    if not old_uid:
        return None
    return f"batch:{uid}" if old_source == "register" else f"ruling:{uid}"


def legacy_instant(observed_at: datetime) -> datetime:
    """When a line of the first release was observed: 24:00 of a day, as it wrote "by the end of the day", is on that day."""
    midnight = observed_at.astimezone(BEIJING).time() == time(0)
    return just_before(observed_at) if midnight else observed_at
