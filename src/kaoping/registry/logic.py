"""Decisions of the register, pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

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


def scope_refusal(role: str, kind: str | None) -> str | None:
    """Why a role cannot be held for an organisation of ``kind`` (null: for the whole city), in words; null when it can."""
    if role not in SCOPED_ROLES:
        return None if kind is None else "这个岗位面向全市，不填单位。"
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
