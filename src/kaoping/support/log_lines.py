"""Lines of the program's own log that anybody can cause are bounded, so that nobody fills a disk with them."""

from __future__ import annotations

import logging
from typing import Final

from kaoping.support import clock

SECONDS: Final = 60.0
_SHORT: Final = 200


class OncePerMinute(logging.Filter):
    """Lets one line a minute through, without traceback, and says how many were left out since."""

    def __init__(self) -> None:
        super().__init__()
        self._last, self._left_out = float("-inf"), 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this line is written."""
        now = clock.monotonic()
        if now - self._last < SECONDS:
            self._left_out += 1
            return False
        record.msg, record.args = record.getMessage()[:_SHORT], ()
        record.exc_info = record.exc_text = record.stack_info = None
        if self._left_out:
            record.msg += f"（此前另有 {self._left_out} 次，不逐条记）"
        self._last, self._left_out = now, 0
        return True
