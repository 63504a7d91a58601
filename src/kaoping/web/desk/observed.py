"""How an observation of the ledger is written for people, and its evidence."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse

from kaoping.scoring.observations import ArtefactRef, Observation
from kaoping.web.ui.wording import cn_date, points

SOURCES: Final = {
    "monitor": "监测",
    "retest": "复测",
    "visit": "实地",
    "draw": "抽取",
    "ballot": "评议",
    "self": "自查",
    "reviewer": "评审",
    "register": "登记",
    "office": "公开办",
}
VERDICTS: Final = {
    "met": "符合",
    "not_met": "不符合",
    "undecided": "无法判定",
    "not_applicable": "不涉及",
}


def value_words(one: Observation, rule: Any = None) -> str:
    """What was seen, in words; the levels are the item's."""
    value: Any = one.value
    if one.kind == "verdict":
        words = VERDICTS.get(str(value), str(value))
    elif one.kind == "level":
        names = {level.code: level.label for level in rule.levels} if rule else {}
        words = (
            f"{one.by}：{names.get(str(value), value)}"
            if one.source == "reviewer"
            else names.get(str(value), str(value))
        )
    elif one.kind == "ratio":
        words = f"{value['done']} / {value['of']}"
    elif one.kind == "tally":
        words = "，".join(f"{code} {count} 份" for code, count in value["options"].items())
    elif one.kind == "points":
        words = f"定为 {points(value)} 分"
    elif one.kind == "withdrawn":
        words = "撤去一条记录"
    else:
        words = f"{value} 次"
    return f"{words}（{cn_date(one.observed_at)}）"


def card_of(one: Observation, rule: Any = None, *, files: bool = False) -> dict[str, Any]:
    """One observation with who, when, why, and its artefacts; ``files`` when the reader may open stored bytes."""
    return {
        "source": SOURCES.get(one.source, one.source),
        "words": value_words(one, rule),
        "reason": one.reason or "",
        "by": one.by or "",
        "observed_at": one.observed_at,
        "recorded_at": one.recorded_at,
        "id": one.id,
        "check": one.check or "",
        "supersedes": one.supersedes or "",
        "artefacts": [_artefact(ref, files=files) for ref in one.artefacts],
    }


def _artefact(ref: ArtefactRef, *, files: bool) -> dict[str, Any]:
    url = ref.url if ref.url and ref.url.startswith(("http://", "https://")) else ""
    if files and ref.sha256:
        url = reverse("desk-artefact", args=[ref.sha256])
    return {
        "name": ref.url or "封存材料",
        "url": url,
        "sha256": ref.sha256,
        "kind": "file" if ref.sha256 else "link",
    }
