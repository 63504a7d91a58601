"""Verbs of handing in: keep the bytes that a person offers after an honest look at them, or refuse them in words.

A file is read in a limited child. Three things can come out: it bears a mark or a program and is refused; it was read
through; or some of it could not be looked at, which is said. In every case the person who hands in has confirmed that it
holds no secret, and stands in the log with it: 自动检查不代替保密审查.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kaoping.accounts.actor import SYSTEM, Actor, Refused
from kaoping.accounts.verbs import Act, verb
from kaoping.evidence import logic
from kaoping.evidence.looking import look
from kaoping.evidence.models import Artefact, RefusedFile, Upload
from kaoping.evidence.queries import file_store, lifted, standing
from kaoping.support.reading import NotRead, read

# Words for bytes that may not come back, by where they stand.
_GONE = {
    logic.DESTROYED: "这份文件与已按两人办理销毁的材料完全相同，不再收。确需提交的，请去掉不该有的内容后另存。",
    logic.SEALED: "这份文件与已封存的材料完全相同，不收。请联系政务公开办。",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the look at a file found: a mark, a program inside, and what could not be looked at."""

    mark: str = ""
    program: str = ""
    unread: Sequence[str] = ()


def look_at(name: str, content: bytes) -> Seen:
    """Look at a file in a limited child; a file that cannot be read through is not looked at, and never an error."""
    try:
        found = read(look, name, content)
    except NotRead as unread:
        return Seen(unread=(f"整个文件（{unread}）",))
    return Seen(found["mark"], found["program"], tuple(found["unread"]))


def store_artefact(
    content: bytes, *, name: str, media_type: str = "", confirmed: bool = False, actor: Actor, now: datetime
) -> str:
    """Keep bytes by their digest and return it; who hands in has ``confirmed`` that they hold no secret.

    Refuses in words: no confirmation, wrong types, bytes that were destroyed or sealed, programs, and files that bear a
    密级 mark unless the office's two persons let this digest pass. What could not be looked at is kept with its reasons.
    """
    name = name[-logic.MAX_NAME :]
    if words := logic.refusal_of_file(name, content):
        raise Refused(words, logged="上传的文件类型、大小或内容不合要求，没有保存。")
    if not confirmed and actor != SYSTEM:
        raise Refused(logic.NOT_PLEDGED)
    digest = hashlib.sha256(content).hexdigest()
    _hand_in(digest=digest, content=content, name=name, media_type=media_type, actor=actor, now=now)
    return digest


def _refusal_of_gone(digest: str) -> str | None:
    return _GONE.get(standing(digest))


@verb(
    "upload_file",
    "上传材料",
    kind="artefact",
    thing="digest",
    refusal=_refusal_of_gone,
    said=f"{{who}} 上传材料（校验值 {{digest}}），{logic.PLEDGE}{{tail}}。",
    back="destroy_artefact",
)
def _hand_in(
    act: Act, *, digest: str, content: bytes, name: str, media_type: str, actor: Actor, now: datetime
) -> None:
    """Look at the bytes and keep them. Neither name nor text goes into the log: a line there can never be taken out again."""
    seen = look_at(name, content)
    if seen.program:
        raise Refused(
            f"“{name[:60]}”里有可执行程序“{seen.program}”，不收。请只留文档和图片，重新打包后再传。",
            logged=f"上传的文件里有可执行程序，没有保存（校验值 {digest[:8]}）。",
        )
    if seen.mark and not lifted(digest):
        _refuse_marked(name, seen.mark, digest, actor, now)
    file_store().put(content)
    with act.writing():
        Artefact.objects.get_or_create(
            sha256=digest,
            defaults={
                "size": len(content),
                "media_type": media_type or _media_type(name),
                "stored_at": now,
                "stored_by": actor.name,
                "stored_by_id": actor.id,
            },
        )
        if actor != SYSTEM:
            _note(act, digest, name, seen)


def _note(act: Act, digest: str, name: str, seen: Seen) -> None:
    """The use under its name, and the line of the log that names who confirmed. The same form twice is one."""
    unread = "、".join(seen.unread)[:300]
    _upload, made = Upload.objects.get_or_create(
        sha256=digest,
        by_id=act.actor.id,
        name=name,
        defaults={"by": act.actor.name, "at": act.now, "confirmed": True, "unread": unread},
    )
    if made:
        act.done(digest=digest[:8], tail=f"；未能自动检查：{unread}" if unread else "")


def _refuse_marked(name: str, mark: str, digest: str, actor: Actor, now: datetime) -> None:
    """The office finds the digest among the refused files, and lets it pass if the mark is none."""
    with transaction.atomic():
        RefusedFile.objects.get_or_create(
            sha256=digest, by_id=actor.id, defaults={"by": actor.name, "at": now}
        )
    said = f"上传的文件带有密级标志，没有保存（校验值 {digest[:8]}）。"
    raise Refused(logic.refusal_of_mark(name, mark, digest), logged=said)


def keep_bytes(
    content: bytes, *, name: str, media_type: str, actor: Actor, now: datetime, made_from: str | None = None
) -> str:
    """Keep bytes that the program itself made or captured (pages, releases); ``made_from`` is the page of a picture.

    Bytes that were destroyed or sealed do not come back: ``Refused`` in words to a person; what the program captures by
    itself has its digest and is not kept, so that one page never costs a run.
    """
    digest = hashlib.sha256(content).hexdigest()
    if actor == SYSTEM and standing(digest) in _GONE:
        return digest
    _keep(
        digest=digest,
        content=content,
        kept={"media_type": media_type, "name": name[:200], "made_from": made_from},
        actor=actor,
        now=now,
    )
    return digest


@verb(
    "upload_file",
    "上传材料",
    kind="artefact",
    thing="digest",
    refusal=_refusal_of_gone,
    back="destroy_artefact",
)
def _keep(
    act: Act, *, digest: str, content: bytes, kept: Mapping[str, str | None], actor: Actor, now: datetime
) -> None:
    """Whatever made the bytes leaves its own line; here only the refusal is one."""
    file_store().put(content)
    Artefact.objects.get_or_create(
        sha256=digest,
        defaults={
            **kept,
            "size": len(content),
            "stored_at": now,
            "stored_by": actor.name,
            "stored_by_id": actor.id,
        },
    )


def _media_type(name: str) -> str:
    return logic.ALLOWED_TYPES.get("." + name.rsplit(".", 1)[-1].lower(), "application/octet-stream")
