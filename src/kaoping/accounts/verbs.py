"""A verb is declared once: its door, its refusal, its lock, its sentence in the log, its news, its way back.

Beside a function stands what everybody else needs to know of it::

    @verb(
        "withdraw_appeal",
        "撤回复核申请",
        thing="appeal",
        door=policy.can_file_appeal,
        denied="复核申请由提出的单位联络员撤回。",
        refusal=refusal_to_withdraw,
        lock="appeal.campaign",
        said="{unit}撤回复核申请 {number}（{item}）{why}。",
        final="撤回的申请不恢复，期限内可以重新提出。",
    )
    def withdraw_appeal(act: Act, *, actor: Actor, appeal: Appeal, reason: str = "", now: datetime) -> Appeal: ...

``door`` and ``refusal`` take the verb's own arguments by name, as many as they ask for; a name that the verb does not have is
an error when the program starts. ``whose`` among them is the organiser's thing that the declaration points to, so that a role
counts for that organiser alone. Both are asked before the verb begins, of the rows as they stand then, the refusal again
behind the lock. ``check`` asks them
for a button, so that no screen says in other words what the verb will answer; ``closed`` and ``hindrance`` ask one of the two.

Every ``Refused`` that leaves a verb is a line of the log, written after the verb's transaction has been rolled back: by the
outermost verb, under the name of the innermost.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, update_wrapper
from types import MappingProxyType
from typing import Any, Concatenate, Final, Generic, ParamSpec, TypedDict, TypeVar, Unpack

from django.db import models, transaction

from kaoping.accounts.actor import SYSTEM, Actor, Organising, Refused
from kaoping.accounts.audit import record_act
from kaoping.accounts.resting import resting_words

P = ParamSpec("P")
R = TypeVar("R")
# Whether a verb is under way in this thread or task: only the outermost writes a refusal, outside its transaction.
_within: ContextVar[bool] = ContextVar("within_a_verb", default=False)
_DECLARED: Final[dict[tuple[str, str], Declaration]] = {}


@dataclass(frozen=True, slots=True)
class Declaration:
    """What everybody reads of a verb.

    ``id`` is what the log keeps, ``title`` what it is called; ``kind`` is the log's kind of thing; ``door`` and ``denied`` the
    permission and the words when it is shut; ``whose`` the path from an argument to what belongs to the organiser for whom the
    permission is asked (or to the organiser's code); ``refusal`` the precondition; ``lock`` the rows that are held meanwhile, as paths
    from an argument; ``said`` the sentence of the log with named places (empty: the verbs that it calls leave the lines);
    ``news`` the board's words for ``{n}`` of them (empty: no news) and ``room`` where they are seen; ``back`` the verb that
    takes it back, or ``final`` why none does; ``signs`` whether it signs, decides, opens or appoints, so that nobody does it for
    a day after a reset.
    """

    id: str
    title: str
    kind: str
    door: Callable[..., bool] | None = None
    whose: str = "campaign"
    denied: str | Callable[..., str] = ""
    refusal: Callable[..., str | None] | None = None
    lock: str | tuple[str, ...] = ()
    said: str = ""
    news: str = ""
    room: str = ""
    back: str = ""
    final: str = ""
    signs: bool = False


class _Rest(TypedDict, total=False):
    """What ``verb`` takes beside the names."""

    door: Callable[..., bool] | None
    whose: str
    denied: str | Callable[..., str]
    refusal: Callable[..., str | None] | None
    lock: str | tuple[str, ...]
    said: str
    news: str
    room: str
    back: str
    final: str
    signs: bool


@dataclass(slots=True)
class Act:
    """One run of a verb: who does it, when, and the line it leaves."""

    declared: Declaration
    actor: Actor
    now: datetime
    arguments: Mapping[str, object]
    thing_id: str
    _refusal: Callable[[], str | None] = field(default=lambda: None)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction in which the declared rows are held and fresh, and the refusal has been asked again."""
        with transaction.atomic():
            for row in _rows(self.declared, self.arguments):
                _read_anew(row, held=True)
            if words := self._refusal():
                raise Refused(words)
            yield

    def done(self, *, thing: object = None, **values: object) -> None:
        """Write the line, in the caller's transaction: the declared sentence with these values; ``who`` is who acts."""
        assert self.declared.said, f"{self.declared.id}: a line needs a sentence"
        record_act(
            self.actor,
            self.declared.id,
            self.declared.kind,
            self.thing_id if thing is None else _id_of(thing),
            self.declared.said.format(who=self.actor.name, **values),
            now=self.now,
        )


class Verb(Generic[P, R]):
    """A function that is also its declaration. Called like the function, without ``act``."""

    def __init__(
        self, declared: Declaration, thing: str, who: str, body: Callable[Concatenate[Act, P], R]
    ) -> None:
        self.declared = declared
        self._thing = thing
        self._who = who
        self._body = body
        update_wrapper(self, body)
        self._examine()

    def __call__(self, *args: P.args, **named: P.kwargs) -> R:
        things = self._arguments(args, named)
        actor, now = things.get(self._who, SYSTEM), things["now"]
        assert isinstance(actor, Actor) and isinstance(now, datetime)
        act = Act(
            self.declared, actor, now, things, self._thing_id(things), lambda: self._precondition(things)
        )
        outermost = not _within.get()
        mark = _within.set(True)
        try:
            for row in _rows(self.declared, things):
                _read_anew(row, held=False)
            self._ask(things)
            return self._body(act, *args, **named)
        except Refused as refused:
            self._note(refused, act, outermost)
            raise
        finally:
            _within.reset(mark)

    def check(self, **things: object) -> str | None:
        """Why the verb would be refused with these arguments, in words; None when it would be done. For the button."""
        things = {**self._defaults, **things}
        resting = self._resting(things)
        return resting[1] if resting else self._closed(things) or self._precondition(things)

    def closed(self, **things: object) -> bool:
        """Whether this is another person's act, whatever the state: who stands before a shut door is shown no button."""
        return self._closed({**self._defaults, **things}) is not None

    def hindrance(self, **things: object) -> str | None:
        """What is in the way of whoever may do it, in words; None when nothing is. For notices that everybody reads."""
        return self._precondition({**self._defaults, **things})

    def _ask(self, things: Mapping[str, object]) -> None:
        """Raises ``Refused`` before the verb begins; whoever rests is named, though another may be the one who acts."""
        if resting := self._resting(things):
            refused = Refused(resting[1])
            refused.actor = resting[0]
            raise refused
        if words := self._closed(things) or self._precondition(things):
            raise Refused(words)

    def _arguments(self, args: Sequence[object], named: Mapping[str, object]) -> Mapping[str, object]:
        """The arguments by name with the verb's defaults, so that doors and refusals may ask for these too."""
        by_place = dict(zip(self._names, args, strict=False))
        return MappingProxyType({**self._defaults, **by_place, **named})

    def _resting(self, things: Mapping[str, object]) -> tuple[Actor, str] | None:
        """Who of those that act may not sign yet, and why."""
        for one in things.values() if self.declared.signs else ():
            if isinstance(one, Actor) and (words := resting_words(one)):
                return one, words
        return None

    def _closed(self, things: Mapping[str, object]) -> str | None:
        door = self.declared.door
        if door is None or _answer(door, self._with_whose(door, things)):
            return None
        return (
            _answer(self.declared.denied, things) if callable(self.declared.denied) else self.declared.denied
        )

    def _with_whose(self, door: Callable[..., bool], things: Mapping[str, object]) -> Mapping[str, object]:
        """The arguments, and whose the thing is where the door asks for it."""
        if "whose" not in _parameters(door):
            return things
        found = _at(self.declared.whose, things)
        return {**things, "whose": Organising(found) if isinstance(found, str) else found}

    def _precondition(self, things: Mapping[str, object]) -> str | None:
        refusal = self.declared.refusal
        return None if refusal is None else _answer(refusal, things)

    def _thing_id(self, things: Mapping[str, object]) -> str:
        return _id_of(_at(self._thing, things)) if self._thing else ""

    def _note(self, refused: Refused, act: Act, outermost: bool) -> None:
        """The innermost verb gives the line its name, the outermost writes it."""
        if refused.line is None:
            refused.line = (act.declared.id, act.declared.kind, act.thing_id)
            refused.actor = refused.actor or act.actor
        if outermost:
            who, words = refused.actor or act.actor, refused.logged or str(refused)
            record_act(who, *refused.line, words, now=act.now, refused=True)

    def _examine(self) -> None:
        """Raises ``TypeError`` for a declaration that the function cannot serve."""
        declared = self.declared
        parameters = inspect.signature(self._body).parameters
        self._names = list(parameters)[1:]
        self._defaults = {
            name: one.default for name, one in parameters.items() if one.default is not one.empty
        }
        paths = [*filter(None, [self._thing]), *_paths(declared)]
        wanted = {"now", *(one.partition(".")[0] for one in paths)}
        if declared.door is not None:
            wanted.add(self._who)
        for asked in (declared.door, declared.denied, declared.refusal):
            wanted |= set(_parameters(asked)) if callable(asked) else set()
        if declared.door is not None and "whose" in _parameters(declared.door):
            wanted = wanted - {"whose"} | {declared.whose.partition(".")[0]}
        if missing := wanted - set(parameters):
            raise TypeError(f"{declared.id}: the verb has no argument {', '.join(sorted(missing))}")
        if declared.door and not declared.denied:
            raise TypeError(f"{declared.id}: a door needs words for who stands before it")
        if bool(declared.back) == bool(declared.final):
            raise TypeError(f"{declared.id}: say either what takes it back or why nothing does")


def verb(
    id: str, title: str, *, kind: str, thing: str = "", who: str = "actor", **declared: Unpack[_Rest]
) -> Callable[[Callable[Concatenate[Act, P], R]], Verb[P, R]]:
    """Declare the function below as a verb (fields: ``Declaration``).

    ``thing`` is the argument whose number the log keeps, or a path from one; ``who`` the argument that acts. Several verbs may be
    one thing to whoever reads the log, and then bear one title. Raises ``TypeError`` for a declaration that the function cannot
    serve, and for one id declared twice in other words.
    """
    said = Declaration(id=id, title=title, kind=kind, **declared)

    def declare(body: Callable[Concatenate[Act, P], R]) -> Verb[P, R]:
        made = Verb(said, thing, who, body)
        if _words(_DECLARED.setdefault((id, kind), said)) != _words(said):
            raise TypeError(f"{id}: declared twice for a {kind}")
        return made

    return declare


def declared() -> Iterable[Declaration]:
    """Every verb whose module has been read. One id may stand for several kinds of thing."""
    return tuple(_DECLARED.values())


def _words(declared: Declaration) -> tuple[str, str, str]:
    """What stands on screens for a verb."""
    return declared.title, declared.news, declared.room


def _answer(asked: Callable[..., Any], things: Mapping[str, object]) -> Any:
    """Ask with as many of the arguments as the question takes."""
    return asked(**{name: things[name] for name in _parameters(asked)})


@cache
def _parameters(asked: Callable[..., Any]) -> tuple[str, ...]:
    """The arguments of a question by name; lists ask the same few for every row."""
    return tuple(inspect.signature(asked).parameters)


def _id_of(thing: object) -> str:
    """What the log keeps of a thing: the number that people know it by, else its key."""
    if isinstance(thing, models.Model):
        return str(getattr(thing, "log_id", thing.pk))
    return str(thing)


def _paths(declared: Declaration) -> tuple[str, ...]:
    return (declared.lock,) if isinstance(declared.lock, str) else declared.lock


def _at(path: str, things: Mapping[str, object]) -> object:
    """What a path from an argument leads to: ``link.person``."""
    first, *rest = path.split(".")
    found = things[first]
    for name in rest:
        found = getattr(found, name)
    return found


def _rows(declared: Declaration, things: Mapping[str, object]) -> list[models.Model]:
    """What the declaration locks, in one order, so that two verbs never wait for each other."""
    rows = []
    for path in _paths(declared):
        row = _at(path, things)
        assert isinstance(row, models.Model)
        rows.append(row)
    return sorted(rows, key=lambda one: (one._meta.label, one.pk))


def _read_anew(row: models.Model, *, held: bool) -> None:
    """The row as it stands now, without what a list had attached to it; ``held`` until the transaction ends."""
    rows = type(row)._base_manager.all()
    row.refresh_from_db(from_queryset=rows.select_for_update() if held else rows)
    own = {field.attname for field in row._meta.concrete_fields}
    for name in [one for one in vars(row) if not one.startswith("_") and one not in own]:
        delattr(row, name)
