"""Who is acting: a person with the roles held today, and whether two acts are one person's. Policies look at nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

# Administration, security and audit are three separate roles (三员分立).
ROLES: Final[dict[str, str]] = {
    "office_handler": "政务公开办经办",
    "office_head": "办公室负责人",
    "second_signer": "第二签发人",
    "leading_group": "领导小组领导",
    "ballot_opener": "开箱人",
    "district_office": "辖市区主管部门",
    "competent_department": "行业主管部门",
    "liaison": "单位联络员",
    "reviewer": "专家",
    "appeal_decider": "复核人",
    "inspector": "检查员",
    "system_admin": "系统管理员",
    "security_admin": "安全管理员",
    "auditor": "审计员",
}


@dataclass(frozen=True, slots=True)
class Who:
    """Who did something, as it was kept: the person's id ('' where an old row has none) and the name of that day.

    ``former`` are other names that the person is known to have borne.
    """

    id: str
    name: str = ""
    former: frozenset[str] = frozenset()


def same_person(one: Who, other: Who) -> bool:
    """Whether two acts are one person's: the one answer for every "somebody else than".

    Ids decide: people marry and are renamed, and two people bear one name. Where one of the two has no id, as in old rows,
    whoever bears the name, or bore it, counts as the same person, so that a doubt never lets one person act as two.
    """
    if one.id and other.id:
        return one.id == other.id
    return not _names(one).isdisjoint(_names(other))


def _names(who: Who) -> set[str]:
    """Names as they are compared: blanks inside a name say nothing. Nobody's name is no name."""
    return {"".join(name.split()) for name in (who.name, *who.former)} - {""}


# Roles that serve whoever organises a year; without an organisation they are held for the installation's main organiser.
OF_AN_ORGANISER: Final = frozenset(
    {
        "office_handler",
        "office_head",
        "second_signer",
        "leading_group",
        "ballot_opener",
        "reviewer",
        "appeal_decider",
        "inspector",
    }
)


class Owned(Protocol):
    """What belongs to an organiser: a year, a poll, a release – or the key of one."""

    @property
    def organiser(self) -> str:
        """The organiser's code."""


@dataclass(frozen=True, slots=True)
class Organising:
    """An organiser by its code alone, where nothing of its own is at hand."""

    organiser: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person. ``roles`` pairs a role with the code of the organisation for which it is held.

    That is the organiser for roles of an organiser, the unit or branch for those of one, '' for administration. ``main`` is the
    organiser for whom the installation was set up: its office keeps the register and the calendar.
    """

    id: str
    username: str
    name: str
    roles: tuple[tuple[str, str], ...] = ()
    main: str = ""

    @property
    def who(self) -> Who:
        """The person without the roles, as an act keeps it."""
        return Who(self.id, self.name)

    def has(self, role: str, organisation: str | None = None) -> bool:
        """Whether the role is held (for ``organisation`` when one is given)."""
        return any(
            held == role and (organisation is None or code == organisation) for held, code in self.roles
        )

    def holds(self, thing: Owned, *roles: str) -> bool:
        """Whether one of ``roles`` is held for the organiser whose ``thing`` is."""
        return any((role, thing.organiser) in self.roles for role in roles)

    def holds_main(self, *roles: str) -> bool:
        """Whether one of ``roles`` is held for the organiser for whom the installation was set up."""
        return self.holds(Organising(self.main), *roles)

    def has_any(self, *roles: str) -> bool:
        """Whether one of ``roles`` is held, for whomever. For menus and lists; what is one organiser's asks ``holds``."""
        return any(held in roles for held, _code in self.roles)

    @property
    def organisers(self) -> tuple[str, ...]:
        """Codes of the organisers for whom the person works, in the order of the appointments."""
        return tuple(dict.fromkeys(code for held, code in self.roles if held in OF_AN_ORGANISER))

    def organisations(self, role: str) -> tuple[str, ...]:
        """Codes of the organisations for which the role is held."""
        return tuple(code for held, code in self.roles if held == role)


SYSTEM: Final = Actor(id="system", username="system", name="本平台")


class Refused(Exception):
    """A verb was refused; the message says what is missing and who or what supplies it.

    ``line`` is how the log names what was refused (verb, kind of thing, its number), once a verb has said so, and ``actor`` whose act
    it was. ``logged`` is what the log keeps instead of the message, where that names something which must not stand there for
    ever.
    """

    line: tuple[str, str, str] | None = None
    actor: Actor | None = None

    def __init__(self, words: str, *, logged: str = "") -> None:
        super().__init__(words)
        self.logged = logged


class Stale(Refused):
    """A save met a text that somebody stored after the form was opened; nothing was stored.

    ``clashes`` maps a field to (the writer's text, the stored text); ``edition`` is that of a form whose
    writer has now seen the stored texts of the clash; ``by`` and ``at`` say who stored it last and when, as far as that is known
    (``by`` has neither id nor name where it is not).
    """

    def __init__(
        self, clashes: Mapping[str, tuple[str, str]], *, edition: str, by: Who, at: datetime | None
    ) -> None:
        super().__init__("您打开这一页以后，别处又存过新的内容。您的内容没有存，也没有丢：请对照两边再定。")
        self.clashes = dict(clashes)
        self.edition = edition
        self.by = by
        self.at = at


class NamesAlike(Exception):
    """Sign-in names that differ by case only; the message says which and what to do before the upgrade goes on."""

    def __init__(self, alike: Sequence[str]) -> None:
        super().__init__(
            f"有登录名只差大小写：{'；'.join(alike)}。登录名从这一版起不分大小写，请先用“kaoping accounts rename 旧名 新名 --by 姓名”改掉其中一个，再升级。"
        )
