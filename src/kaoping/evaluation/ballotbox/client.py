"""The portal's side of the door: hands a sealed ballot to the intake process and brings back the receipt.

A request of a citizen holds a thread of the portal, so nothing here waits for long. The intake either takes the
connection and answers, or it is asked beside, every half second, whether it lives; one that does not is known to hang in
less than a second, and until it lives again every further ballot is refused at once (``breaker``). A refused ballot may be
sent again with the same token: it never doubles.
"""

from __future__ import annotations

import base64
import http.client
import json
import select
import threading
from dataclasses import dataclass
from logging import getLogger
from typing import Any, Final

from kaoping.evaluation.ballotbox.breaker import ASK_FIRST, REFUSE, Breaker
from kaoping.evaluation.ballotbox.receipts import receipt_hash, receipt_of
from kaoping.support import clock

# On loopback a connection is made at once or not at all.
CONNECT_SECONDS: Final = 0.3
# After so long without an answer it is asked beside whether the intake lives, and it has so long to say so.
ASK_AFTER_SECONDS: Final = 0.4
ASKED_SECONDS: Final = 0.4
# An intake that lives may need so long for a commit on a slow disk.
PATIENCE_SECONDS: Final = 4.0
# What the intake says of itself before it writes anything.
NOT_TAKEN: Final = ("busy", "poll")
_breakers: dict[tuple[str, int], Breaker] = {}
_lock = threading.Lock()
_log = getLogger(__name__)


class IntakeUnavailable(RuntimeError):
    """The intake did not answer in time. The ballot may be sent again with the same token: it never
    doubles.

    ``sent``: it may have arrived all the same, only the answer is missing. Then what is changed now and sent under the same
    token would not be taken, so it is not offered for changing.
    """

    def __init__(self, *, sent: bool = False) -> None:
        super().__init__(
            "收卷处没有应答，不知道这份问卷收到没有，是本平台的原因。请用回执码查；没有收到的，原样再交，不会重复计算。"
            if sent
            else "收卷处暂时没有应答，这份问卷没有交成，是本平台的原因。您填的内容还在，请过一会儿再交，不会重复计算。"
        )
        self.sent = sent


class _NotReached(Exception):
    """No connection was made, so nothing can have arrived."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


class BallotRefused(RuntimeError):
    """The intake refused; ``code`` for programs (closed, early, poll, opinion …), the message for people."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class OpinionText:
    """What a citizen wrote, and about which unit."""

    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """``code`` to show; ``repeated`` when the same form had been taken before (its first answers count)."""

    code: str
    repeated: bool


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the box says of a receipt code."""

    counted: bool
    poll: str | None
    sealed: bool


class IntakeClient:
    """Talks to the intake at ``address`` (``host:port``, loopback). All clients of one address share a breaker."""

    def __init__(self, address: str, *, patience: float = PATIENCE_SECONDS) -> None:
        host, _, port = address.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)
        self._patience = patience
        with _lock:
            self._breaker = _breakers.setdefault((self._host, self._port), Breaker())

    def submit(self, poll: str, payload: bytes, opinion: OpinionText | None, token: str) -> Receipt:
        """Hand in one ballot; returns when it is durable.

        Raises ``ReceiptError`` (bad token), ``BallotRefused`` and ``IntakeUnavailable``.
        """
        code = receipt_of(poll, token)
        body = {
            "poll": poll,
            "receipt": receipt_hash(code).hex(),
            "payload": base64.b64encode(payload).decode(),
            "opinion": {"unit": opinion.unit, "text": opinion.text} if opinion else None,
        }
        answer = self._ask("POST", "/ballots", json.dumps(body).encode())
        return Receipt(code, answer["outcome"] == "repeated")

    def counted(self, receipt: str) -> Lookup:
        """Look up a typed receipt code. Raises ``ReceiptError`` and ``IntakeUnavailable``."""
        answer = self._ask("GET", f"/counted/{receipt_hash(receipt).hex()}", None)
        return Lookup(answer["counted"], answer["poll"], bool(answer["sealed"]))

    def health(self) -> dict[str, Any]:
        """The intake's own word on its state. Raises ``IntakeUnavailable`` when it is not well."""
        return self._ask("GET", "/health", None)

    def _ask(self, method: str, path: str, body: bytes | None) -> dict[str, Any]:
        with _lock:
            how = self._breaker.before(clock.monotonic())
        if how == REFUSE or (how == ASK_FIRST and not self._lives()):
            raise IntakeUnavailable
        try:
            status, answer = self._once(method, path, body)
        except _NotReached as error:
            self._note(f"{path.split('/')[1]}: {type(error.cause).__name__} {error.cause}")
            raise IntakeUnavailable from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._note(f"{path.split('/')[1]}: {type(error).__name__} {error}")
            raise IntakeUnavailable(sent=True) from None
        self._note()
        if status < 400:
            return answer
        if status < 500:
            raise BallotRefused(str(answer.get("error")), str(answer.get("words")))
        raise IntakeUnavailable(sent=answer.get("error") not in NOT_TAKEN)

    def _note(self, trouble: str = "") -> None:
        """Keep what was found; only the first of several failures is written to the log."""
        with _lock:
            known = self._breaker.opened_at is not None
            if trouble:
                self._breaker.failed(clock.monotonic())
            else:
                self._breaker.answered()
        if trouble and not known:
            _log.warning("the intake does not answer (%s)", trouble)
        elif known and not trouble:
            _log.warning("the intake answers again")

    def _lives(self) -> bool:
        """Whether the intake's event loop turns and its writer is not stuck; known in less than half a second."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=ASKED_SECONDS)
        try:
            connection.request("GET", "/alive")
            status = connection.getresponse().status
            trouble = "its writer is stuck" if status == 503 else ""
        except (OSError, http.client.HTTPException) as error:
            trouble = f"alive: {type(error).__name__} {error}"
        finally:
            connection.close()
        self._note(trouble)
        return not trouble

    def _once(self, method: str, path: str, body: bytes | None) -> tuple[int, dict[str, Any]]:
        begun = clock.monotonic()
        connection = http.client.HTTPConnection(self._host, self._port, timeout=CONNECT_SECONDS)
        try:
            headers = {"Content-Type": "application/json"} if body else {}
            try:
                connection.connect()
            except OSError as error:
                raise _NotReached(error) from None
            connection.request(method, path, body, headers)
            # Not select(): among thousands of connections the number of this one is too large for it.
            waiting = select.poll()
            waiting.register(connection.sock, select.POLLIN)
            while not waiting.poll(ASK_AFTER_SECONDS * 1000):
                if clock.monotonic() - begun > self._patience or not self._lives():
                    raise TimeoutError
            connection.sock.settimeout(self._patience)
            response = connection.getresponse()
            answer = json.loads(response.read())
            return response.status, answer if isinstance(answer, dict) else {}
        finally:
            connection.close()
