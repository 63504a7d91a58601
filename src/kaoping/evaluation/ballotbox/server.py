"""The intake process: a small ASGI application that takes ballots and acknowledges them when they are
durable.

``POST /ballots`` · ``GET /counted/<receipt code or its SHA-256>`` · ``GET /health`` · ``GET /alive``. It listens on loopback
for the portal; it sees no address of a citizen, no token and no receipt code.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from kaoping.beijing import BEIJING, day_of, deadline_day
from kaoping.evaluation.ballotbox.group import Busy, GroupCommit
from kaoping.evaluation.ballotbox.polls import PollError, PublishedPoll, read_poll
from kaoping.evaluation.ballotbox.receipts import ReceiptError, receipt_hash
from kaoping.evaluation.ballotbox.records import Arrival, OpinionRecord, Outcome
from kaoping.foreign.glyphs import glyphs
from kaoping.front.body import BodyRefused, Gone, Limits, collect
from kaoping.patterns import linear
from kaoping.support import environment, storage

MOST_PAYLOAD: Final = 16 * 1024
MOST_OPINION: Final = 2000
MOST_BODY: Final = 64 * 1024
# A commit that takes so long (seconds) will not come back; the portal is told not to wait for it.
STUCK_SECONDS: Final = 3.0
_HASH: Final = linear(r"[0-9a-f]{64}")

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Refusal(Exception):
    """A request that is refused: HTTP status, a code for programs, words for people."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status, self.code, self.words = status, code, words


@dataclass(frozen=True, slots=True)
class Intake:
    """What the process needs: the writer, the folder of published polls, the clock, and what it lets go of at its end."""

    writer: GroupCommit
    polls: Callable[[], Path]
    now: Callable[[], datetime]
    release: Callable[[], None] = lambda: None

    async def take(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """One ballot. Raises ``Refusal``."""
        data = _object(body)
        poll = self._poll(data.get("poll"))
        now = self.now()
        receipt = _receipt(data.get("receipt"))
        if not poll.is_open(now):
            known = await self.writer.read(lambda store: store.counted(receipt))
            if known is not None:  # acknowledged late, but in the box
                return 200, {"outcome": Outcome.REPEATED.value}
            raise _not_open(poll, now)
        opinion = _opinion(data.get("opinion"), poll, now)
        arrival = Arrival(poll.id, receipt, _payload(data.get("payload")), opinion)
        try:
            outcome = await self.writer.add(arrival)
        except Busy:
            raise Refusal(503, "busy", "同时提交的人太多，请稍后再交。您填的内容还在。") from None
        except Exception:
            raise Refusal(503, "store", "收卷处暂时存不下，是本平台的原因。请稍后再交。") from None
        if outcome is Outcome.SEALED:
            raise _closed(poll)
        return (201 if outcome is Outcome.STORED else 200), {"outcome": outcome.value}

    async def counted(self, text: str) -> tuple[int, dict[str, Any]]:
        """Whether a receipt is in the box. Raises ``Refusal``."""
        try:
            key = bytes.fromhex(text) if _HASH.fullmatch(text) else receipt_hash(text)
        except ReceiptError as error:
            raise Refusal(400, "receipt", str(error)) from None
        found = await self.writer.read(lambda store: store.counted(key))
        return 200, {
            "counted": found is not None,
            "poll": found.poll if found else None,
            "sealed": found.sealed if found else None,
        }

    def alive(self) -> tuple[int, dict[str, Any]]:
        """Whether the process turns at all, without asking the box: 503 when one write has been under way for too long."""
        stuck = self.writer.stuck_for() > STUCK_SECONDS
        return (503 if stuck else 200), {"alive": not stuck}

    async def health(self) -> tuple[int, dict[str, Any]]:
        """Whether the box can be written and whether opinions are stuck."""
        waiting = await self.writer.read(lambda store: len(store.waiting_opinions(1000)))
        trouble = self.writer.trouble or storage.room(environment.data_folder()).trouble or None
        return (503 if trouble else 200), {
            "ok": trouble is None,
            "trouble": trouble,
            "waiting_opinions": waiting,
        }

    def _poll(self, name: Any) -> PublishedPoll:
        try:
            poll = read_poll(self.polls(), name) if isinstance(name, str) else None
        except PollError as error:
            raise Refusal(503, "poll", f"评议文件有误，是本平台的原因：{error}") from None
        if poll is None:
            raise Refusal(404, "poll", "没有这次评议。")
        return poll


def make_app(make_intake: Callable[[], Intake]) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The ASGI application; ``make_intake`` is called when the process starts up."""
    running: list[Intake] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(make_intake, running, receive, send)
        elif scope["type"] == "http":
            try:
                status, answer = await _route(running[0], scope, receive)
            except Refusal as refusal:
                status, answer = refusal.status, {"error": refusal.code, "words": refusal.words}
            await _answer(send, status, answer)

    return app


async def _lifespan(
    make_intake: Callable[[], Intake], running: list[Intake], receive: Receive, send: Send
) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                intake = make_intake()
                try:
                    await intake.writer.start()
                except BaseException:
                    intake.release()
                    raise
            except Exception as error:
                await send({"type": "lifespan.startup.failed", "message": f"收卷处打不开问卷箱：{error}"})
                return
            running.append(intake)
            await send({"type": "lifespan.startup.complete"})
        else:
            ending = running.pop()
            await ending.writer.stop()
            ending.release()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _route(intake: Intake, scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
    method, path = scope["method"], scope["path"]
    if method == "POST" and path == "/ballots":
        return await intake.take(await _body(receive))
    if method == "GET" and path.startswith("/counted/"):
        return await intake.counted(path.removeprefix("/counted/"))
    if method == "GET" and path == "/alive":
        return intake.alive()
    if method == "GET" and path == "/health":
        return await intake.health()
    raise Refusal(404, "path", "没有这个地址。")


async def _body(receive: Receive) -> bytes:
    try:
        body = await collect(receive, most=MOST_BODY, stated=None, limits=Limits(in_memory=MOST_BODY))
    except Gone:
        raise Refusal(400, "disconnect", "连接断开。") from None
    except BodyRefused as refused:
        code = {413: "size", 408: "slow"}.get(refused.status, "body")
        words = "内容太长。" if refused.status == 413 else str(refused)
        raise Refusal(refused.status, code, words) from None
    try:
        return body.file.read()
    finally:
        body.close()


async def _answer(send: Send, status: int, answer: dict[str, Any]) -> None:
    body = json.dumps(answer, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body)
    except ValueError:
        raise Refusal(400, "json", "不是 JSON。") from None
    if not isinstance(data, dict):
        raise Refusal(400, "json", "应为对象。")
    return data


def _receipt(value: Any) -> bytes:
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise Refusal(400, "receipt", "receipt 应为回执码的 SHA-256。")
    return bytes.fromhex(value)


def _payload(value: Any) -> bytes:
    try:
        payload = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except binascii.Error:
        payload = b""
    if not payload:
        raise Refusal(400, "payload", "payload 应为 base64。")
    if len(payload) > MOST_PAYLOAD:
        raise Refusal(413, "size", "问卷太长。")
    return payload


def _opinion(value: Any, poll: PublishedPoll, now: datetime) -> OpinionRecord | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not all(isinstance(value.get(key), str) for key in ("unit", "text")):
        raise Refusal(400, "opinion", "opinion 应为单位和文字。")
    text = value["text"].strip()
    if not glyphs(text):
        return None
    if len(text) > MOST_OPINION:
        raise Refusal(400, "opinion", f"意见建议最多 {MOST_OPINION} 字，现为 {len(text)} 字。请删减后再交。")
    if poll.unit(value["unit"]) is None:
        raise Refusal(400, "opinion", "没有这个单位。")
    day = day_of(now)
    return OpinionRecord(secrets.token_hex(16), poll.id, value["unit"], text, day)


def _not_open(poll: PublishedPoll, now: datetime) -> Refusal:
    if poll.cancelled is not None:
        return Refusal(409, "cancelled", f"本次评议已取消，不收问卷：{poll.cancelled.reason}")
    if now >= poll.closes_at:
        return _closed(poll)
    opens = poll.opens_at.astimezone(BEIJING)
    return Refusal(409, "early", f"本次评议 {opens.month}月{opens.day}日 {opens:%H:%M} 开始，还没有开始。")


def _closed(poll: PublishedPoll) -> Refusal:
    closes = poll.closes_at.astimezone(BEIJING)
    day = deadline_day(closes)
    hour = "24:00" if day != closes.date() else f"{closes:%H:%M}"
    words = f"本次评议 {day.month}月{day.day}日 {hour} 已截止。可凭回执码查是否计入。"
    return Refusal(409, "closed", words)
