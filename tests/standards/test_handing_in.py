"""An organiser's own rulebook enters: looked through, completed by a known parent, compared, kept as a draft."""

import pytest

from kaoping.accounts.actor import Actor, Refused
from kaoping.accounts.models import AuditEntry
from kaoping.registry.models import Organisation
from kaoping.standards import queries
from kaoping.standards.handing_in import NotTaken, examined, texts_of_pack
from kaoping.standards.loading import rulebook_from_files
from kaoping.standards.services import adopt, hand_in
from tests.standards.making import ABOUT, RUBRIC, district, files
from tests.standards.test_pack import zipped

pytestmark = pytest.mark.django_db
OFFICE = Actor("1", "wang", "王经办", (("office_handler", "D1"),))
WORDED = district("change:\n  A1: {name: 改名}\n")


@pytest.fixture
def county():
    return Organisation.objects.create(
        code="D1", name="某区人民政府", short_name="某区", kind="district_government"
    )


@pytest.fixture
def parent(now):
    return adopt(actor=OFFICE, rulebook=rulebook_from_files(files()), now=now)


def kept(texts, now, *, organiser="D1", actor=OFFICE):
    return hand_in(actor=actor, rulebook=rulebook_from_files(texts), organiser=organiser, now=now)


def test_a_zip_becomes_a_draft_that_says_who_when_and_for_whom(county, parent, now):
    own = {name: text for name, text in WORDED.items() if not name.startswith("extends/")}
    found = examined(texts_of_pack(zipped(own)), last=parent)
    assert found.parent.id == "small" and found.rulebook.files == WORDED
    assert [(one.code, one.field, one.after) for one in found.to_parent] == [("A1", "name", "改名")]
    assert found.to_last == found.to_parent
    version = kept(found.rulebook.files, now)
    assert (version.draft, version.organiser, version.adopted_by, version.adopted_at) == (
        True,
        "D1",
        "王经办",
        now,
    )
    assert kept(WORDED, now).pk == version.pk, "the same text twice is one version"
    assert queries.versions()[0].pk == version.pk
    assert queries.newest_version().pk == parent.pk, "a draft decides nothing yet"
    [line] = AuditEntry.objects.filter(verb="hand_in_rulebook")
    assert "某区规则集" in line.sentence and "某区" in line.sentence and version.digest[:8] in line.sentence


@pytest.fixture
def meanwhile(monkeypatch):
    """Somebody else comes first: the given act is done just before this one writes."""

    def comes_first(act):
        asked, real = iter(range(1, 100)), queries.namesake

        def namesake(*names):
            if next(asked) == 2:
                act()
            return real(*names)

        monkeypatch.setattr(queries, "namesake", namesake)

    return comes_first


@pytest.mark.parametrize(
    "verb", [kept, lambda texts, now: adopt(actor=OFFICE, rulebook=rulebook_from_files(texts), now=now)]
)
def test_the_same_text_sent_twice_at_one_moment_is_one_version(verb, county, meanwhile, now):
    first = []
    meanwhile(lambda: first.append(verb(files(), now)))
    assert [verb(files(), now).pk] == [one.pk for one in first]
    assert AuditEntry.objects.filter(verb__in=("adopt", "hand_in_rulebook"), refused=False).count() == 1


def test_another_text_under_the_same_names_that_came_first_at_one_moment_is_said_in_words(
    county, meanwhile, now
):
    meanwhile(lambda: kept(files(rubric=RUBRIC.replace("甲二", "甲贰")), now))
    with pytest.raises(Refused, match="small 1 已有另一份内容"):
        kept(files(), now)


def test_two_texts_with_one_id_and_version_are_refused_in_words(county, parent, now):
    other = files(rubric=RUBRIC.replace("甲二", "甲贰"))
    for verb in (
        lambda: kept(other, now),
        lambda: adopt(actor=OFFICE, rulebook=rulebook_from_files(other), now=now),
    ):
        with pytest.raises(Refused, match="small 1 已有另一份内容.*改版本号"):
            verb()
    assert kept(files(rubric=RUBRIC.replace("甲二", "甲贰"), about=ABOUT.replace("'1'", "'2'")), now).draft


def test_a_parent_that_came_along_is_believed_only_where_it_is_known(county, parent, now):
    lessened = dict(WORDED)
    lessened["extends/rubric.yaml"] = lessened["extends/rubric.yaml"].replace('each: "0.5"', 'each: "0.0001"')
    with pytest.raises(NotTaken, match="与本系统所存的不同"):
        examined(lessened, last=None)
    with pytest.raises(Refused, match="与本系统所存的不同"):
        kept(lessened, now)
    own = {name: text for name, text in WORDED.items() if not name.startswith("extends/")}
    own["about.yaml"] = own["about.yaml"].replace("extends: small", "extends: nobody")
    with pytest.raises(NotTaken, match="没有上级规则集 nobody"):
        examined(own, last=None)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (files(rubric="total: [\n"), "rubric.yaml 第"),
        (
            files(
                rubric=RUBRIC.replace(
                    "sources: {monitor: [verdict]}", "checks: [P-99], sources: {monitor: [verdict]}", 1
                ).replace("        checks", "        checks")
            ),
            "rubric.yaml",
        ),
        (
            files(
                rubric=RUBRIC.replace(
                    "        sources: {monitor: [verdict]}\n",
                    "        sources: {monitor: [verdict]}\n        checks: [P-99]\n",
                )
            ),
            "没有检查项 P-99",
        ),
        (district("unscored: zero\n"), "考核办法第十条"),
        (files(rubric=RUBRIC.replace("locked: true", "locked: 'yes'", 1)), "应为 true 或 false"),
        (files(about=ABOUT + "extend: small\n"), "不认识的字段"),
        (files(rubric=RUBRIC + "    confidence: adopted\n"), "adopted 由程序"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(county, parent, now, texts, words):
    with pytest.raises(NotTaken, match=words):
        examined(texts, last=None)
    assert queries.versions() == [parent]


def test_a_bomb_or_garbage_is_read_in_the_child_and_refused(now):
    for content, words in (
        (b"PK" + b"\0" * 100, "不是 ZIP"),
        (zipped({"about.yaml": "[" * 100_000}), "嵌套过深"),
    ):
        with pytest.raises(NotTaken, match=words):
            examined(texts_of_pack(content), last=None)


def test_only_the_handler_hands_in_and_only_for_an_organisation_of_the_register(county, parent, now):
    with pytest.raises(Refused, match="经办交存"):
        kept(WORDED, now, actor=Actor("2", "x", "x"))
    with pytest.raises(Refused, match="经办交存"):
        kept(WORDED, now, organiser="D2")
    nowhere = Actor("1", "wang", "王经办", (("office_handler", "D9"),))
    with pytest.raises(Refused, match="名录里没有代码是 D9"):
        kept(WORDED, now, organiser="D9", actor=nowhere)
    assert queries.versions() == [parent]
