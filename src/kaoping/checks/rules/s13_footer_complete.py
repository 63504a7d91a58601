"""页面底部功能区：主办单位、联系方式、网站标识码、ICP 备案号、公安备案号、网站地图、“我为政府网站找错”。"""

from __future__ import annotations

from typing import Any

from kaoping.checks.model import Context, Verdict, met, not_met, site_check, undecided
from kaoping.checks.site import SiteFacts
from kaoping.patterns import linear

SAMPLE = 20
_NAMES = {
    "sponsor": "主办单位",
    "contact": "联系方式",
    "site_id_code": "网站标识码",
    "icp": "ICP备案号",
    "police_filing": "公安备案号",
    "has_site_map": "网站地图",
    "has_find_error": "“我为政府网站找错”",
}
_SHAPES = {
    "site_id_code": linear(r"(?i)^(?:bm\p{Nd}{8}|\p{Nd}{10})$"),
    "icp": linear(r"(?i)^[一-龥]ICP备\p{Nd}{6,8}号(?:-\p{Nd}+)?$"),
    "police_filing": linear(r"^[一-龥]公网安备[\s\p{Z}]?\p{Nd}{14}[\s\p{Z}]?号$"),
}


@site_check(
    id="S-13",
    version=1,
    title="页面底部功能区齐全",
    basis="《政府网站发展指引》页面底部功能区",
    confidence="R",
    remedy="请在页面模板底部补上缺少的内容，改正写法不对的备案号或标识码。",
)
def footer_complete(site: SiteFacts, context: Context) -> Verdict:
    """The home page decides; other pages of a sample that lack what the home page has are for a person."""
    rows = [
        dict(zip(("url", *_NAMES), row, strict=True))
        for row, _ in zip(site.pages.rows("url", *_NAMES), range(SAMPLE), strict=False)
    ]
    home = next((row for row in rows if row["url"] == site.root), None)
    if home is None:
        return undecided("首页没有抓到，看不到页脚", site.root)
    missing = _missing(home)
    if len(missing) == len(_NAMES):
        return undecided("首页上没有读到页脚，可能由脚本写入，要人工看", site.root)
    faults = [f"缺{'、'.join(missing)}"] if missing else []
    faults += [
        f"{_NAMES[key]}“{str(home[key])[:40]}”写法不对"
        for key, shape in _SHAPES.items()
        if home[key] and not shape.match(str(home[key]))
    ]
    if faults:
        return not_met("首页页脚" + "；".join(faults), site.root)
    poorer = [row["url"] for row in rows if _missing(row)]
    if poorer:
        return undecided(f"首页页脚齐全，另有 {len(poorer)} 页没有读全，如 {poorer[0]}", poorer[0])
    if len(rows) == 1:
        return met("首页页脚各项都有，备案号、标识码写法正确；没有别的网页可抽看", site.root)
    return met(
        f"首页页脚各项都有，备案号、标识码写法正确；抽看的另 {len(rows) - 1} 页页脚各项都有", site.root
    )


def _missing(row: dict[str, Any]) -> list[str]:
    return [name for key, name in _NAMES.items() if not row[key]]
