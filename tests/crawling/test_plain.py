"""The words of a page for a reader who is not given the page."""

from kaoping.crawling.plain import plain_text


def test_visible_words_without_addresses_or_programs():
    page = (
        b"<html><title>t</title><body><script>alert('x')</script><h1>\xe9\x80\x9a\xe7\x9f\xa5</h1>"
        b"<a href='http://u1.kaoping.test/x'>\xe9\x99\x84\xe4\xbb\xb6</a><img src=x onerror=alert(1)></body></html>"
    )
    assert plain_text(page, "text/html; charset=utf-8").split("\n") == ["通知", "附件"]


def test_what_is_no_text_gives_none():
    assert plain_text(b"%PDF-1.4 ...", "application/pdf") == ""
    assert plain_text("一行".encode(), "text/plain; charset=utf-8") == "一行"
