"""What an upgrade from a release changes on purpose. Every entry carries its reason; nothing else may change.

A migration that rewrites stored values adds them to ``values`` with the function that says what becomes of an old row;
one that no longer keeps a table or a column names it in ``gone``. Both are read by whoever reviews the migration.
"""

from __future__ import annotations

from typing import Final

from tests.upgrade.comparing import Intended

FROM_FIRST_RELEASE: Final = Intended(
    values={},
    gone={},
    grows={
        "django_migrations": "每一步升级记一行",
        "django_content_type": "新表各有一行",
        "auth_permission": "新表各有几行",
    },
    apart={"sqlite_sequence": "SQLite 自己记的编号，重建表时会改"},
)
