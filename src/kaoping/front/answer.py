"""The answer of the application, kept until the client has read it: the thread is free long before that.

Files are sent as they lie on disk. Everything else is held in memory while it is small, otherwise in a file of its own.
"""

from __future__ import annotations

import asyncio
import io
import json
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Final

from kaoping.support import clock

Send = Callable[[dict[str, Any]], Awaitable[None]]

# Small, because the server holds a few of them for each client that does not read.
CHUNK: Final = 32 * 1024
IN_MEMORY: Final = 128 * 1024
# A reader who takes nothing for so long is cut off.
SILENT_SECONDS: Final = 10.0
# Beyond the first half minute a reader has to take at least so many bytes a second.
GRACE_SECONDS: Final = 30.0
SLOWEST: Final = 4 * 1024


class FileOnDisk:
    """What the application hands over as ``wsgi.file_wrapper``: a file to be sent as it is."""

    def __init__(self, file: IO[bytes], block: int = CHUNK) -> None:
        self.file, self.block = file, block
        close = getattr(file, "close", None)
        if close is not None:
            self.close = close

    def __iter__(self) -> Iterator[bytes]:
        while part := self.file.read(self.block):
            yield part


@dataclass(slots=True)
class Answer:
    """Status, headers and where the body lies."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: IO[bytes] | None = None
    close: Callable[[], object] = lambda: None


def run_wsgi(application: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> Answer:
    """Call the application in this thread, to the end of its work. Raises what it raises."""
    answer = Answer()
    spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the answer

    def start_response(
        status: str, headers: list[tuple[str, str]], _info: Any = None
    ) -> Callable[[bytes], int]:
        answer.status = int(status.split(" ", 1)[0])
        answer.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        return spool.write

    environ["wsgi.file_wrapper"] = FileOnDisk
    try:
        result = application(environ, start_response)
        if isinstance(result, FileOnDisk):
            spool.close()
            answer.body, answer.close = result.file, getattr(result, "close", result.file.close)
            return answer
        try:
            for part in result:
                spool.write(part)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()
        spool.seek(0)
    except BaseException:
        spool.close()
        raise
    answer.body, answer.close = spool, spool.close
    return answer


async def deliver(answer: Answer, send: Send, *, head: bool, silent_seconds: float = SILENT_SECONDS) -> None:
    """Send an answer as fast as it is read; a reader who stops reading is left, and the server ends the connection."""
    begun, sent = clock.monotonic(), 0
    try:
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        body = None if head else answer.body
        while True:
            part = _next(body) if body else b""
            async with asyncio.timeout(silent_seconds):
                await send({"type": "http.response.body", "body": part, "more_body": len(part) == CHUNK})
            sent += len(part)
            if len(part) < CHUNK or clock.monotonic() - begun > GRACE_SECONDS + sent / SLOWEST:
                return
    except TimeoutError:
        return
    finally:
        answer.close()


def _next(body: IO[bytes]) -> bytes:
    """A whole chunk; less only at the end."""
    part = body.read(CHUNK)
    while part and len(part) < CHUNK and (more := body.read(CHUNK - len(part))):
        part += more
    return part


def in_words(status: int, title: str, words: str, *, retry: int = 0, as_json: bool = False) -> Answer:
    """A small page of the front itself, for what never reached the application; ``as_json`` for a script that asked for it."""
    page = _json(title, words) if as_json else _page(title, words)
    headers = [
        (b"content-type", b"application/json" if as_json else b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"connection", b"close"),
    ]
    if retry:
        headers.append((b"retry-after", str(retry).encode()))
    return Answer(status, headers, io.BytesIO(page))


def _json(title: str, words: str) -> bytes:
    return json.dumps({"refused": f"{title}。{words}"}, ensure_ascii=False).encode()


def _page(title: str, words: str) -> bytes:
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{words}</p>\n</main>\n</body>\n</html>\n"
    ).encode()
