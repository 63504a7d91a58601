"""A rulebook of which every number is its author's proposal and is met nowhere else: found wherever it is printed."""

from __future__ import annotations

from typing import Final

from tests.campaigns.rulebook import TIMETABLE

ABOUT: Final = "id: numbered\nversion: '1'\ntitle: 样例规则集\nissuer: 样例政务公开办\n"
_LEVELS: Final = """
        levels:
          - {code: good, name: 好, share: "1", description: 齐全}
          - {code: fair, name: 一般, share: "0.437", description: 不齐}
          - {code: none, name: 没有, share: "0", description: 没有}"""
RUBRIC: Final = f"""
total: "100"
places: 2
limits: {{order_days: 19, confirm_hours: 53, look_days: 23}}
components:
  - {{code: routine, name: 平时考核, points: "21.21"}}
  - {{code: evaluation, name: 社会评议, points: "10.11"}}
  - {{code: periodic, name: 定期考核, points: "68.68"}}
grades:
  bands:
    - {{code: best, name: 优秀, from: "91.91"}}
    - {{code: good, name: 良好, from: "79.79"}}
    - {{code: fail, name: 不合格, from: "0"}}
  quota: {{grade: best, share: "0.2929", least: 1, ties: out}}
  gated: best
  veto_grade: fail
indicators:
  - code: K1
    name: 组织
    children:
      - code: K1.1
        name: 领导
        max: "37.37"
        component: periodic
        method: judged
        sources: {{reviewer: [level], office: [verdict, points]}}{_LEVELS}
      - code: K1.2
        name: 人员
        max: "31.31"
        component: periodic
        method: judged
        sources: {{reviewer: [level], office: [verdict, points]}}{_LEVELS}
  - code: K3
    name: 公开
    children:
      - code: K3.3
        name: 网上公开
        max: "21.21"
        component: routine
        method: deduction
        settings: {{each: "3.93"}}
        sources: {{monitor: [verdict], register: [count], office: [verdict, points]}}
        checks: [P-01]
  - code: S5
    name: 评议
    children:
      - code: S5.1
        name: 满意
        max: "10.11"
        component: evaluation
        method: satisfaction
        sources: {{ballot: [tally], office: [verdict, points]}}
  - code: V1
    name: 弄虚作假
    max: "1"
    role: veto
    method: deduction
    settings: {{each: "1", silent: full}}
    sources: {{office: [verdict], register: [verdict]}}
  - code: D1
    name: 复议纠正
    max: "5.83"
    role: penalty
    method: occurrences
    settings: {{each: "1.91"}}
    sources: {{register: [count], office: [count]}}
  - code: B1
    name: 创新
    max: "4.73"
    role: bonus
    method: occurrences
    settings: {{each: "1.37"}}
    sources: {{register: [count], office: [count]}}
"""
QUESTIONNAIRE: Final = """
id: numbered
version: '1'
min_n: 43
questions:
  - id: q1
    dimension: S5.1
    kind: single
    label: '{unit}公开的内容真实吗？'
    options:
      - {code: a, label: 满意, counts_as: satisfied}
      - {code: b, label: 基本满意, counts_as: basic}
      - {code: c, label: 不满意, counts_as: dissatisfied}
satisfaction:
  questions: [q1]
  weights: {satisfied: "1", basic: "0.717", dissatisfied: "0"}
  lines: {satisfied: "83.83", basic: "62.62"}
  wide: "12.34"
"""
FILES: Final = {
    "about.yaml": ABOUT,
    "rubric.yaml": RUBRIC,
    "questionnaire.yaml": QUESTIONNAIRE,
    "timetable.yaml": TIMETABLE,
}
# Each number as it is printed, and what it is.
NUMBERS: Final = {
    "37.37": "K1.1 的分值", "31.31": "K1.2 的分值", "21.21": "K3.3、平时考核的分值", "10.11": "S5.1、社会评议的分值",
    "68.68": "K1、定期考核的分值", "91.91": "优秀线", "79.79": "良好线", "29.29": "优秀名额", "0.2929": "优秀名额",
    "3.93": "K3.3 每件扣分", "5.83": "D1 的分值", "1.91": "D1 每件扣分", "4.73": "B1 的分值", "1.37": "B1 每件加分",
    "0.437": "一般档的分值", "43.7": "一般档的分值", "16.33": "K1.1 一般档的分值", "13.68": "K1.2 一般档的分值",
    "0.717": "基本满意的折算", "71.7": "基本满意的折算", "83.83": "满意线", "62.62": "基本满意线", "12.34": "仅供参考的误差",
    "43 份": "定等次的最低份数",
}  # fmt: skip
