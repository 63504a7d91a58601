"""A forger who mends every digest and also edits list, level or shape: still a finding, never a pass, never a crash."""

from datetime import date

import pytest

from kaoping.publication.bundle.build import MANIFEST, bundle_digest, public_part
from kaoping.publication.bundle.canonical import dumps, loads, sha256
from kaoping.publication.bundle.verify import verify_files
from kaoping.scoring.units import Unit
from tests.publication.bundle.examples import RULEBOOK, UNITS
from tests.publication.bundle.test_verify import DIGEST, FILES, built, said

REDUCED = public_part(FILES, "first_level", loads(FILES[MANIFEST]), RULEBOOK, loads(FILES["results.json"]))


def resealed(files, **facts):
    """The manifest listing exactly ``files`` with right digests, other facts replaced."""
    listed = {
        name: {"sha256": sha256(content), "size": len(content)}
        for name, content in files.items()
        if name != MANIFEST
    }
    return {**files, MANIFEST: dumps({**loads(files[MANIFEST]), "files": listed, **facts})}


def without(*names, of=FILES):
    return {name: content for name, content in of.items() if name not in names}


@pytest.mark.parametrize(
    "name",
    sorted(name for name in FILES if name != MANIFEST and not name.startswith("rulebook/cases")),
)
def test_a_file_left_out_of_bundle_and_list_is_missed(name):
    verdict = verify_files(resealed(without(name)))
    assert not verdict.ok
    assert name.split("/")[0] in said(verdict)


def test_a_bundle_of_nothing_is_not_good():
    verdict = verify_files(resealed({MANIFEST: FILES[MANIFEST]}))
    assert "缺文件 results.json" in said(verdict)
    assert "缺文件 observations.jsonl" in said(verdict)


def test_a_listed_stranger_is_named():
    assert "多出文件 note.txt" in said(verify_files(resealed({**FILES, "note.txt": b"x"})))


def test_a_whole_bundle_cannot_pass_as_a_lower_level_nor_the_other_way_round():
    assert "多出文件 observations.jsonl" in said(verify_files(resealed(FILES, level="grades")))
    assert "缺文件 observations.jsonl" in said(verify_files(resealed(REDUCED, level="full")))


def test_a_line_hidden_behind_the_last_newline_is_seen():
    line = FILES["observations.jsonl"].split(b"\n")[0]
    forged = resealed({**FILES, "observations.jsonl": FILES["observations.jsonl"] + line})
    assert "最后一行没有换行" in said(verify_files(forged))


def lines_with(change):
    return resealed(
        {
            **FILES,
            "observations.jsonl": b"\n".join(change(FILES["observations.jsonl"].split(b"\n")[:-1])) + b"\n",
        }
    )


def test_duplicate_and_unsorted_observations_are_named():
    assert "第 2 行" in said(verify_files(lines_with(lambda lines: [lines[0], *lines])))
    assert "编号重复" in said(verify_files(lines_with(lambda lines: [lines[0], *lines])))
    assert "没有按编号排序" in said(verify_files(lines_with(lambda lines: [*lines[1:], lines[0]])))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "points", "value": "1e999999999"},
        {"kind": "points", "value": "9" * 5000},
        {"kind": "count", "value": -1},
        {"kind": "verdict", "value": ["met"]},
        {"observed_at": "2025-06-01"},
        {"id": ""},
        {"surprise": 1},
    ],
)
def test_an_absurd_observation_is_named_by_its_line(change):
    forged = lines_with(lambda lines: [dumps({**loads(lines[0]), **change}), *lines[1:]])
    assert "observations.jsonl 第 1 行" in said(verify_files(forged))


@pytest.mark.parametrize(
    "line",
    [b'{"id":1,"id":2}', b'{"value":NaN}', b'{"value":1.5}', b"[]", b"", b"\xff", b"[" * 50_000],
)
def test_a_line_that_is_not_strict_json_is_named(line):
    assert "observations.jsonl 第 1 行" in said(verify_files(lines_with(lambda lines: [line, *lines[1:]])))


def test_a_line_in_other_spelling_is_named():
    spaced = lines_with(lambda lines: [lines[0].replace(b":", b": ", 1), *lines[1:]])
    assert "不是规范写法" in said(verify_files(spaced))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("year", "2025"),
        ("year", 10**15),
        ("as_of", "2026-01-10T00:00:00"),
        ("as_of", 7),
        ("variant", "Z"),
        ("variant", None),
        ("example", 1),
        ("complete", False),
        ("not_provable", []),
        ("not_provable", "nothing"),
        ("full_digest", "0" * 64),
        ("signatures", [{"role": "x"}]),
        ("wording_version", "1"),
        ("rulebook", "other"),
        ("period", []),
        ("level", "everything"),
        ("format_version", True),
        ("files", []),
        ("kind", "zip"),
    ],
)
def test_a_manifest_with_a_wrong_fact_is_refused(name, value):
    forged = {**FILES, MANIFEST: dumps({**loads(FILES[MANIFEST]), name: value})}
    verdict = verify_files(forged)
    assert not verdict.ok
    assert verdict.problems


def test_a_manifest_with_more_or_fewer_fields_is_refused():
    data = loads(FILES[MANIFEST])
    assert "多出字段 note" in said(verify_files({**FILES, MANIFEST: dumps({**data, "note": "x"})}))
    del data["signatures"]
    assert "缺字段 signatures" in said(verify_files({**FILES, MANIFEST: dumps(data)}))


@pytest.mark.parametrize(
    "content",
    [
        b'{"kind":"kaoping-bundle","level":"full","files":{},"year":1e999}',
        b'{"kind":"kaoping-bundle","level":"full","files":{},"year":"\\ud800"}',
        b'{"kind":"kaoping-bundle","level":[],"files":{}}',
        b"null",
        b"",
        b"\x00",
    ],
)
def test_a_hostile_manifest_is_a_finding(content):
    assert "manifest.json" in said(verify_files({**FILES, MANIFEST: content}))


@pytest.mark.parametrize(
    "content",
    [
        dumps([]),
        dumps({"units": [None]}),
        dumps({"units": [{"unit": {}}]}),
        dumps({"units": [{"unit": "E", "indicators": 7}]}),
    ],
)
def test_results_of_another_shape_are_a_finding(content):
    assert not verify_files(resealed({**FILES, "results.json": content})).ok
    assert not verify_files(resealed({**REDUCED, "results.json": content})).ok


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("exact", "1/0", "不是分数"),
        ("exact", "1e999999999", "不是分数"),
        ("total", "1.00", "四舍五入不同"),
        ("total", None, "一有一无"),
        ("grade", "superb", "规则集没有"),
        ("unit", "X", "参评的单位不同"),
    ],
)
def test_a_lower_level_is_checked_as_far_as_it_goes(field, value, named):
    results = loads(REDUCED["results.json"])
    results["units"][0][field] = value
    assert named in said(verify_files(resealed({**REDUCED, "results.json": dumps(results)})))


@pytest.mark.parametrize("code", ["A", "C", "P"])
def test_a_first_level_score_that_no_longer_adds_up_is_named(code):
    results = loads(REDUCED["results.json"])
    results["units"][2]["indicators"][code].update(exact="3/2", points="1.50")
    verdict = verify_files(resealed({**REDUCED, "results.json": dumps(results)}))
    assert "单位 Q 总分（total）：与一级指标得分相加（含加分、扣分）的结果不同" in said(verdict)


def test_a_first_level_score_left_out_is_named():
    results = loads(REDUCED["results.json"])
    del results["units"][0]["indicators"]["D"]
    assert "与规则集的不同" in said(verify_files(resealed({**REDUCED, "results.json": dumps(results)})))


def test_a_unit_that_was_merged_before_the_period_is_missed_by_nobody():
    gone = Unit("X", "早已撤销的局", "局", "department", valid_to=date(2024, 1, 1))
    files = built(units=[*UNITS, gone])
    part = public_part(files, "totals", loads(files[MANIFEST]), RULEBOOK, loads(files["results.json"]))
    assert verify_files(files).ok
    assert verify_files(part).ok, said(verify_files(part))


def test_the_digest_of_the_whole_does_not_vouch_for_the_part():
    verdict = verify_files(REDUCED, DIGEST)
    assert not verdict.ok
    assert "完整数据包的校验值" in said(verdict)
    assert verify_files(REDUCED, bundle_digest(REDUCED)).ok


def test_a_folder_too_high_is_explained():
    assert "在下一层" in said(verify_files({f"kaoping/{name}": content for name, content in FILES.items()}))


def test_units_spelt_otherwise_are_named():
    forged = resealed({**FILES, "units.csv": FILES["units.csv"].replace(b"\n", b"\r\n")})
    assert "units.csv 不是规范写法" in said(verify_files(forged))


def test_tallies_that_were_altered_are_named_by_unit_and_question():
    tallies = loads(FILES["tallies.json"])
    tallies["E"]["q1"]["options"]["yes"] += 1
    forged = resealed({**FILES, "tallies.json": dumps(tallies)})
    assert "tallies.json 单位 E 第 q1 题" in said(verify_files(forged))


def test_a_yaml_bomb_in_the_rulebook_is_refused():
    bomb = b"a: &a [x]\nb: [*a, *a]\n"
    verdict = verify_files(resealed({**FILES, "rulebook/rubric.yaml": bomb}))
    assert "rulebook/rubric.yaml" in said(verdict)
    assert "别名" in said(verdict)


@pytest.mark.parametrize("name", ["results.json", "tallies.json", "acts.json"])
def test_a_json_null_is_neither_absent_nor_empty(name):
    assert f"{name} 不是 JSON 对象" in said(verify_files(resealed({**FILES, name: b"null"})))
    if name in REDUCED:
        assert f"{name} 不是 JSON 对象" in said(verify_files(resealed({**REDUCED, name: b"null"})))


@pytest.mark.parametrize("ranks", [[9, 9, 9], [None, None, None], [1, 2, 1]])
@pytest.mark.parametrize("level", ["first_level", "totals"])
def test_ranks_follow_from_totals_and_groups(ranks, level):
    part = public_part(FILES, level, loads(FILES[MANIFEST]), RULEBOOK, loads(FILES["results.json"]))
    results = loads(part["results.json"])
    for unit, rank in zip(results["units"], ranks, strict=True):
        unit["rank"] = rank
    assert "名次（rank）：由总分和类别排得" in said(
        verify_files(resealed({**part, "results.json": dumps(results)}))
    )


def test_a_level_says_what_it_proves_of_ranks():
    for level, told in (("first_level", True), ("totals", True), ("grades", False)):
        part = public_part(FILES, level, loads(FILES[MANIFEST]), RULEBOOK, loads(FILES["results.json"]))
        verdict = verify_files(part)
        assert verdict.ok
        assert any("名次" in text for text in verdict.provable) is told
        assert any("名次" in text for text in verdict.not_provable) is not told


def test_without_a_published_digest_it_says_what_the_manifest_alone_tells():
    assert any("谁签发" in text for text in verify_files(FILES).not_provable)
    assert not any("谁签发" in text for text in verify_files(FILES, DIGEST).not_provable)


def with_more(**changed):
    """One line more, every digest right: a monitor's finding of E is touched by somebody who may not."""
    lines = FILES["observations.jsonl"].split(b"\n")[:-1]
    seen = next(one for one in map(loads, lines) if one["source"] == "monitor" and one["unit"] == "E")
    more = dumps({**seen, "id": "zz", "supersedes": seen["id"], **changed})
    return lines_with(lambda before: [*before, more])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"source": "self", "kind": "withdrawn", "value": None}, "在线监测的记录不能由部门自查更正或撤回"),
        ({"source": "office", "kind": "withdrawn", "value": None}, "不能这样更正或撤回"),
        ({"source": "office", "kind": "withdrawn", "value": None, "act": "ruling:x"}, "不在 acts.json 里"),
        ({"unit": "H", "source": "office", "act": "ruling:x"}, "同一单位"),
        ({"item": "A2", "check": None, "source": "office", "act": "ruling:x"}, "同一指标"),
        ({"supersedes": "zz"}, "不能更正自己"),
        ({"supersedes": "nobody"}, "没有编号为 nobody"),
        ({"recorded_at": "2020-01-01T00:00:00+00:00"}, "早于原记录"),
    ],
)
def test_a_line_that_breaks_the_rule_of_succession_is_named(changed, words):
    verdict = verify_files(with_more(**changed))
    assert not verdict.ok
    assert words in said(verdict)


def test_an_act_that_no_line_names_is_a_finding():
    acts = dumps({"appeal:FH-9": {"date": "2025-06-01", "signers": 2}})
    assert "没有观察记录用到" in said(verify_files(resealed({**FILES, "acts.json": acts})))
