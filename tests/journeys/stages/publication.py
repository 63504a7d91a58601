"""Sign-off by a second person, frozen, approved on paper, published; a citizen takes the bundle home and recomputes it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from kaoping.evidence.logic import PLEDGE
from tests.journeys.driver import Journey, a_file
from tests.journeys.stages import gates

RESULT = "/desk/approval/2025/result/"


def walk(journey: Journey) -> None:
    """From the last sheet to the verified copy."""
    journey.at("2026-01-13")
    _sign(journey)
    gates.opens(journey, "签发冻结")
    _freeze(journey)
    _approve(journey)
    journey.citizen().go("/2025/", status=404)
    _publish(journey)
    _verify(journey, *_take_home(journey))


def _sign(journey: Journey) -> None:
    handler = journey.desk("jingban").go("/desk/scoring/2025/").press("计算计分表").sees("已计算")
    gates.shut(journey, "签发冻结", "计分表没有第二人签发")
    handler.go("/desk/scoring/2025/sign-off/").sees("签发由第二签发人办理，不能由经办自己签发。").cannot(
        "签发"
    )
    said = handler.send("/desk/scoring/2025/sign-off/", {"confirm_year": "2025"}, status=409)
    assert "没有签发" in said
    signer = (
        journey.desk("qianfa").go("/desk/scoring/2025/sign-off/").fill_year("2024").press("签发", status=409)
    )
    signer.sees("请输入年份 2025 确认。").fill_year("2025").press("签发").sees("计分表已签发")


def _freeze(journey: Journey) -> None:
    handler = (
        journey.desk("jingban")
        .go("/desk/publication/2025/freeze/")
        .fill_year("2024")
        .press("冻结", status=409)
    )
    handler.fill_year("2025").press("冻结").sees("已冻结，完整数据包校验值")


def _approve(journey: Journey) -> None:
    handler = journey.desk("jingban").go("/desk/publication/2025/").sees("结果呈批表缺")
    handler.offers_no("公开", within=".kp-gates")
    for username in ("jingban", "fuzeren", "lingdao"):
        journey.desk(username).go(f"{RESULT}sign/").fill("意见", "同意").press("签批").sees("已签批")
    handler.go(f"{RESULT}scan/").attach("签字扫描件", a_file("结果呈批表.pdf", b"%PDF-1.4 an example")).tick(
        PLEDGE
    ).press("附上")


def _publish(journey: Journey) -> None:
    handler = journey.desk("jingban").go("/desk/publication/2025/").follow("公开", within=".kp-gates")
    handler.fill_year("2025").press("公开").sees("2025 年度结果已公开。")
    handler.go("/desk/board/2025/").sees("2025")


def _take_home(journey: Journey) -> tuple[bytes, str]:
    """The public pages, and the bundle by the link that they show, with the digest that they print."""
    citizen = (
        journey.citizen().go("/2025/").sees("示例数据", "得分怎样分布", "不参评", "国家税务总局常州市税务局")
    )
    citizen.follow("市教育局", within="main").sees("复核 FH-CZ0-2025-0001")
    citizen.go("/2025/CZD17/").sees("不涉及")
    citizen.go("/2025/CZE04/").sees("不足 30 份")
    citizen.go("/2025/data/").sees("怎样核对", "kaoping verify")
    digest = re.search(r"--digest ([0-9a-f]{64})", citizen.text())
    assert digest
    _name, content = citizen.download("年度数据包")
    return content, digest[1]


def _verify(journey: Journey, content: bytes, digest: str) -> None:
    """On a copy in an empty folder, with no installation named; then with one byte of one file altered."""
    home = journey.installation.folder.parent / "home"
    home.mkdir()
    bare = {
        "cwd": home,
        "env": {
            key: value for key, value in journey.installation.environment.items() if "KAOPING" not in key
        },
    }
    (home / "bundle.zip").write_bytes(content)
    said = journey.installation.command("verify", "bundle.zip", "--digest", digest, **bare)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "核对一致" in said.stdout and "示例数据" in said.stdout
    _alter_one_byte(home / "bundle.zip", home / "altered.zip")
    said = journey.installation.command("verify", "altered.zip", "--digest", digest, **bare)
    assert said.returncode == 1 and "observations" in said.stdout, said.stdout + said.stderr
    assert sorted(one.name for one in home.iterdir()) == ["altered.zip", "bundle.zip"]


def _alter_one_byte(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "observations.jsonl":
                place = content.index(b"good")
                content = content[:place] + b"f" + content[place + 1 :]
            new.writestr(entry, content)
