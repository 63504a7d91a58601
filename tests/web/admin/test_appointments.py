import pytest

from kaoping.accounts.queries import person
from kaoping.registry import queries
from kaoping.registry.queries import acting

pytestmark = pytest.mark.django_db


def give(client, who, **more):
    data = {"person": who.id, "role": "liaison", "organisation": "U1", "valid_from": "2025-11-24", **more}
    return client.post("/admin/appointments/new/", data)


def test_given_and_taken_on_the_web(cast, signed_in, units):
    security, who = signed_in(cast("security_admin")), cast("reviewer")
    assert give(security, who).status_code == 302
    [held] = queries.appointments(role="liaison")
    page = security.get("/admin/appointments/?role=liaison").content.decode()
    assert "市教育局" in page and "没有定" in page
    assert (
        security.post(f"/admin/appointments/{held.pk}/relieve/", {"last_day": "2025-11-30"}).status_code
        == 302
    )
    roles = {day: acting.actor_for(person(who.id), on=day).roles for day in (held.valid_from,)}
    assert ("liaison", "U1") in roles[held.valid_from]
    assert "2025年11月30日" in security.get("/admin/appointments/?when=all&role=liaison").content.decode()


def test_a_refusal_stands_in_the_form_with_the_input_kept(cast, signed_in, units):
    security, auditor = signed_in(cast("security_admin")), cast("auditor")
    text = give(security, auditor, valid_until="2026-01-31").content.decode()
    assert "彼此分开" in text and 'value="2026-01-31"' in text
    assert "早于第一天" in give(security, cast("reviewer"), valid_until="2025-01-01").content.decode()


def test_the_list_as_csv(cast, signed_in, units):
    cast("liaison", "U2")
    text = (
        signed_in(cast("security_admin")).get("/admin/appointments/?format=csv").content.decode("utf-8-sig")
    )
    assert '"单位联络员","U2","市水利局","2025-01-01","","现任"' in text


def test_same_number_of_queries_at_any_length(cast, signed_in, units, django_assert_max_num_queries):
    client = signed_in(cast("security_admin"))
    for _ in range(30):
        cast("liaison", "U1")
    with django_assert_max_num_queries(10):
        assert client.get("/admin/appointments/").status_code == 200


def test_nobody_was_in_office_before_the_day_of_the_act(cast, signed_in, units):
    security, who = signed_in(cast("security_admin")), cast("reviewer")
    page = give(security, who, valid_from="2024-11-24").content.decode()
    assert "第一天最早写今天" in page
    assert not queries.appointments(role="liaison")
    assert give(security, who).status_code == 302
    [held] = queries.appointments(role="liaison")
    page = security.post(f"/admin/appointments/{held.pk}/relieve/", {"last_day": "2025-01-01"})
    assert "最后一天最早写昨天" in page.content.decode()
