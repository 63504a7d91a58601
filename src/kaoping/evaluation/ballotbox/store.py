"""What a ballot store can do, whichever database holds it, and how one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, TypeVar

from kaoping.evaluation.ballotbox.outbox import OpinionOutbox, SqliteOutbox
from kaoping.evaluation.ballotbox.postgres import PostgresOutbox, PostgresStore
from kaoping.evaluation.ballotbox.records import Arrival, Counted, OpinionRecord, Outcome, Seal, SealedBallot
from kaoping.evaluation.ballotbox.sqlite import SqliteStore
from kaoping.support import environment, installation
from kaoping.support.environment import DatabaseUrl
from kaoping.support.installation import ForeignPlace, Mark, Place

BALLOT_FILE: Final = "ballots.sqlite3"
OUTBOX_FILE: Final = "opinions.sqlite3"
URL_SETTING: Final = "KAOPING_BALLOT_DATABASE_URL"


class BallotStore(Protocol):
    """The box. Every write is durable when its call returns. Ballots are never changed or taken out."""

    def add(self, batch: Sequence[Arrival]) -> list[Outcome]:
        """Store a batch in one transaction, each ballot with its opinion or not at all; outcomes in order."""

    def seal(self, poll: str, now: datetime) -> Seal:
        """Close ``poll`` for good and fix its digest; sealing again gives the first seal back."""

    def sealed(self, poll: str) -> Seal | None:
        """The seal of ``poll``, null while it is not sealed."""

    def count(self, poll: str) -> int:
        """How many ballots the box holds for ``poll``: the only figure known before the opening."""

    def ballots(self, poll: str) -> Iterator[SealedBallot]:
        """The ballots in order of receipt. Raises ``NotSealed`` before the seal."""

    def damaged(self) -> dict[str, int]:
        """Polls whose ballots are not all as they were handed in, and how many; removed ones stand under ``?``."""

    def counted(self, receipt: bytes) -> Counted | None:
        """Look up the SHA-256 of a receipt code; null when no such ballot is in the box."""

    def waiting_opinions(self, limit: int) -> list[OpinionRecord]:
        """Opinions not yet forwarded, in no telling order."""

    def drop_opinions(self, ids: Sequence[str]) -> None:
        """Forget opinions that lie safely in the outbox."""

    def close(self) -> None:
        """Release the connection."""


T = TypeVar("T", bound=BallotStore | OpinionOutbox)


@dataclass(frozen=True, slots=True)
class BoxPart:
    """One database of the box: what people call it, its address, its schema on PostgreSQL, its tables."""

    place: Place
    url: DatabaseUrl
    schema: str
    tables: tuple[str, ...]


def box_parts(folder: Path) -> tuple[BoxPart, BoxPart]:
    """Where ballots and opinions of the installation in ``folder`` lie, whether or not anything is there yet."""
    given = environment.read(URL_SETTING)
    if given:
        url = environment.parse_database_url(given)
        where = f"{url.host}/{url.name}"
        return (
            BoxPart(
                Place("问卷箱", where, URL_SETTING),
                url,
                "ballots",
                ("ballots.ballot", "ballots.seal", "ballots.opinion"),
            ),
            BoxPart(Place("意见待取处", where, URL_SETTING), url, "opinions", ("opinions.opinion",)),
        )
    box, outbox = folder / BALLOT_FILE, folder / OUTBOX_FILE
    return (
        BoxPart(
            Place("问卷箱", str(box), "KAOPING_DATA"),
            DatabaseUrl("sqlite", str(box)),
            "",
            ("ballot", "seal", "opinion"),
        ),
        BoxPart(
            Place("意见待取处", str(outbox), "KAOPING_DATA"),
            DatabaseUrl("sqlite", str(outbox)),
            "",
            ("opinion",),
        ),
    )


def open_ballot_store(folder: Path | None = None) -> BallotStore:
    """The installation's ballot store: PostgreSQL when its address is set, else a file in the data folder.

    Raises ``ForeignPlace`` when the box is another installation's; a new one is taken.
    """
    folder = folder or environment.data_folder()
    part = box_parts(folder)[0]
    url = environment.read(URL_SETTING)
    return _own(folder, part, lambda: PostgresStore(url) if url else SqliteStore(folder / BALLOT_FILE))


def open_opinion_outbox(folder: Path | None = None) -> OpinionOutbox:
    """The outbox that the desk reads opinions from. Raises ``ForeignPlace`` like ``open_ballot_store``."""
    folder = folder or environment.data_folder()
    part = box_parts(folder)[1]
    url = environment.read(URL_SETTING)
    return _own(folder, part, lambda: PostgresOutbox(url) if url else SqliteOutbox(folder / OUTBOX_FILE))


def _refuse_foreign(own: Mark | None, part: BoxPart) -> Mark | None:
    """The mark of a part of the box, which may be none. Raises ``ForeignPlace``; changes nothing."""
    found = installation.read_database(part.url, part.schema)
    filled = found is None and own is not None and installation.holds_rows(part.url, part.tables)
    words = installation.refusal(own, found, part.place, filled=filled)
    if words:
        raise ForeignPlace(words)
    return found


def _own(folder: Path, part: BoxPart, opened: Callable[[], T]) -> T:
    """Looked at before it is opened, because opening prepares tables; marked before anything is put in."""
    own = installation.read(folder)
    found = _refuse_foreign(own, part)
    made = opened()
    try:
        if own is not None and found is None:
            installation.mark_database(part.url, own, part.schema)
    except BaseException:
        made.close()
        raise
    return made


def forward_opinions(store: BallotStore, outbox: OpinionOutbox, limit: int = 500) -> int:
    """Move waiting opinions to the outbox, each exactly once even if killed between the steps; returns how
    many.
    """
    waiting = store.waiting_opinions(limit)
    if waiting:
        outbox.put(waiting)
        store.drop_opinions([opinion.id for opinion in waiting])
    return len(waiting)
