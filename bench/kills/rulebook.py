"""A small rulebook for years that are walked whole: two judged items, one deduction, one satisfaction, a veto, a major deduction, one question."""

from __future__ import annotations

from typing import Final

JUDGED: Final = ("K1.1", "K1.2")
_LEVELS: Final = """
        levels:
          - {code: good, name: 好, share: "1", description: 齐全}
          - {code: fair, name: 一般, share: "0.5", description: 不齐}
          - {code: none, name: 没有, share: "0", description: 没有}"""
_JUDGED: Final = f"""
        method: judged
        sources: {{self: [level, verdict], reviewer: [level], office: [verdict, points]}}{_LEVELS}"""
_RUBRIC: Final = f"""
total: "100"
places: 2
grades:
  bands:
    - {{code: good, name: 良好, from: "80"}}
    - {{code: fail, name: 不合格, from: "0"}}
  veto_grade: fail
indicators:
  - code: K1
    name: 组织
    children:
      - code: K1.1
        name: 领导
        max: "40"{_JUDGED}
      - code: K1.2
        name: 人员
        max: "30"{_JUDGED}
  - code: K3
    name: 公开
    children:
      - code: K3.3
        name: 网上公开
        max: "20"
        method: deduction
        settings: {{each: "5"}}
        sources: {{monitor: [verdict], office: [verdict, points]}}
  - code: S5
    name: 评议
    children:
      - code: S5.1
        name: 满意
        max: "10"
        method: satisfaction
        settings: {{weights: {{satisfied: "1", dissatisfied: "0"}}, min_n: 1}}
        sources: {{ballot: [tally], office: [verdict, points]}}
  - code: V1
    name: 弄虚作假
    max: "1"
    role: veto
    method: deduction
    settings: {{each: "1", silent: full}}
    sources: {{office: [verdict]}}
  - code: D1
    name: 复议纠正
    max: "3"
    role: penalty
    method: occurrences
    settings: {{each: "1"}}
    sources: {{office: [count]}}
"""
_TIMETABLE: Final = """
default: A
variants:
  A:
    name: 年底
    period: [year-01-01, year-12-31]
    stages: {self_review: [year-03-01, year-03-31]}
"""
_QUESTIONNAIRE: Final = """
id: small
version: '1'
min_n: 1
questions:
  - id: q1
    dimension: S5.1
    kind: single
    label: 满意吗？
    options:
      - {code: satisfied, label: 满意, counts_as: satisfied}
      - {code: dissatisfied, label: 不满意, counts_as: dissatisfied}
satisfaction:
  questions: [q1]
  weights: {satisfied: "1", dissatisfied: "0"}
  lines: {satisfied: "80", basic: "60"}
  wide: "10"
"""


def files(version: str) -> dict[str, str]:
    """The text of one version."""
    about = f"id: small\nversion: '{version}'\ntitle: 样例规则集\nissuer: 样例政务公开办\n"
    return {
        "about.yaml": about,
        "rubric.yaml": _RUBRIC,
        "timetable.yaml": _TIMETABLE,
        "questionnaire.yaml": _QUESTIONNAIRE,
    }
