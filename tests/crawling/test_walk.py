from kaoping.crawling.walk import TRAP_DEPTH, TRAP_REPEATS, TRAP_VARIANTS, Frontier

ROOT = "http://a.test/"


def walk(max_pages=100, max_files=100):
    frontier = Frontier("a.test", max_pages, max_files)
    frontier.start(ROOT)
    return frontier


def drain(frontier):
    urls = []
    while step := frontier.next():
        urls.append(step.url)
        frontier.good(step.url)
    return urls


def test_breadth_first_one_site_files_last():
    frontier = walk()
    frontier.next()
    frontier.good(ROOT)
    frontier.offer(ROOT, [ROOT + "x.pdf", ROOT + "a", "http://b.test/", ROOT + "b", ROOT + "a", ROOT])
    first = frontier.next()
    assert (first.url, first.is_file) == (ROOT + "a", False)
    frontier.good(first.url)
    frontier.offer(first.url, [ROOT + "c"])
    assert drain(frontier) == [ROOT + "b", ROOT + "c", ROOT + "x.pdf"]


def test_page_limit():
    frontier = walk(max_pages=1)
    frontier.next()
    frontier.pages = 1
    frontier.offer(ROOT, [ROOT + "a", ROOT + "b"])
    assert frontier.next() is None
    assert frontier.unvisited == 2


def test_broken_target_is_reported_once_for_each_page_before_and_after_it_failed():
    frontier = walk()
    frontier.offer(ROOT, [ROOT + "dead", ROOT + "dead"])
    frontier.offer(ROOT + "a", [ROOT + "dead"])
    frontier.failed(ROOT + "dead", "HTTP 404")
    frontier.offer(ROOT + "b", [ROOT + "dead"])
    assert [(t.on, t.cause) for t in frontier.troubles] == [
        (ROOT, "HTTP 404"),
        (ROOT + "a", "HTTP 404"),
        (ROOT + "b", "HTTP 404"),
    ]


def test_two_addresses_of_one_page_count_once():
    frontier = walk()
    frontier.next()
    frontier.good(ROOT)
    frontier.offer(ROOT, [ROOT + "old", ROOT + "new"])
    step = frontier.next()
    assert frontier.good(step.url, ROOT + "new")
    assert drain(frontier) == []
    assert not frontier.good(ROOT + "older", ROOT + "new")


def test_traps_are_refused():
    frontier = walk(max_pages=10_000)
    frontier.offer(ROOT, [ROOT + "/".join(str(n) for n in range(40)), ROOT + "a/a/a/a/x"])
    frontier.offer(ROOT, [f"{ROOT}cal?day={n}" for n in range(500)])
    causes = [trouble.cause for trouble in frontier.troubles]
    assert causes[:2] == [TRAP_DEPTH, TRAP_REPEATS]
    assert causes.count(TRAP_VARIANTS) == 300
