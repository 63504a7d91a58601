"""The paragraph and the table for the annual report, as a document that people can edit."""

from __future__ import annotations

import io

from docx import Document

from tests.journeys.driver import Journey


def walk(journey: Journey) -> None:
    """责任追究 is written by the office; the document names year and status."""
    journey.desk("qianfa").go("/desk/report/2025/note/", status=403)
    handler = (
        journey.desk("jingban")
        .go("/desk/report/2025/note/")
        .fill("责任追究情况", "")
        .press("保存", status=409)
    )
    handler.sees("如实填写").fill("责任追究情况", "没有因政府信息公开工作被追究责任的情况（示例）。").press(
        "保存"
    ).sees("已保存")
    handler.go("/desk/report/2025/CZD14/").sees("工作考核结果", "社会评议结果", "责任追究结果")
    name, content = handler.download("下载 DOCX")
    assert name.endswith(".docx")
    document = Document(io.BytesIO(content))
    text = "\n".join(one.text for one in document.paragraphs)
    for words in ("常州市住房和城乡建设局2025年度", "没有因政府信息公开工作被追究责任的情况（示例）。"):
        assert words in text, text
    # The enterprise's result stands in the report of its competent department.
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert any("自来水" in cell for cell in cells), cells
