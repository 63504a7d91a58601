"""页面底部功能区: site code, filings, sponsor, contact, site map and the find-error mark, as printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_MARKS = re.compile(
    r"主\s?办|标识码|ICP\s?备|公网安备|版权所有|网站地图|网站声明|联系我们|承办", re.IGNORECASE
)
_TAIL_SHARE, _GAP, _LOOK_BACK, _SHORT = 0.5, 20, 12, 15
_ERROR_MARK = re.compile(r"找错|jiucuo|zfwzzc\.www\.gov\.cn", re.IGNORECASE)
_SITE_MAP = re.compile(r"(?:网站|站点)(?:地图|导航)|sitemap|wangzhanditu", re.IGNORECASE)


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


def has_find_error(html: str) -> bool:
    """我为政府网站找错: an image or script of the national entrance, so the markup is searched."""
    return bool(_ERROR_MARK.search(html))


def has_site_map(html: str) -> bool:
    """A site map, as a word or as an address."""
    return bool(_SITE_MAP.search(html))


def _last(pattern: re.Pattern[str], text: str) -> str | None:
    found = [match[1] if pattern.groups else match[0] for match in pattern.finditer(text)]
    return found[-1].strip() if found else None


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[0].strip() if match else None
