"""Who may manage people, give roles and read the audit log.

Administration, security and audit are three separate roles (三员分立): none of the three can do another's work, and none
of them takes part in the assessment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kaoping.accounts.actor import SYSTEM, Actor

# Who signs, decides, opens, or holds one of the three separated roles: nobody becomes one of them alone.
SEPARATED: Final = frozenset(
    {
        "office_head",
        "second_signer",
        "leading_group",
        "ballot_opener",
        "appeal_decider",
        "system_admin",
        "security_admin",
        "auditor",
    }
)


def can_manage_people(actor: Actor) -> bool:
    """System administrators make people, switch them off and ask for links to set passwords; they appoint nobody."""
    return actor == SYSTEM or actor.has("system_admin")


def can_run_system(actor: Actor) -> bool:
    """System administrators see jobs and health, and put failed jobs back."""
    return actor == SYSTEM or actor.has("system_admin")


def can_appoint(actor: Actor) -> bool:
    """Security administrators give and take roles; they make no people and read no log."""
    return actor == SYSTEM or actor.has("security_admin")


def can_confirm_reset(actor: Actor) -> bool:
    """Security administrators confirm the reset of a holder of a signing or separated role."""
    return actor.has("security_admin")


def can_read_audit(actor: Actor) -> bool:
    """Auditors read and export the log; they change nothing anywhere."""
    return actor == SYSTEM or actor.has("auditor")


# Verb id: (what the permission table calls it, the door asked for an organisation or for the whole city).
POLICIES: Final[dict[str, tuple[str, Callable[[Actor, str | None], bool]]]] = {
    "manage_people": ("建立、停用人员，提出重置口令", lambda actor, _code: can_manage_people(actor)),
    "run_system": ("看运行情况，重试后台任务", lambda actor, _code: can_run_system(actor)),
    "appoint": ("授予、解除岗位", lambda actor, _code: can_appoint(actor)),
    "confirm_reset": (
        "确认签发、开箱、复核、管理岗位的口令重置",
        lambda actor, _code: can_confirm_reset(actor),
    ),
    "read_audit": ("查看、导出审计日志", lambda actor, _code: can_read_audit(actor)),
}
