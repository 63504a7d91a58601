"""A small published folder for the portal's tests: two groups, a finished year, a poll.

``python -m tests.web.portal.publishing FOLDER`` writes one to look at with a browser.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from nacl.public import PrivateKey

from kaoping.publication import shelf
from kaoping.publication.bundle.build import MANIFEST, build_bundle, bundle_digest, public_part
from kaoping.scoring.observations import ArtefactRef, Observation
from kaoping.scoring.units import Unit
from kaoping.standards.loading import load_rulebook

RULEBOOK = load_rulebook("changzhou-2020")
NAMES = (
    ("市教育局", "市级部门"),
    ("市水利局", "市级部门"),
    ("市卫生健康委", "市级部门"),
    ("市人力资源社会保障局", "市级部门"),
    ("市自然资源和规划局", "市级部门"),
    ("东城区", "辖市、区"),
    ("西城区", "辖市、区"),
    ("样例经开区", "辖市、区"),
)
LEVELS = ("good", "fair", "good", "middling", "fair", "good", "middling", "poor")
HOSTILE = '<script>alert("x")</script>"&'


def units() -> list[Unit]:
    """Eight units in register order."""
    return [
        Unit(
            f"U{number}",
            f"样例市{name.removeprefix('市')}" if name.startswith("市") else name,
            name,
            "department" if group == "市级部门" else "district_government",
            group=group,
        )
        for number, (name, group) in enumerate(NAMES, start=1)
    ]


def observations(year: int, members: list[Unit], shift: int = 0) -> list[Observation]:
    """Every item of every unit observed; the last unit of the list has few ballots, one finding is hostile text."""
    found: list[Observation] = []
    at = datetime(year, 6, 1, 1, tzinfo=UTC)

    def add(unit: Unit, item: str, source: str, kind: str, value: Any, **more: Any) -> None:
        found.append(
            Observation(
                id=f"{year}-{len(found):05d}",
                unit=unit.code,
                item=item,
                check=None,
                source=source,
                observed_at=at + timedelta(minutes=len(found)),
                recorded_at=at + timedelta(minutes=len(found)),
                kind=kind,
                value=value,
                **more,
            )
        )

    for place, unit in enumerate(members):
        level = LEVELS[(place + shift) % len(LEVELS)]
        for leaf in RULEBOOK.rubric.leaves():
            if leaf.role != "item" or (leaf.applies_to and unit.kind not in leaf.applies_to):
                continue
            if leaf.method == "judged":
                add(unit, leaf.code, "reviewer", "level", level, by="甲", reason="材料齐全")
            elif leaf.method == "ratio":
                add(unit, leaf.code, "register", "ratio", {"done": max(10 - place, 0), "of": 10})
            elif leaf.method == "satisfaction":
                number = int(leaf.code[-1])
                few = place == len(members) - 1
                options = {
                    "satisfied": 40 - 3 * number,
                    "basic": 12,
                    "dissatisfied": 4 + number,
                    "unclear": 6,
                }
                options = {"satisfied": 3, "basic": 2, "dissatisfied": 0, "unclear": 0} if few else options
                add(unit, leaf.code, "ballot", "tally", {"question": f"q{number}", "options": options})
    add(
        members[1],
        "K3.3.p",
        "monitor",
        "verdict",
        "not_met",
        reason=f"栏目 {HOSTILE} 逾期没有更新",
        artefacts=(ArtefactRef("ab" * 32, "http://u2.kaoping.test/"),),
    )
    add(members[4], "V3", "office", "verdict", "not_met", reason="台账与实际不符")
    return found


def evaluation(members: list[Unit]) -> dict[str, Any]:
    """What the release says of the evaluation."""
    return {
        "questionnaire": "changzhou-2020",
        "version": "2020.1",
        "units": [
            {
                "unit": unit.code,
                "n": 5 if unit is members[-1] else 62,
                "satisfaction": None,
                "grade": None if unit is members[-1] else "基本满意",
                "grade_reason": "有效问卷 5 份，不足 30 份，不给出等次。"
                if unit is members[-1]
                else "满意度得分 74.21，不低于 60、低于 80，为基本满意。",
            }
            for unit in members
        ],
        "warnings": [],
    }


@lru_cache(maxsize=8)
def built(year: int, shift: int, example: bool) -> dict[str, bytes]:
    """The full bundle of a year."""
    members = units()
    return build_bundle(
        rulebook=RULEBOOK,
        units=members,
        observations=observations(year, members, shift),
        year=year,
        as_of=datetime(year + 1, 1, 10, tzinfo=UTC),
        signatures=[
            {"role": "计分表第二签发人", "name": "政务公开办", "at": f"{year + 1}-01-12T02:00:00+00:00"}
        ],
        salt=b"salt",
        example=example,
    )


def publish(
    folder: Path,
    year: int = 2025,
    number: int = 1,
    level: str = "full",
    *,
    example: bool = True,
    shift: int = 0,
    corrects: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """One release on the shelf; returns its ``release.json``."""
    members, files = units(), built(year, shift, example)
    public = public_part(
        files, level, json.loads(files[MANIFEST]), RULEBOOK, json.loads(files["results.json"])
    )
    facts = {
        "organiser": "",
        "main": True,
        "year": year,
        "number": number,
        "level": level,
        "example": example,
        "note": "",
        "corrects": corrects and {"number": corrects["number"], "reason": "评审录分有误"},
        "published_at": f"{year + 1}-0{number}-20T01:00:00+00:00",
        "full_digest": bundle_digest(files),
        "public_digest": bundle_digest(public),
        "not_participating": [{"name": "样例市气象局", "reason": "垂直管理"}],
        "appeals": {"upheld": 1, "rejected": 2},
        "evaluation": evaluation(members),
    }
    shelf.write_release(folder, facts, public)
    return facts


def announce(
    folder: Path, now: datetime, *, opens: int = -5, closes: int = 5, uid: str = "poll-2025"
) -> None:
    """A poll file that opens and closes so many days from ``now``."""
    polls = folder / "polls"
    polls.mkdir(parents=True, exist_ok=True)
    data = {
        "id": uid,
        "title": "2025 年社会评议",
        "organiser": "",
        "main": True,
        "year": 2025,
        "opens_at": (now + timedelta(days=opens)).isoformat(),
        "closes_at": (now + timedelta(days=closes)).isoformat(),
        "public_key": bytes(PrivateKey.generate().public_key).hex(),
        "questionnaire": RULEBOOK.questionnaire,
        "units": [
            {"code": one.code, "name": one.name, "short_name": one.short_name, "group": one.group}
            for one in units()
        ],
        "example": True,
        "min_n": 30,
        "government_networks": ["10.0.0.0/8"],
    }
    (polls / f"{uid}.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    publish(target, 2024, shift=1)
    publish(target, 2025)
    announce(target, datetime.fromisoformat(sys.argv[2]))
