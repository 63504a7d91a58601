"""What 政府信息公开指南 must say (条例第十二条), found by its words.

The office's name, address, hours, telephone, fax and internet contact; and how information is classified,
arranged and obtained.
"""

from __future__ import annotations

from typing import Final

from kaoping.patterns import Pattern, linear

ELEMENTS: Final[dict[str, Pattern]] = {
    "office_name": linear(r"(?:工作机构|受理机构|公开机构|机构名称|负责机构|办理机构|受理单位|受理地点)"),
    "office_address": linear(
        r"(?:办公地址|通信地址|通讯地址|联系地址|受理地址|地[\s\p{Z}]?址)[\s\p{Z}]?[:：为是]?[\s\p{Z}]?[^\s\p{Z}]{3}"
    ),
    "office_hours": linear(r"(?:办公时间|工作时间|受理时间|接待时间)"),
    "telephone": linear(
        r"电[\s\p{Z}]?话(?:号码)?[^\p{Nd}\n]{0,12}(?:0\p{Nd}{2,3}[-— ]?)?\p{Nd}{7,8}|1234[05]"
    ),
    "fax": linear(
        r"传[\s\p{Z}]?真(?:号码)?[^\p{Nd}\n]{0,12}(?:0\p{Nd}{2,3}[-— ]?)?\p{Nd}{7,8}"
        r"|传[\s\p{Z}]?真(?:号码)?[\s\p{Z}]?[:：][\s\p{Z}]?无"
    ),
    "internet": linear(
        r"(?i)(?:电子邮[箱件]|电子信箱|邮箱|互联网联系方式|E-?mail|网[\s\p{Z}]?址)"
        r"[^\n]{0,20}[\p{L}\p{N}_.]{1,40}[@.][\p{L}\p{N}_]"
    ),
    "classification": linear(r"分类"),
    "arrangement": linear(r"编排|体系|索引"),
    "obtaining": linear(r"(?:获取|获得|查阅|公开)(?:方式|途径|渠道|形式)"),
}
_GUIDE: Final = "公开指南"


def is_guide(*names: str | None) -> bool:
    """True when a title, heading or column name is that of a guide."""
    return any(name and _GUIDE in name[:200] for name in names)


def guide_elements(text: str) -> tuple[str, ...]:
    """Keys of ``ELEMENTS`` that the text contains."""
    return tuple(key for key, pattern in ELEMENTS.items() if pattern.search(text[:200_000]))
