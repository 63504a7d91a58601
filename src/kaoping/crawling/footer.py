"""页面底部功能区: site code, filings, sponsor, contact, site map and the find-error mark, as printed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from kaoping.checks import Footer
from kaoping.patterns import Pattern, linear

_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川蜀宁琼"
_SITE_CODE = linear(r"(?:网站)?标识码?[\s\p{Z}]{0,3}[:：]?[\s\p{Z}]{0,3}((?:bm|BM)?\p{Nd}+)")
_ICP = linear(
    rf"(?i)[{_PROVINCES}][\s\p{{Z}}]?ICP[\s\p{{Z}}]?[备证][\s\p{{Z}}]?[:：]?[\s\p{{Z}}]?\p{{Nd}}{{6,10}}"
    r"[\s\p{Z}]?号(?:[\s\p{Z}]?-[\s\p{Z}]?\p{Nd}{1,3})?"
)
_POLICE = linear(rf"[{_PROVINCES}]公网安备[\s\p{{Z}}]?\p{{Nd}}{{8,16}}[\s\p{{Z}}]?号?")
_SPONSOR = linear(r"主[\s\p{Z}]?办(?:单位|方)?[\s\p{Z}]?[:：][\s\p{Z}]?([^\s\p{Z}:：|｜,，;；©]{2,40})")
_CONTACT = linear(
    r"(?:联系电话|联系方式|咨询电话|服务热线|电话|地址|邮编|邮政编码)[\s\p{Z}]?[:：][\s\p{Z}]?[^\s\p{Z}|｜]{3,60}"
    r"|联系我们|联系方式"
)
_MARKS = linear(
    r"主[ \p{Zs}]?办|标识码|[Ii][Cc][Pp][ \p{Zs}]?备|公网安备|版权所有|网站地图|网站声明|联系我们|承办"
)
_TAIL_SHARE, _GAP, _LOOK_BACK, _SHORT, _LONG = 0.5, 20, 12, 15, 1000
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
    marked = _marked(lines, start)
    if not marked:
        return lines[-_SHORT:]
    # Menus repeat words such as 联系我们: the bottom is the last run of marks, not the first.
    first = marked[-1]
    for number in reversed(marked):
        if first - number > _GAP:
            break
        first = number
    return lines[max(0, first - _LOOK_BACK) :]


def _marked(lines: Sequence[str], start: int) -> list[int]:
    """Numbers of the lines from ``start`` that bear a mark; one walk for all of them."""
    lower = [line[:_LONG] for line in lines[start:]]
    begins = list(accumulate((len(line) + 1 for line in lower), initial=0))
    found = {bisect_right(begins, match.start()) - 1 for match in _MARKS.finditer("\n".join(lower))}
    return [start + number for number in sorted(found)]


def read_footer(lines: Sequence[str]) -> Footer:
    """The footer of a page given its lines of visible text."""
    bottom = "\n".join(line[:_LONG] for line in footer_lines(lines))
    codes = [match[1] for match in _SITE_CODE.finditer(bottom) if _is_site_code(match[1])]
    icp, police = _last(_ICP, bottom), _last(_POLICE, bottom)
    return Footer(
        site_id_code=codes[-1] if codes else None,
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
    lowered = html.encode(errors="replace").lower()
    return Marks(
        site_map=any(end in html and any(word in html for word in words) for end, words in _MAP_WORDS.items())
        or any(name in lowered for name in _MAP_NAMES),
        find_error=any(word in html for word in _ERROR_WORDS)
        or any(name in lowered for name in _ERROR_NAMES),
    )


def _is_site_code(text: str) -> bool:
    """Ten digits, or bm and eight: a longer number is something else."""
    return len(text) == 10


def _last(pattern: Pattern, text: str) -> str | None:
    """The whole place, or its group where the pattern has one."""
    found = list(pattern.finditer(text))
    if not found:
        return None
    return str(found[-1].groups()[0] if found[-1].groups() else found[-1][0]).strip()


def _first(pattern: Pattern, text: str) -> str | None:
    match = pattern.search(text)
    return match[0].strip() if match else None
