"""An invented arrangement of 2027, in the manner of the yearly notice; no notice of the State Council says this."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

SCHEMA: Final = json.loads(
    (Path(__file__).parents[2] / "docs/reference/schemas/calendar.schema.json").read_text(encoding="utf-8")
)


def _off(first: str, n: int, name: str) -> list[dict[str, Any]]:
    start = date.fromisoformat(first)
    return [
        {"date": (start + timedelta(days=offset)).isoformat(), "working": False, "name": name}
        for offset in range(n)
    ]


def _work(day: str, name: str) -> dict[str, Any]:
    return {"date": day, "working": True, "name": name}


NOTICE_2027: Final[dict[str, Any]] = {
    "years": [2027],
    "source": "示例发电〔2026〕1号",
    "days": [
        *_off("2027-01-01", 3, "元旦"),
        *_off("2027-02-05", 8, "春节"),
        _work("2027-01-30", "春节"),
        _work("2027-02-20", "春节"),
        *_off("2027-04-03", 3, "清明节"),
        *_off("2027-05-01", 5, "劳动节"),
        _work("2027-05-08", "劳动节"),
        *_off("2027-06-09", 1, "端午节"),
        *_off("2027-09-15", 1, "中秋节"),
        *_off("2027-10-01", 7, "国庆节"),
        _work("2027-09-26", "国庆节"),
        _work("2027-10-09", "国庆节"),
    ],
}


def notice(**changes: Any) -> bytes:
    """The invented notice as a JSON file."""
    return json.dumps({**NOTICE_2027, **changes}, ensure_ascii=False).encode()
