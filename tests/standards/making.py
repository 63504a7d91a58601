"""A small rulebook as texts, for the tests of reading and comparing."""

ABOUT = "id: small\nversion: '1'\ntitle: 小规则集\nissuer: 某办公室\n"
TIMETABLE = """\
default: A
variants:
  A: {name: 年底, period: [before-12-01, year-11-30], stages: {plan: [year-01-06, year-03-31]}}
  B: {name: 次年初, period: [year-01-01, year-12-31]}
"""
RUBRIC = """\
total: "100"
components:
  - {code: routine, name: 平时考核, points: "40"}
  - {code: periodic, name: 定期考核, points: "60"}
grades:
  bands:
    - {code: good, name: 好, from: "60"}
    - {code: bad, name: 差, from: "0"}
indicators:
  - code: A
    name: 甲
    locked: true
    children:
      - code: A1
        name: 甲一
        max: "40"
        component: routine
        method: deduction
        settings: {each: "0.5"}
        sources: {monitor: [verdict]}
        locked: true
      - code: A2
        name: 甲二
        max: "20"
        component: periodic
        method: ratio
        sources: {register: [ratio]}
  - code: B
    name: 乙
    max: "40"
    component: periodic
    method: points
    sources: {register: [points]}
"""


def files(**replaced):
    """The texts; ``rubric``, ``about`` … replace one."""
    found = {"about.yaml": ABOUT, "rubric.yaml": RUBRIC, "timetable.yaml": TIMETABLE}
    return found | {f"{name}.yaml": text for name, text in replaced.items()}


def district(rubric, **more):
    """A rulebook that extends the small one."""
    about = "id: district\nversion: '1'\nextends: small\ntitle: 某区规则集\nissuer: 某区办公室\n"
    inherited = {f"extends/{name}": text for name, text in files().items()}
    return {"about.yaml": about, "rubric.yaml": rubric, **inherited, **more}


# One question about an item of the small rulebook.
QUESTIONNAIRE = """\
id: q
version: '1'
min_n: 1
questions:
  - id: q1
    dimension: B
    kind: single
    text: 是否满意
    options:
      - {code: y, label: 满意, counts_as: satisfied}
      - {code: n, label: 不满意, counts_as: dissatisfied}
satisfaction: {questions: [q1], weights: {satisfied: '1', basic: '0.7', dissatisfied: '0'}}
"""
