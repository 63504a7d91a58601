"""Names ignore case from this release on; two that differ by case only stop the upgrade in words, with the way out."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from kaoping.accounts import services
from kaoping.accounts.actor import NamesAlike, Refused
from kaoping.accounts.models import Person
from kaoping.accounts.queries import audit_entries, person_by_username

migration = import_module("kaoping.accounts.migrations.0004_sign_in")


class Apps:
    """What a migration sees: names only."""

    def __init__(self, *names):
        self.names = names

    def get_model(self, *_what):
        return self

    objects = property(lambda self: self)

    def order_by(self, *_by):
        return self

    def values_list(self, *_fields, **_flat):
        return self.names


def test_the_upgrade_stops_in_words_that_name_both_and_the_way_out():
    with pytest.raises(NamesAlike, match="chenjing 与 ChenJing.*kaoping accounts rename"):
        migration.refuse_names_alike(Apps("chenjing", "anna", "ChenJing"), None)
    migration.refuse_names_alike(Apps("chenjing", "Anna"), None)


@pytest.mark.django_db
def test_the_database_refuses_them_too(cast, now):
    cast("reviewer", username="anna")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(username="Anna", name="安娜", created_at=now)


@pytest.mark.django_db
def test_renaming_is_the_way_out_and_leaves_its_line(cast, now):
    cast("reviewer", username="anna")
    cast("reviewer", username="bea")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX accounts_person_username_ignores_case")
    Person.objects.filter(username="bea").update(username="ANNA")
    with pytest.raises(Refused, match="已有人用"):
        services.rename_person(old="ANNA", new="Anna", who="李四", now=now)
    services.rename_person(old="ANNA", new="Anna.Li", who="李四", now=now)
    assert person_by_username("anna.li").name
    assert "李四（在服务器上）" in audit_entries(verb="rename_person").first().actor_name
    with pytest.raises(Refused, match="没有登录名"):
        services.rename_person(old="ANNA", new="other", who="李四", now=now)
