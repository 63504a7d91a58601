"""The public door for ballots: the portal calls it, the intake process serves it.

Imports the engine and the ballot box, nothing of the desk and no Django. ``intake_app`` is run by one worker:
``granian --interface asgi --workers 1 kaoping.evaluation.intake:intake_app``.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from kaoping.evaluation.ballotbox import checksums, sqlite
from kaoping.evaluation.ballotbox.client import (
    BallotRefused,
    IntakeClient,
    IntakeUnavailable,
    Lookup,
    OpinionText,
    Receipt,
)
from kaoping.evaluation.ballotbox.group import GroupCommit
from kaoping.evaluation.ballotbox.polls import PollError, PollUnit, PublishedPoll, read_poll, read_polls
from kaoping.evaluation.ballotbox.receipts import ReceiptError, new_token, normalise, receipt_of
from kaoping.evaluation.ballotbox.server import Intake, make_app
from kaoping.evaluation.ballotbox.sheets import AnswersRefused, seal_ballot
from kaoping.evaluation.ballotbox.store import (
    box_parts,
    open_ballot_store,
    open_opinion_outbox,
)
from kaoping.support import clock, environment, installation, locks, untouched

__all__ = [
    "AnswersRefused",
    "BallotRefused",
    "IntakeClient",
    "IntakeUnavailable",
    "Lookup",
    "OpinionText",
    "PollError",
    "PollUnit",
    "PublishedPoll",
    "Receipt",
    "ReceiptError",
    "box_parts",
    "intake_app",
    "new_token",
    "normalise",
    "polls_folder",
    "read_poll",
    "read_polls",
    "receipt_of",
    "seal_ballot",
]


# How long a starting intake waits for one that is just ending.
INTAKE_PATIENCE: Final = 5.0


def damage_of_copy(box: Path) -> str:
    """What is wrong with the ballots in a copy of the box's file, in words; empty when all are as they were handed in.

    A copy of a box from before has no checksums yet, and nothing is said of it.
    """
    if not box.is_file():
        return ""
    with closing(sqlite3.connect(untouched.address(box), uri=True)) as connection:
        damaged = sqlite.damaged(connection) if sqlite.has_checksums(connection) else {}
    return checksums.in_words(damaged)


def damage_of_box(folder: Path) -> str:
    """The same of the installation's own box, wherever it lies; one from before gets its checksums now."""
    with closing(open_ballot_store(folder)) as store:
        return checksums.in_words(store.damaged())


def polls_folder() -> Path:
    """Where the desk publishes polls: ``polls`` in the published folder (``KAOPING_PUBLISHED``)."""
    return environment.published_folder(environment.data_folder()) / "polls"


def _intake() -> Intake:
    """Raises ``ForeignPlace`` and ``Locked``: two processes that write into one box know nothing of each other's batch."""
    folder = environment.data_folder()
    locks.refuse_orphan(folder)
    installation.refuse_folder(
        installation.read(folder), environment.published_folder(folder), "公开目录", "KAOPING_PUBLISHED"
    )
    lock = locks.take(folder, locks.INTAKE, "收卷进程", patience=INTAKE_PATIENCE)
    return Intake(GroupCommit(open_ballot_store, open_opinion_outbox), polls_folder, clock.now, lock.release)


intake_app = make_app(_intake)
