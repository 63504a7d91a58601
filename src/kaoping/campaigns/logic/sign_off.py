"""Sign-off by a second person: what was prepared by one is signed by another, who types the year."""

from __future__ import annotations

from kaoping.campaigns.logic.stages import APPEALS, LABELS, PUBLISHED


def refusal_to_sign_off(
    stage: str,
    *,
    correction: bool,
    year: int,
    typed_year: str,
    has_sheet: bool,
    prepared_by: str | None,
    signer: str,
    already: bool,
    is_latest: bool,
    open_appeals: int,
    open_cells: int,
    unchanged: bool = False,
) -> str | None:
    """Why the latest sheet cannot be signed off by this person, or null.

    ``correction``: one is under way, ``has_sheet`` then means a sheet of its own; ``unchanged``: it says what was
    published already.
    """
    where = "在“更正”点“计算更正计分表”" if correction else "在“评分”点“计算计分表”"
    if stage == PUBLISHED and not correction:
        return "结果已经公开。要改正，请经办先在“更正”写明理由，点“立更正”。"
    if stage not in (APPEALS, PUBLISHED):
        return f"签发在“{LABELS[APPEALS]}”阶段的最后办理，现在是“{LABELS[stage]}”。"
    if open_appeals:
        return f"还有 {open_appeals} 件复核申请没有作出决定，由复核人在“复核”决定后再签发。"
    if not has_sheet or prepared_by is None:
        return f"没有经办计算的计分表，请经办{where}。"
    if not is_latest:
        return f"计分表之后又有新记录，请经办{where}后再签发。"
    if open_cells:
        return f"还差 {open_cells} 格没有依据，暂不能签发。请经办补录后{where}。"
    if unchanged:
        return "更正计分表与已公开的结果一样，没有要更正的。请经办改好台账再算，或在“更正”点“作罢”。"
    if already:
        return "这张计分表已经签发。"
    if prepared_by == signer:
        return "计分表是您计算的，签发须由第二人办理。"
    if typed_year.strip() != str(year):
        return f"冻结后不能改分，只能发更正。请输入年份 {year} 确认。"
    return None
