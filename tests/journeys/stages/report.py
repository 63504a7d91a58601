"""The paragraph and the table for the annual report, as a document that people can edit."""

from __future__ import annotations

import io

from docx import Document

from tests.journeys.driver import Journey

NOTHING = "2025年没有发生因政府信息公开工作被追究责任的情况。"


def walk(journey: Journey) -> None:
    """责任追究 is stated by the unit of itself; the document names year and status."""
    journey.desk("qianfa").go("/unit/report/2025/CZD14/accountability/", status=403)
    journey.desk("jingban").go("/desk/report/2025/").sees("0 个单位已填写")
    unit = journey.desk("zhujian").go("/unit/report/2025/CZD14/").sees_not("责任追究结果")
    unit.follow("填写责任追究情况").press("确认并保存", status=409).sees("请选一项。")
    unit.tick("有，写明件次、方式和依据机关").press("确认并保存", status=409).sees("请填件次")
    unit.tick("本年没有发生").press("确认并保存").sees("责任追究情况已保存", NOTHING)
    handler = journey.desk("jingban").go("/desk/report/2025/").sees("1 个单位已填写")
    handler.go("/desk/report/2025/CZD14/").sees("工作考核结果", "社会评议结果", "责任追究结果")
    name, content = handler.download("下载 DOCX")
    assert name.endswith(".docx")
    document = Document(io.BytesIO(content))
    text = "\n".join(one.text for one in document.paragraphs)
    for words in ("常州市住房和城乡建设局2025年度", NOTHING):
        assert words in text, text
    # The enterprise's result stands in the report of its competent department.
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert any("自来水" in cell for cell in cells), cells
