"""栏目要按期更新、不能空着：应更新未更新的栏目到 10 个，或者空白栏目到 5 个，单项否决（检查指标）。"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kaoping.checks.model import ColumnPlan, Context, Verdict, date_words, met, not_met, site_check, undecided
from kaoping.checks.site import SiteFacts

OVERDUE_LIMIT, BLANK_LIMIT = 10, 5
# Words in a column's type or name, its period in days, and whether the period is confirmed (检查指标).
_PRESETS = (
    (("要闻", "动态", "新闻"), 14, True),
    (("通知公告", "公示公告", "政策文件", "规范性文件"), 183, True),
    (("人事", "规划", "计划"), 366, True),
)
_OTHERS_DAYS = 366
# Columns that change when the facts change, not by the calendar.
_ON_CHANGE = (
    *(
        "机构",
        "职能",
        "领导",
        "概况",
        "指南",
        "目录",
        "清单",
        "收费",
        "制度",
        "年报",
        "年度报告",
        "依申请",
        "首页",
    ),
    *("联系", "声明", "地图", "办事", "服务", "关于"),
)


@site_check(
    id="S-04",
    version=2,
    title="超期、空白栏目未达单项否决数",
    basis="《政府网站与政务新媒体检查指标》单项否决：栏目不更新",
    confidence="C/R",
    remedy="请更新所列栏目；不再维护的栏目请合并或撤下。",
)
def columns_updated(site: SiteFacts, context: Context) -> Verdict:
    """Overdue and blank columns, counted and named; only confirmed periods and stated blanks can decide.

    ``met`` says that the numbers of the veto are not reached on a site that was looked at to the end, and names every column
    that is overdue or blank below them: it does not say that all columns are in time.
    """
    columns = _columns(site, context.as_of)
    if not columns:
        return undecided("没有认出栏目页，要人工看", site.root)
    plans = _plans(columns, context.column_plan)
    overdue_firm, overdue_soft = _overdue(columns, plans, context.as_of)
    blank_firm = sorted(name for name, column in columns.items() if column.is_blank and column.says_empty)
    blank_soft = sorted(name for name, column in columns.items() if column.is_blank and not column.says_empty)
    listing = _listing(overdue_firm + overdue_soft, blank_firm + blank_soft)
    if context.as_of > site.fetched_on and (context.as_of - site.fetched_on).days > 14:
        return undecided(f"内容是{date_words(site.fetched_on)}抓取的，之后没有再看。{listing}", site.root)
    if len(blank_firm) >= BLANK_LIMIT or (len(overdue_firm) >= OVERDUE_LIMIT and site.complete):
        return not_met(listing, site.root)
    overdue, blank = len(overdue_firm) + len(overdue_soft), len(blank_firm) + len(blank_soft)
    if overdue >= OVERDUE_LIMIT or blank >= BLANK_LIMIT:
        return undecided(f"可能超过限度，有的期限或空白还要人工看。{listing}", site.root)
    if not site.complete:
        return undecided(f"网站没有看完，看过的 {len(columns)} 个栏目里{listing}", site.root)
    below = f"没有达到单项否决数（超期 {OVERDUE_LIMIT} 个或空白 {BLANK_LIMIT} 个）"
    without = len(columns) - len(plans)
    left = f"，其中 {without} 个没有更新期限、只看是否空白" if without else ""
    return met(f"{below}。看了 {len(columns)} 个栏目{left}。{listing}", site.root)


@dataclass(slots=True)
class _Column:
    type: str = ""
    newest: date | None = None
    has_listing: bool = False
    items: int = 0
    contents: int = 0
    says_empty: bool = False
    urls: list[str] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return self.has_listing and not self.items and not self.contents


def _columns(site: SiteFacts, as_of: date) -> dict[str, _Column]:
    columns: dict[str, _Column] = {}
    rows = site.pages.rows(
        "url", "kind", "column_name", "column_type", "published_on", "item_dates", "item_count", "says_empty"
    )
    for url, kind, name, type, published, dates, items, says_empty in rows:
        if not name or kind == "home":
            continue
        column = columns.setdefault(name, _Column())
        column.type = column.type or type or ""
        if kind == "column":
            column.has_listing = True
            column.items += items or 0
            column.says_empty = column.says_empty or bool(says_empty)
            column.urls.append(url)
            days = list(dates or ())
        else:
            column.contents += 1
            days = [published] if published else []
        known = [day for day in (column.newest, *days) if day and day <= as_of]
        column.newest = max(known, default=None)
    return {name: column for name, column in columns.items() if column.has_listing}


def _plans(columns: dict[str, _Column], given: tuple[ColumnPlan, ...] | None) -> dict[str, ColumnPlan]:
    if given is not None:
        return {plan.name: plan for plan in given if plan.name in columns}
    plans = {}
    for name, column in columns.items():
        if any(word in name for word in _ON_CHANGE):
            continue
        plans[name] = next(
            (
                ColumnPlan(name, days, sure)
                for source in (name, column.type)
                for words, days, sure in _PRESETS
                if any(word in source for word in words)
            ),
            ColumnPlan(name, _OTHERS_DAYS, confirmed=False),
        )
    return plans


def _overdue(
    columns: dict[str, _Column], plans: dict[str, ColumnPlan], as_of: date
) -> tuple[list[str], list[str]]:
    firm: list[str] = []
    soft: list[str] = []
    for name, plan in sorted(plans.items()):
        newest = columns[name].newest
        if newest is None:
            if not columns[name].is_blank:
                soft.append(f"{name}（没有读到日期）")
        elif (as_of - newest).days > plan.period_days:
            (firm if plan.confirmed else soft).append(
                f"{name}（{date_words(newest)}，应 {plan.period_days} 天内）"
            )
    return firm, soft


def _listing(overdue: list[str], blank: list[str]) -> str:
    parts = [f"超期 {len(overdue)} 个" + (f"：{'、'.join(overdue[:30])}" if overdue else "")]
    parts.append(f"空白 {len(blank)} 个" + (f"：{'、'.join(blank[:30])}" if blank else ""))
    return "；".join(parts)
