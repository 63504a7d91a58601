"""``verify`` cannot be fooled: each alteration is named, as it is and with every digest mended."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.publication.bundle import build, scorers
from kaoping.publication.bundle.build import MANIFEST, build_bundle, bundle_digest, public_part
from kaoping.publication.bundle.canonical import dumps, loads, sha256
from kaoping.publication.bundle.formats import first
from kaoping.publication.bundle.verify import verify_files
from kaoping.standards import loading
from tests.publication.bundle.examples import AS_OF, RULEBOOK, SALT, UNITS, year

FAULT, CLAIM = "o027", "o030"


def built(**more):
    given_ = {
        "rulebook": RULEBOOK,
        "units": UNITS,
        "observations": year().lines,
        "year": 2025,
        "as_of": AS_OF,
        "salt": SALT,
        "aliases": {"专家甲": "甲", "专家乙": "乙"},
        "signatures": [{"role": "第二签发人", "name": "某政务公开办", "at": "2026-01-11T09:00:00+08:00"}],
        "example": True,
        **more,
    }
    return build_bundle(**given_)


FILES = built()
DIGEST = bundle_digest(FILES)


def mended(files):
    """Every digest in the bundle made right again, as a forger would."""
    files = dict(files)
    lines = files["observations.jsonl"].split(b"\n")[:-1]
    files["observations.sha256"] = "".join(
        f"{sha256(line)}  {json.loads(line)['id']}\n" for line in lines
    ).encode()
    manifest = loads(files[MANIFEST])
    manifest["files"] = {
        name: {"sha256": sha256(content), "size": len(content)}
        for name, content in sorted(files.items())
        if name != MANIFEST
    }
    files[MANIFEST] = dumps(manifest)
    return files


def with_observation(change):
    """The bundle with its list of observation objects changed by ``change``."""
    found = [json.loads(line) for line in FILES["observations.jsonl"].split(b"\n")[:-1]]
    found = change(found)
    return {**FILES, "observations.jsonl": b"".join(dumps(one) + b"\n" for one in found)}


def altered(found):
    return [{**one, "value": "met"} if one["id"] == FAULT else one for one in found]


def reworded(found):
    return [{**one, "reason": "改过的理由"} if one["id"] == CLAIM else one for one in found]


def added(found):
    extra = {
        **next(one for one in found if one["id"] == FAULT),
        "id": "o033",
        "artefacts": [{"sha256": None, "url": "https://e.kaoping.test/b.html"}],
    }
    return sorted([*found, extra], key=lambda one: one["id"])


def removed(found):
    return [one for one in found if one["id"] != FAULT]


def with_weight():
    text = FILES["rulebook/rubric.yaml"].decode().replace('each: "0.5"', 'each: "0.4"', 1)
    return {**FILES, "rulebook/rubric.yaml": text.encode()}


def with_total():
    results = loads(FILES["results.json"])
    results["units"][0]["total"] = "99.99"
    return {**FILES, "results.json": dumps(results)}


def with_digest():
    manifest = loads(FILES[MANIFEST])
    manifest["files"]["units.csv"]["sha256"] = "0" * 64
    return {**FILES, MANIFEST: dumps(manifest)}


def said(verdict):
    return " ".join([*verdict.problems, *verdict.differences])


def test_an_honest_bundle_verifies_and_says_what_it_cannot_prove():
    verdict = verify_files(FILES, DIGEST)
    assert verdict.ok, said(verdict)
    assert verdict.complete
    assert verdict.not_provable


@pytest.mark.parametrize(
    ("forged", "named"),
    [
        (with_observation(altered), "o027（E A1）被改动过"),
        (with_observation(reworded), "o030（H A2）被改动过"),
        (with_observation(added), "o033（E A1）是多出来的"),
        (with_observation(removed), "o027 被删去了"),
        (with_weight(), "rulebook/rubric.yaml 的校验值与清单不符"),
        (with_total(), "results.json 的校验值与清单不符"),
        (with_digest(), "units.csv 的校验值与清单不符"),
    ],
    ids=["altered", "reworded", "added", "removed", "weight", "total", "digest"],
)
def test_an_alteration_as_it_is_is_named(forged, named):
    assert named in said(verify_files(forged))


@pytest.mark.parametrize(
    ("forged", "named"),
    [
        (with_observation(altered), "单位 E 指标 A1 得分（points）"),
        (with_observation(added), "单位 E 指标 A1 得分（points）"),
        (with_observation(removed), "单位 E 指标 A1 得分（points）"),
        (with_weight(), "指标 A1 得分（points）"),
        (with_total(), "单位 E 总分（total）：数据包写 99.99"),
    ],
    ids=["altered", "added", "removed", "weight", "total"],
)
def test_with_all_digests_mended_recomputation_names_what_moved(forged, named):
    verdict = verify_files(mended(forged))
    assert verdict.problems in ([], ["dictionary.md 与规则集、清单所说的不同"])
    assert named in verdict.differences[0]
    assert verdict.as_json()["differences"]["count"] == len(verdict.differences) > 0
    assert not verify_files(mended(forged), DIGEST).ok


def test_recomputation_names_the_observation_that_appeared_or_went():
    assert "重算得" in said(verify_files(mended(with_observation(altered))))
    assert "少 o033" in said(verify_files(mended(with_observation(added))))
    assert "多 o027" in said(verify_files(mended(with_observation(removed))))


def idle_claim(found):
    return sorted(
        [*found, {**next(one for one in found if one["id"] == CLAIM), "id": "o034"}],
        key=lambda one: one["id"],
    )


def without_claim(found):
    return [one for one in found if one["id"] != CLAIM]


def with_idle_weight():
    text = FILES["rulebook/timetable.yaml"].decode() + "# 改过\n"
    return {**FILES, "rulebook/timetable.yaml": text.encode()}


@pytest.mark.parametrize(
    "forged",
    [
        with_observation(reworded),
        with_observation(idle_claim),
        with_observation(without_claim),
        with_idle_weight(),
    ],
    ids=["altered", "added", "removed", "rulebook"],
)
def test_with_all_digests_mended_and_nothing_moved_only_the_published_digest_catches_it(forged):
    forged = mended(forged)
    assert verify_files(forged).ok, said(verify_files(forged))
    assert "不是当时公布的数据包" in said(verify_files(forged, DIGEST))


def test_a_published_digest_may_be_written_in_groups_and_capitals():
    groups = " ".join(DIGEST[place : place + 8].upper() for place in range(0, 64, 8))
    assert verify_files(FILES, groups).ok


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_single_byte_that_differs_is_caught(data):
    name = data.draw(st.sampled_from(sorted(FILES)))
    place = data.draw(st.integers(0, len(FILES[name]) - 1))
    flipped = bytearray(FILES[name])
    flipped[place] ^= data.draw(st.integers(1, 255))
    assert not verify_files({**FILES, name: bytes(flipped)}, DIGEST).ok


def test_missing_and_extra_files_are_named():
    assert "缺文件 units.csv" in said(verify_files({k: v for k, v in FILES.items() if k != "units.csv"}))
    assert "多出文件 note.txt" in said(verify_files({**FILES, "note.txt": b"x"}))


def test_the_same_input_gives_the_same_bytes():
    assert built() == FILES


def test_frozen_means_frozen_whatever_rulebooks_are_installed(monkeypatch, tmp_path):
    monkeypatch.setattr(loading, "SHIPPED", tmp_path)
    assert verify_files(FILES, DIGEST).ok


def test_frozen_means_frozen_whatever_the_scorer_becomes(monkeypatch):
    def changed(*given_):
        results = scorers.SCORERS[scorers.SCORER](*given_)
        for unit in results["units"]:
            unit["total"] = "0.00"
        return results

    monkeypatch.setitem(scorers.SCORERS, 99, changed)
    monkeypatch.setitem(scorers.SELECTIONS, 99, scorers.SELECTIONS[scorers.SCORER])
    monkeypatch.setattr(build, "SCORER", 99)
    newer = built()
    assert loads(newer[MANIFEST])["scorer_version"] == 99
    assert loads(newer["results.json"])["units"][0]["total"] == "0.00"
    assert verify_files(newer).ok
    assert verify_files(FILES, DIGEST).ok
    assert "重算得" in said(verify_files(mended({**FILES, "results.json": newer["results.json"]})))


def test_frozen_means_frozen_whatever_words_the_scorer_uses_later(monkeypatch):
    monkeypatch.setattr(first, "SPELT", frozenset({99}))
    results = loads(FILES["results.json"])
    results["units"][0]["grade_reason"] = "从前的措辞"
    results["units"][0]["indicators"]["A1"]["reason"] = "从前的措辞"
    verdict = verify_files(mended({**FILES, "results.json": dumps(results)}))
    assert verdict.ok, said(verdict)
    assert any("措辞" in text for text in verdict.not_provable)


@pytest.mark.parametrize("name", ["format_version", "scorer_version"])
def test_a_version_from_the_future_is_not_guessed_at(name):
    manifest = {**loads(FILES[MANIFEST]), name: 99}
    assert "版本不认识，请用更新的程序" in said(verify_files({**FILES, MANIFEST: dumps(manifest)}))


@pytest.mark.parametrize("level", ["first_level", "totals", "grades"])
def test_a_lower_level_verifies_incompletely_and_names_the_full_digest(level):
    part = public_part(FILES, level, loads(FILES[MANIFEST]), RULEBOOK, loads(FILES["results.json"]))
    verdict = verify_files(part)
    assert verdict.ok, said(verdict)
    assert not verdict.complete
    assert loads(part[MANIFEST])["full_digest"] == DIGEST
    assert "observations.jsonl" not in part


def test_a_total_altered_in_the_reduced_part_is_caught():
    part = public_part(FILES, "first_level", loads(FILES[MANIFEST]), RULEBOOK, loads(FILES["results.json"]))
    results = loads(part["results.json"])
    results["units"][0].update(grade="excellent", exact="61/1", total="61.00")
    assert "等次高于总分所在的档" in said(verify_files({**part, "results.json": dumps(results)}))


def test_hostile_content_is_a_finding_not_a_crash():
    for name, content in (
        ("results.json", b'{"units": NaN}'),
        ("results.json", b'{"a":1,"a":2}'),
        ("observations.jsonl", b'{"id": 1}\n'),
        ("rulebook/rubric.yaml", b"&a [*a]"),
        ("units.csv", b"\xff\xfe"),
        (MANIFEST, b"[" * 100_000),
    ):
        assert not verify_files({**FILES, name: content}).ok


def test_as_of_of_the_bundle_hides_what_was_recorded_later():
    book = year()
    late = book.add("E", "A1", "monitor", "verdict", "not_met", recorded_at=AS_OF + timedelta(seconds=1))
    assert built(observations=book.lines) == FILES
    assert late.encode() not in FILES["observations.jsonl"]


CORRECTS = {"release": "2025-1", "full_digest": "a" * 64, "public_digest": "b" * 64, "reason": "录分有误"}


def test_a_correction_names_what_it_corrects_in_the_part_too():
    files = built(corrects=CORRECTS)
    part = public_part(files, "grades", loads(files[MANIFEST]), RULEBOOK, loads(files["results.json"]))
    for one in (files, part):
        verdict = verify_files(one)
        assert verdict.ok, said(verdict)
        assert verdict.as_json()["corrects"] == CORRECTS
    assert loads(FILES[MANIFEST])["corrects"] is None
    assert verify_files(FILES).corrects is None


@pytest.mark.parametrize(
    "corrects",
    [
        {**CORRECTS, "full_digest": "A" * 64},
        {**CORRECTS, "reason": ""},
        {key: value for key, value in CORRECTS.items() if key != "release"},
        {**CORRECTS, "more": "x"},
        "2025-1",
    ],
)
def test_a_correction_that_names_nothing_is_a_finding(corrects):
    manifest = loads(FILES[MANIFEST]) | {"corrects": corrects}
    verdict = verify_files({**FILES, MANIFEST: dumps(manifest)})
    assert "corrects 不合格式" in said(verdict)
    assert verdict.corrects is None


def test_format_1_knows_no_correction():
    manifest = loads(FILES[MANIFEST]) | {"format_version": 1}
    assert "多出字段 corrects" in said(verify_files({**FILES, MANIFEST: dumps(manifest)}))


def test_how_addresses_are_spelt_must_be_told_and_known():
    manifest = loads(FILES[MANIFEST])
    assert manifest["addresses"] == "whatwg-1"
    for wrong in (
        {**manifest, "addresses": "whatwg-0"},
        {k: v for k, v in manifest.items() if k != "addresses"},
    ):
        verdict = verify_files({**FILES, MANIFEST: dumps(wrong)})
        assert not verdict.ok
        assert any("addresses" in one for one in verdict.problems)
