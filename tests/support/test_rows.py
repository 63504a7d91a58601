"""Rows that a page cuts out of a query: counted and read, never touched."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from kaoping.support.rows import Rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(now) -> Rows[str]:
    person = get_user_model()
    for name in ("甲", "乙", "丙"):
        person.objects.create(username=f"rows-{name}", name=name, created_at=now)
    stored = person.objects.filter(username__startswith="rows-").order_by("pk")
    return Rows(stored, lambda one: f"{one.name}。")


def test_they_are_counted_cut_and_read(names, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert names.count() == 3
    with django_assert_num_queries(1):
        assert names[1:] == ["乙。", "丙。"]
    assert list(names) == ["甲。", "乙。", "丙。"]


def test_nothing_else_can_be_asked_of_them(names):
    assert not {"filter", "order_by", "update", "delete", "get"} & set(dir(names))
