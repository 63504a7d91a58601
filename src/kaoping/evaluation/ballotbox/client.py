"""The portal's side of the door: hands a sealed ballot to the intake process and brings back the receipt."""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from kaoping.evaluation.ballotbox.receipts import receipt_hash, receipt_of
from kaoping.support import clock

ATTEMPTS: Final = 20
PAUSE_SECONDS: Final = 0.5
TIMEOUT_SECONDS: Final = 4.0
PATIENCE_SECONDS: Final = 10.0


class IntakeUnavailable(RuntimeError):
    """The intake did not answer in time. The ballot may be sent again with the same token: it never
    doubles.
    """

    def __init__(self) -> None:
        super().__init__("收卷处暂时没有应答，是本平台的原因。您填的内容还在，请稍后再交，不会重复计算。")


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
    """Talks to the intake at ``address`` (``host:port``, loopback). Repeats while the intake restarts."""

    def __init__(
        self,
        address: str,
        *,
        attempts: int = ATTEMPTS,
        timeout: float = TIMEOUT_SECONDS,
        pause: Callable[[float], None] = clock.wait,
    ) -> None:
        host, _, port = address.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)
        self._attempts, self._timeout, self._pause = attempts, timeout, pause

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
        begun = clock.monotonic()
        for attempt in range(self._attempts):
            if clock.monotonic() - begun > PATIENCE_SECONDS:
                break
            if attempt:
                self._pause(PAUSE_SECONDS)
            try:
                status, answer = self._once(method, path, body)
            except (OSError, http.client.HTTPException, ValueError):
                continue
            if status < 400:
                return answer
            if status < 500:
                raise BallotRefused(str(answer.get("error")), str(answer.get("words")))
        raise IntakeUnavailable

    def _once(self, method: str, path: str, body: bytes | None) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
        try:
            headers = {"Content-Type": "application/json"} if body else {}
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
            return response.status, answer if isinstance(answer, dict) else {}
        finally:
            connection.close()
