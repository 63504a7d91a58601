"""Kill the ballot intake (SIGKILL) at random moments under writers, then compare what was acknowledged with
what is stored: no acknowledged ballot lost, none doubled, every opinion delivered exactly once.

    .venv/bin/python bench/kill_intake.py [--kills 20] [--writers 8] [--seed 1]

Runs on loopback in a folder of its own; ``KAOPING_BALLOT_DATABASE_URL`` moves the box to PostgreSQL (an empty
database).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kaoping.evaluation.ballotbox import crypto
from kaoping.evaluation.ballotbox.client import IntakeClient, IntakeUnavailable, OpinionText
from kaoping.evaluation.ballotbox.polls import PublishedPoll, poll_from_json
from kaoping.evaluation.ballotbox.receipts import new_token, receipt_hash
from kaoping.evaluation.ballotbox.sheets import open_ballots, seal_ballot
from kaoping.evaluation.ballotbox.store import open_ballot_store, open_opinion_outbox

POLL = "kills"
WORDS = ("first opener's words", "second opener's words")


@dataclass
class Report:
    """What the writers saw and what was found afterwards."""

    kills: int = 0
    acknowledged: int = 0
    repeated: int = 0
    unanswered: int = 0
    stored: int = 0
    opened: int = 0
    lost: int = 0
    opinions_acknowledged: int = 0
    opinions_delivered: int = 0
    opinions_lost: int = 0
    opinions_doubled: int = 0
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing doubled."""
        return not (self.lost or self.opinions_lost or self.opinions_doubled) and self.stored == self.opened


@dataclass
class Run:
    """One run: the intake, its writers and a desk that collects opinions meanwhile."""

    folder: Path
    port: int
    poll: PublishedPoll
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    acknowledged: dict[str, str | None] = field(default_factory=dict)
    delivered: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    unanswered: int = 0

    def start_intake(self) -> subprocess.Popen[bytes]:
        """The intake in a process group of its own."""
        granian = Path(sys.executable).with_name("granian")
        command = [str(granian), "--interface", "asgi", "--workers", "1", "--host", "127.0.0.1", "--port"]
        command += [str(self.port), "--log-level", "error", "kaoping.evaluation.intake:intake_app"]
        environment = {**os.environ, "KAOPING_DATA": str(self.folder), "KAOPING_PUBLISHED": ""}
        return subprocess.Popen(command, env=environment, start_new_session=True)

    def write(self, writer: int) -> None:
        """Fill in forms until told to stop; a form without an answer is sent again, as a citizen would."""
        client = IntakeClient(f"127.0.0.1:{self.port}")
        number = 0
        while not self.stop.is_set():
            number += 1
            words = f"{writer}/{number}" if number % 3 == 0 else None
            payload = seal_ballot(self.poll, "U1", {"q1": "s"}, "public")
            opinion = OpinionText("U1", words) if words else None
            token = new_token()
            for _ in range(400):
                try:
                    receipt = client.submit(POLL, payload, opinion, token)
                except IntakeUnavailable:
                    with self.lock:
                        self.unanswered += 1
                    time.sleep(0.05)
                    continue
                with self.lock:
                    self.acknowledged[receipt.code] = words
                    self.repeated += receipt.repeated
                break

    def wait_until_written(self) -> None:
        """Until the writers have found the intake again, so that the next kill meets it at work."""
        with self.lock:
            before = len(self.acknowledged)
        for _ in range(400):
            with self.lock:
                if len(self.acknowledged) > before:
                    return
            time.sleep(0.05)
        raise AssertionError("the intake acknowledges nothing any more")

    def collect(self) -> None:
        """What the desk does: take opinions out of the outbox while the intake puts new ones in."""
        with contextlib.closing(open_opinion_outbox(self.folder)) as outbox:
            while True:
                last = self.stop.is_set()
                waiting = outbox.waiting(1000)
                self.delivered.update(opinion.text for opinion in waiting)
                outbox.mark_collected([opinion.id for opinion in waiting])
                if last and not waiting:
                    return
                time.sleep(0.05)


def run(kills: int, writers: int, seed: int, folder: Path) -> Report:
    """Do it; ``folder`` must be empty."""
    chance = random.Random(seed)
    begun = time.monotonic()
    key = crypto.make_poll_key(*WORDS, crypto.Cost(1, 8192))
    data = _poll(key.public_key)
    (folder / "published" / "polls").mkdir(parents=True)
    (folder / "published" / "polls" / f"{POLL}.json").write_text(json.dumps(data), encoding="utf-8")
    now = Run(folder, _free_port(), poll_from_json(data))
    intake = now.start_intake()
    threads = [threading.Thread(target=now.write, args=(number,)) for number in range(writers)]
    desk = threading.Thread(target=now.collect)
    for thread in threads:
        thread.start()
    for _ in range(kills):
        now.wait_until_written()
        time.sleep(chance.uniform(0.4, 2.0))
        _end(intake, signal.SIGKILL)
        intake = now.start_intake()
        if not desk.is_alive() and desk.ident is None:
            desk.start()
    now.wait_until_written()
    time.sleep(1)
    now.stop.set()
    for thread in threads:
        thread.join()
    _wait_until_forwarded(now)
    desk.join()
    _end(intake, signal.SIGTERM)
    report = _compare(now, key)
    report.kills, report.seconds = kills, time.monotonic() - begun
    return report


def _compare(now: Run, key: crypto.PollKey) -> Report:
    with contextlib.closing(open_opinion_outbox(now.folder)) as outbox:
        now.delivered.update(opinion.text for opinion in outbox.waiting(100000))
    with contextlib.closing(open_ballot_store(now.folder)) as store:
        seal = store.seal(POLL, datetime.now(UTC))
        opened = open_ballots(store, POLL, crypto.open_with(key, *WORDS))
        lost = [code for code in now.acknowledged if store.counted(receipt_hash(code)) is None]
    words = {word for word in now.acknowledged.values() if word}
    return Report(
        acknowledged=len(now.acknowledged),
        repeated=now.repeated,
        unanswered=now.unanswered,
        stored=seal.count,
        opened=len({ballot.id for ballot in opened.ballots}),
        lost=len(lost),
        opinions_acknowledged=len(words),
        opinions_delivered=now.delivered.total(),
        opinions_lost=len(words - set(now.delivered)),
        opinions_doubled=sum(1 for count in now.delivered.values() if count > 1),
    )


def _wait_until_forwarded(now: Run) -> None:
    client = IntakeClient(f"127.0.0.1:{now.port}")
    for _ in range(200):
        with contextlib.suppress(IntakeUnavailable):
            if client.health()["waiting_opinions"] == 0:
                return
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    os.killpg(process.pid, number)
    process.wait(20)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _poll(public_key: str) -> dict[str, object]:
    option = {"code": "s", "label": "满意", "counts_as": "satisfied"}
    question = {"id": "q1", "dimension": "S5.1", "kind": "single", "options": [option]}
    return {
        "id": POLL,
        "title": "示例评议",
        "year": 2025,
        "opens_at": "2000-01-01T00:00:00+08:00",
        "closes_at": "2100-01-01T00:00:00+08:00",
        "public_key": public_key,
        "questionnaire": {"id": "q", "version": "1", "questions": [question], "satisfaction": {}, "min_n": 1},
        "units": [{"code": "U1", "name": "示例局", "short_name": None, "group": None}],
        "example": True,
        "min_n": 1,
    }


def main() -> int:
    """Print the figures; 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kaoping-kills-") as folder:
        report = run(args.kills, args.writers, args.seed, Path(folder))
    print(json.dumps({**report.__dict__, "clean": report.clean}, indent=1))
    return 0 if report.clean else 1


if __name__ == "__main__":
    sys.exit(main())
