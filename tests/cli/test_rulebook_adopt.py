"""``kaoping rulebook pack`` and ``adopt``: the same door as the desk's upload."""

from __future__ import annotations

import json

import pytest

from kaoping.cli import django
from kaoping.cli.main import main
from kaoping.registry.models import Organisation
from kaoping.standards.models import RulebookVersion
from tests.standards.making import ABOUT, district, files


def write(folder, texts):
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_what_is_packed_reads_the_same_and_is_never_written_over(tmp_path, capsys):
    write(tmp_path / "small", files())
    own = {name: text for name, text in district("note: x\n").items() if not name.startswith("extends/")}
    write(tmp_path / "district", own)
    out = tmp_path / "out" / "district.zip"
    assert main(["rulebook", "pack", str(tmp_path / "district"), "--out", str(out), "--json"]) == 0
    packed = json.loads(capsys.readouterr().out)
    assert main(["rulebook", "check", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["digest"] == packed["digest"]
    assert main(["rulebook", "pack", str(tmp_path / "district"), "--out", str(out)]) == 2
    assert "不覆盖" in capsys.readouterr().err


@pytest.mark.django_db
class TestAdopt:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.setenv("KAOPING_DATA", "untouched")
        monkeypatch.setattr(django, "refuse_foreign", lambda _folder: None)
        Organisation.objects.create(code="D1", name="某区", short_name="某区", kind="district_government")
        return write(tmp_path / "small", files())

    def adopt(self, path, *more):
        return main(["rulebook", "adopt", str(path), "--for", "D1", "--data", str(path.parent), *more])

    def test_a_folder_becomes_a_draft_once(self, folder, capsys):
        assert self.adopt(folder, "--dry-run", "--json") == 0
        assert json.loads(capsys.readouterr().out)["stored"] is False
        for _time in range(2):
            assert self.adopt(folder, "--json") == 0
            told = json.loads(capsys.readouterr().out)
            assert (told["rulebook"], told["draft"], told["organiser"]) == ("small", True, "D1")
        [version] = RulebookVersion.objects.all()
        assert version.draft and version.organiser == "D1"

    def test_what_is_refused_says_where_and_ends_2(self, folder, capsys):
        assert self.adopt(folder) == 0
        assert "已交存为草案" in capsys.readouterr().out
        write(folder, {"about.yaml": ABOUT + "note: 改了一处\n"})
        assert self.adopt(folder) == 2
        assert "已有另一份内容" in capsys.readouterr().err
        assert main(["rulebook", "adopt", str(folder), "--for", "D9", "--data", str(folder.parent)]) == 2
        assert "D9" in capsys.readouterr().err
        write(folder, {"rubric.yaml": "total: [\n"})
        assert self.adopt(folder) == 2
        assert "rubric.yaml" in capsys.readouterr().err
