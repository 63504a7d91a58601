import json

from kaoping.cli.main import main
from tests.crawling.serving import page, serve

KEYS = ["check", "version", "target", "outcome", "reason", "place", "artefact"]


def test_one_line_per_outcome(tmp_path, capsys):
    with serve({"/": page("<html><title>样例局</title><p>正文</p></html>")}) as site:
        arguments = [
            "crawl",
            site.root,
            "--out",
            str(tmp_path),
            "--allow",
            "127.0.0.0/8",
            "--rate",
            "unlimited",
        ]
        main([*arguments, "--json"])
    capsys.readouterr()
    assert main(["check", str(tmp_path), "--as-of", "2025-06-30", "--json"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(list(line) == KEYS and line["reason"] and line["place"] for line in lines)
    assert [line["check"] for line in lines if line["outcome"] == "not_met"] == ["P-12"]
    assert main(["check", str(tmp_path), "--as-of", "2025-06-30", "--reread"]) == 1
    out = capsys.readouterr().out
    assert "疑似不符合 P-12" in out and f"\n  {site.root}" in out


def test_bad_input(tmp_path, capsys):
    assert main(["check", str(tmp_path), "--as-of", "2025-06-30"]) == 2
    assert main(["check", str(tmp_path), "--as-of", "2025-6-31"]) == 2
    (tmp_path / "run.json").write_text("{", encoding="utf-8")
    assert main(["check", str(tmp_path), "--as-of", "2025-06-30"]) == 2
