"""Count how many 密级 marks the look at uploads finds: ``python -m bench.secrecy``.

Over the corpus of ``tests/evidence/corpus.py``: files that bear a mark in every place we could think of, and 300 ordinary
office files that bear none. Marks found as marks, files told as not looked at, and ordinary files refused are counted
apart. Prints JSON; ends with 1 when fewer than 95 % of the readable marks are found or more than 1 % of the ordinary
files are refused. The figure is for developers: the look takes no responsibility off anybody.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.evidence.corpus import marked, ordinary

from kaoping.evidence.looking import look
from kaoping.support.reading import NotRead, read


def run() -> dict[str, Any]:
    """The figures."""
    missed: list[str] = []
    unread: list[str] = []
    silent: list[str] = []
    found = 0
    samples = marked()
    for one in samples:
        try:
            seen = read(look, one.name, one.content)
        except NotRead as words:
            seen = {"mark": "", "unread": [str(words)]}
        if seen["mark"]:
            found += 1
        elif one.readable:
            missed.append(
                f"{one.kind} ({one.name}, {'not looked at' if seen['unread'] else 'seen as clean'})"
            )
        if not one.readable:
            (unread if seen["unread"] else silent).append(one.kind)
    usual = ordinary()
    refused = [
        f"{one.name}: {seen['mark']}" for one in usual if (seen := read(look, one.name, one.content))["mark"]
    ]
    readable = sum(one.readable for one in samples)
    return {
        "kinds": len({one.kind for one in samples}),
        "marked": readable,
        "found": found,
        "rate": round(found / readable, 4),
        "missed": missed,
        "unreadable_told": unread,
        "unreadable_silent": silent,
        "ordinary": len(usual),
        "refused": refused,
        "refused_rate": round(len(refused) / len(usual), 4),
    }


def main() -> int:
    """Print the figures."""
    report = run()
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return (
        0
        if report["rate"] >= 0.95 and report["refused_rate"] <= 0.01 and not report["unreadable_silent"]
        else 1
    )


if __name__ == "__main__":
    sys.exit(main())
