import pytest

from kaoping.campaigns.models import ReviewAssignment
from kaoping.campaigns.queries import review as reads
from kaoping.registry.models import Organisation
from tests.web.desk.campaign import add_units, at, queries_of

pytestmark = pytest.mark.django_db
URL = "/desk/reviews/G1-2025/"


@pytest.fixture
def desk(year, signed_in):
    return signed_in(year.handler)


def test_assigning_in_turn_and_one(year, desk, monkeypatch):
    page = desk.get(URL + "assign/").content.decode()
    assert "专家己" in page
    people = [one.id for one in year.reviewers]
    too_many = desk.post(URL + "assign/", {"reviewers": people, "per_unit": "5"})
    assert too_many.status_code == 409 and "排不满 5 位专家" in too_many.content.decode()
    assert desk.post(URL + "assign/", {"reviewers": people[:1], "per_unit": "1"}).status_code == 302
    assert reads.assignments(year.campaign).count() == 2
    assert desk.post(URL + "assign/one/", {"reviewer": people[1], "units": ["U1"]}).status_code == 302
    assert "3 份" in desk.get(URL).content.decode()


def test_closing_waits_and_needs_the_year(year, desk, signed_in, monkeypatch):
    year.to("review")
    assert "还没有评完" in desk.get(URL + "close/").content.decode()
    year.review_all()
    at(year.tick(), monkeypatch)
    page = desk.get(URL).content.decode()
    assert "可以结束评审" in page and "没有分数" in page
    assert "由政务公开办经办办理" in signed_in(year.head).get(URL + "close/").content.decode()
    assert desk.post(URL + "close/", {"confirm_year": "2020"}).status_code == 409
    assert desk.post(URL + "close/", {"confirm_year": "2025"}).status_code == 302
    assert "评审已经结束" in desk.get(URL).content.decode()


def test_same_number_of_queries(year, desk):
    year.to("review")
    few = queries_of(desk, URL)
    codes = add_units(year.campaign, 30)
    first = ReviewAssignment.objects.filter(campaign=year.campaign).first()
    ReviewAssignment.objects.bulk_create(
        ReviewAssignment(
            campaign=year.campaign,
            reviewer_id=first.reviewer_id,
            organisation=Organisation.objects.get(code=code),
            unit_alias=code,
            reviewer_alias=first.reviewer_alias,
        )
        for code in codes
    )
    assert queries_of(desk, URL) == few
