"""Redaction hides names, words and addresses, never a value, and never moves a point."""

from dataclasses import replace

import pytest

from kaoping.publication.bundle.build import BundleError, build_bundle
from kaoping.publication.bundle.canonical import loads
from kaoping.publication.bundle.redact import MARK, digest_of, redacted
from kaoping.scoring.faults import read_faults
from tests.publication.bundle.examples import AS_OF, PAGE, RULEBOOK, SALT, UNITS, Ledger, year


def test_names_words_and_private_addresses_are_gone_values_stay():
    before = year().lines
    after = redacted(before, {}, SALT)
    text = str(after)
    for secret in ("专家", "检查员", "登记员", "联络员", "私下的评语", "本单位没有申请", "photo.jpg"):
        assert secret not in text
    kept = (
        "id",
        "unit",
        "item",
        "check",
        "source",
        "observed_at",
        "recorded_at",
        "kind",
        "value",
        "supersedes",
    )
    for one, other in zip(before, after, strict=True):
        assert [getattr(one, name) for name in kept] == [getattr(other, name) for name in kept]
        assert [ref.sha256 for ref in one.artefacts] == [ref.sha256 for ref in other.artefacts]


def test_what_the_public_may_read_anyway_stays():
    after = {one.id: one for one in redacted(year().lines, {}, SALT)}
    assert after["o027"].reason == "缺索引号"
    assert after["o027"].artefacts[0].url == PAGE


def test_the_office_can_show_what_a_digest_stands_for_and_others_cannot_guess_it():
    hidden = {one.id: one for one in redacted(year().lines, {}, SALT)}["o030"]
    assert hidden.by == digest_of(SALT, "联络员李某")
    assert hidden.by != digest_of(b"guess", "联络员李某")


def test_redacting_twice_changes_nothing():
    once = redacted(year().lines, {}, SALT)
    assert redacted(once, {one: one for one in ("评审 1", "评审 2", "评审 3")}, SALT) == once


def test_reviewers_appear_by_alias_given_or_numbered_in_no_order_of_names():
    lines = redacted(year().lines, {"专家甲": "A07"}, SALT)
    assert {one.by for one in lines if one.source == "reviewer"} == {"A07", "评审 1", "评审 2"}
    orders = {
        tuple(one.by for one in redacted(year().lines, {}, bytes([salt])) if one.source == "reviewer")[:3]
        for salt in range(30)
    }
    assert len(orders) > 1


def test_two_reviewers_under_one_alias_are_refused():
    with pytest.raises(ValueError, match="同一个化名"):
        redacted(year().lines, {"专家甲": "甲", "专家乙": "甲"}, SALT)


def seen_by_monitor_and_visit():
    book = year()
    visit = book.add("E", "A1", "visit", "verdict", "not_met", check="P-03", url=PAGE, by="检查员")
    return book.lines, visit


def bundle(lines, **more):
    return build_bundle(
        rulebook=RULEBOOK, units=UNITS, observations=lines, year=2025, as_of=AS_OF, salt=SALT, **more
    )


def points(files, unit="E", item="A1"):
    results = loads(files["results.json"])
    return next(one for one in results["units"] if one["unit"] == unit)["indicators"][item]["points"]


def test_one_fault_seen_by_a_public_and_a_private_source_stays_one_fault():
    lines, _visit = seen_by_monitor_and_visit()
    assert points(bundle(lines)) == "19.50"


def test_an_address_withheld_once_is_hidden_everywhere_and_still_one_fault():
    lines, visit = seen_by_monitor_and_visit()
    files = bundle(lines, withheld={visit: ["address"]})
    assert PAGE.encode() not in files["observations.jsonl"]
    assert points(files) == "19.50"


def test_reason_and_bytes_of_one_observation_can_be_withheld():
    lines = [replace(one, reason="王某 320402…") if one.id == "o031" else one for one in year().lines]
    after = {one.id: one for one in redacted(lines, {}, SALT, {"o031": ["reason"], "o005": ["bytes"]})}
    assert after["o031"].reason.startswith(MARK)
    assert after["o005"].artefacts[0].sha256 == digest_of(SALT, "a" * 64)
    with pytest.raises(ValueError, match="不能遮蔽 value"):
        redacted(lines, {}, SALT, {"o031": ["value"]})


def test_a_redaction_that_would_move_a_point_is_refused_not_published(monkeypatch):
    def careless(lines, *_rest):
        return [replace(one, value="met") if one.id == "o027" else one for one in lines]

    monkeypatch.setattr("kaoping.publication.bundle.build.redacted", careless)
    with pytest.raises(BundleError, match="遮蔽会改变结果：单位 E 指标 A1 得分"):
        bundle(year().lines)


def test_reasons_in_results_repeat_nothing_hidden():
    results = bundle(year().lines)["results.json"].decode()
    assert "评语" not in results
    assert "没有申请" not in results


def test_one_fault_stays_one_when_an_older_line_names_it_by_its_address_and_a_newer_one_by_its_target():
    page = "https://e.kaoping.test/9"
    book = Ledger()
    book.add("E", "A1", "visit", "verdict", "not_met", check="P-02", url=page, days=3)
    book.add("E", "A1", "visit", "verdict", "not_met", check="P-02", target=f"page:{page}", days=4)
    book.add(
        "H", "A1", "visit", "verdict", "not_met", check="P-02", target="page:https://h.kaoping.test/", days=4
    )
    before = book.lines
    after = redacted(before, {}, SALT)
    assert after[0].artefacts[0].url == after[1].target == digest_of(SALT, f"page:{page}")
    assert after[1].target != after[2].target
    assert redacted(before, {}, b"another")[1].target != after[1].target
    assert [read_faults([one for one in lines if one.unit == "E"]).standing for lines in (before, after)] == [
        1,
        1,
    ]


def test_a_target_that_is_withheld_is_withheld_as_an_address_too():
    page = "https://e.kaoping.test/9"
    book = Ledger()
    book.add("E", "A1", "monitor", "verdict", "not_met", check="P-02", url=page, days=3)
    new = book.add(
        "E", "A1", "retest", "verdict", "met", check="P-02", target=f"page:{page}", url=page, days=4
    )
    assert page in str(redacted(book.lines, {}, SALT))
    assert page not in str(redacted(book.lines, {}, SALT, {new: ["address"]}))
