"""What anybody can cause fills no log."""

import logging
import sys

from kaoping.support import log_lines


def record():
    try:
        raise ValueError("x")
    except ValueError:
        return logging.LogRecord("n", logging.ERROR, "f", 1, "wrong %s", ("y" * 500,), sys.exc_info())


def test_one_line_a_minute_without_traceback_and_the_rest_counted(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(log_lines.clock, "monotonic", lambda: now[0])
    seldom = log_lines.OncePerMinute()
    first = record()
    assert seldom.filter(first)
    assert first.exc_info is None and len(first.getMessage()) <= 200
    assert not any(seldom.filter(record()) for _ in range(7))
    now[0] = 61.0
    later = record()
    assert seldom.filter(later) and "7 次" in later.getMessage()
