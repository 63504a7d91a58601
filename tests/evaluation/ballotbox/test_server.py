"""The intake application, called as ASGI without a network."""

import asyncio
import base64
import json
from datetime import UTC, datetime

import pytest

from kaoping.evaluation.ballotbox.group import GroupCommit
from kaoping.evaluation.ballotbox.outbox import SqliteOutbox
from kaoping.evaluation.ballotbox.receipts import receipt_hash, receipt_of
from kaoping.evaluation.ballotbox.server import Intake, make_app
from kaoping.evaluation.ballotbox.sqlite import SqliteStore
from tests.evaluation.ballotbox.examples import NOW, POLL, poll_data

CODE = receipt_of(POLL, "T" * 22)


def ballot(**changes):
    return {
        "poll": POLL,
        "receipt": receipt_hash(CODE).hex(),
        "payload": base64.b64encode(b"sealed").decode(),
        "opinion": {"unit": "U1", "text": "意见"},
    } | changes


class Server:
    """The application with a clock that the test sets."""

    def __init__(self, folder):
        self.now, self.folder = NOW, folder
        (folder / f"{POLL}.json").write_text(json.dumps(poll_data()), encoding="utf-8")
        writer = GroupCommit(
            lambda: SqliteStore(folder / "b.sqlite3"),
            lambda: SqliteOutbox(folder / "o.sqlite3"),
            forward_seconds=60,
        )
        self.app = make_app(lambda: Intake(writer, lambda: folder, lambda: self.now))

    def run(self, *requests):
        """Start, make the requests one after another (a callable is called), stop; (status, answer) of
        each.
        """
        return asyncio.run(self._run(requests))

    async def _run(self, requests):
        incoming, outgoing = asyncio.Queue(), asyncio.Queue()
        life = asyncio.create_task(self.app({"type": "lifespan"}, incoming.get, outgoing.put))
        await incoming.put({"type": "lifespan.startup"})
        assert (await outgoing.get())["type"] == "lifespan.startup.complete"
        answers = []
        for request in requests:
            if callable(request):
                request()
            else:
                answers.append(await self._ask(*request))
        await incoming.put({"type": "lifespan.shutdown"})
        await life
        return answers

    async def _ask(self, method, path, body=None):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        messages = [{"type": "http.request", "body": raw, "more_body": False}]
        sent = []

        async def receive():
            return messages.pop(0)

        async def send(message):
            sent.append(message)

        await self.app({"type": "http", "method": method, "path": path}, receive, send)
        return sent[0]["status"], json.loads(sent[1]["body"])


@pytest.fixture
def server(tmp_path):
    return Server(tmp_path)


def post(**changes):
    return "POST", "/ballots", ballot(**changes)


def test_taken_once_and_found_by_its_receipt(server):
    found = ("GET", f"/counted/{CODE}")
    hashed = ("GET", f"/counted/{receipt_hash(CODE).hex()}")
    other = ("GET", f"/counted/{receipt_of(POLL, 'U' * 22)}")
    answers = server.run(found, post(), post(), found, hashed, other, ("GET", "/health"))
    assert answers[0] == (200, {"counted": False, "poll": None, "sealed": None})
    assert answers[1] == (201, {"outcome": "stored"})
    assert answers[2] == (200, {"outcome": "repeated"})
    assert answers[3] == answers[4] == (200, {"counted": True, "poll": POLL, "sealed": False})
    assert answers[5][1]["counted"] is False
    assert answers[6] == (200, {"ok": True, "trouble": None, "waiting_opinions": 1})


def test_opinion_keeps_only_its_day_and_no_link(server, tmp_path):
    server.now = datetime(2025, 11, 10, 17, 30, tzinfo=UTC)
    server.run(post())
    store = SqliteStore(tmp_path / "b.sqlite3")
    (opinion,) = store.waiting_opinions(9)
    store.close()
    assert opinion.day.isoformat() == "2025-11-11"
    assert receipt_hash(CODE).hex() not in opinion.id
    assert (opinion.poll, opinion.unit, opinion.text) == (POLL, "U1", "意见")


def test_outside_its_time_in_words(server):
    def at(instant):
        return lambda: setattr(server, "now", instant)

    early, late = datetime(2025, 10, 31, tzinfo=UTC), datetime(2025, 11, 16, 16, tzinfo=UTC)
    answers = server.run(at(early), post(), at(NOW), post(), at(late), post(), post(receipt="0" * 64))
    assert answers[0][0] == 409
    assert answers[0][1]["words"] == "本次评议 11月1日 00:00 开始，还没有开始。"
    assert answers[2] == (200, {"outcome": "repeated"})
    assert answers[3][1] == {
        "error": "closed",
        "words": "本次评议 11月16日 24:00 已截止。可凭回执码查是否计入。",
    }


def test_sealed_early_refuses(server, tmp_path):
    def seal():
        store = SqliteStore(tmp_path / "b.sqlite3")
        store.seal(POLL, NOW)
        store.close()

    assert server.run(seal, post())[0][1]["error"] == "closed"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"poll": "p1999"}, 404, "poll"),
        ({"poll": None}, 404, "poll"),
        ({"receipt": "x"}, 400, "receipt"),
        ({"payload": "###"}, 400, "payload"),
        ({"payload": ""}, 400, "payload"),
        ({"payload": "A" * 4 * 6000}, 413, "size"),
        ({"opinion": "x"}, 400, "opinion"),
        ({"opinion": {"unit": "U9", "text": "x"}}, 400, "opinion"),
        ({"opinion": {"unit": "U1", "text": "字" * 2001}}, 400, "opinion"),
    ],
)
def test_bad_ballot_is_refused(server, change, status, code):
    ((found, answer),) = server.run(post(**change))
    assert (found, answer["error"]) == (status, code)


@pytest.mark.parametrize("blank", ["  ", "\u200b\u2060"])
def test_blank_opinion_is_none(server, tmp_path, blank):
    server.run(post(opinion={"unit": "U1", "text": blank}))
    store = SqliteStore(tmp_path / "b.sqlite3")
    assert store.waiting_opinions(9) == []
    store.close()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (("POST", "/ballots", b"{"), 400),
        (("POST", "/ballots", []), 400),
        (("POST", "/ballots", b"x" * 70000), 413),
        (("GET", "/ballots"), 404),
        (("GET", "/counted/abc"), 400),
    ],
)
def test_bad_request(server, request_, status):
    assert server.run(request_)[0][0] == status


def test_broken_poll_file_is_our_fault(server, tmp_path):
    (tmp_path / f"{POLL}.json").write_text("{}", encoding="utf-8")
    status, answer = server.run(post())[0]
    assert status == 503
    assert "是本平台的原因" in answer["words"]


def test_box_that_cannot_be_opened_fails_the_start():
    def broken():
        raise OSError("no disk")

    sent, released = [], []
    app = make_app(lambda: Intake(GroupCommit(broken, broken), None, None, lambda: released.append(True)))

    async def receive():
        return {"type": "lifespan.startup"}

    async def send(message):
        sent.append(message)

    asyncio.run(app({"type": "lifespan"}, receive, send))
    assert sent[0]["type"] == "lifespan.startup.failed"
    assert released == [True], "the folder is free for the next one"
