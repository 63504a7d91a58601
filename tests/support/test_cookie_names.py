"""Names of the cookies of a session, with and without HTTPS."""

from kaoping.support import cookie_names


def test_a_browser_vouches_for_a_session_only_over_https():
    assert cookie_names.named("kaoping_inside", https=True) == "__Host-kaoping_inside"
    assert cookie_names.named("kaoping_inside", https=False) == "kaoping_inside"


def test_a_cookie_planted_by_a_neighbouring_host_does_not_count_beside_the_own():
    sent = {"kaoping_inside": "planted", "__Host-kaoping_inside": "own", "theme": "dark"}
    assert cookie_names.plain(sent)["kaoping_inside"] == "own"
    assert cookie_names.plain({"kaoping_inside": "x"}) == {"kaoping_inside": "x"}
