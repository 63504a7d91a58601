"""Levels of publication: what the public part holds and what it cannot prove."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PublicationLevel:
    """``complete``: whether an outsider can recompute every point from the public part."""

    code: str
    name: str
    complete: bool
    provable: tuple[str, ...]
    not_provable: tuple[str, ...]


ITEMS: Final = PublicationLevel(
    "items",
    "公开到每一项",
    True,
    (
        "每个单位每一项的得分由规则集和观察记录重算一致",
        "总分、等次、名次由得分重算一致",
        "文件与清单的校验值一致",
    ),
    ("观察记录本身是否属实：须核对封存的网页、照片和文书", "被遮蔽的理由、人名和网址的原文"),
)
GRADES: Final = PublicationLevel(
    "grades",
    "公开到等次、总分和一级指标",
    False,
    ("总分与一级指标得分之和一致", "等次与总分、档线一致", "文件与清单的校验值一致"),
    (
        "每一项得分：观察记录没有公开，留在市政务公开办，完整数据包的校验值已公布",
        "名额、单项否决和前提的适用：依据在完整数据包里",
    ),
)
LEVELS: Final = {level.code: level for level in (ITEMS, GRADES)}
