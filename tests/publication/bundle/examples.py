"""A small rulebook that uses every method and role, one item that takes every source, and a year of three units."""

from datetime import UTC, date, datetime, timedelta

from kaoping.scoring.observations import ArtefactRef, Observation
from kaoping.scoring.units import Unit
from kaoping.standards.loading import rulebook_from_files

ABOUT = """\
id: small
version: "1"
title: 小规则集（示例数据）
issuer: 某政务公开办（示例数据）
"""
TIMETABLE = """\
default: A
variants:
  A: {name: 年底, period: [before-12-01, year-11-30]}
  B: {name: 次年初, period: [year-01-01, year-12-31]}
"""
RUBRIC = """\
total: "100"
places: 2
unscored: pending
redistribution: whole
components:
  - {code: routine, name: 平时考核, points: "40"}
  - {code: evaluation, name: 社会评议, points: "10"}
  - {code: periodic, name: 定期考核, points: "50"}
grades:
  bands:
    - {code: excellent, name: 优秀, from: "90"}
    - {code: good, name: 良好, from: "80"}
    - {code: pass, name: 合格, from: "60"}
    - {code: fail, name: 不合格, from: "0"}
  quota: {grade: excellent, share: "0.5", least: 1, ties: out}
  gated: excellent
  veto_grade: fail
indicators:
  - code: A
    name: 基础工作
    children:
      - code: A1
        name: 主动公开
        max: "20"
        component: routine
        method: deduction
        settings: {each: "0.5", restores: "0.5"}
        sources:
          monitor: [verdict]
          retest: [verdict]
          visit: [verdict, count]
          draw: [verdict]
          ballot: [verdict]
          self: [verdict]
          reviewer: [verdict]
          register: [count]
          clock: [verdict]
          office: [verdict, points]
      - code: A2
        name: 依申请公开
        max: "20"
        component: routine
        method: ratio
        sources: {register: [ratio], office: [verdict, points]}
      - code: A3
        name: 年度报告
        max: "10"
        component: periodic
        method: boolean
        sources: {monitor: [verdict], office: [verdict, points]}
  - code: B
    name: 综合评定
    children:
      - code: B1
        name: 制度
        max: "20"
        component: periodic
        method: judged
        settings: {combine: median, least: 2}
        levels:
          - {code: good, name: 好, share: "1"}
          - {code: fair, name: 较好, share: "0.8"}
          - {code: poor, name: 差, share: "0.3"}
        sources: {reviewer: [level], office: [verdict, points]}
      - code: B2
        name: 平台
        max: "10"
        component: periodic
        method: levels
        levels:
          - {code: full, name: 齐全, share: "1"}
          - {code: half, name: 部分, share: "0.5"}
        sources: {visit: [level], office: [verdict, points]}
      - code: B3
        name: 培训
        max: "10"
        component: periodic
        method: points
        sources: {register: [points], office: [verdict, points]}
  - code: C
    name: 社会评议
    max: "10"
    component: evaluation
    method: satisfaction
    settings: {min_n: 5, weights: {yes: "1", so: "0.6", "no": "0"}}
    sources: {ballot: [tally], office: [verdict, points]}
  - {code: P, name: 创新, role: bonus, max: "3", method: occurrences, settings: {each: "1"}, sources: {office: [count]}}
  - {code: D, name: 重大扣分, role: penalty, max: "6", method: occurrences, settings: {each: "3"}, sources: {office: [count]}}
  - {code: V, name: 泄密, role: veto, max: "1", method: boolean, sources: {office: [verdict]}}
  - {code: G, name: 网站合格, role: gate, max: "1", method: boolean, sources: {register: [verdict]}}
"""
RULEBOOK = rulebook_from_files({"about.yaml": ABOUT, "rubric.yaml": RUBRIC, "timetable.yaml": TIMETABLE})
UNITS = [
    Unit("E", "教育局（示例数据）", "教育局", "department", group="市级部门"),
    Unit("H", "卫健委（示例数据）", "卫健委", "department", group="市级部门"),
    Unit("Q", "某区（示例数据）", "某区", "district_government", group="辖市、区"),
    Unit(
        "O",
        "旧局（示例数据）",
        "旧局",
        "department",
        valid_to=date(2025, 3, 1),
        participates=False,
        successor="E",
    ),
]
START = datetime(2025, 6, 1, 1, tzinfo=UTC)
AS_OF = datetime(2026, 1, 10, 16, tzinfo=UTC)
SALT = b"only the office knows this"
PAGE = "https://e.kaoping.test/a.html"


class Ledger:
    """Observations one after another, an hour apart."""

    def __init__(self):
        self.lines = []

    def add(self, unit, item, source, kind, value, *, url=None, sha256=None, days=None, at=None, **more):
        """Returns the id. ``days`` after the start it was observed, and recorded at the same time unless told."""
        seen = at or START + (timedelta(days=days) if days is not None else timedelta(hours=len(self.lines)))
        name = f"o{len(self.lines):03d}"
        artefacts = (ArtefactRef(sha256, url),) if url or sha256 else ()
        recorded = more.pop("recorded_at", seen)
        self.lines.append(
            Observation(
                name, unit, item, more.pop("check", None), source, seen, recorded, kind, value,
                artefacts=artefacts, **more,
            )
        )  # fmt: skip
        return name


def year():
    """A year in which nothing stays open: an appeal upheld, a claim refused, a small tally, a quota that bites."""
    book = Ledger()
    for unit, level, yes in (("E", "good", 40), ("H", "good", 45), ("Q", "fair", 2)):
        book.add(unit, "A2", "register", "ratio", {"done": 9, "of": 10}, reason="登记台账", by="登记员")
        book.add(
            unit, "A3", "monitor", "verdict", "met", check="R-01", url=f"https://{unit.lower()}.kaoping.test/"
        )
        for name in ("专家甲", "专家乙", "专家丙"):
            book.add(unit, "B1", "reviewer", "level", level, by=name, reason="私下的评语")
        book.add(unit, "B2", "visit", "level", "full", by="检查员", url="file://photo.jpg", sha256="a" * 64)
        book.add(unit, "B3", "register", "points", "9.5")
        book.add(
            unit,
            "C",
            "ballot",
            "tally",
            {"question": "q1", "options": {"yes": yes, "so": 1, "no": 1, "un": 1}},
        )
        book.add(unit, "G", "register", "verdict", "met")
    book.add("E", "A1", "monitor", "verdict", "not_met", check="P-03", url=PAGE, reason="缺索引号", by="监测")
    book.add(
        "H",
        "A1",
        "monitor",
        "verdict",
        "not_met",
        check="P-01",
        url="https://h.kaoping.test/1",
        reason="超期",
    )
    book.add(
        "H", "A1", "retest", "verdict", "met", check="P-01", url="https://h.kaoping.test/1", reason="已改"
    )
    book.add("H", "A2", "self", "verdict", "not_applicable", by="联络员李某", reason="本单位没有申请")
    book.add("Q", "B3", "office", "points", "10", reason="复核成立")
    book.add("Q", "P", "office", "count", 1, reason="省级推广")
    return book
