"""A declared table with one column of every kind."""

from kaoping.foreign.sheet import Column, Sheet

COLUMNS = (
    Column("code", ("代码", "code"), "code", required=True, filled=True, remedy="例如 A-1。"),
    Column("name", ("名称",), required=True, filled=True, most=6),
    Column("on", ("日期",), "date", empty=None),
    Column("at", ("时间",), "instant", empty=None),
    Column("amount", ("数量",), "number", empty=None),
    Column("kind", ("类别",), "choice", words={"甲类": "a", "乙类": "b"}),
    Column("yes", ("参加",), "yes-no", empty=True),
    Column("note", ("说明",), lines=True, refusal=lambda text: "不要说坏话" if "坏" in text else None),
)
SHEET = Sheet("样表", COLUMNS, row="每行写一件")
HEADINGS = [one.heading for one in COLUMNS]
GOOD = ["A-1", "一件", "2025/3/1", "2025-03-01T09:00:00+08:00", "0.5", "甲类", "否", "两\n行"]
