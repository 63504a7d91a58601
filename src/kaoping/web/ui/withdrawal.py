"""What every page of a year says when its newest published release was withdrawn."""

from __future__ import annotations

from kaoping.publication import standing
from kaoping.scoring.organised import OrganisedYear
from kaoping.web.ui.parts.notice import Notice
from kaoping.web.ui.wording import cn_datetime


def notice(key: OrganisedYear) -> Notice | None:
    """Which release was withdrawn, when and why, and which one is valid again, for ``{% notice %}``; null while it stands."""
    gone = standing.withdrawal(key)
    if gone is None:
        return None
    return Notice(f"{cn_datetime(gone.act.at)}撤回，理由：{gone.act.reason}", title=gone.words)
