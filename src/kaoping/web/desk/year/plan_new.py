"""A new year of assessment: its rulebook, its timetable, how far it is published."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.accounts.doors import somewhere
from kaoping.campaigns import policy
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.services import setting_up
from kaoping.registry.queries import organisers
from kaoping.scoring.organised import OrganisedYear
from kaoping.standards import queries as standards
from kaoping.standards import services as standard_services
from kaoping.standards.loading import load_rulebook, shipped
from kaoping.support import clock
from kaoping.web.desk.years import act_page, require
from kaoping.web.ui.numbers import WholeField
from kaoping.web.ui.parts.head import Crumb
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date

ONLY_HANDLER: Final = "方案由政务公开办经办制定。"
TIMETABLE_HINT: Final = (
    "年底：考核期到 11 月底，赶在各单位发布年度报告之前公开。次年初：考核期为自然年，次年公开，年度报告先写“未定”，"
    "公开后发更正稿。各阶段日期由规则集写明。"
)
LEVEL_HINT: Final = "不公开到每一项的，完整数据包留在政务公开办，校验值照样公布。"


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

    def __init__(self, *args: Any, organiser: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rulebook"].choices = rulebook_choices(organiser)  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Open a year."""
    require(somewhere(policy.can_plan, request.actor), ONLY_HANDLER)
    whose = organisers.served(request.actor)
    form = NewForm(request.POST or None, initial=_proposed(whose), organiser=whose)
    made: list[OrganisedYear] = []

    def run(data: dict[str, Any]) -> str:
        now = clock.now()
        campaign = setting_up.create_campaign(
            actor=request.actor,
            key=OrganisedYear(whose, data["year"]),
            title=data["title"],
            rulebook=chosen_rulebook(request, data["rulebook"]),
            timetable=data["timetable"],
            publication_level=data["level"],
            example=data["example"] or settings.DEMO,
            typed_year=data["typed_year"],
            now=now,
        )
        made.append(campaign.key)
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
    return redirect("desk-plan-year", made[0]) if made else response


def _proposed(organiser: str) -> dict[str, object]:
    """What the form proposes: the year after the organiser's last."""
    last = campaigns.current(organiser)
    year = last.year + 1 if last else clock.today().year
    return {
        "year": year,
        "title": f"{year} 年度政务公开工作考核",
        "timetable": "A",
        "level": "first_level",
        "example": settings.DEMO,
    }


def rulebook_choices(organiser: str) -> list[tuple[str, str]]:
    """Adopted versions and what an organiser itself handed in, then shipped rulebooks that nobody has adopted."""
    adopted = standards.versions()
    known = {one.digest for one in adopted}
    made = [
        (
            f"version:{one.pk}",
            f"{one.title} {one.version}（{cn_date(one.adopted_at)}{'交存，草案' if one.draft else '采用'}）",
        )
        for one in adopted
        if one.organiser in (None, organiser)
    ]
    for name in shipped():
        book = load_rulebook(name)
        if book.digest not in known:
            made.append((f"shipped:{name}", f"{book.title} {book.version}（随程序提供，选用即采用）"))
    return made


def chosen_rulebook(request: SignedIn, choice: str) -> standards.RulebookVersion:
    """The chosen version; a shipped rulebook is adopted by choosing it. Raises ``Refused`` when it is no longer there."""
    kind, _colon, name = choice.partition(":")
    if kind == "shipped":
        return standard_services.adopt(actor=request.actor, rulebook=load_rulebook(name), now=clock.now())
    version = standards.version(int(name))
    if version is None:
        raise Refused("这个规则集版本已经不在，请重新选。")
    return version
