"""The paragraph names year and status, and invents nothing."""

from dataclasses import replace

from kaoping.reporting import annual_report as ar

FACTS = ar.Facts(
    unit="常州市教育局",
    report_year=2025,
    basis="《常州市政务公开工作考核办法（试行）》",
    assessment=ar.AssessmentResult(2025, True, "86.40", "良好", "2026年1月16日"),
    evaluation=ar.EvaluationResult(2025, 112, 30, "84.50", "6.7", "满意"),
    opinions=ar.Opinions(5, 3, 2),
    accountability="没有因政府信息公开工作被追究责任的情况。",
)


def test_settled_result_names_points_grade_year_and_day():
    assert ar.assessment_sentence(FACTS) == (
        "依据《常州市政务公开工作考核办法（试行）》，常州市教育局2025年度政务公开工作考核得86.40分，"
        "等次为“良好”（已定，2026年1月16日公开）。"
    )


def test_a_corrected_result_makes_a_corrected_text_with_both_results():
    changed = ar.ResultCorrection("2026年3月2日", "K1.1 录分有误。", "79.00", "合格")
    facts = replace(FACTS, assessment=replace(FACTS.assessment, correction=changed))
    assert ar.assessment_sentence(facts).endswith(
        "等次为“良好”（已定，2026年1月16日公开，2026年3月2日更正）。"
        "更正前得79.00分，等次为“合格”。更正理由：K1.1 录分有误。"
    )
    title, note, *_more = ar.blocks(facts)
    assert title.text.endswith("更正稿")
    assert note.text == ar.CORRECTION_NOTE
    assert not FACTS.is_correction
    enterprise = ar.Enterprise("省常中", facts.assessment, None)
    department = replace(FACTS, enterprises=[enterprise])
    assert department.is_correction
    assert ar.blocks(department)[-1].rows[0][4] == "已定，更正"


def test_unfinished_assessment_is_unsettled_and_promises_a_correction():
    facts = replace(FACTS, assessment=ar.AssessmentResult(2025, False, None, None))
    assert "未定" in ar.assessment_sentence(facts)
    assert "更正稿" in ar.assessment_sentence(facts)


def test_too_few_ballots_give_no_grade():
    facts = replace(FACTS, evaluation=ar.EvaluationResult(2025, 18, 30, None, None, None))
    assert "有效问卷18份，不足30份，不给出等次" in ar.evaluation_sentence(facts)


def test_opinions_are_counted_with_those_put_right():
    assert "意见建议5条，其中合理的3条，已按期整改2条" in ar.evaluation_sentence(FACTS)


def test_accountability_is_never_invented():
    assert "待填写" in ar.accountability_sentence(replace(FACTS, accountability=None))


def test_enterprises_stand_in_their_departments_report_with_year_and_status():
    enterprise = ar.Enterprise("省常中", ar.AssessmentResult(2025, False, "80.00", "良好"), FACTS.evaluation)
    grid = ar.blocks(replace(FACTS, enterprises=[enterprise]))[-1]
    assert list(grid.rows[0]) == ["省常中", "2025年度", "80.00", "良好", "未定", "112份", "满意"]


def test_example_data_says_so():
    assert any("示例数据" in getattr(block, "text", "") for block in ar.blocks(replace(FACTS, example=True)))
