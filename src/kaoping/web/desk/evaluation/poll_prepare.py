"""Announce the year's evaluation: days, units, and the two openers who both type their passphrases here."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kaoping.accounts.actor import Refused
from kaoping.beijing import BEIJING, end_of_day
from kaoping.calendars import YearNotAnnounced
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.evaluation import logic, policy, queries
from kaoping.evaluation.services.poll import prepare_poll
from kaoping.foreign.glyphs import glyphs
from kaoping.registry import queries as registry
from kaoping.standards import queries as standards
from kaoping.support import clock
from kaoping.web.desk.evaluation.poll import crumbs
from kaoping.web.desk.years import turned_away
from kaoping.web.ui.days import DayField
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.secrets import SecretField
from kaoping.workdays.queries import calendar

LEAST_PASSPHRASE: Final = 12
SECRETS: Final = ("passphrase_1", "repeat_1", "passphrase_2", "repeat_2")


def _secret(label: str) -> SecretField:
    return SecretField(label, "off", required=f"请由本人输入{label}。")


class PrepareForm(forms.Form):
    """What the office decides, and what each opener types."""

    title = forms.CharField(label="标题", max_length=120, error_messages={"required": "请填标题。"})
    opens_on = DayField("开始日期")
    closes_on = DayField("截止日期")
    networks = forms.CharField(
        label="政府网络网段",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一个，如 10.0.0.0/8。来自这些网段的问卷在结果里单列份数。",
    )
    opener_1 = forms.ChoiceField(label="第一位开箱人", error_messages={"required": "请选第一位开箱人。"})
    passphrase_1 = _secret("第一位的开箱口令")
    repeat_1 = _secret("第一位再输一遍")
    opener_2 = forms.ChoiceField(label="第二位开箱人", error_messages={"required": "请选第二位开箱人。"})
    passphrase_2 = _secret("第二位的开箱口令")
    repeat_2 = _secret("第二位再输一遍")

    def __init__(self, *args: Any, openers: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "请选"), *((key, person.name) for key, person in openers.items())]
        for name in ("opener_1", "opener_2"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Both pairs agree: a slip of the finger would lock the box for ever."""
        data = dict(super().clean() or {})
        for number in ("1", "2"):
            word, again = data.get(f"passphrase_{number}"), data.get(f"repeat_{number}")
            if word and len(word) < LEAST_PASSPHRASE:
                self.add_error(f"passphrase_{number}", f"开箱口令至少 {LEAST_PASSPHRASE} 个字符。")
            elif word and again and word != again:
                self.add_error(f"repeat_{number}", "两遍不一样。输错一个字，箱就打不开了，请重新输入。")
        if data.get("opener_1") and data.get("opener_1") == data.get("opener_2"):
            self.add_error("opener_2", "两位开箱人不能是同一人。")
        return data


@never_cache
@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: SignedIn, year: int) -> HttpResponse:
    """The form; what was typed stays after a refusal, passphrases excepted."""
    if not policy.can_prepare_poll(request.actor):
        raise PermissionDenied("社会评议由市政务公开办经办布置。")
    if not 2000 <= year <= 2100:
        raise Http404
    if queries.poll_of_year(year):
        messages.info(request, f"{year} 年的评议已经布置，一年组织一次。")
        return redirect("desk-evaluation-year", year)
    source = _source(year)
    openers = {str(one.pk): one for one in registry.people_with_role("ballot_opener", on=clock.today())}
    form = PrepareForm(request.POST or None, initial=_initial(year, source), openers=openers)
    if len(openers) < 2:
        source["locked"] = "还不能布置：要有两名开箱人。请安全管理员授予“开箱人”岗位。"
    sent = not source["locked"] and request.method == "POST" and form.is_valid()
    if sent and _prepare(request, form, year, source, openers):
        return redirect("desk-evaluation-year", year)
    refused = request.method == "POST" and source["locked"]
    if refused:
        turned_away(request, source["locked"])
    context = {
        "title": f"布置 {year} 年社会评议",
        "crumbs": crumbs(year, "布置"),
        "form": form,
        "source": source,
        "has_errors": form.is_bound,
    }
    return render(request, "desk/evaluation/evaluation_prepare.html", context, status=409 if refused else 200)


def _prepare(
    request: SignedIn, form: PrepareForm, year: int, source: dict[str, Any], openers: dict[str, Any]
) -> bool:
    data = form.cleaned_data
    try:
        poll = prepare_poll(
            actor=request.actor,
            year=year,
            title=data["title"],
            opens_at=datetime.combine(data["opens_on"], time(0), tzinfo=BEIJING),
            closes_at=end_of_day(data["closes_on"]),
            questionnaire=source["questionnaire"],
            units=source["units"],
            openers=(openers[data["opener_1"]], openers[data["opener_2"]]),
            passphrases=(data["passphrase_1"], data["passphrase_2"]),
            government_networks=[line.strip() for line in data["networks"].splitlines() if glyphs(line)],
            example=source["example"],
            now=clock.now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    words = f"{year} 年社会评议已布置，{len(poll.units)} 个单位。口令本平台不存，请两位开箱人各自记牢。"
    messages.success(request, words)
    warn_of_stage(request, year, data["opens_on"], data["closes_on"])
    try:
        if not calendar(clock.now()).is_working(data["closes_on"]):
            messages.warning(request, "截止日不是工作日，当天没有人值守；封存由本平台自动完成。")
    except YearNotAnnounced:
        pass
    return True


def warn_of_stage(request: SignedIn, year: int, opens_on: date, closes_on: date) -> None:
    """Tell on the next page that the days leave the stage; the office may mean it."""
    words = logic.outside_stage(opens_on, closes_on, _source(year)["days"])
    if words:
        messages.warning(request, words)


def _source(year: int) -> dict[str, Any]:
    """Units and questionnaire: the year's campaign decides, else the register and the newest adopted rulebook."""
    campaign = campaigns.of_year(year)
    if campaign:
        version_id: int | None = campaign.rulebook_id
        units = [_entry(one) for one in campaigns.units(campaign)]
        example, words = campaign.example, f"{year} 年方案里的参评单位"
    else:
        adopted = standards.newest_version()
        version_id = adopted.pk if adopted else None
        rows = registry.organisations(on=clock.today()).filter(participates=True)
        units = [_entry(registry.as_unit(one)) for one in rows]
        example, words = False, "单位名录里的参评单位（这一年还没有考核方案）"
    rulebook = standards.rulebook_of(version_id) if version_id else None
    locked = ""
    if rulebook is None or rulebook.questionnaire is None:
        locked = "还不能布置：没有问卷。先在考核方案里采用带问卷的规则集。"
    elif not units:
        locked = "还不能布置：没有参评单位。先在考核方案或单位名录里选定。"
    stages = rulebook.timetable.stages(year, campaign.timetable if campaign else "") if rulebook else {}
    return {
        "questionnaire": dict(rulebook.questionnaire) if rulebook and rulebook.questionnaire else {},
        "rulebook": rulebook,
        "units": units,
        "units_words": words,
        "example": example,
        "days": stages.get("evaluation"),
        "locked": locked,
    }


def _entry(unit: Any) -> dict[str, str]:
    return {
        "code": unit.code,
        "name": unit.name,
        "short_name": unit.short_name,
        "group": unit.group or "",
    }


def _initial(year: int, source: dict[str, Any]) -> dict[str, Any]:
    first, last = source["days"] or (None, None)
    return {"title": f"{year} 年政务公开社会评议", "opens_on": first, "closes_on": last}
