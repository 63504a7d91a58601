import json
from pathlib import Path

import jsonschema

from kaoping.checks import all_checks
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


def test_output_keeps_its_schema_and_every_rule_is_in_the_reference(tmp_path, capsys):
    reference = Path(__file__).parents[2] / "docs" / "reference"
    schema = json.loads((reference / "facts.schema.json").read_text(encoding="utf-8"))
    file = tmp_path / "a.html"
    file.write_text(PAGE, encoding="utf-8")
    main(["facts", str(file), "--url", "http://a.test/x.html", "--json"])
    jsonschema.validate(json.loads(capsys.readouterr().out), schema)
    words = (reference / "facts.md").read_text(encoding="utf-8")
    for check in all_checks():
        assert f"| {check.id} | {check.title} |" in words
