"""A district's office and a competent department follow their own units through the year, and nobody else's."""

from __future__ import annotations

import io

from docx import Document

from tests.journeys.driver import Desk, Journey


def walk(journey: Journey) -> None:
    """Each sees the units it answers for (考核办法 第四条、第九条); what is the city's alone is refused in words."""
    _follows(journey.desk("wujin"), unit="CZQ03", name="武进区", other="CZD17", stranger="市水利局")
    department = journey.desk("gongyong")
    _follows(department, unit="CZE04", name="通用自来水", other="CZQ03", stranger="武进区")
    department.go("/desk/report/2025/CZE04/").sees("工作考核结果")
    _name, content = department.download("下载 DOCX")
    text = "\n".join(one.text for one in Document(io.BytesIO(content)).paragraphs)
    assert "常州通用自来水有限公司" in text, text


def _follows(desk: Desk, *, unit: str, name: str, other: str, stranger: str) -> None:
    desk.go("/desk/board/2025/").sees("1 个参评单位", name).sees_not(stranger)
    desk.go("/desk/self-reviews/2025/").sees(name).sees_not(stranger)
    desk.go("/desk/monitoring/").sees_not(stranger)
    desk.go("/desk/cases/").sees_not(stranger)
    desk.go("/desk/report/2025/").sees(name).sees_not(stranger)
    desk.go(f"/desk/report/2025/{unit}/").sees("工作考核结果", "社会评议结果")
    desk.go(f"/desk/report/2025/{other}/", status=403).sees("这家单位不在您的地区或行业里")
    desk.go("/desk/scoring/2025/", status=403).sees("计分表由政务公开办")
    desk.go("/desk/ledger/", status=403)
    desk.go("/desk/register/import/", status=403)
