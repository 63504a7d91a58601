"""One shape for every list that leaves as a file: title, columns, rows, and the basis its numbers stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from kaoping.beijing import BEIJING
from kaoping.foreign.visible import undirected

Cell: TypeAlias = str | int | Decimal | Fraction | date | datetime | bool | None
EXAMPLE: Final = "示例数据"


@dataclass(frozen=True, slots=True)
class Table:
    """A list. ``columns`` are headings; each row has as many cells; ``basis`` are sentences (n, date, rule version)."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    basis: Sequence[str] = field(default=())

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"{self.title} 第 {number} 行有 {len(row)} 格，应为 {len(self.columns)} 格")

    def marked_as_example(self) -> Table:
        """The same list, every row of it marked 示例数据."""
        return Table(
            f"{EXAMPLE} {self.title}",
            [*self.columns, "数据性质"],
            [[*row, EXAMPLE] for row in self.rows],
            [f"{EXAMPLE}，不是任何单位的真实结果。", *self.basis],
        )


def is_number(cell: Cell) -> bool:
    """Whether a cell is a number that a spreadsheet may add up. Codes are text and never are."""
    return isinstance(cell, int | Decimal) and not isinstance(cell, bool)


def text_of(cell: Cell) -> str:
    """A cell as text: ISO dates, instants with offset in Asia/Shanghai, exact decimals, 是 and 否, nothing for null.

    No cell turns round what stands behind it.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.astimezone(BEIJING).isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return undirected(str(cell))
