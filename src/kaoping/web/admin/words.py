"""The audit log's codes in Chinese: what was done, and to what. Files keep the codes, the screen says the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kaoping.accounts.verbs import declared

VERBS: Final[Mapping[str, str]] = {
    "adopt": "采用规则集",
    "answer_opinion": "答复意见",
    "appoint": "授予岗位",
    "ask_reset": "提出重置口令",
    "ask_retest": "安排复测",
    "change_organisation": "修改单位",
    "change_password": "改口令",
    "clear_finding": "判为误报",
    "propose_ruling": "提请审定",
    "restore": "恢复记录",
    "rule": "审定撤回记录",
    "second_ruling": "确认审定",
    "undo_import": "撤回整批导入",
    "settle_removed": "认定网页已撤",
    "name_place": "登记地点的另一种写法",
    "close_organisation": "撤并单位",
    "commit_draw": "布置抽取",
    "confirm_findings": "确认监测发现",
    "confirm_reset": "确认重置口令",
    "create_person": "建立人员",
    "destroy_artefact": "销毁材料",
    "drop_reset": "作废口令链接",
    "drop_disposal": "撤回材料处置",
    "end_session": "退出一处登录",
    "enrol_factor": "登记第二重验证",
    "export_audit": "导出审计日志",
    "enter_calendar": "录入放假安排",
    "freeze": "冻结结果",
    "give_up_factor": "取消第二重验证",
    "import_register": "导入台账",
    "import_roster": "导入名录",
    "lift_refusal": "放行拒收的文件",
    "open_case": "立整改单",
    "open_page": "打开页面",
    "open_poll": "开箱",
    "perform_run": "监测网站",
    "change_poll": "改评议的标题和时间",
    "cancel_poll": "取消社会评议",
    "prepare_poll": "布置社会评议",
    "propose_disposal": "提出处置材料",
    "publish": "公开结果",
    "record_opinion_ratios": "登记意见整改情况",
    "record_visit": "登记实地查看",
    "recover_account": "在服务器上恢复账号",
    "release_rest": "核实本人，恢复签发",
    "relieve": "解除岗位",
    "rename_person": "改登录名",
    "retest": "复测",
    "retry_job": "重办后台任务",
    "run_draw": "随机抽取",
    "schedule_runs": "排入监测",
    "seal_artefact": "封存材料",
    "see_reset": "已阅口令重置告知",
    "seal_poll": "封存问卷",
    "confirm_clock": "核对时钟",
    "set_columns": "设定栏目",
    "sign_in": "登录",
    "sign_out": "退出",
    "start_run": "发起监测",
    "switch_person": "停用或启用人员",
    "unseal_artefact": "启封材料",
    "upload_file": "上传材料",
    "use_link": "用链接设定口令",
    "withdraw_calendar": "撤回放假安排",
    "withdraw": "撤回",
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


def verb_titles() -> Mapping[str, str]:
    """What every verb is called: as it is declared, and what earlier releases wrote."""
    return {**VERBS, **{one.id: one.title for one in declared()}}


def thing_words(kind: str, number: str) -> str:
    """What it was done to, with its number when it has one. Long digests are cut; the file has them whole."""
    short = f"{number[:12]}……" if len(number) > 40 and "/" not in number else number
    return f"{THINGS.get(kind, kind)} {short}".strip()
