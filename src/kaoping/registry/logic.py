"""Decisions of the register, pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import count
from typing import Final

from kaoping.accounts.actor import OF_AN_ORGANISER
from kaoping.foreign.glyphs import glyphs
from kaoping.foreign.visible import unseen_in

KINDS: Final[dict[str, str]] = {
    "government": "人民政府",
    "district_government": "辖市、区人民政府",
    "department": "工作部门",
    "field_office": "派出机构",
    "authorised_body": "授权组织",
    "institution": "直属机构",
    "public_institution": "公共事业单位",
    "public_enterprise": "公共企业",
    "township": "乡镇",
    "subdistrict": "街道",
    "vertical": "垂直管理单位",
}


def exists_on(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Whether an organisation exists on ``day``; both ends count, an open end has no limit."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


# Columns that the inspection rules name (政府网站检查指标: news two weeks, notices and policy documents six months).
COLUMN_KINDS: Final[dict[str, str]] = {
    "news": "动态、要闻",
    "notice": "通知公告、政策文件",
    "other": "其他栏目",
}


def columns_text(columns: Iterable[tuple[str, str, str, int]]) -> str:
    """A column plan as text, one column a line: name, address, kind, longest days without anything new."""
    return "\n".join(
        f"{name.strip()}｜{url.strip()}｜{COLUMN_KINDS.get(kind, kind)}｜{days} 天"
        for name, url, kind, days in columns
    )


# Roles held for one organisation; every other role is for the whole city.
SCOPED_ROLES: Final = ("liaison", "district_office", "competent_department")
SCOPE_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "district_office": ("district_government", "field_office"),
    "competent_department": ("department",),
}
# 三员分立: who holds one of these holds no other role.
SEPARATED_ROLES: Final = ("system_admin", "security_admin", "auditor")


NO_ORGANISER: Final = "这家单位没有登记为组织单位，它不组织考核。为本平台的主办单位任职的，不填单位。"


def overlap(from_a: date, until_a: date | None, from_b: date, until_b: date | None) -> bool:
    """Whether two periods share a day; an open end has no limit, a period that ends before it begins has no day."""
    first = max(from_a, from_b)
    return exists_on(first, from_a, until_a) and exists_on(first, from_b, until_b)


def conflicting_role(role: str, held: Iterable[str]) -> str | None:
    """A role held at the same time that cannot stand beside ``role`` (三员分立), or null."""
    for other in held:
        if other != role and (role in SEPARATED_ROLES or other in SEPARATED_ROLES):
            return other
    return None


def scope_refusal(role: str, kind: str | None, *, organises: bool = False) -> str | None:
    """Why a role cannot be held for an organisation of ``kind``, in words; null when it can.

    Without one (null) an organiser's role is held for the organiser for whom the installation was set up; ``organises``: the
    organisation is another organiser.
    """
    if role in OF_AN_ORGANISER:
        return None if kind is None or organises else NO_ORGANISER
    if role not in SCOPED_ROLES:
        return None if kind is None else "这个岗位管整个平台，不填单位。"
    if kind is None:
        return "这个岗位只对一个单位有效，请选单位。"
    kinds = SCOPE_KINDS.get(role)
    if kinds and kind not in kinds:
        return f"这个岗位只能落在{'、'.join(KINDS[one] for one in kinds)}，请改选单位。"
    return None


def cycle(links: Mapping[str, str], start: str) -> bool:
    """Whether following ``links`` from ``start`` comes back to a code already passed."""
    seen = {start}
    current = links.get(start, "")
    while current:
        if current in seen:
            return True
        seen.add(current)
        current = links.get(current, "")
    return False


LONGEST_PLACE: Final = 120
PLACE_KINDS: Final[dict[str, str]] = {
    "hall": "政务服务大厅",
    "reading_point": "政府信息查阅点",
    "archive": "档案馆",
    "library": "图书馆",
    "other": "其他",
}


def place_key(name: str) -> str:
    """Under which a place stands in its unit's register: its name without blanks and signs that nobody sees."""
    return "".join(sign for sign in name if sign.isprintable() and not sign.isspace())


def refusal_to_name(place: str, same_as: str) -> str | None:
    """Why one place cannot be named another spelling of another, or null; ``same_as`` empty: it is a place of its own."""
    for name in (place, same_as):
        if len(name) > LONGEST_PLACE:
            return f"地点不超过 {LONGEST_PLACE} 个字。"
    # ``place`` may have been registered before such signs were refused; what it is to be called may not hold one.
    if words := unseen_in("地点", same_as.strip()):
        return words
    if not place_key(place):
        return "请选是哪一处。"
    if place_key(place) == place_key(same_as):
        return "两个写法是一样的，不用登记。"
    return None


def alike(name: str, known: Iterable[str]) -> str | None:
    """The registered place that a new name probably means: the shorter of the two names stands in the longer, sign by sign.

    图书馆查阅点 is 图书馆政府信息查阅点; 第1查阅点 is not 第10查阅点, for they are counted apart.
    """
    return next((one for one in known if one != name and _within(name, one)), None)


def _within(one: str, other: str) -> bool:
    short, long = sorted((place_key(one), place_key(other)), key=len)
    rest = iter(long)
    digits = [[sign for sign in text if sign.isdigit()] for text in (short, long)]
    return digits[0] == digits[1] and len(short) > 1 and all(sign in rest for sign in short)


def refusal_of_new_place(name: str, known: Iterable[str], *, another: bool = False) -> str | None:
    """Why a place is not simply added to the unit's register, or null. ``another``: it is not the one that reads alike.

    A registered place that is typed with a blank or an unseen sign is met by its key; as a new name it does not do.
    """
    if words := unseen_in("地点", name.strip()):
        return words
    found = None if another else alike(name, known)
    if found is None:
        return None
    return f"名单上已有“{found}”。是同一处的请选它；确是另一处的，请勾选“这是另一处”。"


def refusal_of_place(name: str, kind: str) -> str | None:
    """Why a place cannot stand in the register so, or null."""
    if not glyphs(name) or len(name) > LONGEST_PLACE:
        return f"请写地点的名称，例如“政务服务中心大厅”，不超过 {LONGEST_PLACE} 个字。"
    if kind not in PLACE_KINDS:
        return f"请选地点的类别：{'、'.join(PLACE_KINDS.values())}。"
    return unseen_in("地点", name.strip())


def place_code(unit: str, taken: Iterable[str]) -> str:
    """The id of the next place of a unit; it never changes, whatever the place is called later."""
    used = set(taken)
    return next(code for number in count(1) if (code := f"{unit}-{number}") not in used)


def place_words(name: str, located: str) -> str:
    """A place as screens and papers call it: 大厅（政务服务中心）."""
    return f"{name}（{located}）" if located and located not in name else name
