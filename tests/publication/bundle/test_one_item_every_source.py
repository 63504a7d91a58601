"""The shape of the ledger: one item fed by every source, one line superseded, one withdrawn, as of two dates, verified."""

from datetime import timedelta

from kaoping.publication.bundle.build import build_bundle, bundle_digest
from kaoping.publication.bundle.canonical import loads
from kaoping.publication.bundle.formats.third import Act
from kaoping.publication.bundle.verify import verify_files
from kaoping.scoring.observations import SOURCES
from tests.publication.bundle.examples import AS_OF, RULEBOOK, SALT, START, UNITS, year

SITE = "https://e.kaoping.test/"
MARCH = AS_OF + timedelta(days=60)
DECIDED = (MARCH - timedelta(days=1)).date()
ACTS = {"ruling:misread": Act(DECIDED, 1), "appeal:FH-2025-0001": Act(DECIDED, 2)}


def ledger():
    """E's item A1, seen by every source; the correction and the withdrawal are recorded after the first date."""
    book = year()
    seen = START + timedelta(days=30)

    def say(days, source, kind, value, **more):
        return book.add("E", "A1", source, kind, value, at=seen + timedelta(days=days), **more)

    wrong = say(0, "monitor", "verdict", "not_met", check="P-01", url=f"{SITE}1", reason="超期公开")
    say(1, "draw", "verdict", "not_met", check="P-05", url=f"{SITE}2", by="抽查员")
    say(2, "retest", "verdict", "met", check="P-05", url=f"{SITE}2")
    visit = say(3, "visit", "verdict", "not_met", check="F-01", url="file://2.jpg", by="检查员")
    say(4, "ballot", "verdict", "undecided", check="B-01")
    say(5, "self", "verdict", "not_applicable", by="联络员", reason="以为不涉及")
    say(6, "reviewer", "verdict", "met", check="Z-09", by="专家甲")
    say(7, "register", "count", 2, by="登记员", reason="监督电话记录")
    say(8, "clock", "verdict", "met", check="cases_overdue")
    # A correction of March about June's page: what was known in January does not change.
    book.add(
        "E", "A1", "office", "verdict", "met", check="P-01", url=f"{SITE}1", at=seen,
        recorded_at=MARCH - timedelta(days=1), supersedes=wrong, reason="看错了日期", act="ruling:misread",
    )  # fmt: skip
    book.add(
        "E", "A1", "office", "withdrawn", None, at=seen + timedelta(days=3),
        recorded_at=MARCH - timedelta(days=1), supersedes=visit, reason="照片不是本单位的", act="appeal:FH-2025-0001",
    )  # fmt: skip
    return book.lines, wrong, visit


def bundle(as_of):
    files = build_bundle(
        rulebook=RULEBOOK, units=UNITS, observations=ledger()[0], year=2025, as_of=as_of, salt=SALT, acts=ACTS
    )
    unit = next(one for one in loads(files["results.json"])["units"] if one["unit"] == "E")
    return files, unit["indicators"]["A1"]


def test_every_source_is_in_it():
    assert {one.source for one in ledger()[0] if (one.unit, one.item) == ("E", "A1")} == set(SOURCES)


def test_january_knows_neither_the_correction_nor_the_withdrawal():
    files, line = bundle(AS_OF)
    _lines, wrong, visit = ledger()
    # P-03, P-01 and F-01 stand (1.5), P-05 was mended (0.25), two of the register (1.0).
    assert line["points"] == "17.25"
    assert {wrong, visit} <= set(line["observations"])
    assert verify_files(files, bundle_digest(files)).ok


def test_march_knows_both_and_the_bundle_keeps_what_was_replaced():
    files, line = bundle(MARCH)
    _lines, wrong, visit = ledger()
    # P-03 stands (0.5), P-05 was mended (0.25), two of the register (1.0).
    assert line["points"] == "18.25"
    assert not {wrong, visit} & set(line["observations"])
    assert f'"supersedes":"{wrong}"'.encode() in files["observations.jsonl"]
    assert f'"id":"{wrong}"'.encode() in files["observations.jsonl"]
    assert verify_files(files, bundle_digest(files)).ok


def test_the_two_dates_are_two_bundles():
    assert bundle_digest(bundle(AS_OF)[0]) != bundle_digest(bundle(MARCH)[0])
