"""The audit log's codes in Chinese: what was done, and to what. Files keep the codes, the screen says the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kaoping.accounts.verbs import declared

VERBS: Final[Mapping[str, str]] = {
    "add_artefact": "加佐证材料",
    "adopt": "采用规则集",
    "advance": "进入下一阶段",
    "appoint": "授予岗位",
    "approve": "签批",
    "ask_reset": "提出重置口令",
    "assign_reviewers": "分派专家",
    "attach_scan": "附签字扫描件",
    "return_stage": "退回上一阶段",
    "second_stage_return": "答复退回上一阶段",
    "bring_back": "退回重办",
    "change_organisation": "修改单位",
    "change_participation": "修改参评",
    "change_password": "改口令",
    "propose_ruling": "提请审定",
    "restore": "恢复记录",
    "rule": "审定撤回记录",
    "second_ruling": "确认审定",
    "undo_import": "撤回整批导入",
    "close_organisation": "撤并单位",
    "close_round": "结束评审",
    "compute_sheet": "计算计分表",
    "confirm_reset": "确认重置口令",
    "correct_points": "更正得分",
    "create_campaign": "建立年度",
    "create_person": "建立人员",
    "decide_appeal": "决定复核申请",
    "decide_claim": "审定不涉及",
    "destroy_artefact": "销毁材料",
    "drop_correction": "作罢更正",
    "drop_reset": "作废口令链接",
    "drop_disposal": "撤回材料处置",
    "end_session": "退出一处登录",
    "enrol_factor": "登记第二重验证",
    "export_audit": "导出审计日志",
    "enter_calendar": "录入放假安排",
    "file_appeal": "申请复核",
    "finish_review": "评完一个单位",
    "give_up_factor": "取消第二重验证",
    "import_register": "导入台账",
    "import_roster": "导入名录",
    "lift_refusal": "放行拒收的文件",
    "move_stage": "调整阶段日期",
    "name_as_missing": "登记为逾期未报",
    "open_case": "立整改单",
    "open_correction": "立更正",
    "open_page": "打开页面",
    "propose_disposal": "提出处置材料",
    "recuse": "回避",
    "recover_account": "在服务器上恢复账号",
    "release_rest": "核实本人，恢复签发",
    "relieve": "解除岗位",
    "remove_artefact": "撤去佐证材料",
    "rename_person": "改登录名",
    "retry_job": "重办后台任务",
    "return_approval": "退回签批",
    "return_to_unit": "退回自查",
    "save_answer": "填写自查",
    "save_score": "评分",
    "seal_artefact": "封存材料",
    "see_reset": "已阅口令重置告知",
    "set_columns": "设定栏目",
    "set_participation": "选定参评单位",
    "set_priorities": "列出年度要点",
    "set_rulebook": "选规则集",
    "set_timetable": "排定时间",
    "sign_in": "登录",
    "propose_back": "提出退回签发",
    "second_back": "确认退回签发",
    "propose_points": "提请审定改分",
    "second_points": "确认审定改分",
    "propose_severe": "提出单项否决、重大减分",
    "second_severe": "确认单项否决、重大减分",
    "take_back_severe": "收回单项否决、重大减分",
    "void_campaign": "作废年度",
    "withdraw_appeal": "撤回复核申请",
    "retry_link": "重新存档链接",
    "take_back_assignment": "撤回专家分派",
    "sign_off": "签发",
    "sign_out": "退出",
    "submit_self_review": "提交自查",
    "switch_person": "停用或启用人员",
    "unseal_artefact": "启封材料",
    "upload_file": "上传材料",
    "use_link": "用链接设定口令",
    "withdraw_calendar": "撤回放假安排",
    "write_report_note": "填写责任追究内容",
    "state_accountability": "填写本单位责任追究情况",
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


def verb_titles() -> Mapping[str, str]:
    """What every verb is called: as it is declared, and what earlier releases wrote."""
    return {**VERBS, **{one.id: one.title for one in declared()}}


def thing_words(kind: str, number: str) -> str:
    """What it was done to, with its number when it has one. Long digests are cut; the file has them whole."""
    short = f"{number[:12]}……" if len(number) > 40 and "/" not in number else number
    return f"{THINGS.get(kind, kind)} {short}".strip()
