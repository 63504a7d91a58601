"""The auditor reads what everybody did and was refused, and can do nothing else."""

from __future__ import annotations

from tests.journeys.driver import Journey

ELSEWHERE = (
    "/admin/people/",
    "/admin/appointments/",
    "/desk/plan/2025/priorities/",
    "/desk/ledger/import/",
    "/unit/",
    "/review/",
    "/desk/evaluation/2025/open/",
)
VERBS = ("签批", "提交自查", "封存", "冻结", "公开", "结案", "导入")


def walk(journey: Journey) -> None:
    """Read, filter, export; every other door is shut."""
    auditor = journey.desk("auditor").go("/admin/audit/").sees("条日志")
    auditor.choose("结果", "被拒绝").press("筛选").sees("拒绝：")
    for words in VERBS:
        auditor.go(f"/admin/audit/?words={words}").sees(words)
    answer = auditor.page.request.get(f"{auditor.base}/admin/audit/?format=csv")
    assert answer.status == 200 and answer.body().startswith(b"\xef\xbb\xbf")
    for path in ELSEWHERE:
        auditor.go(path, status=403)
    journey.desk("jingban").go("/admin/audit/", status=403)
    journey.desk("sysadmin").go("/admin/health/").sees("在运行")
    journey.desk("sysadmin").go("/admin/audit/", status=403)
