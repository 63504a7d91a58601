"""After a reset nobody signs, decides, opens or appoints: every such verb asks the one door."""

import ast
import re
from pathlib import Path

import pytest

from kaoping.accounts import verbs
from kaoping.accounts.actor import ROLES, Refused
from kaoping.accounts.models import PasswordLink
from kaoping.accounts.policy import SEPARATED
from kaoping.accounts.queries import audit_entries
from kaoping.accounts.verbs import Act, verb
from kaoping.support import clock
from tests.parsed import tree
from tests.permission_table import doors, verdict

SOURCE = Path(__file__).parents[2] / "src" / "kaoping"
# Verbs behind a door of closed roles that sign nothing: they take away, ask or read, or belong to the machines.
HARMLESS = {
    "accounts.services.switch_person": "takes away or gives back, gives no role",
    "accounts.services.note_export": "reads",
    "accounts.services.retry_job": "repeats what was decided",
    "registry.passwords.drop_reset": "takes away",
    "evidence.disposals.drop_disposal": "takes a proposal back",
    "evidence.services.withdrawal.withdraw": "called by verbs that were asked",
    "evidence.services.withdrawal.restore": "called by verbs that were asked",
}


def functions():
    for path in sorted([*SOURCE.glob("*/*.py"), *SOURCE.glob("*/services/*.py")]):
        if path.name in {"policy.py", "queries.py", "evidence_doors.py"}:
            continue
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        if module.startswith(("web", "cli", "config")):
            continue
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                asked = {name.removeprefix("can_") for name in re.findall(r"\bcan_\w+", ast.unparse(node))}
                yield f"{module}.{node.name}", asked, any(map(signs, node.decorator_list))


def signs(decorator):
    """Whether it is a declaration of a verb that signs."""
    declared = {one.arg: ast.unparse(one.value) for one in getattr(decorator, "keywords", ())}
    return declared.get("signs") == "True"


def closed_doors():
    """Doors that open for closed roles only: whoever goes through signs, decides, opens or administers."""
    return {
        name.partition(".")[2].removesuffix("_system")
        for name, (_label, may) in doors().items()
        if {role for role in ROLES if verdict(may, role) != "—"} <= SEPARATED
    }


@pytest.mark.django_db
def test_every_verb_behind_a_door_of_closed_roles_asks():
    shut = closed_doors()
    found = {name for name, asked, marked in functions() if asked & shut and not marked}
    assert found <= set(HARMLESS)
    marked = {name for name, _asked, marked in functions() if marked}
    assert {
        "campaigns.services.sign_off.sign_off",
        "campaigns.services.approval.approve",
        "campaigns.services.appeal.decide_appeal",
        "evaluation.services.box.open_poll",
        "evidence.disposals.confirm_disposal",
        "publication.services.publish",
        "registry.services.appoint",
        "registry.passwords.confirm_reset",
    } <= marked


@pytest.mark.django_db
def test_each_person_in_an_act_is_asked_and_the_refusal_is_logged(cast, now, monkeypatch):
    monkeypatch.setattr(verbs, "_DECLARED", {})

    @verb("second", "两人签", kind="person", who="first", signs=True, final="签了就是签了。")
    def second(act: Act, *, first, second, now):
        return "signed"

    one, other = cast("ballot_opener"), cast("ballot_opener")
    assert second(first=one, second=other, now=now) == "signed"
    PasswordLink.objects.create(
        person_id=int(other.id),
        first=False,
        asked_by_id="x",
        asked_by="系统管理员",
        asked_at=now,
        used_at=now,
        rests_until=clock.machine_now() + (clock.machine_now() - clock.machine_now().replace(year=2020)),
    )
    with pytest.raises(Refused, match="24 小时内不能签发"):
        second(first=one, second=other, now=now)
    line = audit_entries(verb="second", refused=True).first()
    assert line.actor_id == other.id
