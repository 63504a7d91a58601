"""Three signatures in order by three persons; sent back, they no longer count."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kaoping.accounts.actor import Who
from kaoping.campaigns.logic import approval
from kaoping.campaigns.logic.approval import RETURNED, STEPS, Signature

ROLES = tuple(role for _step, role, _label in STEPS)


@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", "d"]),
            st.frozensets(st.sampled_from(ROLES), max_size=3),
            st.booleans(),
        ),
        max_size=25,
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_tried_signatures_stand_in_order_by_different_people(
    acts: list[tuple[str, frozenset[str], bool]],
) -> None:
    rows: list[Signature] = []
    for person, roles, send_back in acts:
        if send_back and approval.standing(rows):
            rows.append(Signature(RETURNED, Who(person)))
        elif approval.refusal_to_sign("plan", "plan", rows, Who(person), roles) is None:
            step = approval.next_step(rows)
            assert step is not None
            assert approval.ROLE_OF[step] in roles
            rows.append(Signature(step, Who(person)))
        counted = approval.standing(rows)
        assert [one.step for one in counted] == [step for step, _role, _label in STEPS][: len(counted)]
        assert len({one.by for one in counted}) == len(counted)
        assert len(approval.unsigned(rows)) == 3 - len(counted)


def test_the_scan_waits_for_all_three() -> None:
    words = approval.refusal_to_attach("plan", "plan", [Signature("handler", Who("a"))])
    assert words == "呈批表还缺办公室负责人、领导小组领导签批，签齐后再附扫描件。"


def test_a_signed_plan_is_not_changed() -> None:
    assert approval.refusal_to_change_plan("plan", []) is None
    assert "退回" in (approval.refusal_to_change_plan("plan", [Signature("handler", Who("a"))]) or "")
    assert "已经批准" in (approval.refusal_to_change_plan("routine", []) or "")
