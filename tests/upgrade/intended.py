"""What an upgrade from a release changes on purpose. Every entry carries its reason; nothing else may change.

A migration that rewrites stored values adds them to ``values`` with the function that says what becomes of an old row;
one that no longer keeps a table or a column names it in ``gone``. Both are read by whoever reviews the migration.
"""

from __future__ import annotations

from typing import Final

from kaoping.rectification import logic
from tests.upgrade.comparing import Intended, Row

# Open cases of the fixture with a passing look since they were served.
_PASSED: Final = ("ZG-2024-0001",)


def _case_title(row: Row) -> str:
    """What is wrong and where, as the proposed order of the first release already said it."""
    target = str(row["target"])
    found = str(row["order_text"]).split("\n")[1].partition("确认：")[2].rstrip("。")
    return logic.title_of(
        str(row["title"]), found.removesuffix(f"（{target.removeprefix('place:')}）"), target
    )


def _case_state(row: Row) -> str:
    return logic.PASSED if row["number"] in _PASSED else str(row["state"])


FROM_FIRST_RELEASE: Final = Intended(
    values={
        ("rectification_case", "title"): ("整改单的题目说明什么问题、在哪一页", _case_title),
        ("rectification_case", "state"): ("已有通过的核查、还没结案的另成一种状态", _case_state),
    },
    gone={},
    grows={
        "django_migrations": "每一步升级记一行",
        "django_content_type": "新表各有一行",
        "auth_permission": "新表各有几行",
    },
    apart={"sqlite_sequence": "SQLite 自己记的编号，重建表时会改"},
)
