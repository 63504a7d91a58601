"""单项否决、重大减分: what waits for its second person and what was done; the form of one; the answer to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaoping.accounts.actor import Actor
from kaoping.campaigns import policy
from kaoping.campaigns.logic import severe as logic
from kaoping.campaigns.logic import stages
from kaoping.campaigns.logic.severe import Given, Matter, Rules
from kaoping.campaigns.logic.severe_table import HEADINGS
from kaoping.campaigns.queries import severe as severes
from kaoping.campaigns.queries.campaign import Campaign
from kaoping.campaigns.services import severe as severe_verbs
from kaoping.evidence.policy import can_see_ledger
from kaoping.reporting import tables
from kaoping.reporting.tables import Table
from kaoping.scoring.organised import OrganisedYear
from kaoping.support import clock
from kaoping.web.desk.years import act_page, campaign_of, crumbs, latest, require
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.head import Basis, Head
from kaoping.web.ui.parts.lists import Fact, Pair
from kaoping.web.ui.parts.table import Cell, DataTable, Value, table_of
from kaoping.web.ui.proofs import closed_fact
from kaoping.web.ui.requests import TYPES_HINT, SignedIn, pledged
from kaoping.web.ui.tables import download
from kaoping.web.ui.wording import cn_date, cn_datetime

FOR_WHOM: Final = f"{logic.TITLE}由政务公开办、签发人和领导小组查看。"
NOTICE: Final = (
    f"{logic.TITLE}须附认定或通报的文书，由两人办理：经办提出，第二签发人或办公室负责人核对文书后确认。"
    "确认以后才记入台账；在此以前不影响得分。"
)

current = latest("desk-severe-year", stages.ROUTINE)


@dataclass(frozen=True, slots=True)
class Row:
    """One proposal as the list shows it; ``url`` leads to the page on which it is answered or read, ``line`` to the ledger."""

    unit: str
    item: str
    value: str
    on: date
    document: str
    reason: str
    proposed: str
    state: str
    ended: str
    url: str
    line: str

    def cells(self) -> list[Value]:
        """What the table of the page shows."""
        ledger = Cell(text="看台账记录", url=self.line) if self.line else "—"
        state = f"{self.state}（{self.ended}）" if self.ended else self.state
        first = Cell(text=self.unit, url=self.url)
        said = [self.item, self.value, cn_date(self.on), self.document, self.reason, self.proposed]
        return [first, *said, state, ledger]


COLUMN_NAMES: Final = ("单位", "事项", "取值", "认定日期", "文号", "认定事实", "提出", "状态", "台账")


def seen_by(request: SignedIn, key: OrganisedYear) -> None:
    """Those who read the ledger see what may enter it."""
    require(can_see_ledger(request.actor, key), FOR_WHOM)


@require_safe
def of_year(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """What waits and what was done."""
    campaign = campaign_of(key)
    seen_by(request, key)
    matters = severes.matters(campaign)
    waiting: list[Row] = []
    done: list[Row] = []
    for one in severes.rulings(campaign):
        (done if hasattr(one, "end") else waiting).append(_row(one, matters))
    if "format" in request.GET:
        return download(_file(key, [*waiting, *done]), request.GET["format"])
    title = f"{key.year} 年度|{logic.TITLE}：|" + (
        f"{len(waiting)} 件待第二人确认" if waiting else f"没有待确认的，办过 {len(done)} 件"
    )
    locked = severe_verbs.propose_severe.check(actor=request.actor, campaign=campaign)
    context = {
        "title": title,
        "campaign": campaign,
        "head": Head(
            title=title,
            crumbs=crumbs(campaign, ("台账", reverse("desk-ledger")), logic.TITLE),
            actions=_actions(request.actor, campaign, locked),
            basis=Basis(csv="?format=csv", xlsx="?format=xlsx"),
        ),
        "notice": (locked if locked != logic.ONLY_HANDLER else "") or NOTICE,
        "waiting": _table("待第二人确认", waiting),
        "done": _table("办过的", done),
        "matters": [
            (one.code, one.title, logic.ROLES[one.role], one.wanted() or "规则集没有写，不能登记")
            for one in matters.values()
        ],
    }
    return render(request, "desk/scoring/severe.html", context)


def _row(one: severes.SevereRuling, matters: dict[str, Matter]) -> Row:
    end = getattr(one, "end", None)
    matter = matters.get(one.item)
    return Row(
        one.organisation.short_name,
        f"{one.item} {matter.title}" if matter else one.item,
        logic.value_text(one.kind, one.value),
        one.observed_on,
        one.document,
        one.reason,
        f"{one.by.name}，{cn_datetime(one.at)}",
        logic.OUTCOMES[end.outcome] if end else "待第二人确认",
        (f"{end.by.name}，{cn_datetime(end.at)}" + (f"：{end.reason}" if end.reason else "")) if end else "",
        reverse("desk-severe-one", args=[one.campaign.key, one.pk]),
        reverse("desk-observation", args=[end.observation]) if end and end.observation else "",
    )


def _table(caption: str, rows: Sequence[Row]) -> DataTable | None:
    if not rows:
        return None
    return table_of(caption=caption, columns=COLUMN_NAMES, rows=[one.cells() for one in rows], fold=True)


def _actions(actor: Actor, campaign: Campaign, locked: str | None) -> tuple[Action, ...]:
    if locked or not policy.can_propose_severe(actor, campaign):
        return ()
    return (
        Action(label="导入一张表", url=reverse("desk-severe-import", args=[campaign.key])),
        Action(label="提出一件", url=reverse("desk-severe-new", args=[campaign.key]), kind="primary"),
    )


def _file(key: OrganisedYear, rows: Sequence[Row]) -> Table:
    columns = ["单位", "事项", "取值", "认定日期", "文号", "认定事实", "提出", "状态", "第二人"]
    cells: list[list[tables.Cell]] = [
        [one.unit, one.item, one.value, one.on, one.document, one.reason, one.proposed, one.state, one.ended]
        for one in rows
    ]
    return Table(f"{key.year} 年度{logic.TITLE}", columns, cells)


@require_safe
def template(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """An empty table with the right headings, and on its second sheet what to write where."""
    campaign = campaign_of(key)
    seen_by(request, key)
    basis = [
        "一行一件。整张表要么都提出，要么一行也不提出；提出以后由第二人逐件确认。",
        "附件：与这一行的文书文件同名，导入时一起选上。",
        *(f"{one.code} {one.title}：取值写{one.wanted()}。" for one in severes.matters(campaign).values()),
    ]
    return download(Table(f"{logic.TITLE}模板", HEADINGS, [], basis), "xlsx")


class SevereForm(forms.Form):
    """One of them. Everything that is wrong is said at once, by the rules that the verb asks too."""

    unit = forms.ChoiceField(label="单位", error_messages={"required": "请选单位。"})
    item = forms.ChoiceField(label="事项", error_messages={"required": "请选事项。"})
    value = forms.CharField(
        label="取值",
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "请写取值，见上面的说明。"},
    )
    on = forms.CharField(
        label="认定日期",
        max_length=20,
        widget=forms.DateInput({"type": "date"}),
        help_text="文书认定的事发生或认定的日期，要在本年度考核期内。",
        error_messages={"required": "请写认定日期。"},
    )
    document = forms.CharField(
        label="文号",
        max_length=200,
        help_text="照录，如 常政公开办发〔2025〕1号；没有文号的写文书名称和日期。",
        error_messages={"required": "请写文书的文号；没有文号的写文书名称和日期。"},
    )
    reason = forms.CharField(
        label="认定事实",
        max_length=logic.MOST_REASON,
        widget=forms.Textarea({"rows": 3}),
        help_text="写进得分理由，单位和公众看得到。不写姓名。",
        error_messages={"required": "请写明认定的事实，单位看得到。"},
    )
    file = forms.FileField(
        label="认定或通报的文件",
        help_text=f"单位看得到。{TYPES_HINT}",
        error_messages={
            "required": "请附认定或通报的文件。",
            "empty": "这个文件是空的，请重新选。",
        },
    )

    def __init__(self, *args: Any, rules: Rules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        units = [(one.code, one.name) for one in rules.units.values()]
        items = [(one.code, f"{one.code} {one.title}") for one in rules.matters.values()]
        self.fields["unit"].choices = [("", "请选"), *units]  # type: ignore[attr-defined]
        self.fields["item"].choices = [("", "请选"), *items]  # type: ignore[attr-defined]
        self.fields["value"].help_text = value_hint(rules.matters)

    def given(self) -> Given:
        """What was typed, as the logic reads it."""
        data = self.cleaned_data
        names = ("unit", "item", "value", "on", "document", "reason")
        file = data.get("file")
        return Given(
            **{name: str(data.get(name) or "") for name in names}, file=str(file.name)[-200:] if file else ""
        )

    def clean(self) -> dict[str, Any]:
        """Every fault at its field."""
        data = dict(super().clean() or {})
        _line, faults = logic.read(self.given(), self.rules)
        for one in faults:
            if one.field not in self.errors:
                self.add_error(one.field, f"{one.message}。")
        if self.errors and data.get("file"):
            self["file"].help_text = f"请重新选文件，浏览器不保留选过的。{TYPES_HINT}"
        return data


def value_hint(matters: dict[str, Matter] | Any) -> str:
    """What to write as the value, by item."""
    told = "；".join(f"{one.code} 写{one.wanted()}" for one in matters.values() if one.kinds)
    return f"{told}。数字用半角。" if told else "本年度的规则集没有这类事项。"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn, key: OrganisedYear) -> HttpResponse:
    """Propose one."""
    campaign = campaign_of(key)
    seen_by(request, key)
    now = clock.now()

    def run(data: dict[str, Any]) -> str:
        made = severe_verbs.propose_severe(
            actor=request.actor,
            campaign=campaign,
            given=form.given(),
            content=data["file"].read() if data.get("file") else None,
            confirmed=pledged(request),
            now=now,
        )
        return f"已提出：{made.organisation.short_name} {made.item}，等第二签发人或办公室负责人确认。"

    form = SevereForm(request.POST or None, request.FILES or None, rules=severes.rules(campaign, now))
    back = reverse("desk-severe-year", args=[key])
    return act_page(
        request,
        form=form,
        title=f"提出{logic.TITLE}",
        crumbs=crumbs(campaign, (logic.TITLE, back), "提出一件"),
        button="提出",
        run=run,
        back=back,
        notice=NOTICE,
        locked=severe_verbs.propose_severe.check(actor=request.actor, campaign=campaign) or "",
    )


class AnswerForm(forms.Form):
    """The second person's answer; who does not agree says why."""

    agreed = forms.ChoiceField(
        label="意见",
        choices=[("yes", "文书属实，确认"), ("no", "不同意")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选确认或不同意。"},
    )
    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="不同意的必填，提出人会看到。",
    )


class TakeBackForm(forms.Form):
    """Why the own proposal is taken back; may stay empty."""

    reason = forms.CharField(
        label="收回的理由",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="可以不写。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedIn, key: OrganisedYear, ruling_id: int) -> HttpResponse:
    """One proposal with its document: the second person answers, the proposer may take it back, others read."""
    campaign = campaign_of(key)
    seen_by(request, key)
    ruling = severes.by_id(campaign, ruling_id)
    if ruling is None:
        raise Http404
    now = clock.now()
    own = str(ruling.by_id) == request.actor.id
    form: forms.Form = (TakeBackForm if own else AnswerForm)(request.POST or None)

    def run(data: dict[str, Any]) -> str:
        given: dict[str, Any] = {
            "actor": request.actor,
            "ruling": ruling,
            "reason": data["reason"],
            "now": now,
        }
        if own:
            severe_verbs.take_back_severe(**given)
            return "已收回，没有记入台账。"
        agreed = data["agreed"] == "yes"
        severe_verbs.second_severe(agreed=agreed, **given)
        return "已确认，记入台账。" if agreed else "已记下不同意，没有记入台账。"

    # A fault in the facts bars the confirmation only: it is said above the form, and the second person may still refuse.
    asked: dict[str, Any] = {"actor": request.actor, "ruling": ruling}
    if own:
        locked, doubt = severe_verbs.take_back_severe.check(**asked), None
    else:
        locked = severe_verbs.second_severe.check(agreed=False, now=now, **asked)
        doubt = severe_verbs.second_severe.check(agreed=True, now=now, **asked) if locked is None else None
    back = reverse("desk-severe-year", args=[key])
    return act_page(
        request,
        form=form,
        title="收回自己提出的" if own and not locked else f"确认{logic.TITLE}",
        crumbs=crumbs(campaign, (logic.TITLE, back), ruling.organisation.short_name),
        button="收回" if own else "提交意见",
        run=run,
        back=back,
        facts=_facts(ruling, severes.matters(campaign)),
        locked=locked or "",
        notice=f"现在不能确认：{doubt}" if doubt else "",
        danger=own,
    )


def _facts(ruling: severes.SevereRuling, matters: dict[str, Matter]) -> list[Fact]:
    row = _row(ruling, matters)
    matter = matters.get(ruling.item)
    effect = f"（{logic.ROLES[matter.role]}）" if matter else ""
    facts: list[Fact] = [
        ("单位", row.unit),
        ("事项", f"{row.item}{effect}"),
        ("取值", row.value),
        ("认定日期", cn_date(row.on)),
        ("文号", row.document),
        closed_fact(
            Pair(label="文件", text=ruling.name, url=reverse("desk-artefact", args=[ruling.sha256])),
            ruling.sha256,
        ),
        ("校验值", f"{ruling.sha256[:16]}…"),
        ("认定事实", row.reason),
        ("提出", row.proposed),
        ("状态", row.state),
    ]
    if row.ended:
        facts.append(("办理", row.ended))
    if row.line:
        facts.append(Pair(label="台账", text="看这一条记录", url=row.line))
    return facts
