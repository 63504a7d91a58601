"""The portal's client against a small server on loopback that answers as told."""

import json
import os
import resource
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer

import pytest

from kaoping.evaluation.ballotbox import client as module
from kaoping.evaluation.ballotbox.breaker import Breaker
from kaoping.evaluation.ballotbox.client import BallotRefused, IntakeClient, IntakeUnavailable, OpinionText
from kaoping.evaluation.ballotbox.receipts import ReceiptError, receipt_hash, receipt_of

TOKEN = "T" * 22
CODE = receipt_of("p", TOKEN)


@pytest.fixture
def intake():
    """(address, answers to give, requests seen). Signs of life are answered apart."""
    answers, seen = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/alive":
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.append((self.command, self.path, json.loads(body) if body else None))
            status, answer = answers.pop(0)
            raw = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"127.0.0.1:{server.server_port}", answers, seen
    server.shutdown()
    thread.join()
    server.server_close()


client = IntakeClient


def test_receipt_comes_back_and_the_intake_sees_neither_token_nor_code(intake):
    address, answers, seen = intake
    answers.append((201, {"outcome": "stored"}))
    receipt = client(address).submit("p", b"sealed", OpinionText("U1", "话"), TOKEN)
    assert (receipt.code, receipt.repeated) == (CODE, False)
    sent = seen[0][2]
    assert sent["receipt"] == receipt_hash(CODE).hex()
    assert TOKEN not in json.dumps(sent)
    assert CODE not in json.dumps(sent)
    assert sent["opinion"] == {"unit": "U1", "text": "话"}


def test_a_busy_intake_is_said_at_once_and_the_same_ballot_may_come_again(intake):
    address, answers, seen = intake
    answers += [(503, {"error": "busy", "words": ""}), (200, {"outcome": "repeated"})]
    with pytest.raises(IntakeUnavailable, match="没有交成"):
        client(address).submit("p", b"sealed", None, TOKEN)
    assert client(address).submit("p", b"sealed", None, TOKEN).repeated
    assert seen[0] == seen[1]


def test_refusal_brings_its_words(intake):
    address, answers, _ = intake
    answers.append((409, {"error": "closed", "words": "已截止"}))
    with pytest.raises(BallotRefused, match="已截止") as raised:
        client(address).submit("p", b"sealed", None, TOKEN)
    assert raised.value.code == "closed"


def test_lookup(intake):
    address, answers, seen = intake
    answers.append((200, {"counted": True, "poll": "p", "sealed": True}))
    found = client(address).counted(CODE.lower())
    assert (found.counted, found.poll, found.sealed) == (True, "p", True)
    assert seen[0][1] == f"/counted/{receipt_hash(CODE).hex()}"
    with pytest.raises(ReceiptError):
        client(address).counted("x")


def nobody():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def test_nobody_there_gives_a_clear_error():
    with pytest.raises(IntakeUnavailable, match="不会重复计算") as raised:
        client(nobody()).submit("p", b"sealed", None, TOKEN)
    assert not raised.value.sent


@pytest.mark.parametrize(("error", "sent"), [("busy", False), ("poll", False), ("store", True)])
def test_what_was_surely_not_taken_is_told_from_what_may_be_in(intake, error, sent):
    address, answers, _ = intake
    answers.append((503, {"error": error, "words": ""}))
    with pytest.raises(IntakeUnavailable) as raised:
        client(address).submit("p", b"sealed", None, TOKEN)
    assert raised.value.sent is sent and ("没有交成" in str(raised.value)) is not sent


@pytest.fixture
def hung():
    """(address, connections taken): takes connections as the kernel does for a stopped process, and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(50)
        yield f"127.0.0.1:{listening.getsockname()[1]}", listening


def taken(listening):
    """How many connections came, without waiting."""
    listening.setblocking(False)
    found = 0
    while True:
        try:
            listening.accept()[0].close()
        except BlockingIOError:
            return found
        found += 1


def test_a_hung_intake_is_found_out_once_for_all(hung):
    address, listening = hung
    with pytest.raises(IntakeUnavailable, match="不知道这份问卷收到没有") as raised:
        client(address).submit("p", b"sealed", None, TOKEN)
    assert raised.value.sent
    assert taken(listening) == 2, "the ballot, and the question beside it"
    for _ in range(20):
        with pytest.raises(IntakeUnavailable):
            client(address).submit("p", b"sealed", None, TOKEN)
    assert taken(listening) == 0, "nobody after that waits or even knocks"


def test_after_a_pause_one_asks_first_and_then_ballots_go_through(intake, monkeypatch):
    address, answers, seen = intake
    host, port = address.split(":")
    now = [1000.0]
    monkeypatch.setattr(module.clock, "monotonic", lambda: now[0])
    module._breakers[(host, int(port))] = Breaker(opened_at=now[0])
    with pytest.raises(IntakeUnavailable):
        client(address).submit("p", b"sealed", None, TOKEN)
    assert seen == []
    now[0] += 1.5
    answers.append((201, {"outcome": "stored"}))
    assert client(address).submit("p", b"sealed", None, TOKEN).code == CODE
    answers.append((201, {"outcome": "stored"}))
    client(address).submit("p", b"sealed", None, TOKEN)


def test_an_intake_that_lives_but_is_slow_is_waited_for(monkeypatch):
    """No answer to the ballot yet, but a sign of life: a slow disk is not a hang."""
    asked = []

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            go_on.set()
            self._say(b"{}")

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            go_on.wait(10)
            self._say(b'{"outcome": "stored"}')

        def _say(self, raw):
            self.send_response(200)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_):
            pass

    go_on = threading.Event()
    monkeypatch.setattr(module, "ASK_AFTER_SECONDS", 0.01)
    monkeypatch.setattr(module, "ASKED_SECONDS", 5.0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        receipt = client(f"127.0.0.1:{server.server_port}", patience=30).submit("p", b"sealed", None, TOKEN)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert receipt.code == CODE and asked[0] == "/alive"


def test_it_works_among_thousands_of_open_connections(intake):
    """``select()`` knows no descriptor above 1,023."""
    address, answers, _ = intake
    answers.append((201, {"outcome": "stored"}))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 1200:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1200, hard), hard))
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        assert client(address).submit("p", b"sealed", None, TOKEN).code == CODE
    finally:
        for one in held:
            os.close(one)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
