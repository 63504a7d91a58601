"""Decisions of the ledger, pure: what may be recorded, how a line is withdrawn, and which files are refused."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Final

from kaoping.calendars import SHANGHAI, just_before
from kaoping.scoring.succession import act_kind

# 密级 marks: 绝密／机密／秘密 with ★ or a term, alone on a line; and 工作秘密 / 内部资料 marks at a line's start.
_MARKS: Final = re.compile(
    r"(?m)^[\s　]*(?:(?:绝\s*密|机\s*密|秘\s*密)(?:\s*★.{0,12})?[\s　]*$|工作秘密(?:\s*★.{0,12})?[\s　]*$)"
    r"|(?:绝密|机密|秘密)\s*★"
)
ALLOWED_TYPES: Final[dict[str, str]] = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".html": "text/html",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".zip": "application/zip",
}
_SIGNATURES: Final[dict[str, bytes]] = {
    ".pdf": b"%PDF-",
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".zip": b"PK\x03\x04",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".png": b"\x89PNG\r\n\x1a\n",
}
MAX_BYTES: Final = 50 * 1024 * 1024


def secrecy_mark(text: str) -> str | None:
    """The 密级 mark that ``text`` bears, or null. Running prose that merely speaks of secrets bears none."""
    found = _MARKS.search(text)
    return found.group(0).strip() if found else None


def refusal_of_file(name: str, content: bytes) -> str | None:
    """Why a file cannot be stored, in words with the remedy, or null when it can (type, size, signature)."""
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if suffix not in ALLOWED_TYPES:
        return f"“{name}”的类型不收。请换成 {'、'.join(sorted(ALLOWED_TYPES))} 之一。"
    if not content:
        return f"“{name}”是空文件。请检查后重新选取。"
    if len(content) > MAX_BYTES:
        return f"“{name}”超过 50 MB。请拆成几个文件。"
    signature = _SIGNATURES.get(suffix)
    if signature and not content.startswith(signature):
        return f"“{name}”的内容与扩展名 {suffix} 不符。请确认文件没有损坏或改名。"
    return None


# A reason shorter than this tells the next reader nothing; it is printed on the sheet that is signed.
MIN_REASON: Final = 4
_ROUND_CLOSED: Final = "本年度评审已经结束"


def refusal_of_reason(reason: str) -> str | None:
    """Why the reason of a withdrawal does not do, or null."""
    if len(reason.strip()) < MIN_REASON:
        return f"撤回的理由至少写 {MIN_REASON} 个字，说明错在哪里：签发人和以后查账的人要看。"
    return None


def refusal_after_closing(act: str | None, signers: int) -> str | None:
    """Why a line of a year whose round is closed may not be touched by this act, or null.

    Only an appeal, a correction (each by two people) or a ruling by two moves points then.
    """
    kind = act_kind(act)
    if kind in ("appeal", "correction") or (kind == "ruling" and signers >= 2):
        return None
    if kind == "ruling":
        return (
            f"{_ROUND_CLOSED}，误报和撤回须两人办理：请经办在“台账”打开这一条，提出裁定，由办公室负责人确认。"
        )
    return f"{_ROUND_CLOSED}，台账不能再增减影响得分的记录。请由单位申请复核；结果公开以后，在“更正”办理。"


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
    midnight = observed_at.astimezone(SHANGHAI).time() == time(0)
    return just_before(observed_at) if midnight else observed_at
