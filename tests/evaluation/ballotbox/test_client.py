"""The portal's client against a small server on loopback that answers as told."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kaoping.evaluation.ballotbox.client import BallotRefused, IntakeClient, IntakeUnavailable, OpinionText
from kaoping.evaluation.ballotbox.receipts import ReceiptError, receipt_hash, receipt_of

TOKEN = "T" * 22
CODE = receipt_of("p", TOKEN)


@pytest.fixture
def intake():
    """(address, answers to give, requests seen)."""
    answers, seen = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
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


def client(address, pauses=None):
    return IntakeClient(address, attempts=4, pause=(pauses if pauses is not None else []).append)


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


def test_busy_intake_is_asked_again_with_the_same_ballot(intake):
    address, answers, seen = intake
    answers += [(503, {"error": "busy", "words": ""}), (200, {"outcome": "repeated"})]
    pauses = []
    assert client(address, pauses).submit("p", b"sealed", None, TOKEN).repeated
    assert len(pauses) == 1
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


def test_nobody_there_gives_a_clear_error():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    pauses = []
    with pytest.raises(IntakeUnavailable, match="不会重复计算"):
        client(f"127.0.0.1:{port}", pauses).submit("p", b"sealed", None, TOKEN)
    assert len(pauses) == 3
