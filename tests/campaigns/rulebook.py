"""A small rulebook: two judged items, one deduction, one satisfaction."""

from __future__ import annotations

ABOUT = "id: small\nversion: '1'\ntitle: 样例规则集\nissuer: 样例政务公开办\n"
TIMETABLE = """
default: A
variants:
  A:
    name: 年底
    period: [before-12-01, year-11-30]
    stages: {self_review: [year-11-17, year-12-05]}
  B:
    name: 次年初
    period: [year-01-01, year-12-31]
    stages: {self_review: [year-12-08, year-12-31]}
"""
LEVELS = """
        levels:
          - {code: good, name: 好, share: "1", description: 齐全}
          - {code: fair, name: 一般, share: "0.5", description: 不齐}
          - {code: none, name: 没有, share: "0", description: 没有}"""
RUBRIC = f"""
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
        max: "40"
        method: judged
        sources: {{reviewer: [level], office: [verdict, points]}}{LEVELS}
      - code: K1.2
        name: 人员
        max: "30"
        method: judged
        sources: {{reviewer: [level], office: [verdict, points]}}{LEVELS}
  - code: K3
    name: 公开
    children:
      - code: K3.3
        name: 网上公开
        max: "20"
        method: deduction
        settings: {{each: "5"}}
        sources: {{monitor: [verdict], register: [count], office: [verdict, points]}}
  - code: S5
    name: 评议
    children:
      - code: S5.1
        name: 满意
        max: "10"
        method: satisfaction
        settings: {{weights: {{a: "1", c: "0"}}, min_n: 1}}
        sources: {{ballot: [tally], office: [verdict, points]}}
"""
FILES = {"about.yaml": ABOUT, "rubric.yaml": RUBRIC, "timetable.yaml": TIMETABLE}
# The same with a veto, a major deduction by number, one by points, and one that the register alone takes.
SEVERE = f"""{RUBRIC}
  - code: V1
    name: 弄虚作假
    max: "1"
    role: veto
    method: deduction
    settings: {{each: "1", silent: full}}
    sources: {{office: [verdict], register: [verdict]}}
  - code: D1
    name: 复议纠正
    max: "3"
    role: penalty
    method: occurrences
    settings: {{each: "1"}}
    sources: {{register: [count], office: [count]}}
  - code: D2
    name: 通报批评
    max: "2"
    role: penalty
    method: occurrences
    sources: {{register: [points]}}
    applies_to: [institution]
"""
SEVERE_FILES = FILES | {"rubric.yaml": SEVERE}
