"""Who organises assessments in this installation, how far each is, and the entry of another one."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.registry import policy
from kaoping.registry.queries import organisers
from kaoping.registry.services.organisers import add_organiser
from kaoping.support import clock
from kaoping.web.desk.years import act_page, require
from kaoping.web.ui.filled import offer
from kaoping.web.ui.measured import Spoken, line
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Crumb, Head
from kaoping.web.ui.parts.table import table_of
from kaoping.web.ui.requests import SignedIn
from kaoping.web.ui.wording import cn_date

FOR_WHOM: Final = "组织单位由政务公开办、主管部门和领导小组查看。"
ONLY: Final = "组织单位由本平台主办单位的经办登记。"


class AddForm(forms.Form):
    """The body of the register, and what its office is called."""

    code = forms.ChoiceField(
        label="单位", error_messages={"required": "请选单位。", "invalid_choice": "请从列表里选单位。"}
    )
    office = Spoken("办公室的名称", widget=line(), hint="写在呈批表、整改通知单上，如“武进区政务公开办”。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(one.code, one.name) for one in organisers.candidates(on=clock.today())]
        offer(self, "code", [("", "请选"), *units])


@require_safe
def listed(request: SignedIn) -> HttpResponse:
    """Every organiser, with the stage of its newest year: of others' years the stage is all that is seen here."""
    require(policy.can_see_register(request.actor), FOR_WHOM)
    newest = campaigns.newest_by_organiser()
    rows = organisers.listed(on=clock.today())
    title = f"{len(rows)} 个组织单位"
    add = Action("登记组织单位", reverse("desk-organiser-new"), kind="primary")
    context = {
        "title": title,
        "head": Head(
            title=title,
            crumbs=(Crumb("单位名录", reverse("desk-register")), Crumb("组织单位")),
            actions=(add,) if policy.can_add_organiser(request.actor) else (),
        ),
        "table": table_of(
            caption="组织考核、评议的单位",
            columns=["组织单位", "代码", "办公室", "登记", "最近的年度"],
            rows=[
                [
                    one.body,
                    one.code,
                    f"{one.office}（本平台的主办单位）" if one.main else one.office,
                    cn_date(one.since) if one.since else "第一次组织考核时登记",
                    _newest(newest.get(one.code)),
                ]
                for one in rows
            ],
            empty="还没有组织单位。",
            fold=True,
        ),
    }
    return render(request, "desk/records/organisers.html", context)


def _newest(campaign: campaigns.Campaign | None) -> str:
    return f"{campaign.year} 年：{stages.LABELS[campaign.stage]}" if campaign else "还没有年度考核"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Another organiser; who works for it is appointed afterwards."""
    require(policy.can_add_organiser(request.actor), ONLY)

    def run(data: dict[str, Any]) -> str:
        made = add_organiser(actor=request.actor, code=data["code"], office=data["office"], now=clock.now())
        return f"已登记 {made.office}。下一步请安全管理员在“岗位”页授予它的经办、负责人等岗位。"

    return act_page(
        request,
        form=AddForm(request.POST or None),
        title="登记组织单位",
        crumbs=(
            Crumb("单位名录", reverse("desk-register")),
            Crumb("组织单位", reverse("desk-organisers")),
            Crumb("登记"),
        ),
        button="登记",
        run=run,
        back=reverse("desk-organisers"),
        notice="登记以后，这家单位有自己的年度、评议、台账、整改单和公开，各办各的；它的方案只收它下属和主管的单位。登记不能撤回。",
    )
