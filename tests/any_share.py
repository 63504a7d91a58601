"""How much of the web has no type: ``python -m tests.any_share`` checks the types of everything and measures the share of ``Any``.

A step of ``make lint`` and not a test: mypy keeps no types of expressions in its cache, so that the share costs a whole check, some
twenty seconds. This one run takes the place of the one that lint makes anyway. For work in between, ``mypy`` alone is quick.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).parents[1]
# Percent of the expressions of the web: below the aim, and held at what is measured, downwards only.
AIM: Final = 5.0
LIMIT: Final = 1.5
PACKAGE: Final = "kaoping.web"

_ROW: Final = re.compile(r"\s*(?P<module>[\w.]+)\s+(?P<any>\d+)\s+(?P<all>\d+)\s+[\d.]+%")


def share(report: str, package: str) -> tuple[float, dict[str, float]]:
    """Percent of expressions without a type in a package, and of each part below it, as mypy's report counts them."""
    counted: dict[str, list[int]] = {}
    for line in report.splitlines():
        row = _ROW.fullmatch(line)
        if row and f"{row['module']}.".startswith(f"{package}."):
            part = ".".join(row["module"].split(".")[: package.count(".") + 2])
            for name in {package, part}:
                sums = counted.setdefault(name, [0, 0])
                sums[0] += int(row["any"])
                sums[1] += int(row["all"])
    percent = {name: 100 * sums[0] / sums[1] for name, sums in counted.items() if sums[1]}
    return percent.pop(package, 0.0), percent


def words(report: str, *, limit: float, package: str = PACKAGE) -> tuple[str, bool]:
    """What is said of a report, and whether it keeps within ``limit``."""
    whole, parts = share(report, package)
    said = ", ".join(f"{name} {part:.2f}%" for name, part in sorted(parts.items(), key=lambda one: -one[1]))
    line = f"Any in {package}: {whole:.2f}% of all expressions (limit {limit}, aim {AIM}): {said}"
    return line, whole <= limit


def checked(arguments: Iterable[str] = ()) -> tuple[int, str]:
    """mypy's verdict over the program, and its report of expressions."""
    with TemporaryDirectory() as folder:
        asked = [sys.executable, "-m", "mypy", "--any-exprs-report", folder, *arguments]
        code = subprocess.run(asked, check=False, cwd=ROOT).returncode
        report = Path(folder, "any-exprs.txt")
        return code, report.read_text(encoding="utf-8") if report.exists() else ""


def main() -> int:
    """Both: the types hold, and the share keeps within its limit."""
    code, report = checked()
    line, good = words(report, limit=LIMIT)
    print(line)
    return code or (0 if good else 1)


if __name__ == "__main__":
    sys.exit(main())
