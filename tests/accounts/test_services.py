import re
from datetime import timedelta

import pytest

from kaoping.accounts import services
from kaoping.accounts.actor import SYSTEM, Refused
from kaoping.accounts.queries import audit_entries, person, person_by_username

pytestmark = pytest.mark.django_db


def make(actor, now, username="chenjing", password="xinbei-gongkai-8"):
    return services.create_person(actor=actor, username=username, name="陈静", password=password, now=now)


def test_a_person_is_made_by_the_system_admin_and_must_change_the_password(cast, now):
    made = make(cast("system_admin"), now)
    assert made.must_change_password
    assert made.check_password("xinbei-gongkai-8")
    assert audit_entries(verb="create_person").first().sentence == "建立人员 陈静（chenjing）。"


@pytest.mark.parametrize("role", ["security_admin", "auditor", "office_head"])
def test_others_make_nobody(cast, now, role):
    with pytest.raises(Refused, match="只有系统管理员"):
        make(cast(role), now)
    assert person_by_username("chenjing") is None


@pytest.mark.parametrize(
    ("username", "password", "words"),
    [
        ("chen jing", "xinbei-gongkai-8", "登录名用字母"),
        ("chenjing", "123", "口令至少 12 个字符；"),
        ("chenjing", "20251124202511", "口令不能全是数字"),
        ("chenjing", "chenjing-chen", "口令与登录名或姓名太相似"),
        ("chenjing", "1qaz2wsx3edc", "口令太常见"),
        ("chenjing", "aaaaaaaaaaaa", "不同的字符太少"),
        ("chenjing", "abcdefghijklmn", "连着的字符太多"),
        ("chenjing", "天开地辟" * 32 + "长", "口令最长 128 个字符，这里有 129 个"),
    ],
)
def test_bad_names_and_weak_passwords_are_refused_in_words(now, username, password, words):
    with pytest.raises(Refused, match=words) as refusal:
        make(SYSTEM, now, username, password)
    assert "口令" not in words or not re.search("[A-Za-z]", str(refusal.value))


def test_a_whole_sentence_is_a_password(now):
    assert make(SYSTEM, now, password="天开地辟日月星辰" * 16).check_password("天开地辟日月星辰" * 16)


def test_names_differ_by_more_than_case(now):
    make(SYSTEM, now)
    with pytest.raises(Refused, match="已有人用"):
        make(SYSTEM, now, "ChenJing")


def test_a_password_is_set_by_its_person_only(cast, now):
    admin, who = cast("system_admin"), cast("reviewer")
    with pytest.raises(Refused, match="只能改自己"):
        services.change_password(actor=admin, person=person(who.id), password="linshi-kouling-1", now=now)
    services.change_password(actor=who, person=person(who.id), password="ziji-kouling-22", now=now)
    assert not person(who.id).must_change_password
    with pytest.raises(Refused, match="与现在的口令相同"):
        services.change_password(actor=who, person=person(who.id), password="ziji-kouling-22", now=now)
    with pytest.raises(Refused, match="只能改自己"):
        services.change_password(actor=who, person=person(admin.id), password="bieren-kouling-3", now=now)


def test_switching_off(cast, now):
    admin, who = cast("system_admin"), cast("reviewer")
    services.switch_person(actor=admin, person=person(who.id), active=False, roles=(), now=now)
    assert not person(who.id).is_active
    with pytest.raises(Refused, match="不能停用自己"):
        services.switch_person(actor=admin, person=person(admin.id), active=False, roles=(), now=now)


def test_a_refusal_leaves_a_line(cast, now):
    with pytest.raises(Refused):
        services.retry_job(actor=cast("auditor"), job_id=1, now=now)
    [line] = audit_entries(refused=True)
    assert (line.verb, line.thing_kind, line.thing_id) == ("retry_job", "job", "1")


def test_the_log_narrows(cast, now):
    services.note_failed_sign_in(username="nobody", locked=True, now=now - timedelta(hours=2))
    services.note_closed_hours(now=now)
    assert audit_entries(words="暂停过登录").count() == 1
    assert audit_entries(since=now, until=now).count() == 0
