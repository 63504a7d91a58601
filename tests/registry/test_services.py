from datetime import date

import pytest

from kaoping.accounts.actor import SYSTEM, Refused
from kaoping.accounts.queries import audit_entries, person
from kaoping.registry import queries
from kaoping.registry.queries import acting
from kaoping.registry.services import (
    ColumnPlan,
    RosterRefused,
    appoint,
    change_organisation,
    close_organisation,
    import_roster,
    relieve,
    set_columns,
)

pytestmark = pytest.mark.django_db
DAY = date(2025, 11, 24)


def load(cast, now, text, actor=None):
    return import_roster(
        actor=actor or cast("office_handler"), filename="名录.csv", content=text.encode(), now=now
    )


def test_import_adds_updates_and_leaves(cast, now, units):
    done = load(
        cast,
        now,
        "code,name,kind,note\nU1,样例市教育局,department,\nU2,样例市水利局,vertical,\nU3,样例市气象局,vertical,垂管\n",
    )
    assert (done.added, done.changed, done.unchanged) == (1, 1, 1)
    assert queries.organisation("U2").kind == "vertical"
    assert queries.organisation("U2").short_name == "市水利局"
    assert queries.organisation("U3").short_name == "样例市气象局"
    assert queries.organisation("U3").extra == {"note": "垂管"}
    assert "类别 工作部门 → 垂直管理单位" in audit_entries(verb="change_organisation").first().sentence


def test_one_bad_line_and_nothing_is_stored(cast, now, units):
    with pytest.raises(RosterRefused) as caught:
        load(cast, now, "code,name,kind\nU3,样例市气象局,vertical\nU4,样例市财政局,bureau\n")
    assert [(one.place.number, one.key) for one in caught.value.faults] == [(3, "kind")]
    assert queries.organisation("U3") is None


def test_only_the_office_imports_and_the_refusal_is_logged(cast, now, units):
    with pytest.raises(Refused, match="只有政务公开办经办"):
        load(cast, now, "code,name,kind\n", actor=cast("liaison", "U1"))
    assert audit_entries(verb="import_roster", refused=True).count() == 1


def test_an_organisation_closes_with_a_successor_and_stays(cast, now, units):
    office = cast("office_handler")
    close_organisation(actor=office, code="U1", on=DAY, successor="U2", now=now)
    assert queries.organisation("U1").successor == "U2"
    assert "U1" in {one.code for one in queries.organisations(on=DAY)}
    assert "U1" not in {one.code for one in queries.organisations(on=date(2025, 11, 25))}
    assert [one.code for one in queries.predecessors("U2")] == ["U1"]
    with pytest.raises(RosterRefused, match="绕回"):
        close_organisation(actor=office, code="U2", on=DAY, successor="U1", now=now)


def test_change_names_old_and_new_and_refuses_what_is_wrong(cast, now, units):
    office = cast("office_handler")
    change_organisation(actor=office, code="U1", values={"short_name": "教育局", "code": "X"}, now=now)
    assert queries.organisation("U1").short_name == "教育局"
    assert "简称 市教育局 → 教育局" in audit_entries(verb="change_organisation").first().sentence
    with pytest.raises(RosterRefused) as caught:
        change_organisation(actor=office, code="U1", values={"site_url": "edu"}, now=now)
    assert [one.key for one in caught.value.faults] == ["site_url"]


def test_columns_are_replaced(cast, now, units):
    office = cast("office_handler")
    plan = [ColumnPlan("要闻", "http://u1.kaoping.test/news/", "news", 14)]
    set_columns(actor=office, code="U1", columns=plan, now=now)
    set_columns(actor=office, code="U1", columns=plan, now=now)
    assert [one.name for one in queries.columns_of("U1")] == ["要闻"]
    with pytest.raises(Refused, match="第 1 个栏目"):
        set_columns(actor=office, code="U1", columns=[ColumnPlan("", "", "news", 14)], now=now)


class TestAppointments:
    def give(self, actor, who, role, now, organisation=None, **dates):
        return appoint(
            actor=actor,
            person=person(who.id),
            role=role,
            organisation=organisation,
            valid_from=dates.get("valid_from", DAY),
            valid_until=dates.get("valid_until"),
            now=now,
        )

    def test_only_a_security_admin_appoints(self, cast, now, units):
        who = cast("reviewer")
        for role in ("system_admin", "auditor", "office_head"):
            with pytest.raises(Refused, match="只有安全管理员"):
                self.give(cast(role), who, "inspector", now)
        security = cast("security_admin")
        self.give(security, who, "inspector", now)
        assert acting.actor_for(person(who.id), on=DAY).has("inspector")
        assert not acting.actor_for(person(who.id), on=date(2025, 11, 23)).has("inspector")

    def test_nobody_appoints_oneself(self, cast, now, units):
        security = cast("security_admin")
        with pytest.raises(Refused, match="不能给自己"):
            self.give(security, security, "inspector", now)

    def test_separated_roles_do_not_meet_in_one_person(self, cast, now, units):
        security, auditor = cast("security_admin"), cast("auditor")
        with pytest.raises(Refused, match="彼此分开"):
            self.give(security, auditor, "system_admin", now)
        with pytest.raises(Refused, match="彼此分开"):
            self.give(security, auditor, "liaison", now, "U1")
        assert audit_entries(verb="appoint", refused=True).count() == 2

    def test_the_same_role_twice_and_wrong_scope(self, cast, now, units):
        security, liaison = cast("security_admin"), cast("liaison", "U1")
        with pytest.raises(Refused, match="已是单位联络员（市教育局）"):
            self.give(security, liaison, "liaison", now, "U1")
        self.give(security, liaison, "liaison", now, "U2")
        with pytest.raises(Refused, match="请选单位"):
            self.give(security, liaison, "competent_department", now)

    def test_relieved_from_the_next_day(self, cast, now, units):
        security, who = cast("security_admin"), cast("reviewer")
        [held] = [one for one in queries.appointments() if one.role == "reviewer"]
        relieve(actor=security, appointment=held, last_day=DAY, now=now)
        assert acting.actor_for(person(who.id), on=DAY).has("reviewer")
        assert not acting.actor_for(person(who.id), on=date(2025, 11, 25)).has("reviewer")
        with pytest.raises(Refused, match="已经结束"):
            relieve(actor=security, appointment=held, last_day=DAY, now=now)

    def test_the_last_security_admin_stays(self, cast, now, units):
        security = cast("security_admin")
        [held] = [one for one in queries.appointments() if one.role == "security_admin"]
        with pytest.raises(Refused, match="最后一名安全管理员"):
            relieve(actor=security, appointment=held, last_day=DAY, now=now)
        cast("security_admin")
        relieve(actor=SYSTEM, appointment=held, last_day=DAY, now=now)


def test_a_branch_sees_its_own_units(cast, now, units):
    load(
        cast,
        now,
        "code,name,kind,parent,leading_department\nD1,东区政府,district_government,,\nT1,东镇,township,D1,\n"
        "E1,自来水公司,public_enterprise,,U2\n",
    )
    assert queries.branch_of(cast("district_office", "D1")) == {"D1", "T1"}
    assert queries.branch_of(cast("competent_department", "U2")) == {"E1"}
    assert queries.branch_of(cast("office_handler")) == set()


def test_only_namesakes_are_called_by_their_posts(cast, now):
    one, other = cast("office_handler", name="王伟"), cast("second_signer", name="王伟")
    third = cast("office_head", name="李娜")
    people = [person(each.id) for each in (one, other, third)]

    def names():
        return list(queries.called(people, on=DAY).values())

    assert names() == ["王伟（政务公开办经办）", "王伟（第二签发人）", "李娜"]
    fourth = cast("second_signer", name="王伟")
    assert names() == [
        "王伟（政务公开办经办）",
        f"王伟（第二签发人，{other.username}）",
        "李娜",
    ]
    for each in (one, fourth):
        person(each.id).__class__.objects.filter(pk=each.id).update(is_active=False)
    assert list(queries.called([people[1]], on=DAY).values()) == ["王伟"]


def test_whatever_the_register_refuses_is_in_the_log(cast, now, units):
    office, security = cast("office_handler"), cast("security_admin")
    with pytest.raises(RosterRefused):
        load(cast, now, "code,name,kind\nU4,样例市财政局,bureau\n", actor=office)
    with pytest.raises(RosterRefused):
        change_organisation(actor=office, code="U1", values={"site_url": "edu"}, now=now)
    with pytest.raises(Refused):
        set_columns(actor=office, code="U1", columns=[ColumnPlan("", "", "news", 14)], now=now)
    [held] = [one for one in queries.appointments() if one.role == "security_admin"]
    with pytest.raises(Refused):
        relieve(actor=security, appointment=held, last_day=DAY, now=now)
    found = [(one.verb, one.thing_kind, one.thing_id) for one in audit_entries(refused=True).order_by("id")]
    assert found == [
        ("import_roster", "register", "名录.csv"),
        ("change_organisation", "organisation", "U1"),
        ("set_columns", "organisation", "U1"),
        ("relieve", "person", security.id),
    ]
