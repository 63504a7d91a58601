"""The front as an ASGI application over a WSGI one: collect, wait for the right pool, run, deliver."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from logging import getLogger
from typing import Any, Final

from asgiref.wsgi import WsgiToAsgiInstance

from kaoping.front.answer import SILENT_SECONDS, Answer, Send, deliver, in_words, run_wsgi
from kaoping.front.body import MEGABYTE, BodyRefused, Gone, Limits, Receive, Spool, collect
from kaoping.front.fair import Visitor, network_of
from kaoping.front.listener import bound_unread_answers
from kaoping.front.pools import Overloaded, Pool
from kaoping.support.storage import cannot_store

Scope = Mapping[str, Any]
Wsgi = Callable[..., Iterable[bytes]]

_log = getLogger(__name__)
BUSY: Final = "现在办理的人多，这一次没有办成。请过几秒再试一次：您填的内容还在上一页，重新提交不会重复计算。"
NOT_NOW: Final = "本平台的磁盘或数据库暂时不能用，不是您的原因。已经提交成功的内容都还在，没有提交成功的请过几分钟再提交一次。"
FAILED: Final = "已经提交成功的内容都还在。请过几分钟再试。"
OTHERS: Final = "others"
# A request may legitimately take minutes (a large import, a score sheet); all threads at it for so long is a hang.
STUCK_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Where one request goes: the name of its pool, and how large its body may be (bytes).

    The application sees an empty body instead of one that is larger than ``keep``. Larger ones lie in ``room``, on the
    share of ``client``; of an empty one the visitor's address stands for it.
    """

    pool: str
    most_body: int
    keep: int | None = None
    room: str = OTHERS
    client: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a face decides of each request.

    ``pools``: threads and places to wait, by name. ``rooms``: bytes for bodies in files, of all together and of one client,
    by name: who fills one takes no room in another. ``plan(method, path, cookies)``. ``visitor`` names who asks from the
    peer's address and the headers, so that nobody stands in everybody's way. ``health``: the path by which the
    supervisor asks whether this process lives.
    """

    pools: Mapping[str, tuple[int, int]]
    plan: Callable[[str, str, str], Plan]
    visitor: Callable[[str, Mapping[str, str]], Visitor]
    health: str
    rooms: Mapping[str, tuple[int, int]] = field(
        default_factory=lambda: {OTHERS: (64 * MEGABYTE, 16 * MEGABYTE)}
    )
    limits: Limits = field(default_factory=Limits)


@dataclass(slots=True)
class _State:
    pools: dict[str, Pool]
    rooms: dict[str, Spool]


def make_front(application: Wsgi, rules: Rules) -> Callable[[Scope, Receive, Send], Any]:
    """The ASGI application. Its pools belong to the event loop that asks first."""
    states: list[_State] = []

    def state() -> _State:
        if not states:
            made = {
                name: Pool(name, threads=threads, waiting=waiting)
                for name, (threads, waiting) in rules.pools.items()
            }
            rooms = {name: Spool(most, share) for name, (most, share) in rules.rooms.items()}
            states.append(_State(made, rooms))
        return states[0]

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send, states)
        elif scope["type"] == "http":
            await _one(application, rules, state(), scope, receive, send)

    return front


async def _one(
    application: Wsgi, rules: Rules, state: _State, scope: Scope, receive: Receive, send: Send
) -> None:
    try:
        answer = await _answer(application, rules, state, scope, receive)
    except Gone:
        return
    await deliver(answer, send, head=scope["method"] == "HEAD")


async def _answer(application: Wsgi, rules: Rules, state: _State, scope: Scope, receive: Receive) -> Answer:
    method, path = scope["method"], scope["path"]
    if path == rules.health and any(pool.stuck_for() > STUCK_SECONDS for pool in state.pools.values()):
        return _stuck()
    headers = _joined(scope["headers"])
    plan = rules.plan(method, path, headers.get("cookie", ""))
    client = scope.get("client")
    visitor = rules.visitor(client[0] if client else "", headers)
    as_json = headers.get("accept", "").startswith("application/json")
    try:
        stated = _stated(headers)
        body = await collect(
            receive,
            most=plan.most_body,
            keep=plan.keep,
            stated=stated,
            limits=rules.limits,
            spool=state.rooms[plan.room],
            client=plan.client or network_of(visitor.address),
            files=headers.get("content-type", "").lower().startswith("multipart/"),
        )
    except BodyRefused as refused:
        return in_words(refused.status, "没有收到全部内容", refused.words, as_json=as_json)
    try:
        environ = _environ(scope, headers, body.file, body.size)
        return await state.pools[plan.pool].run(
            visitor, lambda: run_wsgi(application, environ), unwanted=lambda answer: answer.close()
        )
    except Overloaded:
        return in_words(503, "请过几秒再试", BUSY, retry=5, as_json=as_json)
    except Exception as error:
        # The application words its own failures; what comes as far as this is a failure of that.
        if cannot_store(error):
            _log.error("cannot store: %s %s: %s", method, path, error)
            return in_words(503, "现在办不了", NOT_NOW, retry=60, as_json=as_json)
        _log.exception("no answer to %s %s", method, path)
        return in_words(500, "本平台出错了，不是您的原因", FAILED, as_json=as_json)
    finally:
        body.close()


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name; several of one name are one list, as HTTP says."""
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        mark = "; " if name == "cookie" else ","
        found[name] = f"{found[name]}{mark}{value}" if name in found else value
    return found


def _stated(headers: Mapping[str, str]) -> int | None:
    text = headers.get("content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise BodyRefused(400, "请求头里的长度写错了。")
    return int(text[:20])


def _environ(scope: Scope, headers: Mapping[str, str], file: Any, size: int) -> dict[str, Any]:
    maker = WsgiToAsgiInstance(None)  # type: ignore[no-untyped-call]
    # Underscores in a name would become hyphens and speak for another header.
    maker.scope = {
        **scope,
        "query_string": scope["query_string"].decode("latin-1").encode("ascii", "backslashreplace"),
        "headers": [(name, value) for name, value in scope["headers"] if b"_" not in name],
    }
    environ: dict[str, Any] = maker.build_environ(maker.scope, file)  # type: ignore[no-untyped-call]
    environ["CONTENT_LENGTH"] = str(size)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["wsgi.multiprocess"] = False
    if "HTTP_COOKIE" in environ:
        environ["HTTP_COOKIE"] = headers["cookie"]
    return environ


def _stuck() -> Answer:
    words = json.dumps({"status": "stuck"}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(words)).encode()),
        (b"cache-control", b"no-store"),
    ]
    return Answer(500, headers, io.BytesIO(words))


async def _lifespan(receive: Receive, send: Send, states: list[_State]) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            guard = asyncio.create_task(_guard_listener())
            await send({"type": "lifespan.startup.complete"})
        else:
            guard.cancel()
            for one in states:
                for pool in one.pools.values():
                    pool.close()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _guard_listener() -> None:
    """The server opens its socket after the application has started."""
    for _ in range(100):
        if bound_unread_answers(SILENT_SECONDS + 5):
            return
        await asyncio.sleep(0.1)
