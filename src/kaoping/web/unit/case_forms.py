"""The forms by which a unit acts on its order."""

from __future__ import annotations

from typing import ClassVar

from kaoping.web.ui.case_acts import ActFields
from kaoping.web.ui.measured import Files, ManyFiles, Spoken, line


class AnswerForm(ActFields):
    """What the unit mended, with an address or files."""

    to: ClassVar[str] = "unit-case-answer"
    text = Spoken("改了什么", rows=4)
    url = Spoken("整改后的网址", hint="网址和材料至少给一样。", widget=line())
    file = Files(label="材料", widget=ManyFiles())


class ExplainForm(ActFields):
    """Why a past fact cannot be repaired."""

    to: ClassVar[str] = "unit-case-explain"
    text = Spoken(
        "说明情况",
        hint="问题是已经过去的事实、无法改正的（如公开时已超过法定期限），写明发生了什么、为什么不能补救、"
        "今后怎么避免。经确认后结案，仍按规定计分。",
    )


class AskForm(ActFields):
    """The unit's question."""

    to: ClassVar[str] = "unit-case-ask"
    text = Spoken("问政务公开办")
