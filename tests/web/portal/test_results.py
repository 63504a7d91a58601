"""City, unit, method and data pages: read from the shelf alone (no test here may touch a database)."""

import csv
import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace

import pytest

from kaoping.publication import shelf
from kaoping.publication.bundle.verify import verify_files
from kaoping.scoring.organised import OrganisedYear
from kaoping.web.ui.wording import hash_groups, short_hash
from tests.web.portal import publishing


def text(response):
    return response.content.decode()


def rows(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


class TestNothingYet:
    @pytest.mark.parametrize("address", ["/", "/data/"])
    def test_an_empty_shelf_says_what_will_be_here(self, visitor, address):
        page = visitor.get(address)
        assert page.status_code == 200
        assert "还没有公开" in text(page)

    @pytest.mark.parametrize(
        "address", ["/2025/", "/2025/data/", "/2025/U1/", "/2025/results.csv", "/2025/bundle.zip"]
    )
    def test_a_year_that_is_not_published_is_not_found(self, visitor, address):
        assert visitor.get(address).status_code == 404


class TestCity:
    def test_the_title_is_the_answer(self, published, visitor):
        page = text(visitor.get("/"))
        assert "8 个单位：" in page
        assert "2 个优秀，" in page

    def test_distribution_stands_before_the_units_in_register_order(self, published, visitor):
        page = text(visitor.get("/2025/"))
        assert page.index("得分怎样分布") < page.index('<h2 id="units-title">各单位')
        assert page.index('href="#units">跳到各单位') < page.index("<main")
        names = [name for name, _group in publishing.NAMES]
        places = [page.index(f">{name}</a>") for name in names]
        assert places == sorted(places)

    def test_what_the_public_said_has_n_margin_and_a_warning(self, published, visitor):
        page = text(visitor.get("/2025/"))
        said = page[page.index('id="voices"') :]
        assert "有效问卷 439 份" in said  # 7 units of 62 and the 5 of the unit that had too few
        assert "有效问卷 = 至少答了一题的问卷" in said and "回答这一题的问卷，百分比以它为底数" in said
        assert said.count("有效问卷 ") == 2 and "420 份</small>" in said and "n = " not in said
        assert page.count('data-label="不满意"') == 4
        assert "±" in page
        assert "1 个单位有效问卷不足" in page

    def test_example_data_are_marked_everywhere(self, published, visitor):
        for address in ("/", "/2025/U1/", "/2025/data/"):
            assert "示例数据" in text(visitor.get(address)), address
        assert {row[-1] for row in rows(visitor.get("/2025/results.csv"))} == {"数据性质", "示例数据"}

    def test_a_search_narrows_the_units_and_marks_the_one_on_the_strip(self, published, visitor):
        page = text(visitor.get("/2025/?q=水利"))
        assert ">市水利局</a>" in page and ">市教育局</a>" not in page
        assert "空心的一点是市水利局" in page and 'class="dot found"' in page
        several = text(visitor.get("/2025/?q=城区"))
        assert ">东城区</a>" in several and ">西城区</a>" in several and 'class="dot found"' not in several
        nobody = text(visitor.get("/2025/?q=<b>"))
        assert "没有名称含“&lt;b&gt;”的单位" in nobody and ">市教育局</a>" not in nobody

    def test_opinions_of_all_units_are_summed(self, published, visitor):
        assert "合理的 80 件，按期整改 52 件" in text(visitor.get("/2025/"))

    def test_why_grades_and_bands_differ_is_said(self, published, visitor):
        page = text(visitor.get("/2025/"))
        assert "虚线圈的 2 个单位，等次低于得分所在的分数段" in page
        assert page.count('class="dot held') == 4, "both in the wide and in the narrow drawing"

    def test_the_table_gives_who_scored_in_a_band_and_who_was_graded_so(self, published, visitor):
        page = text(visitor.get("/2025/"))
        table = page[page.index('scope="col">分数段') :].partition("</table>")[0]
        rows = re.findall(r'class="kp-num">(\d+) 个</td>\s*<td class="kp-num">(\d+) 个</td>', table)
        assert "得分在此段" in table and "定为此等次" in table and "单位数" not in table
        assert sum(int(one) for one, _graded in rows) == sum(int(one) for _inside, one in rows)
        assert any(inside != graded for inside, graded in rows), "a veto and a gate moved two grades"

    def test_headline_and_chart_count_the_same(self, published, visitor):
        page = text(visitor.get("/2025/"))
        counted = dict(re.findall(r">(优秀|良好|合格|不合格) <tspan class=\"count\">(\d+)<", page))
        told = {name: number for number, name in re.findall(r"(\d+) 个(优秀|良好|合格|不合格)", page)}
        assert told and {name: counted[name] for name in told} == told

    def test_no_number_of_the_table_stands_above_its_heading(self, folder, visitor):
        """An item that does not apply moves its points to the rest: they exceed the common maximum, the rate never 100."""
        publishing.publish(folder, 2025)
        page = text(visitor.get("/2025/"))
        table = page[page.index('id="units"') : page.index("按名录次序排列")]
        cells = re.findall(r'kp-units__more">([^<]+)</td>', table)
        assert cells and all(
            cell in ("不涉及", "没有计分", "份数不足", "—") or float(cell.removesuffix("%")) <= 100
            for cell in cells
        )
        assert "<small>得分率</small>" in table

    def test_too_few_ballots_are_not_called_not_applicable(self, published, visitor):
        page = text(visitor.get("/2025/"))
        row = page[page.index(">样例经开区</a>") :]
        assert "份数不足" in row[: row.index("</tr>")]

    def test_a_difference_inside_the_margin_is_not_called_one(self, published, visitor):
        page = text(visitor.get("/2025/"))
        assert "分不出先后，差别在误差之内" in page and "公众最不满意" not in page

    def test_the_first_published_year_says_that_there_is_none_to_compare(self, folder, visitor):
        publishing.publish(folder, 2025)
        assert "2025 年度是在这里公开的第一个年度" in text(visitor.get("/2025/"))
        publishing.publish(folder, 2024, shift=1)
        shelf.mark_withdrawn(
            folder, OrganisedYear("", 2024), 1, reason="口径有误", at="2026-02-01T01:00:00+00:00"
        )
        assert "2024 年度的结果已撤回，没有上年可比" in text(visitor.get("/2025/"))
        publishing.publish(folder, 2022)
        assert "2021 年度没有在这里公开" not in text(visitor.get("/2022/"))
        assert "没有上年可比" in text(visitor.get("/2025/"))

    def test_moves_are_told_only_under_the_same_rules(self, published, visitor):
        assert "比上年得分高" in text(visitor.get("/2025/"))
        assert "比上年得分高" not in text(visitor.get("/2024/"))


class TestUnit:
    def test_every_item_has_points_and_reason(self, published, visitor):
        page = text(visitor.get("/2025/U2/"))
        assert "市水利局，" in page
        assert "K3.3.p 法定公开内容：平时" in page
        assert "总分 86.00，达到良好线 80 分" in page
        assert "扣" in page

    def test_hostile_words_stay_words(self, published, visitor):
        page = text(visitor.get("/2025/U2/"))
        assert publishing.HOSTILE not in page
        assert "&lt;script&gt;" in page

    def test_a_veto_is_named(self, published, visitor):
        page = text(visitor.get("/2025/U5/"))
        assert "V3 在政务公开工作中弄虚作假：" in page
        assert "不合格" in page

    def test_too_few_ballots_give_no_bar(self, published, visitor):
        page = text(visitor.get("/2025/U8/"))
        assert "有效问卷 5 份，不足 30 份，不给出等次" in page
        assert '<figure class="kp-said">' not in page and "±" not in page
        assert '<figure class="kp-said">' in text(visitor.get("/2025/U1/"))

    def test_years_are_side_by_side(self, published, visitor):
        page = text(visitor.get("/2025/U1/"))
        assert 'href="/2024/U1/"' in page
        assert "2025 年度比 2024 年度" in page
        assert "2025 年度比" not in text(visitor.get("/2024/U1/"))

    def test_the_total_stands_beside_its_group_and_what_it_rests_on(self, published, visitor):
        page = text(visitor.get("/2025/U2/"))
        assert "同组 5 个单位中位" in page
        assert '有效问卷</dt><dd class="kp-figures__value">62 份' in page
        assert "按期整改 9 件" in page

    def test_the_parts_of_what_a_total_rests_on_add_up(self, published, visitor):
        for unit in ("U1", "U2", "U5"):
            page = text(visitor.get(f"/2025/{unit}/"))
            whole, note = re.search(r"计分依据</dt><dd[^>]*>(\d+) 条</dd>\s*<dd[^>]*>([^<]+)<", page).groups()
            assert sum(int(one.rpartition(" ")[2]) for one in note.split("、")) == int(whole)

    def test_what_became_of_the_opinions_is_told_in_the_words_of_the_record(
        self, folder, visitor, monkeypatch
    ):
        recorded = publishing.observations

        def with_words(year, members, shift=0):
            return [
                replace(one, reason="收到意见 12 条，合理 10 条，按期整改 9 条")
                if one.item == "S5.5"
                else one
                for one in recorded(year, members, shift)
            ]

        monkeypatch.setattr(publishing, "observations", with_words)
        publishing.built.cache_clear()
        publishing.publish(folder, 2025)
        publishing.built.cache_clear()
        assert "收到意见 12 条，合理 10 条，按期整改 9 条。" in text(visitor.get("/2025/U2/"))

    def test_the_worst_items_are_named(self, published, visitor):
        assert "失分最多的是“基础工作”，失 6.30 分，其中“" in text(visitor.get("/2025/U2/"))

    @pytest.mark.parametrize("code", ["U9", "..%2fU1", "%3Cb%3E", "U1'--", "x" * 3000])
    def test_other_codes_are_not_found(self, published, visitor, code):
        page = visitor.get(f"/2025/{code}/")
        assert page.status_code == 404
        assert "没有这一页" in text(page)


class TestData:
    def test_rules_digests_and_the_command(self, published, visitor):
        facts = json.loads((published / "releases" / "2025-1" / "release.json").read_text())
        page = text(visitor.get("/2025/data/"))
        assert f"kaoping verify example-kaoping-2025-1.zip --digest {facts['public_digest']}" in page
        assert "不取自本页和数据包" in page and "别处（本页" not in page
        assert "待核" in page
        assert "K3.6" in page
        assert "observations.jsonl" in page
        assert "现行" in page and "已被更正" not in page

    def test_numbers_of_an_approved_plan_are_the_city_s_own(self, folder, visitor):
        publishing.publish(folder, 2025)
        facts = folder / "releases" / "2025-1" / "release.json"
        told = json.loads(facts.read_text())
        told["adopted"] = {"by": "领导小组领导", "on": "2025-03-20", "document_no": "样政公开〔2025〕1号"}
        facts.write_text(json.dumps(told))
        page = text(visitor.get("/2025/data/"))
        assert "待核" not in page
        assert "本级审定（样政公开〔2025〕1号）" in page and "条文规定" not in page

    def test_points_of_a_branch_are_marked_like_those_below_it(self, published, visitor):
        page = text(visitor.get("/2025/data/"))
        assert re.search(r"K1 组织推进</b> <span>[^<]*<span[^>]*>待核", page)
        assert "平时考核</dt><dd>30 分　建议值，待核" in page.replace('class="kp-pairs__value"', "")

    def test_the_download_verifies_with_the_digest_of_the_page(self, published, visitor):
        response = visitor.get("/2025/bundle.zip")
        content = b"".join(response.streaming_content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        digest = response["ETag"].strip('"')
        verdict = verify_files(files, digest)
        assert verdict.ok and verdict.complete
        assert "example-kaoping-2025-1.zip" in response["Content-Disposition"]
        assert visitor.get("/2025/bundle.zip", headers={"If-None-Match": f'"{digest}"'}).status_code == 304

    def test_csv_has_a_mark_codes_as_text_and_no_formula(self, published, visitor):
        response = visitor.get("/2025/results.csv")
        assert response.content.startswith(b"\xef\xbb\xbf")
        table = rows(response)
        assert table[0][:4] == ["代码", "单位", "简称", "分组"]
        assert len(table) == 9
        assert all(not cell.startswith(("=", "+", "@")) for row in table for cell in row)

    def test_counts_of_the_evaluation(self, published, visitor):
        table = rows(visitor.get("/2025/evaluation.csv"))
        assert len(table) == 1 + 8 * 4
        few = [row for row in table if row[0] == "U8"]
        assert {tuple(row[3:10]) for row in few} == {("",) * 7}
        assert all("不足 30 份（待核），不列各选项" in row[10] for row in few)

    def test_a_small_number_is_in_no_file_that_the_public_can_fetch(self, published, visitor):
        with zipfile.ZipFile(io.BytesIO(b"".join(visitor.get("/2025/bundle.zip")))) as bundle:
            tallies = json.loads(bundle.read("tallies.json"))
            lines = [json.loads(line) for line in bundle.read("observations.jsonl").splitlines()]
        small = [one for one in lines if one["kind"] == "tally" and one["unit"] == "U8"]
        assert small and all(one["value"]["options"] is None and one["value"]["n"] < 30 for one in small)
        assert all("作答" not in one["reason"] for one in small)
        assert all(set(one) == {"options", "n", "observation"} for one in tallies["U8"].values())
        assert all(one["options"] for one in tallies["U1"].values())


class TestCatalogue:
    def test_its_digest_stands_on_every_page_and_on_paper(self, folder, visitor):
        assert visitor.get("/releases.json").status_code == 404
        assert "校验值" not in text(visitor.get("/paper.css"))
        publishing.publish(folder, 2025)
        response = visitor.get("/releases.json")
        digest = hashlib.sha256(response.content).hexdigest()
        assert json.loads(response.content)["releases"][0]["year"] == 2025
        for address in ("/2025/", "/2025/U1/", "/2025/data/", "/about/accessibility/"):
            assert f'今日校验值 <span class="kp-mono">{short_hash(digest)}' in text(visitor.get(address)), (
                address
            )
        assert hash_groups(digest) in text(visitor.get("/data/"))
        sheet = visitor.get("/paper.css")
        assert short_hash(digest) in text(sheet) and sheet["Content-Type"].startswith("text/css")

    def test_a_withdrawal_changes_it(self, folder, visitor):
        publishing.publish(folder, 2025)
        before = visitor.get("/releases.json").content
        shelf.mark_withdrawn(
            folder, OrganisedYear("", 2025), 1, reason="口径有误", at="2026-02-01T01:00:00+00:00"
        )
        assert visitor.get("/releases.json").content != before


class TestWithdrawnAndCorrected:
    def test_a_correction_shows_what_changed(self, folder, visitor):
        first = publishing.publish(folder, 2025)
        publishing.publish(folder, 2025, 2, shift=1, corrects=first)
        page = text(visitor.get("/2025/"))
        assert "第 1 次更正" in page and "原来的不再有效" in page
        assert "更正，2026年2月20日" in page and "更正理由：评审录分有误" in page
        assert "更正改了什么：8 个单位" in page
        assert 'href="/2025-1/"' in page
        data = text(visitor.get("/2025/data/"))
        assert "已被更正" in data and "现行" in data
        assert "原总分" in data and "K1.1 " in data
        unit = text(visitor.get("/2025/U1/"))
        assert "更正改了什么" in unit and "K1.1" in unit and " → " in unit
        assert 'href="/2025-1/U1/"' in unit

    def test_the_corrected_release_stays_readable_at_its_own_address(self, folder, visitor):
        first = publishing.publish(folder, 2025)
        old_city, old_unit = (text(visitor.get(f"/2025/{more}")) for more in ("", "U2/"))
        second = publishing.publish(folder, 2025, 2, shift=1, corrects=first)
        city, unit = (text(visitor.get(f"/2025-1/{more}")) for more in ("", "U2/"))
        for page, whole, link in ((city, old_city, "/2025/"), (unit, old_unit, "/2025/U2/")):
            assert "这是 2026年1月20日公开的原结果，2026年2月20日已被更正，不再有效" in page
            assert f'<a href="{link}">看更正后的</a>' in page
            assert "已被更正</span>" in page
            title = whole[whole.index("<h1>") : whole.index("</h1>")]
            assert title in page
        assert 'href="/2025-1/U2/"' in city and 'href="/2025/U2/"' not in city
        data = text(visitor.get("/2025-1/data/"))
        assert f"kaoping-2025-1.zip --digest {first['public_digest']}" in data
        for address, release in (("/2025-1/bundle.zip", first), ("/2025/bundle.zip", second)):
            answer = visitor.get(address)
            assert answer.getvalue() and answer["ETag"] == f'"{release["public_digest"]}"'
        assert "2025-1-results.csv" in visitor.get("/2025-1/results.csv")["Content-Disposition"]
        assert visitor.get("/2025-1/evaluation.csv").status_code == 200
        assert visitor.get("/2025-2/").status_code == 200
        assert "已被更正" not in text(visitor.get("/2025-2/")).split("更正改了什么")[0]

    @pytest.mark.parametrize(
        "address", ["/2025-3/", "/2025-3/U1/", "/2025-3/data/", "/2025-3/bundle.zip", "/2024-1/"]
    )
    def test_a_release_that_never_was_is_not_found(self, folder, visitor, address):
        publishing.publish(folder, 2025)
        assert visitor.get(address).status_code == 404

    def test_a_correction_that_changed_nothing_says_so(self, folder, visitor):
        first = publishing.publish(folder, 2025, level="grades")
        publishing.publish(folder, 2025, 2, level="grades", corrects=first)
        assert "总分、等次和公开的各项得分都没有变" in text(visitor.get("/2025/"))
        assert "这个单位的得分和等次没有变" in text(visitor.get("/2025/U1/"))

    def test_withdrawn_corrections_leave_the_first_and_withdrawn_first_ones_show_no_numbers(
        self, folder, visitor
    ):
        first = publishing.publish(folder, 2025)
        publishing.publish(folder, 2025, 2, shift=1, corrects=first)
        shelf.mark_withdrawn(
            folder, OrganisedYear("", 2025), 1, reason="有误", at="2026-02-21T01:00:00+00:00"
        )
        page = text(visitor.get("/2025/"))
        assert "更正改了什么：" not in page and 'href="/2025-1/"' not in page
        gone = visitor.get("/2025-1/U1/")
        assert gone.status_code == 410
        assert "现在有效的结果" in text(gone)
        shelf.mark_withdrawn(
            folder, OrganisedYear("", 2025), 2, reason="更正有误", at="2026-02-22T01:00:00+00:00"
        )
        assert visitor.get("/2025/").status_code == 410

    def test_a_withdrawn_correction_is_named_and_so_is_the_result_that_is_valid_again(self, folder, visitor):
        first = publishing.publish(folder, 2025)
        publishing.publish(folder, 2025, 2, shift=1, corrects=first)
        shelf.mark_withdrawn(
            folder, OrganisedYear("", 2025), 2, reason="更正有误", at="2026-02-22T01:00:00+00:00"
        )
        gone = text(visitor.get("/2025-2/"))
        assert "2025 年度考核结果已撤回" not in gone and "发布 2025-2" in gone
        assert "现在有效的结果" in gone and "发布 2025-1" in gone
        valid = text(visitor.get("/2025/"))
        assert "更正（发布 2025-2）已撤回，本结果重新有效" in valid and "撤回理由：更正有误" in valid
        assert "/2025-2/" in valid

    def test_a_withdrawn_year_says_so_and_offers_no_numbers(self, folder, visitor):
        publishing.publish(folder, 2025)
        shelf.mark_withdrawn(
            folder, OrganisedYear("", 2025), 1, reason="评分口径有误", at="2026-02-01T01:00:00+00:00"
        )
        page = visitor.get("/2025/")
        assert page.status_code == 410
        assert "评分口径有误" in text(page)
        assert visitor.get("/2025/U1/").status_code == 410
        for name in ("bundle.zip", "results.csv", "evaluation.csv"):
            for place in ("/2025/", "/2025-1/"):
                gone = visitor.get(place + name)
                assert gone.status_code == 410, place + name
                assert "评分口径有误" in text(gone) and "2026年2月1日撤回" in text(gone)
        method = text(visitor.get("/2025/data/"))
        assert "bundle.zip" not in method and "results.csv" not in method
        assert "2026年2月1日撤回" in text(visitor.get("/2025/data/"))

    def test_a_broken_bundle_does_not_take_the_portal_down(self, folder, visitor):
        publishing.publish(folder, 2025)
        (folder / "releases" / "2025-1" / "bundle" / "results.json").write_text("{")
        page = visitor.get("/2025/")
        assert page.status_code == 503
        assert "本平台的原因" in text(page)
        assert visitor.get("/2025/U1/").status_code == 503
        assert visitor.get("/2025/results.csv").status_code == 503
        (folder / "releases" / "2025-1" / "bundle.zip").unlink()
        assert visitor.get("/2025/bundle.zip").status_code == 503


class TestLevels:
    @pytest.mark.parametrize(
        ("level", "shown", "hidden"),
        [
            ("first_level", ["86.00", "基础工作"], ["K3.3.p 法定公开内容：平时</th>", 'id="e-']),
            ("totals", ["86.00"], ["分数从哪里来", 'id="e-']),
            ("grades", ["良好"], ["86.00", "总分未定", "分数从哪里来", "得分怎样分布"]),
        ],
    )
    def test_only_what_is_there(self, folder, visitor, level, shown, hidden):
        publishing.publish(folder, 2025, level=level)
        pages = [text(visitor.get(address)) for address in ("/2025/", "/2025/U2/")]
        for words in shown:
            assert words in "".join(pages), words
        assert '<p class="kp-answer__lead">。' not in pages[1]
        assert "n = 0" not in pages[1] and "有效问卷 62 份" in pages[1]
        for words in hidden:
            assert words not in pages[1], words
        assert "其余留在政务公开办" in pages[0]
        assert visitor.get("/2025/data/").status_code == 200
        assert visitor.get("/2025/results.csv").status_code == 200


class TestAsAFace:
    def test_pages_may_be_cached_shortly_and_vary_by_the_look(self, published, visitor):
        page = visitor.get("/2025/")
        assert "max-age=60" in page["Cache-Control"]
        assert "Cookie" in page["Vary"]
        assert not page.cookies

    def test_elder_mode_is_the_same_page_with_larger_type(self, published, visitor):
        visitor.cookies["kp_mode"] = "elder"
        assert 'data-mode="elder"' in text(visitor.get("/2025/"))

    def test_the_look_does_not_lead_elsewhere(self, published, visitor):
        answer = visitor.post("/look/", {"mode": "elder", "next": "https://evil.example/"})
        assert answer["Location"] == "/"

    def test_strict_policy_and_no_framing(self, published, visitor):
        page = visitor.get("/2025/")
        assert "default-src 'self'" in page["Content-Security-Policy"]
        assert page["X-Frame-Options"] == "DENY"

    @pytest.mark.parametrize("address", ["/2025/", "/2025/U1/", "/2025/data/", "/2025/results.csv"])
    def test_nothing_is_changed_from_outside(self, published, visitor, address):
        assert visitor.post(address).status_code == 405
