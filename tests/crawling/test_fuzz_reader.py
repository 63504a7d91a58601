"""The two minutes of CI in short: the same ways of spoiling pages, so many rounds instead of seconds."""

from bench import fuzz_reader


def test_no_page_however_spoilt_makes_the_reader_break_its_promises():
    corpus = fuzz_reader.pages()
    assert len(corpus) > 20
    rounds, lost, why = fuzz_reader.run(corpus, seed=7, until=lambda done: done >= 400)
    assert (rounds, lost, why) == (400, None, "")


def test_the_same_seed_spoils_in_the_same_way():
    corpus = fuzz_reader.pages()[:3]
    made = []
    for _ in range(2):
        chance = fuzz_reader.random.Random(3)
        made.append([fuzz_reader.spoil(chance.choice(corpus), chance) for _ in range(20)])
    assert made[0] == made[1]


def test_a_broken_reader_is_found(monkeypatch, tmp_path, capsys):
    """The bench notices what it is there for: a reader that raises, one that gives two answers, one that gives too much."""
    monkeypatch.setattr(fuzz_reader, "pages", lambda: [b"<html><title>x</title></html>"])
    keep = tmp_path / "lost.bin"
    monkeypatch.setattr("kaoping.crawling.page.decoded", lambda data, kind: 1 / 0)
    assert fuzz_reader.main(["--rounds", "3", "--keep", str(keep)]) == 1
    assert keep.is_file() and "ZeroDivisionError" in capsys.readouterr().out
    monkeypatch.undo()
    answers = iter(range(10**9))
    monkeypatch.setattr(fuzz_reader, "read_page", lambda *given: next(answers))
    _rounds, _lost, why = fuzz_reader.run([b"<p>"], seed=1, until=lambda done: done >= 2)
    assert "two answers" in why
