import json

from kaoping.cli.main import main

PAGE = "<html><head><title>通知</title></head><body><p>索引号：014/2025-1</p><p>发布机构：样例局</p></body></html>"


def test_json_only_on_standard_output(tmp_path, capsys):
    file = tmp_path / "a.html"
    file.write_text(PAGE, encoding="utf-8")
    assert main(["facts", str(file), "--url", "http://a.test/x.html", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["property_block"]["index_no"] == "014/2025-1"
    assert main(["facts", str(file), "--url", "http://a.test/x.html"]) == 0
    assert "索引号：014/2025-1" in capsys.readouterr().out


def test_bad_input(tmp_path, capsys):
    assert main(["facts", str(tmp_path / "none"), "--url", "http://a.test/"]) == 2
    assert "办法" in capsys.readouterr().err
    assert main(["facts", str(tmp_path), "--url", "a.test"]) == 2
