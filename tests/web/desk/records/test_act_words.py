"""The act behind a line of the ledger is told in words, with the way to its page; never as the ledger's own code."""

import pytest

from kaoping.web.desk.records.act_words import act_fact


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ref", "text", "url"),
    [
        ("ruling:points-2025-3", "2025 年第 3 件审定改分", "/desk/scoring/city-2025/rulings/"),
        ("ruling:severe-2025-1", "2025 年第 1 件单项否决、重大减分", "/desk/severe/city-2025/"),
        ("ruling:merge-ZG2025-0004-2", "整改单 ZG2025-0004 的合并办理", "/desk/cases/ZG2025-0004/"),
        ("ruling:finding-7", "监测发现的人工认定", ""),
        ("ruling:o016", "两人审定撤回记录", ""),
        ("correction:2025-2", "2025 年第 2 次更正", "/desk/publication/city-2025/correction/"),
        ("batch:67a2a27cc69", "整批导入的撤回", ""),
        ("appeal:FH2025-0001", "复核申请 FH2025-0001", ""),
        ("else", "政务公开办办理", ""),
    ],
)
def test_every_sort_of_act_has_words(ref, text, url):
    fact = act_fact(ref)
    assert (fact.text, fact.url) == (text, url) and ":" not in fact.text
