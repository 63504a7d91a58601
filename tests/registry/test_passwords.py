"""Resets: nobody becomes a holder of a signing or separated role alone."""

from datetime import date, timedelta

import pytest

from kaoping.accounts.actor import ROLES, SYSTEM, Refused
from kaoping.accounts.models import PasswordLink
from kaoping.accounts.policy import SEPARATED
from kaoping.accounts.queries import audit_entries, person
from kaoping.accounts.resting import resting_link
from kaoping.registry import passwords
from kaoping.registry.services import appoint
from kaoping.support import clock
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "san-he-yi-zhang-shan-men"


def use(made, code="", password=NEW, *, now):
    return passwords.use_link(secret=made.secret, code=code, password=password, now=now)


@pytest.fixture
def admins(cast):
    return cast("system_admin"), cast("security_admin")


def by_two(admins, who, now):
    asked = passwords.ask_reset(actor=admins[0], person=person(who.id), now=now)
    return asked, passwords.confirm_reset(actor=admins[1], link=asked.link, now=now)


@pytest.mark.parametrize("role", sorted(SEPARATED))
def test_the_system_administrator_alone_resets_no_holder_of_a_closed_role(cast, admins, now, role):
    who = cast(role)
    asked = passwords.ask_reset(actor=admins[0], person=person(who.id), now=now)
    assert asked.secret == "" and asked.code
    with pytest.raises(Refused, match="由安全管理员确认"):
        passwords.confirm_reset(actor=admins[0], link=asked.link, now=now)
    assert person(who.id).check_password(PASSWORD), "the old one holds until the link is used"
    made = passwords.confirm_reset(actor=admins[1], link=asked.link, now=now)
    with pytest.raises(Refused, match="请填核对码"):
        use(made, now=now)
    with pytest.raises(Refused, match="核对码不对"):
        use(made, "1", now=now)
    use(made, asked.code, now=now)
    assert person(who.id).check_password(NEW)


@pytest.mark.parametrize(
    "role", sorted(set(ROLES) - SEPARATED - {"liaison", "district_office", "competent_department"})
)
def test_for_others_one_is_enough(cast, admins, now, role):
    made = passwords.ask_reset(actor=admins[0], person=person(cast(role).id), now=now)
    assert made.secret and not made.code
    use(made, now=now)


def test_nothing_that_opens_is_stored(cast, admins, now):
    asked, made = by_two(admins, cast("second_signer"), now)
    row = str(PasswordLink.objects.values().get())
    assert made.secret not in row and asked.code not in row and asked.code.replace("-", "") not in row


def test_a_link_opens_once_and_for_a_day(cast, admins, now, monkeypatch):
    made = passwords.ask_reset(actor=admins[0], person=person(cast("reviewer").id), now=now)
    later = clock.machine_now() + timedelta(hours=24)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "machine_now", lambda: later)
        with pytest.raises(Refused, match="过期"):
            use(made, now=now)
    use(made, now=now)
    with pytest.raises(Refused, match="用过"):
        use(made, password="yi-tian-tu-long-quan-ben", now=now)


def test_five_wrong_codes_end_a_link_and_are_in_the_log(cast, admins, now):
    asked, made = by_two(admins, cast("appeal_decider"), now)
    for _ in range(5):
        with pytest.raises(Refused):
            use(made, "0000-0000" if asked.code != "0000-0000" else "1", now=now)
    with pytest.raises(Refused, match="作废"):
        use(made, asked.code, now=now)
    assert audit_entries(verb="use_link", refused=True).count() == 5


def test_a_new_link_makes_the_old_one_void(cast, admins, now):
    who = person(cast("reviewer").id)
    first = passwords.ask_reset(actor=admins[0], person=who, now=now)
    passwords.ask_reset(actor=admins[0], person=who, now=now)
    with pytest.raises(Refused, match="作废"):
        use(first, now=now)


def test_a_link_that_was_out_before_the_appointment_waits_for_the_second_person(admins, now):
    """Else one made a person, kept the link, and became a signer when the person was appointed."""
    made = passwords.invite_person(actor=admins[0], username="wangwu", name="王五", now=now)
    appoint(
        actor=SYSTEM,
        person=made.person,
        role="second_signer",
        organisation=None,
        valid_from=date(2999, 1, 1),
        now=now,
    )
    with pytest.raises(Refused, match="还要安全管理员确认"):
        use(made, now=now)
    passwords.confirm_reset(actor=admins[1], link=made.link, now=now)
    use(made, now=now)


def test_nobody_confirms_the_own_reset(cast, admins, now):
    asked = passwords.ask_reset(actor=admins[0], person=person(admins[1].id), now=now)
    with pytest.raises(Refused, match="不能确认自己"):
        passwords.confirm_reset(actor=admins[1], link=asked.link, now=now)
    with pytest.raises(Refused, match="另一名系统管理员"):
        passwords.ask_reset(actor=admins[0], person=person(admins[0].id), now=now)


def test_a_day_without_signing_unless_a_second_named_person_confirms(cast, admins, now, monkeypatch):
    who, head = cast("second_signer"), cast("office_head")
    asked, made = by_two(admins, who, now)
    use(made, asked.code, now=now)
    assert resting_link(who.id, machine_now=clock.machine_now())
    with pytest.raises(Refused, match="恢复签发由安全管理员或办公室负责人"):
        passwords.release_rest(actor=admins[0], person=person(who.id), now=now)
    passwords.release_rest(actor=head, person=person(who.id), now=now)
    assert resting_link(who.id, machine_now=clock.machine_now()) is None
    with pytest.raises(Refused, match="不需要确认"):
        passwords.release_rest(actor=head, person=person(who.id), now=now)


def test_a_rested_head_does_not_release_oneself_nor_others(cast, admins, now):
    head, who = cast("office_head"), cast("second_signer")
    for one in (head, who):
        asked, made = by_two(admins, one, now)
        use(made, asked.code, now=now)
    for one in (head, who):
        with pytest.raises(Refused, match="24 小时内不能签发"):
            passwords.release_rest(actor=head, person=person(one.id), now=now)


def test_the_rest_ends_by_itself(cast, admins, now, monkeypatch):
    who = cast("reviewer")
    use(passwords.ask_reset(actor=admins[0], person=person(who.id), now=now), now=now)
    later = clock.machine_now() + timedelta(hours=24, seconds=1)
    assert resting_link(who.id, machine_now=later) is None


def test_recovery_leaves_a_line_that_says_who_and_where(cast, now):
    who = cast("system_admin", username="sysadmin")
    secret = passwords.recover_account(person=person(who.id), who="李四", now=now)
    passwords.use_link(secret=secret, code="", password=NEW, now=now)
    line = audit_entries(verb="recover_account").first()
    assert "李四（在服务器上）" in line.sentence and "sysadmin" in line.sentence
    assert resting_link(who.id, machine_now=clock.machine_now())


def test_either_administrator_makes_a_link_void(cast, admins, now):
    made = passwords.ask_reset(actor=admins[0], person=person(cast("reviewer").id), now=now)
    passwords.drop_reset(actor=admins[1], link=made.link, now=now)
    with pytest.raises(Refused, match="作废"):
        use(made, now=now)
    with pytest.raises(Refused):
        passwords.drop_reset(actor=cast("auditor"), link=made.link, now=now)


def test_a_name_that_is_taken_leaves_its_line_though_nothing_else_stays(cast, admins, now):
    cast("reviewer", username="wangwu")
    with pytest.raises(Refused, match="已有人用"):
        passwords.invite_person(actor=admins[0], username="wangwu", name="王五", now=now)
    line = audit_entries(verb="create_person", refused=True).first()
    assert (line.actor_id, line.thing_id) == (admins[0].id, "wangwu")


def test_a_wrong_code_is_counted_in_the_log_in_words_of_its_own(cast, admins, now):
    who = cast("appeal_decider", name="钱复核")
    asked, made = by_two(admins, who, now)
    with pytest.raises(Refused, match="请向系统管理员核对"):
        use(made, "0000-0000" if asked.code != "0000-0000" else "1", now=now)
    line = audit_entries(verb="use_link", refused=True).first()
    assert (line.actor_id, line.sentence) == (who.id, "钱复核 的口令链接：核对码不对（第 1 次）。")


def test_an_invented_address_leaves_no_line(now):
    with pytest.raises(Refused, match="作废"):
        passwords.use_link(secret="invented", code="", password=NEW, now=now)
    assert not audit_entries(verb="use_link").exists()


def test_what_was_settled_is_refused_in_the_log(cast, admins, now):
    asked, _made = by_two(admins, cast("second_signer"), now)
    with pytest.raises(Refused, match="已经办过"):
        passwords.confirm_reset(actor=admins[1], link=asked.link, now=now)
    passwords.drop_reset(actor=admins[1], link=asked.link, now=now)
    with pytest.raises(Refused, match="已经办过，或已经作废"):
        passwords.drop_reset(actor=admins[1], link=asked.link, now=now)
    assert audit_entries(verb="drop_reset", refused=True).count() == 1
