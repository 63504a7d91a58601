"""The front over a small WSGI application, called as ASGI without a network."""

import asyncio
import io
import json
import tempfile
import threading

import pytest

from kaoping.front import Limits, Plan, Rules, make_front
from kaoping.front import application as module
from kaoping.front.fair import Visitor

PAGES, WRITES = "pages", "writes"


def rules(**changes):
    given = {
        "pools": {PAGES: (1, 1), WRITES: (1, 1)},
        "plan": lambda method, path, _cookies: Plan(WRITES if method == "POST" else PAGES, 100),
        "visitor": lambda peer, headers: Visitor(peer, headers.get("cookie", "")),
        "health": "/health/",
        "limits": Limits(window_seconds=0.2, silent_seconds=0.05, in_memory=10),
    }
    return Rules(**{**given, **changes})


class Hello:
    """Echoes what it was asked."""

    def __init__(self):
        self.seen = []

    def __call__(self, environ, start_response):
        content = environ["wsgi.input"].read()
        self.seen.append((environ, content))
        start_response(
            "200 OK", [("Content-Type", "text/plain"), ("X-Name", "一".encode().decode("latin-1"))]
        )
        return [b"hello ", content]


async def ask(app, method="GET", path="/", parts=(b"",), headers=(), client=("192.0.2.1", 5), hang=False):
    left, sent = list(parts), []

    async def receive():
        if not left:
            await asyncio.sleep(60)
        part = left.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(left) or hang}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "query_string": b"q=1", "http_version": "1.1",
        "scheme": "http", "headers": list(headers), "client": client, "server": ("127.0.0.1", 80), "root_path": "",
    }  # fmt: skip
    await app(scope, receive, send)
    body = b"".join(one.get("body", b"") for one in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


def one(app, *args, **named):
    return asyncio.run(ask(app, *args, **named))


def test_a_request_reaches_the_application_whole():
    hello = Hello()
    status, headers, body = one(
        make_front(hello, rules()),
        "POST",
        "/p/",
        (b"abc", b"def"),
        [(b"content-type", b"text/plain"), (b"x-a", b"1")],
    )
    assert (status, body, headers[b"content-type"]) == (200, b"hello abcdef", b"text/plain")
    environ, content = hello.seen[0]
    assert content == b"abcdef" and environ["CONTENT_LENGTH"] == "6"
    assert (environ["PATH_INFO"], environ["QUERY_STRING"], environ["REMOTE_ADDR"]) == (
        "/p/",
        "q=1",
        "192.0.2.1",
    )
    assert environ["CONTENT_TYPE"] == "text/plain" and environ["HTTP_X_A"] == "1"


def test_a_header_with_an_underscore_speaks_for_no_other():
    hello = Hello()
    headers = [
        (b"x_forwarded_for", b"1.1.1.1"),
        (b"x-forwarded-for", b"2.2.2.2"),
        (b"x-forwarded-for", b"3.3.3.3"),
    ]
    one(make_front(hello, rules()), headers=headers)
    assert hello.seen[0][0]["HTTP_X_FORWARDED_FOR"] == "2.2.2.2,3.3.3.3"


def test_head_has_headers_and_no_body():
    status, headers, body = one(make_front(Hello(), rules()), "HEAD")
    assert (status, body) == (200, b"") and b"x-name" in headers


def test_half_a_body_never_reaches_the_application():
    hello = Hello()
    status, headers, body = one(make_front(hello, rules()), "POST", parts=(b"abc",), hang=True)
    assert status == 408 and headers[b"connection"] == b"close" and "再提交一次" in body.decode()
    assert hello.seen == []


@pytest.mark.parametrize("length", [b"101", b"1" * 30])
def test_a_body_that_is_too_large_never_reaches_the_application(length):
    hello = Hello()
    status, _headers, body = one(make_front(hello, rules()), "POST", headers=[(b"content-length", length)])
    assert status == 413 and "文字太长" in body.decode() and hello.seen == []


@pytest.mark.parametrize(("asked", "kind"), [(b"application/json", b"json"), (b"text/html", b"text/html")])
def test_a_script_that_asks_for_json_is_refused_in_json(asked, kind):
    def fails(*_args):
        raise RuntimeError("planted")

    too_large = [(b"content-length", b"101"), (b"accept", asked)]
    for app, status, named in (
        (Hello(), 413, {"headers": too_large}),
        (Hello(), 400, {"headers": [(b"content-length", b"-1"), (b"accept", asked)]}),
        (fails, 500, {"headers": [(b"accept", asked)]}),
    ):
        code, headers, body = one(make_front(app, rules()), "POST", **named)
        assert code == status and kind in headers[b"content-type"]
        assert kind != b"json" or json.loads(body)["refused"].endswith("。")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (b"application/x-www-form-urlencoded", False),
        (b"multipart/form-data; boundary=a", True),
        (b"Multipart/Form-Data; boundary=a", True),
    ],
)
@pytest.mark.parametrize("stated", [True, False])
def test_only_a_form_that_can_carry_files_is_told_of_files(kind, said, stated):
    headers = [(b"content-type", kind), *([(b"content-length", b"101")] if stated else [])]
    status, _headers, body = one(make_front(Hello(), rules()), "POST", parts=(b"a" * 101,), headers=headers)
    page = body.decode()
    assert status == 413 and ("减少文件" in page) is said and ("删短" in page) is not said


@pytest.mark.parametrize("length", [b"-1", b"abc", "１２".encode(), b""])
def test_a_length_that_is_none_is_refused(length):
    assert one(make_front(Hello(), rules()), "POST", headers=[(b"content-length", length)])[0] == 400


def test_half_bodies_take_no_thread():
    """Twenty unfinished forms for a pool of one thread, and a page is there at once."""
    hello = Hello()
    app = make_front(hello, rules(limits=Limits(5, 5)))

    async def go():
        slow = [asyncio.create_task(ask(app, "POST", parts=(b"a",), hang=True)) for _ in range(20)]
        await asyncio.sleep(0.01)
        page, written = await ask(app), await ask(app, "POST", parts=(b"whole",))
        for task in slow:
            task.cancel()
        return page[0], written[0]

    assert asyncio.run(go()) == (200, 200)
    assert [content for _environ, content in hello.seen] == [b"", b"whole"]


def test_a_busy_pool_starves_no_other_and_refuses_in_words():
    go_on = threading.Event()

    def app(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            go_on.wait(10)
        start_response("200 OK", [])
        return [b"done"]

    front = make_front(app, rules())

    async def go():
        writes = [asyncio.create_task(ask(front, "POST", client=("flood", 1))) for _ in range(6)]
        await asyncio.sleep(0.02)
        page = await ask(front)
        go_on.set()
        return page, await asyncio.gather(*writes)

    page, writes = asyncio.run(go())
    assert page[0] == 200
    refused = [(headers, body) for status, headers, body in writes if status == 503]
    assert len(refused) == 4 and all(headers[b"retry-after"] for headers, _ in refused)
    assert "不会重复计算" in refused[0][1].decode()


def test_an_answer_that_is_not_read_holds_no_thread():
    """A reader that takes nothing is left after its deadline; the thread was free before."""
    large = b"x" * 1024 * 1024

    def app(_environ, start_response):
        start_response("200 OK", [])
        return [large]

    front = make_front(app, rules())
    closed = []

    async def go(monkeypatch):
        monkeypatch.setattr(module, "deliver", _impatient(closed))
        never = asyncio.create_task(_never_reading(front))
        await asyncio.sleep(0.02)
        status, _headers, body = await ask(front)
        await never
        return status, len(body)

    with pytest.MonkeyPatch.context() as patch:
        assert asyncio.run(go(patch)) == (200, len(large))
    assert closed == [True, True]


def _impatient(closed):
    real = module.deliver

    async def deliver(answer, send, *, head):
        try:
            await real(answer, send, head=head, silent_seconds=0.1)
        finally:
            closed.append(answer.body.closed)

    return deliver


async def _never_reading(front):
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.body":
            await asyncio.sleep(60)

    scope = {
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "http_version": "1.1", "scheme": "http",
        "headers": [], "client": ("slow", 1), "server": ("127.0.0.1", 80), "root_path": "",
    }  # fmt: skip
    await front(scope, receive, send)


def test_a_file_goes_out_as_it_lies_on_disk(tmp_path):
    (tmp_path / "f").write_bytes(b"abc" * 100_000)

    def app(environ, start_response):
        start_response("200 OK", [("Content-Length", "300000")])
        return environ["wsgi.file_wrapper"]((tmp_path / "f").open("rb"))

    status, _headers, body = one(make_front(app, rules()))
    assert (status, body) == (200, b"abc" * 100_000)


def test_the_answer_is_closed_also_when_it_breaks():
    closed = []

    class Body:
        def __iter__(self):
            yield b"a"
            raise RuntimeError("broken")

        def close(self):
            closed.append(True)

    def app(_environ, start_response):
        start_response("200 OK", [])
        return Body()

    status, _headers, body = one(make_front(app, rules()))
    assert status == 500 and closed == [True] and "不是您的原因" in body.decode()


def test_what_an_application_wrote_before_it_broke_is_closed(monkeypatch):
    real, made = tempfile.SpooledTemporaryFile, []

    def keep(**given):
        made.append(real(**given))
        return made[-1]

    def app(_environ, start_response):
        start_response("200 OK", [])(b"a" * 500_000)
        raise RuntimeError("broken")

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", keep)
    assert one(make_front(app, rules()))[0] == 500
    assert len(made) == 2 and all(file.closed for file in made), "the body and the answer"


def test_an_answer_for_which_nobody_waits_any_more_is_closed():
    begun, go_on, closed = (threading.Event() for _ in range(3))
    answers = []

    class Answer(io.BytesIO):
        def close(self):
            super().close()
            closed.set()

    def app(environ, start_response):
        begun.set()
        go_on.wait(10)
        start_response("200 OK", [])
        answers.append(Answer(b"abc"))
        return environ["wsgi.file_wrapper"](answers[0])

    async def go():
        asked = asyncio.create_task(ask(make_front(app, rules())))
        await asyncio.to_thread(begun.wait, 10)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        go_on.set()
        return await asyncio.to_thread(closed.wait, 10)

    assert asyncio.run(go())


def test_what_cannot_be_stored_is_said_even_when_no_page_can_be_made():
    def app(_environ, _start_response):
        raise OSError(28, "No space left on device")

    status, headers, body = one(make_front(app, rules()))
    assert status == 503 and headers[b"retry-after"] and "再提交" in body.decode()


def test_health_says_when_every_thread_hangs(monkeypatch):
    go_on = threading.Event()

    def app(environ, start_response):
        if environ["PATH_INFO"] == "/slow/":
            go_on.wait(10)
        start_response("200 OK", [])
        return [b"ok"]

    front = make_front(app, rules(plan=lambda _m, path, _c: Plan(WRITES if path == "/slow/" else PAGES, 100)))

    async def go():
        slow = asyncio.create_task(ask(front, path="/slow/"))
        await asyncio.sleep(0.02)
        before = await ask(front, path="/health/")
        monkeypatch.setattr(module, "STUCK_SECONDS", 0.0)
        after = await ask(front, path="/health/")
        go_on.set()
        await slow
        return before[0], after[0], after[2], (await ask(front, path="/health/"))[0]

    assert asyncio.run(go()) == (200, 500, b'{"status": "stuck"}', 200)


def test_the_life_of_the_front_begins_and_ends():
    async def go():
        incoming, outgoing = asyncio.Queue(), asyncio.Queue()
        front = make_front(Hello(), rules())
        life = asyncio.create_task(front({"type": "lifespan"}, incoming.get, outgoing.put))
        await incoming.put({"type": "lifespan.startup"})
        begun = await outgoing.get()
        await incoming.put({"type": "lifespan.shutdown"})
        await life
        return begun["type"], (await outgoing.get())["type"]

    assert asyncio.run(go()) == ("lifespan.startup.complete", "lifespan.shutdown.complete")


def test_an_application_that_closes_its_file(tmp_path):
    closed = []

    class File(io.BytesIO):
        def close(self):
            closed.append(True)
            super().close()

    def app(environ, start_response):
        start_response("200 OK", [])
        return environ["wsgi.file_wrapper"](File(b"abc"))

    assert one(make_front(app, rules()))[2] == b"abc" and closed
