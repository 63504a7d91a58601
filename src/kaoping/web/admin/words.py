"""The audit log's codes in Chinese: what was done, and to what. Files keep the codes, the screen says the words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from django.utils.module_loading import autodiscover_modules

from kaoping.accounts.verbs import declared

VERBS: Final[Mapping[str, str]] = {
    "open_case": "立整改单",
    "open_page": "打开页面",
    "sign_in": "登录",
    "sign_out": "退出",
    "write_report_note": "填写责任追究内容",
}
THINGS: Final[Mapping[str, str]] = {
    "appeal": "复核申请",
    "appointment": "任命",
    "artefact": "材料",
    "audit": "审计日志",
    "calendar": "工作日历",
    "installation": "本平台",
    "campaign": "年度考核",
    "case": "整改单",
    "draw": "随机抽取",
    "finding": "监测发现",
    "job": "后台任务",
    "ledger": "台账",
    "link": "口令链接",
    "observation": "台账记录",
    "opinion": "意见",
    "organisation": "单位",
    "page": "页面",
    "person": "人员",
    "poll": "社会评议",
    "register": "单位名录",
    "release": "发布",
    "review_assignment": "评审",
    "rulebook": "规则集",
    "run": "监测轮次",
    "self_review": "部门自查",
    "visit": "实地查看",
}


def verb_words(verb: str) -> str:
    """What was done; an unknown code stays as it is."""
    return verb_titles().get(verb, verb)


@cache
def verb_titles() -> Mapping[str, str]:
    """What every verb is called: as it is declared, and what earlier releases wrote. The log asks for every row."""
    autodiscover_modules("services", "jobs")  # also what only the worker does, for which no screen has asked
    return {**VERBS, **{one.id: one.title for one in declared()}}


def thing_words(kind: str, number: str) -> str:
    """What it was done to, with its number when it has one. Long digests are cut; the file has them whole."""
    short = f"{number[:12]}……" if len(number) > 40 and "/" not in number else number
    return f"{THINGS.get(kind, kind)} {short}".strip()
