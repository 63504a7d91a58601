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


FULL: Final = PublicationLevel(
    "full",
    "全部指标得分和依据",
    True,
    (
        "每个单位每一项的得分由规则集和观察记录重算一致",
        "总分、等次、名次由得分重算一致",
        "文件与清单的校验值一致",
    ),
    ("观察记录本身是否属实：须核对封存的网页、照片和文书", "被遮蔽的理由、人名和网址的原文"),
)
_KEPT: Final = "观察记录没有公开，留在市政务公开办，完整数据包的校验值已公布"
FIRST_LEVEL: Final = PublicationLevel(
    "first_level",
    "等次、总分和一级指标得分",
    False,
    (
        "总分等于一级指标得分相加，再计加分和扣分",
        "等次不高于总分所在的档",
        "名次由总分和类别排得一致",
        "文件与清单的校验值一致",
    ),
    (f"每一项得分：{_KEPT}", "名额、单项否决和前提的适用：依据在完整数据包里"),
)
TOTALS: Final = PublicationLevel(
    "totals",
    "等次、总分",
    False,
    ("等次不高于总分所在的档", "名次由总分和类别排得一致", "文件与清单的校验值一致"),
    (f"总分怎样得来：{_KEPT}", "名额、单项否决和前提的适用：依据在完整数据包里"),
)
GRADES: Final = PublicationLevel(
    "grades",
    "等次",
    False,
    ("文件与清单的校验值一致",),
    (f"等次怎样得来：{_KEPT}", "总分、名次：没有公开"),
)
LEVELS: Final = {level.code: level for level in (FULL, FIRST_LEVEL, TOTALS, GRADES)}
