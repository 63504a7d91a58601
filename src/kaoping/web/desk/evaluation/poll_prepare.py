"""Announce the year's evaluation: days, units, and the two openers who both type their passphrases here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
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
from kaoping.registry.queries import Person
from kaoping.scoring.organised import OrganisedYear
from kaoping.scoring.units import Unit
from kaoping.standards import queries as standards
from kaoping.standards.loading import Rulebook
from kaoping.support import clock
from kaoping.web.desk.evaluation.poll import crumbs
from kaoping.web.desk.years import turned_away
from kaoping.web.ui.days import DayField
from kaoping.web.ui.filled import filled, offer
from kaoping.web.ui.requests import SignedIn, form_status
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

    def __init__(self, *args: Any, openers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("opener_1", "opener_2"):
            offer(self, name, [("", "请选"), *openers.items()])

    def clean(self) -> dict[str, Any]:
        """Both pairs agree: a slip of the finger would lock the box for ever."""
        super().clean()
        given = filled(self)
        for number in ("1", "2"):
            word, again = given.text(f"passphrase_{number}"), given.text(f"repeat_{number}")
            if word and len(word) < LEAST_PASSPHRASE:
                self.add_error(f"passphrase_{number}", f"开箱口令至少 {LEAST_PASSPHRASE} 个字符。")
            elif word and again and word != again:
                self.add_error(f"repeat_{number}", "两遍不一样。输错一个字，箱就打不开了，请重新输入。")
        if given.text("opener_1") and given.text("opener_1") == given.text("opener_2"):
            self.add_error("opener_2", "两位开箱人不能是同一人。")
        return self.cleaned_data


@never_cache
@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """The form; what was typed stays after a refusal, passphrases excepted."""
    if not policy.can_prepare_poll(request.actor, key):
        raise PermissionDenied("社会评议由政务公开办经办布置。")
    if queries.poll_of(key):
        messages.info(request, f"{key.year} 年的评议已经布置，一年组织一次。")
        return redirect("desk-evaluation-year", key)
    source = _source(key)
    openers = {str(one.pk): one for one in registry.people_with_role("ballot_opener", on=clock.today())}
    names = {key: one.name for key, one in openers.items()}
    form = PrepareForm(request.POST or None, initial=_initial(key, source), openers=names)
    if len(openers) < 2:
        source = replace(source, locked="还不能布置：要有两名开箱人。请安全管理员授予“开箱人”岗位。")
    sent = not source.locked and request.method == "POST" and form.is_valid()
    if sent and _prepare(request, form, key, source, openers):
        return redirect("desk-evaluation-year", key)
    refused = request.method == "POST" and bool(source.locked)
    if refused:
        turned_away(request, source.locked)
    context = {
        "title": f"布置 {key.year} 年社会评议",
        "crumbs": crumbs(key, "布置"),
        "form": form,
        "source": source,
        "has_errors": form.is_bound,
    }
    status = form_status(wrong=form.is_bound, closed=refused)
    return render(request, "desk/evaluation/evaluation_prepare.html", context, status=status)


def _prepare(
    request: SignedIn, form: PrepareForm, key: OrganisedYear, source: Source, openers: Mapping[str, Person]
) -> bool:
    given = filled(form)
    first, last = given.day("opens_on"), given.day("closes_on")
    try:
        poll = prepare_poll(
            actor=request.actor,
            key=key,
            title=given.text("title"),
            opens_at=datetime.combine(first, time(0), tzinfo=BEIJING),
            closes_at=end_of_day(last),
            questionnaire=dict(source.questionnaire),
            units=[dict(one) for one in source.units],
            openers=(openers[given.text("opener_1")], openers[given.text("opener_2")]),
            passphrases=(given.text("passphrase_1"), given.text("passphrase_2")),
            government_networks=[one.strip() for one in given.text("networks").splitlines() if glyphs(one)],
            example=source.example,
            now=clock.now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    words = f"{key.year} 年社会评议已布置，{len(poll.units)} 个单位。口令本平台不存，请两位开箱人各自记牢。"
    messages.success(request, words)
    warn_of_stage(request, key, first, last)
    try:
        if not calendar(clock.now()).is_working(last):
            messages.warning(request, "截止日不是工作日，当天没有人值守；封存由本平台自动完成。")
    except YearNotAnnounced:
        pass
    return True


def warn_of_stage(request: SignedIn, key: OrganisedYear, opens_on: date, closes_on: date) -> None:
    """Tell on the next page that the days leave the stage; the office may mean it."""
    words = logic.outside_stage(opens_on, closes_on, _source(key).days)
    if words:
        messages.warning(request, words)


@dataclass(frozen=True, slots=True)
class Source:
    """What a poll is announced from: units and questionnaire, the days of its stage, and why it cannot be announced."""

    questionnaire: Mapping[str, object]
    rulebook: Rulebook | None
    units: Sequence[Mapping[str, str]]
    units_words: str
    example: bool
    days: tuple[date, date] | None
    locked: str


def _source(key: OrganisedYear) -> Source:
    """Units and questionnaire: the year's campaign decides, else the register and the newest adopted rulebook."""
    campaign = campaigns.of(key)
    if campaign:
        version_id: int | None = campaign.rulebook_id
        units = [_entry(one) for one in campaigns.units(campaign)]
        example, words = campaign.example, f"{key.year} 年方案里的参评单位"
    else:
        adopted = standards.newest_version()
        version_id = adopted.pk if adopted else None
        rows = registry.organisations(on=clock.today()).filter(participates=True)
        units = [_entry(registry.as_unit(one)) for one in rows]
        example, words = False, "单位名录里的参评单位（这一年还没有考核方案）"
    rulebook = standards.rulebook_of(version_id) if version_id else None
    stages = rulebook.timetable.stages(key.year, campaign.timetable if campaign else "") if rulebook else {}
    return Source(
        questionnaire=dict(rulebook.questionnaire) if rulebook and rulebook.questionnaire else {},
        rulebook=rulebook,
        units=units,
        units_words=words,
        example=example,
        days=stages.get("evaluation"),
        locked=_lacks(rulebook, units),
    )


def _lacks(rulebook: Rulebook | None, units: Sequence[Mapping[str, str]]) -> str:
    if rulebook is None or rulebook.questionnaire is None:
        return "还不能布置：没有问卷。先在考核方案里采用带问卷的规则集。"
    return "" if units else "还不能布置：没有参评单位。先在考核方案或单位名录里选定。"


def _entry(unit: Unit) -> dict[str, str]:
    return {
        "code": unit.code,
        "name": unit.name,
        "short_name": unit.short_name,
        "group": unit.group or "",
    }


def _initial(key: OrganisedYear, source: Source) -> dict[str, str | date | None]:
    first, last = source.days or (None, None)
    return {"title": f"{key.year} 年政务公开社会评议", "opens_on": first, "closes_on": last}
