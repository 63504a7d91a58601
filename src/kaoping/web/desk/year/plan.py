"""The plan of a year: 要点, rulebook, units, timetable, reviewers, level of publication, and how far its approval is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.queries import replaced_texts
from kaoping.calendars import WorkingCalendar
from kaoping.campaigns import policy
from kaoping.campaigns.logic import plan, stage_days, stages
from kaoping.campaigns.logic.items import Item
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries import items, period, review
from kaoping.campaigns.queries import plan as plan_reads
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import plan as services
from kaoping.campaigns.services.stages import move_stage
from kaoping.foreign.glyphs import glyphs
from kaoping.registry import queries as registry
from kaoping.registry.logic import KINDS
from kaoping.registry.policy import can_see_register
from kaoping.reporting.tables import Table
from kaoping.scoring.provenance import is_open
from kaoping.scoring.rubric import Indicator
from kaoping.standards import queries as standards
from kaoping.standards import services as standard_services
from kaoping.standards.loading import load_rulebook, shipped
from kaoping.support import clock
from kaoping.web.desk.signatures import strip_of
from kaoping.web.desk.year import plan_void
from kaoping.web.desk.years import act_page, campaign_of, crumbs, latest, require
from kaoping.web.ui.days import DayField
from kaoping.web.ui.editing import opened_with
from kaoping.web.ui.numbers import WholeField
from kaoping.web.ui.offering import Asked
from kaoping.web.ui.paging import paged_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Crumb, Head
from kaoping.web.ui.parts.table import Cell, Value
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import PROVISIONAL, cn_date
from kaoping.workdays.queries import calendar

current = latest("desk-plan-year", stages.PLAN)
ONLY_HANDLER: Final = "方案由市政务公开办经办制定。"
DEFAULT_KINDS: Final = ("district_government", "department", "institution", "field_office", "authorised_body")


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage's planned days: which of them rests, from where they were moved, and where they can be moved."""

    label: str
    first: date
    last: date
    rests: str
    moved: str
    url: str


@require_safe
def of_year(request: SignedIn, year: int) -> HttpResponse:
    """The whole plan on one page."""
    campaign = campaign_of(year)
    require(policy.can_see_campaign(request.actor))
    rows = campaigns.participations(campaign)
    if "format" in request.GET:
        return download(_file(campaign, rows), request.GET["format"])
    state = campaigns.approval_state(campaign, "plan")
    asked = {"actor": request.actor, "campaign": campaign}
    may_change = services.set_priorities.check(**asked) is None
    linked = can_see_register(request.actor)
    leaves = items.items(campaign)
    assigned = {row.reviewer.name for row in review.assignments(campaign) if not row.recused}
    title = _title(campaign, state)
    context = {
        "title": title,
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, "年度方案"),
            basis=Basis(rubric=f"{campaign.rulebook.title} {campaign.rulebook.version}", as_of=clock.now()),
            actions=(
                Action(label="方案呈批", url=reverse("desk-approval", args=[year, "plan"]), kind="primary"),
                *plan_void.actions(request.actor, campaign),
            ),
        ),
        "locked": services.set_priorities.hindrance(campaign=campaign),
        "may_change": may_change,
        "priorities": _priorities(campaign, leaves),
        "rulebook": _rulebook(campaign, leaves),
        "kinds": _kinds(rows),
        "table": paged_table(
            columns=["单位", "代码", "类别", "是否参评", "分组", "理由", *(["操作"] if may_change else [])],
            rows=rows,
            cells=lambda row: _cells(row, year, may_change=may_change, linked=linked),
            params=request.GET,
            caption="本年度单位",
            empty="还没有选定参评单位。从名录里按类别选，选后逐家可改。",
        ),
        "timetable": campaigns.TIMETABLES.get(campaign.timetable, "没有选定"),
        "window": period.period(campaign) if campaign.timetable else None,
        "stages": _stages(request.actor, campaign),
        "reviewers": sorted(assigned),
        "level": campaigns.PUBLICATION_LEVELS[campaign.publication_level],
        "strip": strip_of(state),
    }
    return render(request, "desk/year/plan.html", context)


TIMETABLE_HINT: Final = (
    "年底：考核期到 11 月底，赶在各单位发布年度报告之前公开。次年初：考核期为自然年，次年公开，年度报告先写“未定”，"
    "公开后发更正稿。各阶段日期由规则集写明。"
)
LEVEL_HINT: Final = "不公开到每一项的，完整数据包留在市政务公开办，校验值照样公布。"


class NewForm(forms.Form):
    """The first facts of a year."""

    year = WholeField(
        label="年份",
        min_value=2008,
        max_value=2100,
        error_messages={"required": "请填四位年份，如 2025。", "invalid": "请填四位年份，如 2025。"},
    )
    title = forms.CharField(
        label="标题", max_length=120, error_messages={"required": "请写标题，如“2025 年度政务公开工作考核”。"}
    )
    rulebook = forms.ChoiceField(label="规则集", error_messages={"required": "请选规则集。"})
    timetable = forms.ChoiceField(
        label="时间安排",
        choices=[(code, f"{code} {name}") for code, name in campaigns.TIMETABLES.items()],
        widget=forms.RadioSelect,
        help_text=TIMETABLE_HINT,
        error_messages={"required": "请选“A 年底”或“B 次年初”。"},
    )
    level = forms.ChoiceField(
        label="公开范围",
        choices=list(campaigns.PUBLICATION_LEVELS.items()),
        help_text=LEVEL_HINT,
        error_messages={"required": "请选公开到哪一级。"},
    )
    typed_year = forms.CharField(
        label="再输入一次年份",
        required=False,
        max_length=4,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text="与今年相差一年以上的才要填。",
    )
    example = forms.BooleanField(label="示例数据：各页、文件和数据包都标明“示例数据”", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rulebook"].choices = rulebook_choices()  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Open a year."""
    require(policy.can_plan(request.actor), ONLY_HANDLER)
    last = campaigns.current()
    year = last.year + 1 if last else clock.today().year
    initial = {
        "year": year,
        "title": f"{year} 年度政务公开工作考核",
        "timetable": "A",
        "level": "first_level",
        "example": settings.DEMO,
    }
    form = NewForm(request.POST or None, initial=initial)
    made: dict[str, int] = {}

    def run(data: dict[str, Any]) -> str:
        now = clock.now()
        campaign = services.create_campaign(
            actor=request.actor,
            year=data["year"],
            title=data["title"],
            rulebook=_chosen(request, data["rulebook"]),
            timetable=data["timetable"],
            publication_level=data["level"],
            example=data["example"] or settings.DEMO,
            typed_year=data["typed_year"],
            now=now,
        )
        made["year"] = campaign.year
        return f"已建立 {campaign.year} 年度考核。下一步填要点，选参评单位。"

    response = act_page(
        request,
        form=form,
        title="建立年度考核",
        crumbs=(Crumb(label="年度看板", url=reverse("desk-board")), Crumb(label="建立")),
        button="建立",
        run=run,
        back=reverse("desk-board"),
    )
    return redirect("desk-plan-year", made["year"]) if made else response


class PrioritiesForm(forms.Form):
    """One 要点 a line, with the code of the item it bears on."""

    lines = forms.CharField(
        label="年度要点",
        help_text="每行一条。涉及某项指标的，行末写竖线和它在规则集里的代码：做好政策解读｜代码",
        widget=forms.Textarea({"rows": 12}),
        error_messages={"required": "请至少写一条要点。"},
    )

    def __init__(self, *args: Any, codes: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = codes

    def clean_lines(self) -> list[tuple[str, str]]:
        """(text, item code) a line. A code that the rulebook does not have is named."""
        made = []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            if not glyphs(line):
                continue
            text, _bar, code = line.replace("｜", "|").rpartition("|")
            text, code = (text.strip(), code.strip()) if _bar else (line.strip(), "")
            if code and code not in self.codes:
                raise forms.ValidationError(
                    f"第 {number} 行的代码“{code}”不在规则集里。请改为规则集的指标代码，或去掉竖线。"
                )
            made.append((text, code))
        return made


@require_http_methods(["GET", "HEAD", "POST"])
def priorities(request: SignedIn, year: int) -> HttpResponse:
    """The year's 要点."""
    campaign = _changeable(request, year)
    stored = plan_reads.priorities(campaign)
    codes = {column.code for column in _columns(campaign)}
    form = PrioritiesForm(request.POST or None, initial=stored, codes=codes)

    def run(data: dict[str, Any]) -> str:
        services.set_priorities(
            actor=request.actor,
            campaign=campaign,
            lines=data["lines"],
            opened=opened_with(request),
            now=clock.now(),
        )
        return f"已保存 {len(data['lines'])} 条要点。"

    return _page(
        request,
        campaign,
        services.set_priorities,
        form,
        "填写年度要点",
        run,
        stored=stored,
        before=replaced_texts("priorities", campaign.pk),
    )


class RulebookForm(forms.Form):
    """An adopted version, or one that is shipped and will be adopted."""

    rulebook = forms.ChoiceField(
        label="规则集", widget=forms.RadioSelect, error_messages={"required": "请选规则集。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rulebook"].choices = rulebook_choices()  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def rulebook(request: SignedIn, year: int) -> HttpResponse:
    """Choose the rulebook version."""
    campaign = _changeable(request, year)
    stored = plan_reads.rulebook(campaign)
    form = RulebookForm(request.POST or None, initial=stored)

    def run(data: dict[str, Any]) -> str:
        version = _chosen(request, data["rulebook"])
        services.set_rulebook(
            actor=request.actor,
            campaign=campaign,
            rulebook=version,
            opened=opened_with(request),
            now=clock.now(),
        )
        return f"规则集改为 {version.title} {version.version}。"

    return _page(request, campaign, services.set_rulebook, form, "选定规则集", run, stored=stored)


class UnitsForm(forms.Form):
    """Kinds that are assessed, the day of the register, and who is left out."""

    kinds = forms.MultipleChoiceField(
        label="参评的类别",
        choices=[(code, name) for code, name in KINDS.items() if code != "government"],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一类单位。"},
    )
    on = DayField("按哪一天的名录")
    excluded = forms.CharField(
        label="不参评的单位",
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text="每行一家：代码，空格，理由。例如：U12 本年度新设立，不满半年",
    )

    def clean_excluded(self) -> dict[str, str]:
        """Code to reason."""
        made = {}
        for number, line in enumerate(self.cleaned_data["excluded"].splitlines(), start=1):
            code, _space, reason = line.strip().partition(" ")
            if not code:
                continue
            if not glyphs(reason):
                raise forms.ValidationError(f"第 {number} 行没有理由。请在代码后空一格写理由。")
            made[code] = reason.strip()
        return made


@require_http_methods(["GET", "HEAD", "POST"])
def units(request: SignedIn, year: int) -> HttpResponse:
    """Take the units from the register, by kind."""
    campaign = _changeable(request, year)
    rows = list(campaigns.participations(campaign))
    chosen = sorted({row.organisation.kind for row in rows if row.participates}) or list(DEFAULT_KINDS)
    left_out = "\n".join(
        f"{row.organisation.code} {row.reason}"
        for row in rows
        if not row.participates and row.organisation.kind in chosen
    )
    form = UnitsForm(
        request.POST or None, initial={"kinds": chosen, "on": clock.today(), "excluded": left_out}
    )

    def run(data: dict[str, Any]) -> str:
        services.set_participation(
            actor=request.actor,
            campaign=campaign,
            kinds=data["kinds"],
            on=data["on"],
            excluded=data["excluded"],
            opened=opened_with(request),
            now=clock.now(),
        )
        return f"已选定 {sum(campaigns.group_counts(campaign).values())} 家参评单位。逐家的改动在下表。"

    notice = "重新选定会替换下表，逐家改过的分组和理由要重填。" if rows else ""
    return _page(
        request,
        campaign,
        services.set_participation,
        form,
        "选定参评单位",
        run,
        notice=notice,
        stored=plan_reads.participation(campaign),
        before=replaced_texts("participation", campaign.pk),
    )


class UnitForm(forms.Form):
    """One unit: assessed in a group, or left out for a reason."""

    participates = forms.ChoiceField(
        label="是否参评",
        choices=[("yes", "参评"), ("no", "不参评")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选参评或不参评。"},
    )
    group = forms.CharField(label="分组", max_length=60, required=False, help_text="同组内比较等次。")
    reason = forms.CharField(
        label="不参评的理由", max_length=200, required=False, help_text="如：垂直管理，由上级主管部门考核"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: SignedIn, year: int, code: str) -> HttpResponse:
    """Change one unit."""
    campaign = _changeable(request, year)
    organisation = registry.organisation(code)
    if organisation is None:
        raise Http404
    row = campaigns.participations(campaign).filter(organisation__code=code).first()
    initial = {
        "participates": "yes" if row is None or row.participates else "no",
        "group": row.group if row and row.group else plan.GROUP_OF_KIND.get(organisation.kind, "其他"),
        "reason": row.reason if row else "",
    }
    form = UnitForm(request.POST or None, initial=initial)

    def run(data: dict[str, Any]) -> str:
        services.change_participation(
            actor=request.actor,
            campaign=campaign,
            organisation=organisation,
            participates=data["participates"] == "yes",
            group=data["group"],
            reason=data["reason"],
            opened=opened_with(request),
            now=clock.now(),
        )
        return f"已修改 {organisation.short_name}。"

    return _page(
        request,
        campaign,
        services.change_participation,
        form,
        f"{organisation.short_name}是否参评",
        run,
        stored=plan_reads.participation_of(campaign, organisation),
        before=replaced_texts("participation_of", row.pk) if row else (),
    )


class TimetableForm(forms.Form):
    """Timetable and level of publication."""

    timetable = forms.ChoiceField(
        label="时间安排",
        choices=[(code, f"{code} {name}") for code, name in campaigns.TIMETABLES.items()],
        widget=forms.RadioSelect,
        help_text=TIMETABLE_HINT,
        error_messages={"required": "请选“A 年底”或“B 次年初”。"},
    )
    level = forms.ChoiceField(
        label="公开范围",
        choices=list(campaigns.PUBLICATION_LEVELS.items()),
        widget=forms.RadioSelect,
        help_text=LEVEL_HINT,
        error_messages={"required": "请选公开到哪一级。"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def timetable(request: SignedIn, year: int) -> HttpResponse:
    """Choose A or B, and what will be published."""
    campaign = _changeable(request, year)
    form = TimetableForm(
        request.POST or None, initial={"timetable": campaign.timetable, "level": campaign.publication_level}
    )

    def run(data: dict[str, Any]) -> str:
        services.set_timetable(
            actor=request.actor,
            campaign=campaign,
            timetable=data["timetable"],
            publication_level=data["level"],
            opened=opened_with(request),
            now=clock.now(),
        )
        return "时间安排和公开范围已保存。"

    return _page(
        request,
        campaign,
        services.set_timetable,
        form,
        "选定时间安排和公开范围",
        run,
        stored=plan_reads.timetable(campaign),
    )


def rulebook_choices() -> list[tuple[str, str]]:
    """Adopted versions, then shipped rulebooks that nobody has adopted."""
    adopted = standards.versions()
    known = {one.digest for one in adopted}
    made = [
        (
            f"version:{one.pk}",
            f"{one.title} {one.version}（{cn_date(one.adopted_at)}{'交存，草案' if one.draft else '采用'}）",
        )
        for one in adopted
    ]
    for name in shipped():
        book = load_rulebook(name)
        if book.digest not in known:
            made.append((f"shipped:{name}", f"{book.title} {book.version}（随程序提供，选用即采用）"))
    return made


def _chosen(request: SignedIn, choice: str) -> standards.RulebookVersion:
    kind, _colon, name = choice.partition(":")
    if kind == "shipped":
        return standard_services.adopt(actor=request.actor, rulebook=load_rulebook(name), now=clock.now())
    version = standards.version(int(name))
    if version is None:
        raise Refused("这个规则集版本已经不在，请重新选。")
    return version


def _changeable(request: SignedIn, year: int) -> Campaign:
    campaign = campaign_of(year)
    require(policy.can_plan(request.actor), ONLY_HANDLER)
    return campaign


def _page(
    request: SignedIn,
    campaign: Campaign,
    verb: Asked,
    form: forms.Form,
    title: str,
    run: Callable[[dict[str, Any]], str],
    *,
    notice: str = "",
    stored: Mapping[str, str],
    before: Iterable[Any] = (),
) -> HttpResponse:
    return act_page(
        request,
        form=form,
        title=title,
        crumbs=crumbs(campaign, ("年度方案", reverse("desk-plan-year", args=[campaign.year])), title),
        button="保存",
        run=run,
        back=reverse("desk-plan-year", args=[campaign.year]),
        locked=verb.check(actor=request.actor, campaign=campaign) or "",
        notice=notice,
        stored=stored,
        before=before,
    )


def _columns(campaign: Campaign) -> list[Indicator]:
    return list(standards.rulebook_of(campaign.rulebook_id).rubric.walk())


def _title(campaign: Campaign, state: campaigns.ApprovalState) -> str:
    assessed = sum(campaigns.group_counts(campaign).values())
    if campaign.stage != "plan":
        return f"{campaign.year} 年度方案已批准，|{assessed} 家单位参评"
    lacks = [
        words
        for words, there in (
            ("要点", campaigns.priorities(campaign).exists()),
            ("参评单位", assessed),
            ("时间安排", campaign.timetable),
        )
        if not there
    ]
    if lacks:
        return f"方案还缺{'、'.join(lacks)}"
    if state.next_label:
        return f"方案已填好，|等{state.next_label}签批"
    return "方案已签批，|" + ("可以进入平时考核" if state.scan else "待经办附签字扫描件")


def _priorities(campaign: Campaign, leaves: Sequence[Item]) -> list[dict[str, Any]]:
    names = {node.code: node.name for node in _columns(campaign)}
    return [
        {"text": row.text, "item": row.item, "item_name": names.get(row.item, "")}
        for row in campaigns.priorities(campaign)
    ]


def _rulebook(campaign: Campaign, leaves: Sequence[Item]) -> dict[str, Any]:
    adoption = campaigns.adoption_of(campaign)
    return {
        "adoption": adoption,
        "name": f"{campaign.rulebook.title} {campaign.rulebook.version}",
        "url": reverse("desk-rulebook", args=[campaign.rulebook_id]),
        "leaves": len(leaves),
        "unverified": sum(is_open(one.confidence, adoption) for one in leaves),
        "adopted_at": campaign.rulebook.adopted_at,
        "adopted_by": campaign.rulebook.adopted_by,
        "digest": campaign.rulebook.digest,
    }


def _kinds(rows: QuerySet[campaigns.Participation]) -> list[dict[str, Any]]:
    pairs = rows.values_list("organisation__kind", "participates")
    counts: Mapping[tuple[str, bool], int] = Counter(pairs)
    return [
        {"label": name, "yes": counts.get((kind, True), 0), "no": counts.get((kind, False), 0)}
        for kind, name in KINDS.items()
        if counts.get((kind, True), 0) + counts.get((kind, False), 0)
    ]


def _stages(actor: Actor, campaign: Campaign) -> list[StageRow]:
    dates, planned = period.stage_dates(campaign), period.planned_dates(campaign)
    days, told = calendar(clock.now()), period.told_dates(campaign)
    return [
        StageRow(
            campaigns.STAGE_LABELS[stage],
            *told[stage],
            _rests(told[stage], days),
            _moved(planned[stage], dates[stage]),
            ""
            if move_stage.check(actor=actor, campaign=campaign, stage=stage)
            else reverse("desk-plan-stage", args=[campaign.year, stage]),
        )
        for stage in campaigns.STAGES
        if stage in dates
    ]


def _rests(span: tuple[date, date], days: WorkingCalendar) -> str:
    """Which of a stage's two days rests, and on what that rests; '' when both work."""
    found = []
    for label, day in zip(("首日", "末日"), span, strict=True):
        words = stage_days.rest_words(day, days)
        if words:
            mark = f"，{PROVISIONAL}" if days.rests_on_provisional(day) else ""
            found.append(f"{label}不上班（{words}{mark}）")
    return "，".join(found)


def _moved(planned: tuple[date, date], span: tuple[date, date]) -> str:
    if planned == span:
        return ""
    return f"方案原定 {cn_date(planned[0])}至{cn_date(planned[1])}"


def _cells(row: campaigns.Participation, year: int, *, may_change: bool, linked: bool) -> list[Value]:
    organisation = row.organisation
    cells: list[Value] = [
        Cell(
            text=organisation.short_name,
            url=reverse("desk-organisation", args=[organisation.code]) if linked else "",
        ),
        Cell(text=organisation.code, mono=True),
        KINDS.get(organisation.kind, organisation.kind),
        "参评" if row.participates else "不参评",
        row.group or "—",
        row.reason or "—",
    ]
    if may_change:
        url = reverse("desk-plan-unit", args=[year, organisation.code])
        cells.append(Cell(actions=(Action(label="改", url=url, small=True),)))
    return cells


def _file(campaign: Campaign, rows: QuerySet[campaigns.Participation]) -> Table:
    return Table(
        f"{campaign.year} 年度考核单位",
        ["代码", "单位", "类别", "参评", "分组", "不参评理由"],
        [
            [
                row.organisation.code,
                row.organisation.name,
                KINDS.get(row.organisation.kind, row.organisation.kind),
                row.participates,
                row.group,
                row.reason,
            ]
            for row in rows
        ],
        [f"规则集 {campaign.rulebook.title} {campaign.rulebook.version}；截至 {clock.today().isoformat()}。"],
    )
