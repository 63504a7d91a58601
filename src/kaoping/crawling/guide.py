"""What 政府信息公开指南 must say (条例第十二条), found by its words.

The office's name, address, hours, telephone, fax and internet contact; and how information is classified,
arranged and obtained.
"""

from __future__ import annotations

import re
from typing import Final

ELEMENTS: Final[dict[str, re.Pattern[str]]] = {
    "office_name": re.compile(r"(?:工作机构|受理机构|公开机构|机构名称|负责机构|办理机构|受理单位|受理地点)"),
    "office_address": re.compile(
        r"(?:办公地址|通信地址|通讯地址|联系地址|受理地址|地\s?址)\s?[:：为是]?\s?\S{3}"
    ),
    "office_hours": re.compile(r"(?:办公时间|工作时间|受理时间|接待时间)"),
    "telephone": re.compile(r"电\s?话(?:号码)?[^\d\n]{0,12}(?:0\d{2,3}[-— ]?)?\d{7,8}|1234[05]"),
    "fax": re.compile(
        r"传\s?真(?:号码)?[^\d\n]{0,12}(?:0\d{2,3}[-— ]?)?\d{7,8}|传\s?真(?:号码)?\s?[:：]\s?无"
    ),
    "internet": re.compile(
        r"(?:电子邮[箱件]|电子信箱|邮箱|互联网联系方式|E-?mail|网\s?址)[^\n]{0,20}[\w.]{1,40}[@.]\w",
        re.IGNORECASE,
    ),
    "classification": re.compile(r"分类"),
    "arrangement": re.compile(r"编排|体系|索引"),
    "obtaining": re.compile(r"(?:获取|获得|查阅|公开)(?:方式|途径|渠道|形式)"),
}
_GUIDE = re.compile(r"(?:政府)?信息公开指南|公开指南")


def is_guide(*names: str | None) -> bool:
    """True when a title, heading or column name is that of a guide."""
    return any(name and _GUIDE.search(name[:200]) for name in names)


def guide_elements(text: str) -> tuple[str, ...]:
    """Keys of ``ELEMENTS`` that the text contains."""
    return tuple(key for key, pattern in ELEMENTS.items() if pattern.search(text[:200_000]))
