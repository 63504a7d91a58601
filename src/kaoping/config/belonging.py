"""Does everything that the settings point to belong to this data folder? Asked by every process before it does anything.

The places are the main database, the ballot box, the outbox of opinions and the published folder. ``kaoping init`` marks
them; a folder of the first release, which had no marks, is taken over by it once. No Django here: backup asks too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from kaoping.evaluation.intake import box_parts
from kaoping.support import installation
from kaoping.support.environment import DatabaseUrl, main_database, published_folder
from kaoping.support.installation import ForeignPlace, Mark, Place, Unreachable

_MAIN: Final = "KAOPING_DATABASE_URL"
_PUBLISHED: Final = "KAOPING_PUBLISHED"


def refuse_foreign(folder: Path) -> None:
    """Raises ``ForeignPlace`` in words when a place is another installation's, or nobody took it over yet."""
    own = installation.read(folder)
    _look(folder, own, adopting=False)


def refuse_foreign_published(folder: Path) -> None:
    """The same for the outside face, which reads nothing else.

    On a machine that runs the outside face alone nobody ran ``init``: there the published folder is taken at its word.
    """
    own = installation.read(folder)
    if own is not None:
        installation.refuse_folder(own, published_folder(folder), "公开目录", _PUBLISHED)


def refuse_others(folder: Path) -> None:
    """For ``init``, before it changes a table, and for backup: places without a mark may be taken over, others' may not."""
    _look(folder, installation.read(folder), adopting=True)


def take(folder: Path) -> Mark:
    """Make the installation's id if there is none, and mark what is not marked yet. Once; harmless when repeated."""
    own = installation.read(folder)
    if own is None:
        own = installation.new_mark()
        installation.write(folder, own)
    for _place, url, schema, _tables in _databases(folder):
        there = url.engine != "sqlite" or Path(url.name).is_file()
        if there and installation.read_database(url, schema) is None:
            installation.mark_database(url, own, schema)
    published = published_folder(folder)
    published.mkdir(parents=True, exist_ok=True)
    if installation.read(published) is None:
        installation.write(published, own)
    return own


def join(folder: Path) -> Mark:
    """A machine that runs the outside face and the intake only: it goes by the mark of the published folder it was given.

    Raises ``ForeignPlace`` when there is none, or when the folder has a mark of its own already.
    """
    found, own = installation.read(published_folder(folder)), installation.read(folder)
    if found is None:
        raise ForeignPlace(
            "公开目录里还没有安装标识。办法：先把内网机器的公开目录拷过来，KAOPING_PUBLISHED 指向它"
        )
    if own is not None and own != found:
        raise ForeignPlace(f"本数据目录已经是安装 {own.id}。办法：换一个空的数据目录")
    installation.write(folder, found)
    return found


def take_anew(folder: Path) -> Mark | None:
    """After a restore: the same id, a new copy, written over the marks that came with the backup.

    Null for a backup of the first release, whose folder has no mark yet; ``init`` takes it over.
    """
    old = installation.read(folder)
    if old is None:
        return None
    own = installation.renewed(old)
    installation.write(folder, own)
    for _place, url, schema, _tables in _databases(folder):
        if url.engine != "sqlite" or Path(url.name).is_file():
            installation.mark_database(url, own, schema, anew=True)
    published = published_folder(folder)
    published.mkdir(parents=True, exist_ok=True)
    installation.write(published, own)
    return own


def _databases(folder: Path) -> Iterator[tuple[Place, DatabaseUrl, str, tuple[str, ...]]]:
    main = main_database(folder)
    where = main.name if main.engine == "sqlite" else f"{main.host}/{main.name}"
    yield Place("主库", where, _MAIN), main, "", ("accounts_person",)
    for part in box_parts(folder):
        yield part.place, part.url, part.schema, part.tables


def _look(folder: Path, own: Mark | None, *, adopting: bool) -> None:
    """A place that does not answer is passed over: it is asked again whenever it is opened."""
    for place, url, schema, tables in _databases(folder):
        with suppress(Unreachable):
            found = installation.read_database(url, schema)
            unknown = found is None and own is not None and not adopting
            filled = unknown and installation.holds_rows(url, tables)
            words = installation.refusal(own, found, place, filled=filled)
            if words:
                raise ForeignPlace(words)
    installation.refuse_folder(own, published_folder(folder), "公开目录", _PUBLISHED)
