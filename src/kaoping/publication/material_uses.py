"""Every use of some bytes, and every copy of them with what to do about it: for destroying and for 封存.

Uses are told without the file's name and without its text: their words go into proposals, papers and screens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from kaoping.beijing import day_of
from kaoping.campaigns.logic.approval import SUBJECTS
from kaoping.campaigns.models import AnswerArtefact, Appeal, ApprovalScan, SevereRuling
from kaoping.evidence import logic
from kaoping.evidence import queries as ledger
from kaoping.inspection.models import Visit
from kaoping.publication.models import Release
from kaoping.publication.queries import published_act
from kaoping.rectification.models import CaseEntry
from kaoping.registry.queries import short_names

PHOTO, RELEASE = "实地查看照片", "结果数据包"


@dataclass(frozen=True, slots=True)
class Use:
    """One place where the bytes count: what it is, where, and since when."""

    kind: str
    where: str
    at: datetime
    # The line of the ledger that it is, for the way to its page; empty for every other use.
    line: str = ""

    @property
    def words(self) -> str:
        """One line, the same each time while the use stands."""
        return f"{self.kind}：{self.where}"


@dataclass(frozen=True, slots=True)
class Copy:
    """One place where a copy lies or may lie, what is known of it, and how to treat it."""

    place: str
    known: str
    treatment: str


def uses(sha256: str) -> list[Use]:
    """All uses, oldest first."""
    found = [
        *(
            Use(
                "自查佐证材料",
                f"{one.answer.self_review.campaign.year} 年 {one.answer.self_review.organisation.short_name} {one.answer.item}",
                one.added_at,
            )
            for one in AnswerArtefact.objects.filter(_bytes(sha256)).select_related(
                "answer__self_review__campaign", "answer__self_review__organisation"
            )
        ),
        *(
            Use("复核申请附件", f"{one.number} {one.organisation.short_name}", one.filed_at)
            for one in Appeal.objects.filter(_bytes(sha256)).select_related("organisation")
        ),
        *(
            Use(
                "单项否决、重大减分的文书",
                f"{one.campaign.year} 年 {one.organisation.short_name} {one.item}",
                one.at,
            )
            for one in SevereRuling.objects.filter(Q(sha256=sha256) | Q(table=sha256)).select_related(
                "campaign", "organisation"
            )
        ),
        *(
            Use("呈批表签字扫描件", f"{one.campaign.year} 年{SUBJECTS[one.subject]}呈批表", one.attached_at)
            for one in ApprovalScan.objects.filter(sha256=sha256).select_related("campaign")
        ),
        *(
            Use("整改单材料", f"{one.case.number} {one.case.organisation.short_name}", one.at)
            for one in CaseEntry.objects.filter(
                Q(sha256=sha256)
                | Q(link__capture_sha256=ledger.page_of(sha256))
                | Q(link__capture_headers=sha256)
            ).select_related("case__organisation")
        ),
        *(
            Use(PHOTO, f"{one.organisation.short_name} {one.place}", one.recorded_at, one.observation)
            for one in Visit.objects.filter(photo=sha256).select_related("organisation")
        ),
        *_lines(sha256),
        *(
            Use(RELEASE, f"{one.year} 年第 {one.number} 次（{part}）", one.frozen_at)
            for one in Release.objects.all()
            for part, digest in (("完整", one.full_sha256), ("公开", one.public_sha256))
            if digest == sha256
        ),
        *(
            Use("材料处置所附书面意见", f"事项 {one.pk}", one.at)
            for one in ledger.proposals()
            if one.paper == sha256
        ),
    ]
    return sorted(found, key=lambda one: (one.at, one.words))


def _bytes(sha256: str) -> Q:
    """A file handed in, or the page of an address handed in, its picture, or the headers of its answer."""
    return Q(sha256=sha256) | Q(capture_sha256=ledger.page_of(sha256)) | Q(capture_headers=sha256)


def _lines(sha256: str) -> list[Use]:
    names = short_names()
    return [
        Use("台账记录的依据", f"{names.get(one.unit, one.unit)} {_about(one)}", one.recorded_at, one.uid)
        for one in ledger.proved_by(sha256)
    ]


def _about(one: Any) -> str:
    """What a line of the ledger is about, and of which day: words that stay the same."""
    day = day_of(one.observed_at)
    return f"{one.item or one.check_id}，{day.year}年{day.month}月{day.day}日"


def copies(sha256: str, found: Sequence[Use]) -> list[Copy]:
    """Every place where a copy lies or may lie. What this program cannot know is said to be unknown."""
    standing = ledger.standing(sha256)
    here = {
        logic.SEALED: (
            "已移出文件库，任何页面、下载、预览都读不到",
            "等保密行政管理部门的书面意见，不自行打开、不自行删除",
        ),
        logic.DESTROYED: ("已销毁，只留校验值", "不用再办"),
        logic.KEPT: ("在文件库中，可以下载", "先封存"),
    }.get(standing, ("没有保存", "不用再办"))
    rows = [
        Copy("本平台文件库", *here),
        Copy(
            "备份",
            "封存以前做的备份里有一份；封存以后做的备份不含。本平台不记备份放在哪里",
            "由系统管理员逐份查找封存以前的备份，单独保管，不恢复、不外借，数量写入情况报告单",
        ),
        Copy(
            "报送包、交换包",
            "本平台不记下载以后的去向",
            "问清谁在封存以前下载过，逐份收回，数量写入情况报告单",
        ),
    ]
    for release in Release.objects.all():
        if sha256 in (release.full_sha256, release.public_sha256):
            out = published_act(release) is not None
            rows.append(
                Copy(
                    f"{release.year} 年第 {release.number} 次结果数据包",
                    "已在对外页面公开" if out else "没有公开",
                    "立即到“发布”撤回公开，并关停对外页面，直到公开目录里的副本处理完"
                    if out
                    else "不再公开这一次冻结的结果",
                )
            )
    if not any(one.kind == RELEASE for one in found):
        rows.append(Copy("公开目录上的数据包", "数据包只含校验值，不含材料原件", "不用再办"))
    if not ledger.uploads(sha256) and not any(one.kind == RELEASE for one in found):
        rows.append(
            Copy(
                "监测存档",
                "本平台从网上取下的：当时的监测存档（数据目录的 runs，WARC）里可能还有一份，备份也带着；"
                "网页还在，以后监测又会存下",
                "请网站先撤下这一页；由系统管理员找出取到它的各轮存档，停止外借，单独保管，数量写入情况报告单",
            )
        )
    phone = any(one.kind == PHOTO for one in found)
    rows.append(
        Copy(
            "手机",
            "检查员拍照所用手机里可能有原图" if phone else "没有从手机登记的记录，但上传人的手机里可能有",
            "联系本人，不再传、不删除，连同手机听候保密部门意见",
        )
    )
    rows.append(Copy("上传人的电脑和原件", "本平台看不到", "联系上传人所在单位的保密机构，就地封存"))
    rows.append(
        Copy(
            "邮件、即时通信",
            "本平台不发送材料原件",
            "问清是否另行发送过，数量写入情况报告单",
        )
    )
    return rows
