"""Make a golden bundle with the program as it stands: ``python -m tests.golden.make``.

It writes ``v<format>-edges`` and its first-level part beside the others and refuses to write over one that exists: a
bundle of an earlier version can only be made by the program of that version, and is never made again.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kaoping.publication.bundle.build import MANIFEST, Files, build_bundle, bundle_digest, public_part
from kaoping.publication.bundle.canonical import loads
from kaoping.publication.bundle.container import write_folder
from kaoping.publication.bundle.verify import verify_files
from tests.publication.bundle.examples import AS_OF, RULEBOOK, SALT, UNITS, Ledger, year

HERE = Path(__file__).parent
FIRST_INSTANT = datetime(2024, 11, 30, 16, tzinfo=UTC)  # 00:00 of the period's first day in Shanghai
LAST_MIDNIGHT = datetime(2025, 11, 30, 16, tzinfo=UTC)  # 24:00 of its last day


def edges() -> Ledger:
    """The example year with what lies on the edges of the rules of its day.

    Lines at both midnights of the period; lines superseded within the rules and against those that came later (a claim
    of the unit over a finding of the monitor, a line of another item, two successors of one line); points above the
    item's maximum; an appeal that withdraws a finding and gives points.
    """
    book = year()
    for unit, first, last in (("E", 1, 0), ("H", 0, 1)):
        book.add(unit, "A1", "register", "count", 1, at=FIRST_INSTANT, reason="首日零时")
        book.add(
            unit, "P", "office", "count", first, at=FIRST_INSTANT - timedelta(microseconds=1), reason="上年"
        )
        book.add(unit, "A1", "register", "count", 2 + last, at=LAST_MIDNIGHT, reason="末日二十四时")
    book.add("H", "B3", "register", "points", "7", at=LAST_MIDNIGHT, reason="末日二十四时登记")
    book.add("Q", "C", "ballot", "tally", {"question": "q1", "options": {"yes": 9, "so": 1, "no": 0, "un": 0}}, at=LAST_MIDNIGHT)  # fmt: skip
    old = book.add("E", "B3", "register", "points", "6", days=90, reason="登记有误")
    book.add("E", "B3", "register", "points", "12.5", days=90, recorded_at=datetime(2025, 12, 3, tzinfo=UTC), supersedes=old, reason="更正后的登记")  # fmt: skip
    found = book.add(
        "Q", "A1", "monitor", "verdict", "not_met", check="P-02", url="https://q.kaoping.test/2", days=100
    )
    book.add("Q", "A1", "self", "withdrawn", None, check="P-02", days=100, recorded_at=datetime(2025, 12, 4, tzinfo=UTC), supersedes=found)  # fmt: skip
    other = book.add("Q", "A2", "register", "ratio", {"done": 1, "of": 10}, days=110)
    book.add("Q", "A1", "register", "count", 1, days=111, supersedes=other, reason="另一项的记录")
    book.add("Q", "A2", "register", "ratio", {"done": 8, "of": 10}, days=112, supersedes=other)
    fault = book.add(
        "H", "A1", "visit", "verdict", "not_met", check="P-04", url="https://h.kaoping.test/4", days=120
    )
    decided = datetime(2026, 1, 6, tzinfo=UTC)
    book.add("H", "A1", "office", "withdrawn", None, check="P-04", days=120, recorded_at=decided, supersedes=fault, reason="复核 FH-2025-0001：照片拍的不是本单位")  # fmt: skip
    book.add("H", "A2", "office", "points", "18.5", days=121, recorded_at=decided, reason="复核 FH-2025-0001：一件由上级延期")  # fmt: skip
    return book


def bundles() -> dict[str, Files]:
    """Name -> files of the whole bundle and of its first-level part."""
    files = build_bundle(
        rulebook=RULEBOOK,
        units=UNITS,
        observations=edges().lines,
        year=2025,
        as_of=AS_OF,
        aliases={"专家甲": "评审一", "专家乙": "评审二", "专家丙": "评审三"},
        salt=SALT,
        signatures=[
            {"role": "市政务公开办主任", "name": "主任（示例数据）", "at": "2026-01-11T09:00:00+08:00"}
        ],
        example=True,
    )
    manifest, results = loads(files[MANIFEST]), loads(files["results.json"])
    name = f"v{manifest['format_version']}-edges"
    part = public_part(files, "first_level", manifest, RULEBOOK, results)
    return {name: files, f"{name}-first-level": part}


def main() -> int:
    """Write what is not there yet."""
    for name, files in bundles().items():
        if (HERE / name).exists():
            print(f"{name} 已有，不重新生成")
            continue
        verdict = verify_files(files, bundle_digest(files))
        if not verdict.ok:
            print(f"{name} 核对不过：{verdict.as_json()}")
            return 1
        write_folder(files, HERE / name)
        (HERE / f"{name}.digest").write_text(f"{bundle_digest(files)}\n", encoding="utf-8")
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
