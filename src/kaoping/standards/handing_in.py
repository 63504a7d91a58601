"""A rulebook that an organiser hands in: read in the limited child, completed by a parent that is known, compared.

Nouns: Examination (what is handed in, what it would change, what is wrong). A parent's text that came along is believed only
where it is one that this installation has; else whoever hands in could lessen the parent itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaoping.foreign.visible import visible
from kaoping.standards import queries
from kaoping.standards.cases import run_cases
from kaoping.standards.comparison import Change, compare
from kaoping.standards.loading import Rulebook, load_rulebook, parent_of, rulebook_from_files, shipped
from kaoping.standards.models import RulebookVersion
from kaoping.standards.nonsense import nonsense
from kaoping.standards.plainly import refusal_of_pack, refusal_of_texts
from kaoping.standards.reader import RulebookError
from kaoping.standards.texts import ABOUT, EXTENDS, inherited_texts, text_data, with_parent
from kaoping.support.reading import NotRead, read


class NotTaken(ValueError):
    """What was handed in is no rulebook that may be used; the message says where, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Examination:
    """A rulebook that may be handed in. ``parent`` and ``last`` are null where there is none to compare with.

    ``last`` is the version by which the organiser works now, or worked last. ``notes`` do nothing wrong and are to be read.
    """

    rulebook: Rulebook
    parent: Rulebook | None
    to_parent: Sequence[Change]
    last: RulebookVersion | None
    to_last: Sequence[Change]
    notes: Sequence[str]


def texts_of_pack(content: bytes) -> dict[str, str]:
    """The texts of a ZIP. Raises ``NotTaken``."""
    words, files = _in_the_child(refusal_of_pack, content)
    if words:
        raise NotTaken(words)
    return dict(files)


def examined(texts: Mapping[str, str], *, last: RulebookVersion | None) -> Examination:
    """Look through what is handed in, and compare it with its parent and with ``last``. Raises ``NotTaken``."""
    try:
        files = _with_known_parent(texts)
        if words := _in_the_child(refusal_of_texts, files):
            raise NotTaken(words)
        book = rulebook_from_files(files)
        parent = parent_of(book)
        cases = [f"算例 {one.name}：{one.differences[0]}" for one in run_cases(book) if one.differences]
    except RulebookError as error:
        raise NotTaken(visible(str(error))) from None
    slips = list(nonsense(book))
    wrong = [*(f"{one.code} {one.message}" for one in slips if one.wrong), *cases]
    if wrong:
        raise NotTaken(f"规则集不对，没有收：{'；'.join(map(visible, wrong[:5]))}。")
    earlier = queries.rulebook_of(last.pk) if last else None
    return Examination(
        book,
        parent,
        compare(parent.rubric, book.rubric) if parent else (),
        last,
        compare(earlier.rubric, book.rubric) if earlier else (),
        [f"{one.code} {one.message}" for one in slips],
    )


def _in_the_child(function: Any, given: Any) -> Any:
    try:
        return read(function, given)
    except NotRead as unread:
        raise NotTaken(f"{unread}，没有收。请核对是不是规则集。") from None


def _with_known_parent(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts with the text of the rulebook that they extend, as it is known here."""
    about = text_data(texts, ABOUT)[0]
    name = about.get("extends")
    if not name:
        return {key: text for key, text in texts.items() if not key.startswith(EXTENDS)}
    if not any(key.startswith(EXTENDS) for key in texts):
        return with_parent(texts, _known(str(name)))
    carried = inherited_texts(texts)
    mine = rulebook_from_files(carried)
    if mine.id != str(name) or not _is_known(mine):
        raise NotTaken(
            f"带来的上级规则集 {visible(mine.id)} {visible(mine.version)} 与本系统所存的不同，没有收。请按本系统的上级规则集改写，或先交存上级的。"
        )
    return dict(texts)


def _known(name: str) -> Mapping[str, str]:
    """The newest text of that id: what was taken in before what is shipped."""
    stored = queries.newest_of(name)
    if stored is not None:
        return queries.rulebook_of(stored.pk).files
    if name in shipped():
        return load_rulebook(name).files
    raise NotTaken(f"没有上级规则集 {visible(name)}。请先采用或交存上级的规则集。")


def _is_known(book: Rulebook) -> bool:
    stored = queries.namesake(book.id, book.version)
    if stored is not None:
        return stored.digest == book.digest and stored.withdrawn is None
    return book.id in shipped() and load_rulebook(book.id).digest == book.digest
