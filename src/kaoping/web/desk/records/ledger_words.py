"""The words of the ledger: sources, items, values, what came too late; and its lines as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse

from kaoping.balloting import questionnaire_from_dict
from kaoping.campaigns.logic import stages
from kaoping.campaigns.queries import campaign as campaigns
from kaoping.campaigns.queries.review import judged_at
from kaoping.evidence import logic, queries
from kaoping.evidence.queries import closings
from kaoping.evidence.register import KINDS
from kaoping.rectification.queries import passes
from kaoping.reporting.tables import Table
from kaoping.scoring.observations import FEEDS, Observation
from kaoping.standards.queries import rulebook_of
from kaoping.web.ui import late_looks
from kaoping.web.ui.observed import SOURCES, times_words, value_words
from kaoping.web.ui.parts.table import Cell

COLUMNS: Final = (
    "编号",
    "登记时间",
    "归属时间",
    "评定、认定、查看的时间",
    "单位代码",
    "单位",
    "指标",
    "检查",
    "来源",
    "种类",
    "取值",
    "理由",
    "更正",
    "到达",
)
KIND_WORDS: Final = {
    **{code: name for name, code in KINDS.items()},
    "tally": "计票",
    "looks": "查看次数",
    "withdrawn": "撤回",
}


class Late:
    """Which lines of a list arrived after their round closed; asked once a list."""

    def __init__(self) -> None:
        self._closings = closings.closings()
        self._behind_orders = passes()

    def words(self, one: queries.Observation) -> str:
        """What the list says of such a line, '' of every other."""
        if closings.is_late(queries.as_engine(one), self._closings):
            return logic.LATE
        return late_looks.words_of_line(one.uid) if one.uid in self._behind_orders else ""


def source_cell(one: queries.Observation) -> Cell | str:
    """The source of a line; of an imported one with the way to its batch."""
    batch = queries.batch_of(one.uid)
    words = SOURCES.get(one.source, one.source)
    return Cell(text=f"{words}（同批）", url=reverse("desk-ledger-batch", args=[batch])) if batch else words


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the year's rulebook calls items, levels and the answers to questions."""

    names: Mapping[str, str]
    levels: Mapping[str, Mapping[str, str]]
    options: Mapping[str, Mapping[str, str]]
    fed: Mapping[str, str]  # check or feed -> the item that it counts for

    def about(self, item: str | None, check: str | None) -> str:
        """What a line is about: its item; of one that names none, the item that its check feeds, and the check."""
        if item or not check:
            return self.title(item)
        name = self.title(self.fed.get(check, ""))
        said = FEEDS[check][0] if check in FEEDS else check
        return f"{name}（{said}）" if name else said

    def title(self, item: str | None) -> str:
        """Code and name of an item."""
        name = self.names.get(item or "")
        return f"{item} {name}" if name else item or ""

    def words(self, one: queries.Observation | Observation) -> str:
        """The value of an observation in words."""
        options = self.options.get(one.value["question"]) if one.kind == "tally" and one.value else None
        return value_words(one, self.levels.get(one.item or ""), options)


def vocabulary(organiser: str | None = None) -> Vocabulary:
    """The words of the year at work, of one organiser where its code is given; before the first year codes stand for themselves."""
    campaign = campaigns.at_work(stages.ROUTINE, organiser)
    if campaign is None:
        return Vocabulary({}, {}, {}, {})
    rulebook = rulebook_of(campaign.rulebook_id)
    leaves = list(rulebook.rubric.leaves())
    return Vocabulary(
        {leaf.code: leaf.name for leaf in leaves},
        {leaf.code: {level.code: level.name for level in leaf.levels} for leaf in leaves},
        {
            question.id: {option.code: option.label for option in question.options}
            for question in questionnaire_from_dict(rulebook.questionnaire).questions
        }
        if rulebook.questionnaire
        else {},
        {check: fed.code for check in rulebook.rubric.checks() if (fed := rulebook.rubric.fed_by(check))},
    )


def file_of(rows: QuerySet[queries.Observation], names: dict[str, str], items: Vocabulary) -> Table:
    """The list as a file."""
    judged = judged_at(rows.filter(source="reviewer").values_list("uid", flat=True))
    late = Late()
    return Table(
        "观察台账",
        list(COLUMNS),
        [
            [
                one.uid,
                one.recorded_at,
                one.observed_at,
                times_words(one, judged.get(one.uid)),
                one.unit,
                names.get(one.unit, ""),
                one.item,
                one.check_id,
                SOURCES.get(one.source, one.source),
                KIND_WORDS.get(one.kind, one.kind),
                items.words(one),
                one.reason,
                one.supersedes,
                late.words(one),
            ]
            for one in rows.prefetch_related("artefacts").iterator(chunk_size=2000)
        ],
    )
