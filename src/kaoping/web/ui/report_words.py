"""What desk and unit say of a text for the annual report that is not finished."""

from __future__ import annotations

from typing import Final

from kaoping.reporting.annual_report import Facts
from kaoping.web.ui.parts.action import Action

STILL_OPEN: Final = (
    "责任追究情况还没有填写、确认，文本不能作为定稿下载。由单位联络员在“年度报告文本”页填写后再下载。"
)


def download_action(url: str, facts: Facts) -> Action:
    """The button that takes the DOCX, or why it cannot be taken yet."""
    if facts.is_unfinished:
        return Action(label="下载 DOCX", disabled="待填写责任追究情况")
    return Action(label="下载 DOCX", url=url, icon="download", kind="primary")
