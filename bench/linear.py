"""Processor time over hostile text: ``python -m bench.linear [--doors-only]``.

Every pattern behind ``kaoping.patterns`` is discovered (module-level objects of every module of the product) and run over
10 kB, 100 kB and 1 MB of blanks, line ends, ``<``, digits, carriage returns, one long word and Chinese; so is every door
of ``DOORS``, the functions that read what people and sites hand in. Time per byte may grow by a fifth from one size to
the next, and by ``SLACK`` for what caches and fresh memory cost. Prints JSON; ends with 1 when anything grows faster.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import os
import pkgutil
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from bench.installation import late

import kaoping
from kaoping.patterns import Pattern

SIZES: Final = (10_000, 100_000, 1_000_000)
SHAPES: Final = {
    "blanks": " ",
    "lines": "\n",
    "lines with a blank": " \n",
    "less than": "<",
    "tags": "<a>",
    "digits": "1",
    "carriage returns": "\r",
    "one long word": "a",
    "one long Chinese word": "密",
    "brackets": "(",
    "backslashes": "\\",
    "quotation marks": '"',
}
FACTOR: Final = 1.2
# Nanoseconds a byte that caches and fresh memory may cost between two sizes.
SLACK: Final = 4.0
REPEATS: Final = 5
# Further measurements of what seems to grow: what does grow, grows in each.
AGAIN: Final = 4
# Nanoseconds after which one size has been measured long enough.
ENOUGH: Final = 150_000_000
# Modules that start something when they are imported.
_LEFT_OUT: Final = (
    "kaoping.__main__",
    "kaoping.config.asgi",
    "kaoping.config.wsgi",
    "kaoping.config.settings",
    "kaoping.support.reading_child",
)


def patterns() -> dict[str, Pattern]:
    """Every pattern of the product by the name of its module and its own."""
    found: dict[str, Pattern] = {}
    for module in pkgutil.walk_packages(kaoping.__path__, "kaoping."):
        if module.name.startswith(_LEFT_OUT) or ".migrations" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for number, one in enumerate(_flat(value)):
                if isinstance(one, Pattern):
                    found[f"{module.name.removeprefix('kaoping.')}:{name}{number or ''}"] = one
    return found


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for one in value:
            yield from _flat(one)
    else:
        yield value


def doors() -> dict[str, Callable[[str], Any]]:
    """Every function that takes what people and sites hand in, as a function of a text."""
    look = late("kaoping.evidence.looking").look
    marks, decoding = late("kaoping.evidence.marks"), late("kaoping.evidence.decoding")
    rows, sheet = late("kaoping.support.sheets"), late("kaoping.foreign.sheet")
    register, roster = late("kaoping.evidence.register"), late("kaoping.registry.roster")
    page, receipts = late("kaoping.crawling.page"), late("kaoping.evaluation.ballotbox.receipts")
    serving, render = late("kaoping.web.portal.serving"), late("kaoping.reporting.render.csv")
    tables, attachment = late("kaoping.reporting.tables"), late("kaoping.web.ui.attachment")
    found: dict[str, Callable[[str], Any]] = {
        "secrecy_mark": marks.secrecy_mark,
        "starred_mark": marks.starred_mark,
        "mark_in_name": marks.mark_in_name,
        "stripped": lambda text: list(decoding.stripped(text)),
        "look txt": lambda text: look("a.txt", text.encode()),
        "look txt gb18030": lambda text: look("a.txt", ("中" + text).encode("gb18030")),
        "look html": lambda text: look("a.html", f"<p>{text}</p>".encode()),
        "look rtf": lambda text: look("a.doc", ("{\\rtf1 " + text).encode()),
        "look docx": lambda text: look("a.docx", _zipped("word/document.xml", text.encode())),
        "look zip": lambda text: look("a.zip", _zipped("a.txt", text.encode())),
        "look pdf": lambda text: look("a.pdf", b"%PDF-1.7 " + text.encode()),
        "look pdf stream": lambda text: look(
            "a.pdf", b"%PDF-1.7\nstream\n" + zlib.compress(text.encode()) + b"\nendstream"
        ),
        "csv": lambda text: _refusing(rows.read_cells, "a.csv", text.encode(), register.LEDGER.headings),
        "register": lambda text: register.read_register(
            sheet.lay_out(_filled(sheet, register.LEDGER, text), register.LEDGER),
            units=(),
            items={},
            today=_DAY,
        ),
        "roster": lambda text: roster.parse(dict.fromkeys(roster.FIELDS, text)),
    }
    found |= {
        "crawled page": lambda text: page.read_page(f"<p>{text}</p>".encode(), "http://a.test/", "text/html"),
        "decoded": lambda text: late("kaoping.crawling.charset").decode(text.encode(), "text/html"),
        "lines of a text": late("kaoping.crawling.text").lines_of,
        "squeezed": late("kaoping.crawling.text").squeeze,
        "dates in": lambda text: late("kaoping.crawling.dates").dates_and_rest(text),
        "date in an address": late("kaoping.crawling.dates").date_in_url,
        "receipt": lambda text: _refusing(receipts.receipt_hash, text),
        "cell of the public CSV": serving.harmless,
        "CSV": lambda text: render.render_csv(tables.Table("x", ["a"], [[text]])),
        "digest": attachment.is_digest,
    }
    return found


def _filled(sheet: Any, declared: Any, text: str) -> Any:
    """A table with one row, the text in each of its cells."""
    heads = [one.heading for one in declared.columns]
    return sheet.Offered("", [(1, heads), (2, [text] * len(heads))])


def _refusing(function: Callable[..., Any], *arguments: Any) -> Any:
    """A reader that refuses in words has read, too."""
    try:
        return function(*arguments)
    except ValueError:
        return None


_DAY: Final = late("datetime").date(2025, 1, 1)


def _zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def measured(run: Callable[[str], Any], shape: str) -> list[float]:
    """Nanoseconds a byte of processor time for each size; the best of some runs, the sizes in turn, so that another
    process on the machine slows all of them and not one.
    """
    texts = [
        (shape * (size // len(shape.encode()) + 1))[: size // len(shape.encode()) * len(shape)]
        for size in SIZES
    ]
    best, spent = [float("inf")] * len(SIZES), 0
    for _ in range(REPEATS):
        for place, text in enumerate(texts):
            rounds = max(1, 100_000 // SIZES[place])
            began = time.process_time_ns()
            for _ in range(rounds):
                run(text)
            took = time.process_time_ns() - began
            best[place], spent = min(best[place], took / rounds / len(text.encode())), spent + took
        if spent > ENOUGH:
            break
    return [round(one, 3) for one in best]


def grows(times: list[float]) -> bool:
    """Whether a byte of a larger text costs too much more than one of a smaller."""
    return any(after > before * FACTOR + SLACK for before, after in zip(times, times[1:], strict=False))


def _all_of(pattern: Any, text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _jobs(doors_only: bool) -> Iterator[tuple[str, Callable[[str], Any]]]:
    if not doors_only:
        for name, pattern in patterns().items():
            yield f"search {name}", pattern.search
            yield f"all of {name}", partial(_all_of, pattern)
    yield from doors().items()


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--doors-only", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _settings(folder)
        return _report(args.doors_only)


def _settings(folder: str) -> None:
    os.environ |= {
        "KAOPING_DATA": folder,
        "KAOPING_SECRET_KEY": "bench",
        "DJANGO_SETTINGS_MODULE": "kaoping.config.settings_test",
    }
    late("django").setup()


def _report(doors_only: bool) -> int:
    rows, bad = {}, []
    for name, run in _jobs(doors_only):
        for label, shape in SHAPES.items():
            times = measured(run, shape)
            for _ in range(AGAIN):
                if grows(times):  # another process may have taken the caches
                    times = [min(pair) for pair in zip(times, measured(run, shape), strict=True)]
            rows[f"{name}, {label}"] = times
            if grows(times):
                bad.append(f"{name}, {label}: {times}")
                print(f"grows: {bad[-1]}", file=sys.stderr, flush=True)
    slowest = dict(sorted(rows.items(), key=lambda one: -one[1][-1])[:10])
    report = {
        "sizes": SIZES,
        "runs": len(rows),
        "slowest_ns_per_byte": slowest,
        "grows": bad,
    }
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
