"""Every component once, with sample data: what the tests render and what people look at.

``python -m tests.web.ui.specimen FOLDER`` writes the pages as static files, for a browser.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import django
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

import kaoping.web.ui
from kaoping.web.ui.heat import cell
from kaoping.web.ui.listing import data_table
from kaoping.web.ui.parts.action import Action
from kaoping.web.ui.parts.case import ApprovalStep, Day, DayStrip, Entry, Reminder
from kaoping.web.ui.parts.evidence import Artefact, EvidenceCard
from kaoping.web.ui.parts.form import Level, LevelPicker, NextStep, Option, Question, Receipt, SignOff
from kaoping.web.ui.parts.head import Basis, Chip, Crumb, Deadline, Head
from kaoping.web.ui.parts.heat import (
    HeatColumn,
    HeatHeading,
    HeatRow,
    HeatTable,
    Outcome,
    OutcomeMatrix,
    OutcomeRow,
    PlainCell,
    PlainColumn,
)
from kaoping.web.ui.parts.lists import Figure, Gate, Pair, Todo
from kaoping.web.ui.parts.navigation import Brand, Look, Member, Navigation, NavLink
from kaoping.web.ui.parts.notice import Empty
from kaoping.web.ui.parts.score import (
    ChainStep,
    Change,
    DistributionStrip,
    GradeBand,
    RaterScore,
    RaterSpread,
    ScoreBar,
    ScoreChain,
    ScoreRow,
)
from kaoping.web.ui.parts.table import Cell, Column, table_of
from kaoping.web.ui.parts.year import Band, CycleRail, Station, Tick

DIGEST = "4be190c751d2a3f80c6e77b19a24d05fe83b1c96772f40ad18cb5e03d691e55a"
NAMES = ["溧阳市", "金坛区", "武进区", "新北区", "天宁区", "钟楼区", "常州经开区"]
MAXIMA = [8, 17, 45, 15, 5, 10]
RATES = [
    [94, 91, 88, 90, 80, 86],
    [88, 86, 79, 84, 60, 81],
    [95, 92, 90, 88, 100, 88],
    [92, 88, 85, 91, 80, 84],
    [86, 82, 74, 78, 40, 79],
    [90, 84, 81, 86, 60, 83],
    [78, 71, 68, None, 20, 76],
]
TOTALS = "58.9 63.2 66 68.4 70.1 71 72.5 73.6 74.4 75.9 77 77.8 77.8 78.4 79 79.2 80.1 80.3 81 81.2 81.8 82 82.5 83.2 83.7 84 84.4 84.9 85.1 85.5 86 86.4 87 87.6 88.1 88.8 89.3 90.3 90.9 91.2 91.8 92.4 94"  # noqa: E501


def _heat() -> HeatTable:
    labels = ["组织推进", "制度建设", "基础工作", "平台应用", "创新工作", "社会评议"]
    rows: list[HeatRow | HeatHeading] = [HeatHeading("辖市、区", "7 个")]
    for y, (name, rates) in enumerate(zip(NAMES, RATES, strict=True)):
        cells = tuple(
            cell(
                rate,
                unit=name,
                item=label,
                state="undecided" if rate is None else "value",
                before=None
                if rate is None
                else rate - (5 if (x + y) % 5 == 0 else 0) + (4 if (x, y) == (2, 4) else 0),
                spread=(x, y) == (1, 3),
                veto=(x, y) == (2, 6),
                url=f"#c{y}-{x}",
                selected=(x, y) == (2, 4),
            )
            for x, (label, rate) in enumerate(zip(labels, rates, strict=True))
        )
        rows.append(
            HeatRow(
                label=name,
                url=f"#u{y}",
                selected=y == 4,
                cells=cells,
                plain=(PlainCell(f"{80 + y}.20", strong=True), PlainCell(grade="良好" if y else "优秀")),
            )
        )
    return HeatTable(
        caption="各单位一级指标得分率",
        columns=tuple(HeatColumn(label, max=top) for label, top in zip(labels, MAXIMA, strict=True)),
        plain_columns=(PlainColumn("总分"), PlainColumn("等次")),
        rows=tuple(rows),
    )


def _days() -> DayStrip:
    start, holidays, made_up = (
        date(2026, 9, 24),
        {date(2026, 9, 25): "中秋", date(2026, 10, 1): "国庆"},
        date(2026, 10, 10),
    )
    days, number = [], 0
    for offset in range(22):
        day = start + timedelta(days=offset)
        off = day.weekday() >= 5 or day in holidays or date(2026, 10, 1) <= day <= date(2026, 10, 7)
        working = offset == 0 or day == made_up or not off
        number += working and offset > 0
        days.append(
            Day(
                date=day,
                working=working,
                number=number if working and offset else None,
                name="送达" if offset == 0 else holidays.get(day, ""),
                makeup=day == made_up,
                past=day < date(2026, 10, 13),
                today=day == date(2026, 10, 13),
                deadline=day == date(2026, 10, 15),
            )
        )
    return DayStrip("10 个工作日，到 10月15日 24:00 止", tuple(days), note="10月10日（周六）调休上班，计入")


def context() -> dict[str, Any]:
    """The whole specimen; Django must be set up."""

    class Form(forms.Form):
        """An item of a self-review."""

        points = forms.DecimalField(
            label="自评得分", max_value=Decimal("5.5"), help_text="去年自评得分 5.5，终评 4.5"
        )
        reason = forms.CharField(label="理由", widget=forms.Textarea)
        opened = forms.ChoiceField(
            label="是否公开", choices=[("y", "公开"), ("n", "不公开")], widget=forms.RadioSelect
        )
        agree = forms.BooleanField(label="材料不含国家秘密、工作秘密")
        file = forms.FileField(label="上传材料", required=False)

        points.error_messages["max_value"] = "“一般”档最高 5.5 分。请改为 5.5 或以下，或改选“好”。"

    form = Form(
        {
            "points": "5.8",
            "reason": "9 件解读均在 3 个工作日内发布，其中 4 件有图解。",
            "opened": "y",
            "agree": "on",
        }
    )
    now = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    bands = (
        GradeBand("不合格", 0, 60),
        GradeBand("合格", 60, 80),
        GradeBand("良好", 80, 90),
        GradeBand("优秀", 90, 100),
    )
    outcomes = ["met"] * 8 + ["not_met", "suspected", "undecided", "not_run"]
    return {
        "title": "进入“综合评定”：|还有 3 项条件未完成",
        "brand": Brand("常州考评", "/", "政务公开办"),
        "demo": True,
        "simulated_now": now,
        "member": Member("示例经办", "政务公开办 经办", (NavLink("我的登录", "#sessions"),), "#sign-out"),
        "look_url": "#look",
        "look": Look(),
        "sponsor": "常州市政务公开领导小组办公室",
        "accessibility_url": "#accessibility",
        "report_error_url": "#error",
        "digest": DIGEST,
        "nav": Navigation(
            (
                NavLink("年度", "#a", current=True),
                NavLink("平时考核", "#d"),
                NavLink("社会评议", "#e"),
                NavLink("自查评审", "#f"),
                NavLink("评分发布", "#g"),
                NavLink("台账名录", "#h"),
            ),
            (NavLink("年度看板", "#a", current=True), NavLink("年度方案", "#b"), NavLink("工作日历", "#c")),
            "年度",
        ),
        "head": Head(
            crumbs=(Crumb(label="年度看板", url="#a"), Crumb(label="部门自查")),
            chips=(Chip(label="在办", tone="soft"), Chip(label="三源合并", tone="line")),
            deadline=Deadline(2),
            title="进入“综合评定”：|还有 3 项条件未完成",
            basis=Basis(
                n="46 个被考核单位", as_of=now, rubric="指标体系 2026.2 版", csv="#csv", address="#here"
            ),
            actions=(
                Action(label="打印本页", url="#print", icon="printer"),
                Action(label="送第二人签发", url="#sign", icon="stamp", disabled="还差 38 格没有依据。"),
            ),
        ),
        "form": form,
        "errors": [],
        "rail": CycleRail(
            "2026 年度考核走到“部门自查”",
            (
                Station("方案印发", "1月20日", "done"),
                Station("社会评议", "10月12日至|11月13日", "done"),
                Station("部门自查", "11月16日至|12月4日", "now", "#now"),
                Station("综合评定", "12月7日至25日", "next"),
                Station("结果预览", "12月28日", "next"),
                Station("复核申请", "12月29日至|1月12日", "next"),
                Station("结果公开", "1月20日", "next"),
                Station("年度报告", "1月31日前", "next"),
            ),
            note="第 6 个工作日，共 15 个；下一阶段“综合评定”：12月7日起",
            today=date(2026, 11, 23),
            routine=Band(
                "在线监测 91 轮，实地查看 64 次，随机抽取已抽 3 次",
                ticks=tuple(
                    Tick("draw" if n in (23, 54) else "visit" if n % 10 == 5 else "run", n * 11)
                    for n in range(82)
                ),
            ),
        ),
        "todo": [
            Todo(
                what="15 个单位还没有提交自查",
                detail="其中 6 个从未打开过表单：市住房城乡建设局、市水利局、常州经开区等。",
                who="经办",
                deadline=4,
                action=Action(label="逐个催办", url="#urge", kind="primary", small=True),
            ),
            Todo(
                what="“3.6 年度报告”没有评分人",
                who="负责人",
                deadline=0,
                action=Action(label="重新指派", url="#assign", small=True),
            ),
            Todo(
                what="7 张整改单已逾期",
                detail="两次提醒均已送达。",
                deadline=-6,
                action=Action(label="打开整改台", url="#cases", small=True),
            ),
        ],
        "strip": DistributionStrip(TOTALS.split(), bands, highlight="77.8", csv="#strip.csv"),
        "strip_basis": Basis(n="n = 43，另 3 个单位份数不足暂不计总分", state="provisional", csv="#csv"),
        "figures": [
            Figure(label="单位 × 指标", value="1,058", note="46 单位 × 23 项"),
            Figure(label="有分且有依据", value="1,020", note="96.4%"),
            Figure(label="待评", value="25", note="“3.6 年报”缺评分人 19", tone="cau"),
            Figure(label="单项否决", value="1", note="市住建局，泄露个人信息", tone="neg"),
        ],
        "heat": _heat(),
        "heat_basis": Basis(
            n="n = 7", period="社会评议截至 11月13日", state="frozen", digest=DIGEST, csv="#csv"
        ),
        "chain": ScoreChain(
            "政策解读同步发布",
            Decimal("3.5"),
            6,
            (
                ChainStep("应解读", "2026 年印发规范性文件", 12),
                ChainStep("自动", "6 × 9/12，精确算术，不四舍五入", Decimal("4.5")),
                ChainStep("评审", "质量档“一般”，3 人中位", Decimal("-0.5")),
                ChainStep("扣分", "整改单逾期 1 次", Decimal("-0.5"), "#case", "ZG-0211"),
                ChainStep("怎么算", "逐步相加"),
                ChainStep("得分", "计入一级指标 3，上限 45", Decimal("3.5")),
            ),
            crumbs="市卫生健康委 › 3 基础工作 › 3.5",
            old=Decimal("3.0"),
            changed=(Change("复核", "3.0", "3.5"),),
        ),
        "spread": RaterSpread(
            (
                RaterScore("甲", Decimal("-0.5")),
                RaterScore("乙", Decimal("-0.5")),
                RaterScore("丙", Decimal("-1.0")),
            ),
            low=-2,
            high=0,
            apart=Decimal("0.5"),
            note="极差 0.5，低于讨论线 1.0。不足 12 项，未校正。",
        ),
        "matrix": OutcomeMatrix(
            caption="每一轮，每一条规则",
            runs=tuple(f"9/{n}" for n in range(1, 13)),
            rows=(
                OutcomeRow(
                    code="P-01",
                    label="机构职能栏目半年内更新",
                    cells=(Outcome("met"),) * 12,
                    verdict="符合",
                ),
                OutcomeRow(
                    code="S-02",
                    label="主动公开目录链接有效",
                    url="#s02",
                    selected=True,
                    tone="neg",
                    verdict="已确认不符合",
                    cells=tuple(
                        Outcome(o, f"#o{n}" if o != "not_run" else "") for n, o in enumerate(outcomes)
                    ),
                ),
            ),
        ),
        "days": _days(),
        "timeline": [
            Entry(
                "发现并确认",
                icon="search",
                when="9月14日 至 21日",
                body="在线监测 3 次失败，跨 8 天，2 条网络路径一致。",
            ),
            Entry(
                "下发整改单",
                icon="stamp",
                at=datetime(2026, 9, 24, 1, 2, tzinfo=UTC),
                actor="经办拟，办公室负责人签",
                order="市教育局：\n经在线监测与实地查看确认，你局网站“义务教育”专栏 3 个子栏目内容缺失。请于 2026年10月15日前补齐，并在本页回复。",
            ),
            Entry(
                "单位回复",
                icon="pencil",
                at=datetime(2026, 10, 12, 8, 40, tzinfo=UTC),
                body="招生政策、学区划分已补齐。",
                artefacts=(Artefact("招生政策.pdf", "#a4", sha256=DIGEST),),
                links=("http://jy.kaoping.test/zs/",),
            ),
            Entry(
                "首次复测：3 项中 2 项通过",
                icon="refresh-cw",
                at=datetime(2026, 10, 12, 22, 0, tzinfo=UTC),
                body="转学流程：有标题，无正文。",
                tone="neg",
            ),
            Entry("结案", icon="circle-check", state="next", body="等待复测通过或具名核查。"),
        ],
        "case_actions": [
            Action(
                label="安排复测",
                url="#retest",
                method="post",
                kind="primary",
                icon="refresh-cw",
                fields=(("case", "203"),),
            ),
            Action(label="批准延期", url="#extend"),
            Action(
                label="结案",
                icon="lock",
                disabled="还不能结案：须有一次通过的复测，或一名具名人员的核查记录。",
            ),
        ],
        "reminders": [
            Reminder("送达提醒", "ran", datetime(2026, 9, 24, 1, 2, tzinfo=UTC)),
            Reminder("剩 5 个工作日提醒", "failed", cause="任务进程停了 40 分钟"),
            Reminder("逾期升级", "planned", datetime(2026, 10, 16, 0, 30, tzinfo=UTC)),
        ],
        "evidence": EvidenceCard(
            "主动公开目录有 3 条链接打不开",
            code="S-02 GC-2026-118204",
            state="已确认",
            tone="neg",
            problem="",
            figures=(
                Figure(label="连续失败", value="8 次", note="确认线 3 次"),
                Figure(label="时间跨度", value="24 天", note="确认线 48 小时"),
            ),
            address="http://wjw.kaoping.test/xxgk/zdgkml/",
            whose="网站",
            whose_reason="服务器返回 404，同站其他页面正常",
            at=now,
            seconds="44",
            sha256=DIGEST,
            rule="S-02 第 4 版",
            sealed="网页原文 48 KB、响应头",
            verify_url="#verify",
            remedy="请在“法定主动公开目录”中修复或撤下以下 3 条链接。",
            actions=(
                Action(label="并入整改单并下发", url="#issue", kind="primary"),
                Action(label="判为误报", url="#false"),
            ),
        ),
        "bars": [
            ScoreBar("组织推进", Decimal("7.2"), 8, peer=88),
            ScoreBar(
                "基础工作",
                Decimal("33.3"),
                45,
                peer=79,
                open=True,
                rows=(
                    ScoreRow(
                        "3.7 依申请办理",
                        6,
                        Decimal("4.5"),
                        "复核申请成立：2 件延期经当事人同意",
                        "SS-017",
                        "#ss",
                        old=Decimal("3.0"),
                    ),
                ),
                note="精确算术，仅显示时保留两位小数。",
            ),
            ScoreBar("创新工作", None, 5, "尚未展示"),
        ],
        "table": data_table(
            caption="单位名录",
            columns=[
                Column("单位", key="name"),
                Column("总分", key="total", num=True),
                "等次",
                "整改期限",
                "状态",
                "",
            ],
            rows=[{"name": name, "total": Decimal(8820 - n * 137) / 100} for n, name in enumerate(NAMES)],
            cells=lambda row: [
                Cell(row["name"], url="#unit"),
                Cell(points=row["total"], places=2),
                Cell(grade="良好"),
                Cell(deadline=3),
                Cell("在办", chip="soft"),
                Cell(actions=(Action(label="打开", url="#open", small=True),)),
            ],
            keys={"name": lambda row: row["name"], "total": lambda row: row["total"]},
            params={"sort": "-total"},
            per_page=5,
            csv="#table.csv",
        ),
        "empty_table": table_of(
            columns=["编号"],
            rows=[],
            empty=Empty(
                title="没有整改单",
                text="监测或查看确认了不符合，由人下发后才有。",
                action=Action(label="看监测结果", url="#monitoring"),
            ),
        ),
        "picker": LevelPicker(
            "level",
            "解读质量属于哪一档？",
            (
                Level("a", "好", "说清背景、谁受影响、怎么办、问谁；有图解或问答"),
                Level("b", "一般", "说清背景和主要内容，但没有说怎么办、问谁"),
                Level("c", "差", "只有标题或转发链接"),
                Level("na", "不适用", "今年没有印发规范性文件。须写明理由，由政务公开办核"),
            ),
            value="b",
            numbered=True,
        ),
        "artefacts": [
            Artefact("家庭医生签约服务办法图解", "#a1", "link", at=now, sha256=DIGEST, state="可用"),
            Artefact("新闻发布会实录（9月8日）.pdf", "#a2", size=2202009, note="可检索文本", state="可用"),
            Artefact(
                "托育机构备案问答.jpg",
                problem="这是图片，读屏软件读不出。请换成网页链接或可检索的 PDF。",
                actions=(Action(label="更换", url="#swap", small=True),),
            ),
        ],
        "approval": [
            ApprovalStep("经办", "done", "示例经办", now),
            ApprovalStep("办公室负责人", "now", "示例负责人"),
            ApprovalStep("领导小组领导", "next"),
        ],
        "sign": SignOff(
            "第二人签发",
            "签发并冻结",
            gates=(
                Gate("每格都有依据", False, count="差 38 格", url="#cells", link="去补"),
                Gate("录入人与签发人不是同一人", True),
            ),
            digest=DIGEST,
            url="#sign",
            year=2026,
            error="年份不对。请输入 2026。",
        ),
        "question": Question(
            "q3",
            "您要找的信息，|好找吗？",
            (
                Option("s", "满意", "很快就找到了"),
                Option("b", "基本满意", "费点劲，但找到了"),
                Option("d", "不满意", "没找到，或者看不懂"),
                Option("u", "说不清", "没有找过"),
            ),
            hint="问的是公开形式是否方便、有用。",
        ),
        "receipt": Receipt(
            "您的评议已收到",
            "7K4M-Q2XD-9H",
            text="请记下这个回执码。凭它可以查这份问卷有没有计入。",
            hint="没有字母 O 和 I，不分大小写",
            next=(NextStep("11月16日", "截止后开封计票，回执码可查"),),
            note="我们不问您是谁，回执码里没有您的身份。丢了无法找回。",
            level=2,
        ),
        "pairs": [("统一编码", "014109429"), Pair("网站", "wjw.kaoping.test", "#site")],
    }


def render(shell: str = "office", **changes: Any) -> str:
    """The specimen in one shell (office, public, citizen, inspector)."""
    request = RequestFactory().get("/specimen/")
    # Without the faces' context processors: the look must stand alone.
    return render_to_string(
        "ui/specimen.html", {**context(), "request": request, "shell": f"ui/{shell}.html", **changes}
    )


def write(folder: Path) -> list[Path]:
    """Write every shell in light and dark, with the style sheets beside them."""
    source = Path(kaoping.web.ui.__file__).parent / "static"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, folder / "static", dirs_exist_ok=True)
    written = []
    for shell in ("office", "public", "citizen", "inspector"):
        for theme in ("light", "dark"):
            for mode in ("standard", "elder") if shell in ("public", "citizen") else ("standard",):
                page = render(shell, look={"theme": theme, "mode": mode, "density": "normal"})
                path = folder / f"{shell}-{theme}{'-elder' if mode == 'elder' else ''}.html"
                path.write_text(re.sub(r"/static/", "static/", page), encoding="utf-8")
                written.append(path)
    return written


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaoping.config.settings_test")
    django.setup()
    print("\n".join(str(path) for path in write(Path(sys.argv[1]))))
