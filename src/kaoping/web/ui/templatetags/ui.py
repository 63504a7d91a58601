"""``{% load ui %}``: the components as tags and the words as filters. The catalogue with examples is docs/dev/ui.md.

Every tag takes plain dictionaries and lists and only arranges them: no query, no clock, no permission is asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import lucide
from django import template
from django.forms import BoundField, Form
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kaoping.evidence.logic import PLEDGE
from kaoping.web.ui import charts, countdown, heat, scales, wording
from kaoping.web.ui.editing import spoken
from kaoping.web.ui.fields import drawn
from kaoping.web.ui.form_words import named
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import ApprovalStep, DayStrip, Entry, Reminder
from kaoping.web.ui.parts.case_page import ActForm
from kaoping.web.ui.parts.evidence import Artefact, EvidenceCard
from kaoping.web.ui.parts.form import Earlier, LevelPicker, Panel, Question, Receipt, Replaced, SignOff
from kaoping.web.ui.parts.head import Basis, Crumb, Deadline, Head
from kaoping.web.ui.parts.heat import HeatCell, HeatTable, OutcomeMatrix
from kaoping.web.ui.parts.lists import Fact, Figure, Gate, Pair, Todo
from kaoping.web.ui.parts.notice import Empty, Mistake, Notice, NoticeLink, Progress, Stepper, Tone
from kaoping.web.ui.parts.score import DistributionStrip, RaterSpread, ScoreBar, ScoreChain, Seal
from kaoping.web.ui.parts.table import DataTable
from kaoping.web.ui.parts.year import CycleRail
from kaoping.web.ui.requests import PLEDGE_FIELD

register = template.Library()
Data = dict[str, Any]

for _filter in (
    wording.cn_date,
    wording.cn_short_date,
    wording.cn_datetime,
    wording.cn_short_datetime,
    wording.cn_weekday,
    wording.iso,
    wording.points,
    wording.size_words,
    wording.hash_groups,
    wording.short_hash,
    wording.code_groups,
    countdown.deadline_words,
):
    register.filter(_filter.__name__, _filter)


@register.filter
def phrases(value: object) -> SafeString:
    """Break a heading only at ``|``: each phrase becomes an inline block."""
    parts = [part for part in str(value or "").split("|") if part]
    if len(parts) < 2:
        return format_html("{}", "".join(parts))
    return format_html_join("", '<span class="kp-phrase">{}</span>', ((part,) for part in parts))


@register.filter
def joined(value: object) -> str:
    """The heading without its phrase marks, for ``<title>`` and labels."""
    return str(value or "").replace("|", "")


@register.filter
def width(value: object, whole: object = 100) -> str:
    """A share as an SVG width: ``62.5%``."""
    return f"{scales.percent(value, whole)}%"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A Lucide glyph at text size. Decorative unless ``label`` names it; raises on an unknown name."""
    # ``+ ""`` turns template literals, which arrive marked safe, back into text that is escaped.
    extra: dict[str, str] = {"role": "img", "aria_label": label + ""} if label else {"aria_hidden": "true"}
    drawn = lucide._render_icon(name + "", None, **{"class": "kp-icon", "focusable": "false"}, **extra)
    return mark_safe(drawn)  # noqa: S308 - drawn by ElementTree from the installed package, attributes escaped


@register.inclusion_tag("ui/action.html")
def action(entry: Action) -> Data:
    """A link, a one-button form, or a locked button with its reason beside it."""
    return {"action": entry}


@register.inclusion_tag("ui/crumbs.html")
def crumbs(steps: Iterable[Crumb]) -> Data:
    """The way to a page."""
    return {"crumbs": steps}


@register.inclusion_tag("ui/crumbs.html")
def way(*steps: str) -> Data:
    """The same, written in a template: ``label address label address … label``, the last being the page itself.

    An address that is empty is one that the template misspelt.
    """
    *above, here = steps
    labels, urls = above[::2], above[1::2]
    if not all(urls):
        raise ValueError(f"{here}: a step above the page leads nowhere")
    return {"crumbs": (*map(Crumb, labels, urls), Crumb(here))}


@register.inclusion_tag("ui/answer_head.html")
def answer_head(head: Head) -> Data:
    """Crumbs, H1 sentence, basis line and at most three actions."""
    return {"head": head}


@register.inclusion_tag("ui/basis.html")
def basis(line: Basis) -> Data:
    """On what a block stands: n, period, as-of, rubric version, CSV, stable address, state."""
    return {"basis": line}


@register.inclusion_tag("ui/notice.html")
def notice(
    text: object, tone: Tone = "soft", icon: str = "info", title: str = "", link: NoticeLink | None = None
) -> Data:
    """One notice; never auto-dismissed."""
    words = text if isinstance(text, str) else f"{text}"  # the framework's messages are no texts
    return {"notice": Notice(words, tone, icon, title, link)}


@register.inclusion_tag("ui/empty.html")
def empty(entry: Empty | str) -> Data:
    """Why there is nothing and what would fill it."""
    return {"empty": Empty(entry) if isinstance(entry, str) else entry}


@register.inclusion_tag("ui/act_form.html")
def act_form(act: ActForm) -> Data:
    """One act: its form, or why there is none."""
    return {"act": act}


@register.inclusion_tag("ui/no_secret.html")
def no_secret(field_id: str = "no-secret") -> Data:
    """The tick that everybody who hands in a file sets once an upload."""
    return {"id": field_id, "name": PLEDGE_FIELD, "pledge": PLEDGE}


@register.inclusion_tag("ui/cycle_rail.html")
def cycle_rail(rail: CycleRail) -> Data:
    """The year's stations, where we are, and the band of routine assessment."""
    return {"rail": rail}


@register.inclusion_tag("ui/todo_list.html")
def todo_list(
    tasks: Iterable[Todo],
    next_date: str = "",
    empty: str = "本周没有待办事项。",
    shown: int = 3,
) -> Data:
    """What stands in the way: at most three, or the first ``shown`` where so many are this reader's alone."""
    return {"tasks": list(tasks)[:shown], "next_date": next_date, "empty": empty}


@register.inclusion_tag("ui/progress.html")
def progress(label: str, done: int, total: int, note: str = "") -> Data:
    """Activity, in grey, with n / N in words."""
    return {"progress": Progress(label, done, total, note)}


@register.inclusion_tag("ui/heat_table.html")
def heat_table(table: HeatTable) -> Data:
    """Units by indicators. Cells are prepared by ``kaoping.web.ui.heat``."""
    return {"table": table}


@register.simple_tag
def heat_cells(cells: Iterable[HeatCell]) -> SafeString:
    """The cells of one row."""
    return mark_safe("".join(map(heat.markup, cells)))  # noqa: S308 - escaped where it is written


@register.inclusion_tag("ui/heat_legend.html")
def heat_legend(bands: Iterable[int] = scales.BANDS) -> Data:
    """The steps in words; the bands are the rulebook's."""
    edges = list(bands)
    labels = [
        f"{edges[0]} 以下",
        *(f"{a}–{b - 1}" for a, b in zip(edges, edges[1:], strict=False)),
        f"{edges[-1]} 以上",
    ]
    return {"steps": list(enumerate(labels))}


@register.inclusion_tag("ui/score_chain.html")
def score_chain(chain: ScoreChain) -> Data:
    """How one item's points came about, step by step."""
    return {"chain": chain}


@register.inclusion_tag("ui/score_bar.html")
def score_bar(bar: ScoreBar) -> Data:
    """Points of one indicator with the explanation below, in flow."""
    return {"bar": bar}


@register.inclusion_tag("ui/grade_seal.html")
def grade_seal(
    grade: str | None, size: Literal["", "small", "large"] = "", note: str = "", bare: bool = False
) -> Data:
    """Square seal and word; ``bare`` as of ``Seal``."""
    return {"seal": Seal(grade or "未定", size, note, bool(bare))}


@register.inclusion_tag("ui/distribution_strip.html")
def distribution_strip(strip: DistributionStrip) -> Data:
    """One dot per unit on the score axis, with its table twin."""
    return {
        "strip": strip,
        "wide": charts.strip(strip, columns=60),
        "narrow": charts.strip(strip, columns=24),
    }


@register.inclusion_tag("ui/deadline_chip.html")
def deadline_chip(value: Deadline | int, url: str = "") -> Data:
    """Working days left in words, tone and icon; links to the working-day strip. Says when the count is provisional."""
    return {"chip": countdown.deadline(value, url)}


@register.inclusion_tag("ui/working_days.html")
def working_days(strip: DayStrip) -> Data:
    """Every calendar day from service to deadline."""
    return {"strip": strip}


@register.inclusion_tag("ui/case_timeline.html")
def case_timeline(entries: Iterable[Entry]) -> Data:
    """What happened, when and by whom; append-only."""
    return {"entries": list(entries)}


@register.inclusion_tag("ui/level_picker.html")
def level_picker(picker: LevelPicker) -> Data:
    """Radio rows: level, description, example."""
    return {"picker": picker}


@register.inclusion_tag("ui/options.html")
def options(question: Question) -> Data:
    """One question for a citizen or an inspector: equal options, nothing chosen beforehand."""
    return {"question": question}


@register.inclusion_tag("ui/stepper.html")
def stepper(number: int, total: int, back_url: str = "", note: str = "") -> Data:
    """第 n 题，共 N 题."""
    return {"stepper": Stepper(number, total, back_url, note)}


@register.inclusion_tag("ui/artefact_list.html")
def artefact_list(artefacts: Iterable[Artefact], empty: str = "还没有材料。") -> Data:
    """Files and links with archived time, digest and what the check said."""
    return {"artefacts": list(artefacts), "empty": empty}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: Form | None = None, errors: Iterable[Mistake] = ()) -> Data:
    """有 n 处要改, with links to the fields; nothing when all is well."""
    found = list(errors)
    if form is not None and form.is_bound:
        found += [Mistake(str(text)) for text in form.non_field_errors()]
        found += [
            Mistake(text, f"#{bound.id_for_label or bound.html_name}")
            for bound in form
            for text in named(bound)
        ]
    return {"mistakes": found}


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, label: str = "", hint: str = "", optional: bool = False) -> Data:
    """A Django field with label, hint, error above the input, and the ARIA that ties them."""
    return drawn(bound, label, hint, optional)


@register.inclusion_tag("ui/receipt.html")
def receipt(entry: Receipt) -> Data:
    """The seal 收, the code in groups, what happens when."""
    return {"receipt": entry, "groups": wording.code_groups(entry.code)}


@register.inclusion_tag("ui/data_table.html")
def data_table(table: DataTable) -> Data:
    """A table, or why it has no rows."""
    return {
        "table": table,
        "rows": [(row, list(zip(row.cells, table.columns, strict=True))) for row in table.rows],
    }


@register.inclusion_tag("ui/gate_list.html")
def gate_list(gates: Iterable[Gate]) -> Data:
    """Conditions with counts; an open one says what is missing and links to it."""
    return {"gates": list(gates)}


@register.inclusion_tag("ui/sign_off.html")
def sign_off(form: SignOff) -> Data:
    """The second person's signature: conditions, digest, the year typed in."""
    return {"sign": form}


@register.inclusion_tag("ui/approval_strip.html")
def approval_strip(steps: Iterable[ApprovalStep]) -> Data:
    """经办 → 办公室负责人 → 领导小组领导, as far as it came."""
    return {"steps": list(steps)}


@register.inclusion_tag("ui/evidence_card.html")
def evidence_card(card: EvidenceCard) -> Data:
    """Capture, address, time, digest, rule version, whose failure."""
    return {"card": card}


@register.inclusion_tag("ui/reminder_ladder.html")
def reminder_ladder(reminders: Iterable[Reminder]) -> Data:
    """Each promised reminder with the time it really ran."""
    return {"reminders": list(reminders)}


@register.inclusion_tag("ui/outcome_matrix.html")
def outcome_matrix(matrix: OutcomeMatrix) -> Data:
    """Rules by runs."""
    return {"matrix": matrix}


@register.inclusion_tag("ui/rater_spread.html")
def rater_spread(spread: RaterSpread) -> Data:
    """Reviewers by alias on one scale."""
    return {"spread": spread, "scores": charts.spread(spread)}


@register.inclusion_tag("ui/pairs.html")
def pairs(rows: Iterable[Fact]) -> Data:
    """Facts with their labels; a bare label and text will do."""
    return {"rows": [row if isinstance(row, Pair) else Pair(*row) for row in rows]}


@register.inclusion_tag("ui/figures.html")
def figures(figures: Iterable[Figure]) -> Data:
    """A ruled row of the counts that a decision needs."""
    return {"figures": list(figures)}


@register.inclusion_tag("ui/edition.html")
def edition(mark: str, panel: Panel | None = None) -> Data:
    """First thing in a form that changes stored texts: the edition it was opened with, and the choice when it was stale."""
    return {"mark": mark, "panel": panel}


@register.inclusion_tag("ui/replaced.html")
def replaced(
    rows: Iterable[Earlier],
    labels: Mapping[str, str] | None = None,
    choices: Mapping[str, Mapping[str, str]] | None = None,
    form: Form | None = None,
) -> Data:
    """What a text was before: who replaced it, when, the old words. Names and words of codes as ``editing.spoken``."""
    names, words = spoken(form or None, labels, choices)
    return {
        "rows": [
            Replaced(
                row.at,
                row.actor_name,
                names.get(row.field, ""),
                words.get(row.field, {}).get(row.text, row.text),
            )
            for row in rows
        ]
    }
