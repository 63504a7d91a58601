import pytest
from django.db import DatabaseError, connection, transaction

from kaoping.accounts.actor import SYSTEM
from kaoping.accounts.audit import record_act
from kaoping.accounts.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_auditentry SET sentence = '改过'", "DELETE FROM accounts_auditentry"]
)
def test_the_log_is_never_changed(now, statement):
    record_act(SYSTEM, "test", "thing", "1", "一句话。", now=now)
    with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().sentence == "一句话。"


def test_typed_words_do_not_turn_a_sentence_round(now):
    record_act(SYSTEM, "test", "thing", "1", "陈静 登记送达：电话\u202e告知\u2067王敏。", now=now)
    assert AuditEntry.objects.get().sentence == "陈静 登记送达：电话告知王敏。"
