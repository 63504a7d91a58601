"""A verb is declared once: what is asked before it, what is held meanwhile, which line it leaves, and what a button is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kaoping.accounts import verbs
from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import AuditEntry, Person
from kaoping.accounts.verbs import Act, verb

pytestmark = pytest.mark.django_db
NAME = "甲"


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests declare is nobody else's verb."""
    monkeypatch.setattr(verbs, "_DECLARED", {})


@pytest.fixture
def person(now: datetime) -> Person:
    return Person.objects.create(username="jia", name=NAME, created_at=now)


def may_rename(actor: Actor) -> bool:
    return actor.has("system_admin")


def refusal_to_rename(person: Person) -> str | None:
    return None if person.name == NAME else "已经改过名。"


def renaming(**more: Any) -> Any:
    """A verb of two steps, as the tests need it."""

    @verb(
        "rename",
        "改名",
        kind="person",
        thing="person",
        door=may_rename,
        denied="由系统管理员改名。",
        refusal=refusal_to_rename,
        lock="person",
        said="{old}改名为{new}。",
        final="再改一次就是。",
        **more,
    )
    def rename(
        act: Act,
        *,
        actor: Actor,
        person: Person,
        to: str,
        meanwhile: Callable[[], object] = lambda: None,
        now: datetime,
    ) -> str:
        if not to:
            raise Refused("请填新名字。")
        meanwhile()
        with act.writing():
            old, person.name = person.name, to
            person.save(update_fields=["name"])
            act.done(old=old, new=to)
            if to == "不行":
                raise Refused("这个名字不行。")
        return old

    return rename


def lines() -> list[tuple[str, str, str, bool]]:
    return list(AuditEntry.objects.order_by("id").values_list("verb", "thing_id", "sentence", "refused"))


def test_it_is_called_like_the_function_and_leaves_its_line(person: Person, cast: Any, now: datetime) -> None:
    rename = renaming()
    assert rename(actor=cast("system_admin"), person=person, to="乙", now=now) == NAME
    assert lines()[-1] == ("rename", str(person.pk), "甲改名为乙。", False)
    assert (rename.declared.title, rename.__name__) == ("改名", "rename")


@pytest.mark.parametrize(
    ("role", "to", "words"),
    [
        ("auditor", "乙", "由系统管理员改名。"),
        ("system_admin", "", "请填新名字。"),
        ("system_admin", "不行", "这个名字不行。"),
    ],
)
def test_whatever_refuses_it_is_a_line_that_stays(
    role: str, to: str, words: str, person: Person, cast: Any, now: datetime
) -> None:
    with pytest.raises(Refused, match=words):
        renaming()(actor=cast(role), person=person, to=to, now=now)
    assert lines()[-1] == ("rename", str(person.pk), words, True)
    person.refresh_from_db()
    assert person.name == NAME


def test_the_button_is_told_what_the_act_would_say(person: Person, cast: Any, now: datetime) -> None:
    rename, admin, auditor = renaming(), cast("system_admin"), cast("auditor")
    before = len(lines())
    assert rename.check(actor=auditor, person=person) == "由系统管理员改名。"
    assert rename.check(actor=admin, person=person) is None
    rename(actor=admin, person=person, to="乙", now=now)
    assert rename.check(actor=admin, person=person) == "已经改过名。"
    with pytest.raises(Refused, match="已经改过名。"):
        rename(actor=admin, person=person, to="丙", now=now)
    assert len(lines()) == before + 2  # the act and the refusal; a question leaves nothing


def test_what_somebody_did_meanwhile_is_seen_behind_the_lock(
    person: Person, cast: Any, now: datetime
) -> None:
    def somebody_else() -> None:
        Person.objects.filter(pk=person.pk).update(name="丁")

    with pytest.raises(Refused, match="已经改过名。"):
        renaming()(actor=cast("system_admin"), person=person, to="乙", meanwhile=somebody_else, now=now)
    assert Person.objects.get(pk=person.pk).name == "丁"


def test_a_row_that_was_read_long_ago_is_read_anew(person: Person, cast: Any, now: datetime) -> None:
    person.shown = "由列表附上"  # type: ignore[attr-defined]
    Person.objects.filter(pk=person.pk).update(name="丁")
    with pytest.raises(Refused, match="已经改过名。"):
        renaming()(actor=cast("system_admin"), person=person, to="乙", now=now)
    assert person.name == "丁" and not hasattr(person, "shown")


def test_the_declared_row_is_held(person: Person, cast: Any, now: datetime) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite holds the whole database instead of a row")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        renaming()(actor=cast("system_admin"), person=person, to="乙", now=now)
    assert any("FOR UPDATE" in one["sql"] and "accounts_person" in one["sql"] for one in asked)


def test_a_verb_within_a_verb_is_refused_under_its_own_name_once(
    person: Person, cast: Any, now: datetime
) -> None:
    rename = renaming()

    @verb("reorganise", "改组", kind="register", said="改组。", final="再改一次就是。")
    def reorganise(act: Act, *, actor: Actor, now: datetime) -> None:
        with transaction.atomic():
            act.done()
            rename(actor=actor, person=person, to="不行", now=now)

    admin, before = cast("system_admin"), len(lines())
    with pytest.raises(Refused):
        reorganise(actor=admin, now=now)
    assert lines()[before:] == [("rename", str(person.pk), "这个名字不行。", True)]


def test_who_had_the_password_reset_does_not_sign(
    person: Person, cast: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = cast("system_admin")
    monkeypatch.setattr(verbs, "resting_words", lambda actor: "24 小时内不能签发。")
    assert renaming().check(actor=admin, person=person) is None
    rename = renaming_that_signs()
    assert rename.check(actor=admin, person=person) == "24 小时内不能签发。"
    with pytest.raises(Refused, match="24 小时"):
        rename(actor=admin, person=person, to="乙", now=now)


def renaming_that_signs() -> Any:
    verbs._DECLARED.clear()
    return renaming(signs=True)


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"door": lambda someone: True, "denied": "不行。", "final": "无"}, "no argument someone"),
        ({"lock": "thing.row", "final": "无"}, "no argument thing"),
        ({"door": lambda actor: True, "final": "无"}, "needs words"),
        ({}, "takes it back"),
        ({"back": "a", "final": "b"}, "takes it back"),
    ],
)
def test_a_declaration_that_does_not_fit_stops_the_program(more: Any, wrong: str) -> None:
    with pytest.raises(TypeError, match=wrong):

        @verb("wrong", "错", kind="person", **more)
        def wrongly(act: Act, *, actor: Actor, now: datetime) -> None: ...


def test_two_things_of_one_id_and_one_thing_twice(person: Person) -> None:
    @verb("retry", "再试", kind="case", final="无")
    def one(act: Act, *, actor: Actor, now: datetime) -> None: ...

    @verb("retry", "再试", kind="appeal", final="无")
    def other(act: Act, *, actor: Actor, now: datetime) -> None: ...

    assert [(known.id, known.kind) for known in verbs.declared()] == [("retry", "case"), ("retry", "appeal")]
    with pytest.raises(TypeError, match="declared twice"):

        @verb("retry", "另一种说法", kind="case", final="无")
        def again(act: Act, *, actor: Actor, now: datetime) -> None: ...


def test_an_argument_by_its_place_and_a_path_to_the_thing(person: Person, cast: Any, now: datetime) -> None:
    def unknown(username: str) -> str | None:
        return None if username == "jia" else "没有这个人。"

    @verb(
        "look",
        "看",
        kind="person",
        thing="actor.id",
        refusal=unknown,
        said="{who}看。",
        final="看过就是看过。",
    )
    def look(act: Act, username: str, *, actor: Actor, now: datetime) -> None:
        act.done()

    admin = cast("system_admin")
    look("jia", actor=admin, now=now)
    assert lines()[-1] == ("look", admin.id, f"{admin.name}看。", False)
    with pytest.raises(Refused, match="没有这个人"):
        look("yi", actor=admin, now=now)


def test_what_must_not_stand_in_a_log_has_other_words_there(cast: Any, now: datetime) -> None:
    @verb("take", "收", kind="artefact", final="无")
    def take(act: Act, *, actor: Actor, now: datetime) -> None:
        raise Refused("“作战方案”不收。", logged="文件没有收。")

    @verb("answer", "回复", kind="case", final="无")
    def answer(act: Act, *, actor: Actor, now: datetime) -> None:
        take(actor=actor, now=now)

    with pytest.raises(Refused, match="作战方案"):
        answer(actor=cast("auditor"), now=now)
    assert lines()[-1] == ("take", "", "文件没有收。", True)


def test_the_line_names_whose_act_was_refused(
    person: Person, cast: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = renaming()
    one, other = cast("system_admin"), cast("auditor")

    @verb("both", "两人办", kind="person", who="first", final="无", signs=True)
    def both(act: Act, *, first: Actor, second: Actor, now: datetime) -> None:
        rename(actor=second, person=person, to="乙", now=now)

    with pytest.raises(Refused, match="由系统管理员改名"):
        both(first=one, second=other, now=now)
    assert refused_by() == other.id
    monkeypatch.setattr(verbs, "resting_words", lambda actor: "24 小时内。" if actor == other else None)
    with pytest.raises(Refused, match="24 小时"):
        both(first=one, second=other, now=now)
    assert (refused_by(), lines()[-1][0]) == (other.id, "both")


def refused_by() -> str:
    return AuditEntry.objects.filter(refused=True).order_by("-id").values_list("actor_id", flat=True)[0]


def test_a_line_needs_its_sentence(cast: Any, now: datetime) -> None:
    @verb("quiet", "不作声", kind="person", final="无")
    def quiet(act: Act, *, actor: Actor, now: datetime) -> None:
        act.done()

    with pytest.raises(AssertionError, match="needs a sentence"):
        quiet(actor=cast("system_admin"), now=now)


def test_several_ways_of_one_thing_have_doors_of_their_own(cast: Any, now: datetime) -> None:
    @verb("enrol", "登记", kind="person", said="登记。", final="无")
    def by_card(act: Act, *, actor: Actor, now: datetime) -> None:
        act.done()

    @verb("enrol", "登记", kind="person", door=may_rename, denied="不行。", said="由人登记。", final="无")
    def by_hand(act: Act, *, actor: Actor, now: datetime) -> None:
        act.done()

    auditor = cast("auditor")
    by_card(actor=auditor, now=now)
    with pytest.raises(Refused, match="不行"):
        by_hand(actor=auditor, now=now)
    assert len(tuple(verbs.declared())) == 1
