"""Who may do what: every door of every app asked for every role, compared with the table that people read.

Run ``python -m tests.permission_table`` to write the table anew after a policy changed.
"""

import pytest

from kaoping.accounts.actor import ROLES
from tests.permission_table import PAGE, doors, table, verdict

pytestmark = pytest.mark.django_db


def test_the_table_in_the_documentation_is_what_the_doors_say(units):
    assert PAGE.read_text(encoding="utf-8") == table()


def test_a_person_without_a_role_may_do_nothing(units):
    assert {door for door, (_label, may) in doors().items() if verdict(may, None) != "—"} == set()


ADMINISTRATION = {
    "system_admin": {"accounts.manage_people", "accounts.run_system"},
    "security_admin": {"accounts.appoint"},
    "auditor": {"accounts.read_audit"},
}
READING = ("see_", "preview", "read_")


@pytest.mark.parametrize("role", ADMINISTRATION)
def test_three_separate_roles_take_no_part_in_the_assessment(units, role):
    allowed = {door for door, (_label, may) in doors().items() if verdict(may, role) != "—"}
    rest = allowed - ADMINISTRATION[role] - {"registry.see_register"}
    if role == "auditor":  # looks at everything official and changes nothing
        rest = {door for door in rest if not door.partition(".")[2].startswith(READING)}
    assert ADMINISTRATION[role] <= allowed
    assert rest == set()


def test_one_administration_door_belongs_to_one_role(units):
    for door, (_label, may) in doors().items():
        if door.startswith("accounts."):
            assert len([role for role in ROLES if verdict(may, role) != "—"]) == 1, door


def test_every_door_is_open_to_somebody(units):
    for door, (_label, may) in doors().items():
        assert any(verdict(may, role) != "—" for role in ROLES), door
