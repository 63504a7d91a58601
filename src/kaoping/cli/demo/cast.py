"""The cast of the demonstration: made-up people, one for each role, and the units' sites with their faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from kaoping.cli.demo import sites as s
from kaoping.cli.demo.roster import units

PASSWORD: Final = "kaoping-demo-2025"  # noqa: S105 - printed on purpose, demonstration folders are served on loopback only
PASSPHRASES: Final = ("demo first opener", "demo second opener")


@dataclass(frozen=True, slots=True)
class Member:
    """One person: sign-in name, name, role, organisation code ('' for the whole city)."""

    username: str
    name: str
    role: str
    organisation: str = ""


OFFICE: Final = (
    Member("jingban", "陈静", "office_handler"),
    Member("fuzeren", "周明", "office_head"),
    Member("qianfa", "徐磊", "second_signer"),
    Member("lingdao", "赵宏", "leading_group"),
    Member("kaixiang1", "沈一鸣", "ballot_opener"),
    Member("kaixiang2", "钱晓", "ballot_opener"),
    Member("liyang", "吴立", "district_office", "CZQ01"),
    Member("zhuguan", "郑敏", "competent_department", "CZD03"),
    Member("zhuanjia1", "何静", "reviewer"),
    Member("zhuanjia2", "梁栋", "reviewer"),
    Member("zhuanjia3", "罗琳", "reviewer"),
    Member("fuhe", "冯平", "appeal_decider"),
    Member("jiancha", "孙检", "inspector"),
)
ADMINISTRATORS: Final = (
    Member("sysadmin", "系统管理员", "system_admin"),
    Member("secadmin", "安全管理员", "security_admin"),
    Member("auditor", "审计员", "auditor"),
)


def liaisons() -> list[Member]:
    """One 联络员 for every participating unit; the sign-in name is the unit's code in small letters."""
    return [
        Member(unit.code.lower(), f"{unit.short_name}联络员", "liaison", unit.code)
        for unit in units()
        if unit.participates
    ]


# Faults of a few sites in 2025: some are mended after the order, some stay.
_FAULTS: Final[Mapping[str, tuple[s.Fault, ...]]] = {
    "CZD03": (s.Fault(s.NO_BLOCK, date(2025, 3, 1), date(2025, 5, 20)),),
    "CZD14": (s.Fault(s.LATE, date(2025, 3, 1)), s.Fault(s.NO_META, date(2025, 3, 1), date(2025, 5, 25))),
    "CZD21": (s.Fault(s.BAD_NUMBER, date(2025, 3, 1), date(2025, 5, 22)),),
    "CZQ07": (s.Fault(s.NO_FOOTER, date(2025, 3, 1)),),
    "CZQ02": (s.Fault(s.DOWN, date(2025, 4, 1), date(2025, 4, 20)),),
}
# The sites that the demonstration crawls; the others exist and may be crawled from the console.
CRAWLED: Final = ("CZD03", "CZD14", "CZD21", "CZQ07", "CZQ02", "CZD01")


def sites() -> dict[str, s.Site]:
    """The sites by host name."""
    found = {}
    for number, unit in enumerate(units()):
        if unit.site_url and unit.site_id_code:
            site = s.Site(
                unit.code, unit.name, unit.site_id_code, _index_prefix(number), _FAULTS.get(unit.code, ())
            )
            found[site.host] = site
    return found


def _index_prefix(number: int) -> str:
    """Eight digits and the check digit of GB 11714, as index numbers begin."""
    digits = f"9900{number:04d}"
    rest = 11 - sum(int(d) * w for d, w in zip(digits, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return digits + {10: "X", 11: "0"}.get(rest, str(rest))
