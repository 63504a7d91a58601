"""页面底部功能区: site code, filings, sponsor, contact, site map and the find-error mark, as printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kaoping.checks import Footer

_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川蜀宁琼"
_SITE_CODE = re.compile(r"(?:网站)?标识码?\s{0,3}[:：]?\s{0,3}((?:bm|BM)\d{8}|\d{10})(?!\d)")
_ICP = re.compile(
    rf"[{_PROVINCES}]\s?ICP\s?[备证]\s?[:：]?\s?\d{{6,10}}\s?号(?:\s?-\s?\d{{1,3}})?", re.IGNORECASE
)
_POLICE = re.compile(rf"[{_PROVINCES}]公网安备\s?\d{{8,16}}\s?号?")
_SPONSOR = re.compile(r"主\s?办(?:单位|方)?\s?[:：]\s?([^\s:：|｜,，;；©]{2,40})")
_CONTACT = re.compile(
    r"(?:联系电话|联系方式|咨询电话|服务热线|电话|地址|邮编|邮政编码)\s?[:：]\s?[^\s|｜]{3,60}|联系我们|联系方式"
)
_MARKS = re.compile(r"主\s?办|标识码|[Ii][Cc][Pp]\s?备|公网安备|版权所有|网站地图|网站声明|联系我们|承办")
_TAIL_SHARE, _GAP, _LOOK_BACK, _SHORT = 0.5, 20, 12, 15
# Fixed words, and the ASCII ones in bytes: a pattern that ignores case costs a hundred times as much over a whole page.
_ERROR_WORDS: Final = ("找错",)
_ERROR_NAMES: Final = (b"jiucuo", b"zfwzzc.www.gov.cn")
_MAP_WORDS: Final = {
    "地图": ("网站地图", "站点地图"),
    "导航": ("网站导航", "站点导航"),
}  # seldom and often searched
_MAP_NAMES: Final = (b"sitemap", b"wangzhanditu")


def footer_lines(lines: Sequence[str]) -> Sequence[str]:
    """The lines of the page's bottom: from a little above the first footer mark in the lower half."""
    start = int(len(lines) * _TAIL_SHARE)
    marked = [number for number in range(start, len(lines)) if _MARKS.search(lines[number][:1000])]
    if not marked:
        return lines[-_SHORT:]
    # Menus repeat words such as 联系我们: the bottom is the last run of marks, not the first.
    first = marked[-1]
    for number in reversed(marked):
        if first - number > _GAP:
            break
        first = number
    return lines[max(0, first - _LOOK_BACK) :]


def read_footer(lines: Sequence[str]) -> Footer:
    """The footer of a page given its lines of visible text."""
    bottom = "\n".join(line[:1000] for line in footer_lines(lines))
    site_code, icp, police = _last(_SITE_CODE, bottom), _last(_ICP, bottom), _last(_POLICE, bottom)
    return Footer(
        site_id_code=site_code,
        icp=icp.replace(" ", "") if icp else None,
        police_filing=police,
        sponsor=_last(_SPONSOR, bottom),
        contact=_first(_CONTACT, bottom),
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """What the markup of the page says about its functions, as words or as addresses of images and scripts."""

    site_map: bool
    find_error: bool
    """我为政府网站找错, the national entrance."""


def read_marks(html: str) -> Marks:
    """Looks through the whole markup."""
    lowered = html.encode("ascii", "replace").lower()
    return Marks(
        site_map=any(end in html and any(word in html for word in words) for end, words in _MAP_WORDS.items())
        or any(name in lowered for name in _MAP_NAMES),
        find_error=any(word in html for word in _ERROR_WORDS)
        or any(name in lowered for name in _ERROR_NAMES),
    )


def _last(pattern: re.Pattern[str], text: str) -> str | None:
    found = [match[1] if pattern.groups else match[0] for match in pattern.finditer(text)]
    return found[-1].strip() if found else None


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[0].strip() if match else None
