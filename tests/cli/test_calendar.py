"""``kaoping calendar``: what is known of a year, is a file whole, and entering it with every date that moves."""

from __future__ import annotations

import json
from datetime import date

import pytest

from kaoping.cli import django
from kaoping.cli.main import main
from kaoping.rectification import queries as cases
from kaoping.workdays import queries
from kaoping.workdays.models import Arrangement
from tests.calendars.making import NOTICE_2027, notice
from tests.cli.running import kaoping
from tests.deadlines.conftest import december, office, served

__all__ = ["december", "office", "served"]
REST = [*NOTICE_2027["days"], {"date": "2027-01-04", "working": False, "name": "示例假"}]


@pytest.fixture
def file(tmp_path):
    """The invented notice with one more day of rest, as a file."""
    path = tmp_path / "2027.json"
    path.write_bytes(notice(days=REST))
    return str(path)


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """No data folder."""
    monkeypatch.setenv("KAOPING_DATA", str(tmp_path / "none"))
    monkeypatch.delenv("KAOPING_DATABASE_URL", raising=False)


class TestWithoutADataFolder:
    def test_show_says_where_a_year_comes_from(self, nowhere, capsys):
        for year, state in ((2026, "seeded"), (2027, "provisional")):
            assert main(["calendar", "show", str(year), "--json"]) == 0
            shown = json.loads(capsys.readouterr().out)
            assert (shown["year"], shown["state"], shown["years"]) == (year, state, [year])

    def test_show_with_a_file_says_entered(self, nowhere, file, capsys):
        assert main(["calendar", "show", "2027", "--calendar", file]) == 0
        assert "已录入（entered），依据：示例发电〔2026〕1号" in capsys.readouterr().out

    def test_a_year_that_nobody_knows(self, nowhere, capsys):
        assert main(["calendar", "show", "2050"]) == 2
        assert "kaoping calendar import" in capsys.readouterr().err

    def test_what_is_shown_can_be_checked(self, nowhere, capsys, tmp_path):
        main(["calendar", "show", "2026", "--json"])
        shown = json.loads(capsys.readouterr().out)
        path = tmp_path / "2026.json"
        path.write_text(
            json.dumps({key: shown[key] for key in ("years", "source", "days")}), encoding="utf-8"
        )
        assert main(["calendar", "check", str(path), "--source", "国办发明电〔2025〕7号", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["warnings"] == []

    @pytest.mark.parametrize(
        ("content", "place"),
        [
            ("date,working,name\n2027-01-01,false,元旦\n2027-01-01,false,元旦\n", "第 3 行"),
            ("date,working,name\n2027-01-01,false,元旦\n2027-02-09,true,春节\n", "第 3 行"),
            ('{"years": [2027], "days": [{"date": "2028-01-01", "working": false}]}', "days 第 1 项"),
            ("{", "不是 JSON"),
        ],
    )
    def test_a_wrong_file_ends_with_2_and_names_the_place(self, nowhere, tmp_path, capsys, content, place):
        path = tmp_path / "wrong"
        path.write_text(content, encoding="utf-8")
        assert main(["calendar", "check", str(path)]) == 2
        told = capsys.readouterr().err
        assert place in told and "办法" in told and str(path) in told

    def test_missing_festivals_are_a_warning(self, nowhere, tmp_path, capsys):
        path = tmp_path / "few.csv"
        path.write_text("date,working,name\n2027-01-01,false,元旦\n", encoding="utf-8")
        assert main(["calendar", "check", str(path)]) == 0
        told = capsys.readouterr().out
        assert "2027-06-09 是端午节" in told and "没有写依据" in told

    def test_no_file_and_a_folder_in_its_place(self, nowhere, tmp_path, capsys):
        for path, words in ((tmp_path / "missing", "没有这个文件"), (tmp_path, "是文件夹，不是文件")):
            assert main(["calendar", "check", str(path)]) == 2
            assert words in capsys.readouterr().err

    def test_as_people_run_it(self, tmp_path):
        done = kaoping("calendar", "show", 2027, KAOPING_DATA=str(tmp_path / "none"))
        assert done.returncode == 0 and "provisional" in done.stdout


@pytest.mark.django_db
class TestImport:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.setenv("KAOPING_DATA", "untouched")
        # The test's own database stands for the folder's: whose places they are is asked elsewhere.
        monkeypatch.setattr(django, "refuse_foreign", lambda _folder: None)
        return tmp_path

    def test_each_date_is_listed_and_moves(self, served, file, folder, capsys):
        assert main(["calendar", "import", file, "--data", str(folder), "--dry-run"]) == 0
        told = capsys.readouterr().out
        assert (
            f"整改单 {served.number}，原定 2027-01-05，改为 2027-01-06（2026年12月14日下发，15 个工作日）"
            in told
        )
        assert not Arrangement.objects.exists()
        assert main(["calendar", "import", file, "--data", str(folder)]) == 0
        assert "已录入" in capsys.readouterr().out
        assert cases.case(served.number).due_on == date(2027, 1, 6)
        assert main(["calendar", "show", "2027", "--data", str(folder), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["state"] == "entered"

    def test_json_holds_the_moves(self, served, file, folder, capsys):
        assert main(["calendar", "import", file, "--data", str(folder), "--json"]) == 0
        report = json.loads(capsys.readouterr().out)
        [case] = [one for one in report["moves"] if one["kind"] == "case"]
        assert (case["was"], case["becomes"], case["units"]) == ("2027-01-05", "2027-01-06", ["U1"])
        assert report["entered"] is True and report["kept"] == []

    def test_at_a_terminal_somebody_confirms(self, served, file, folder, capsys, monkeypatch):
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        monkeypatch.setattr("builtins.input", lambda _words: "不")
        assert main(["calendar", "import", file, "--data", str(folder)]) == 1
        assert not Arrangement.objects.exists()
        monkeypatch.setattr("builtins.input", lambda _words: "确认")
        assert main(["calendar", "import", file, "--data", str(folder)]) == 0
        assert queries.standing_of(2027).entered_by == "本平台"

    def test_a_source_is_required(self, december, folder, tmp_path, capsys):
        path = tmp_path / "2027.csv"
        path.write_text("date,working,name\n2027-01-01,false,元旦\n", encoding="utf-8")
        assert main(["calendar", "import", str(path), "--data", str(folder)]) == 2
        assert "--source" in capsys.readouterr().err
        assert main(["calendar", "import", str(path), "--data", str(folder), "--source", "示例1号"]) == 0
        assert queries.standing_of(2027).source == "示例1号"

    def test_the_same_again_is_bad_input(self, december, file, folder, capsys):
        main(["calendar", "import", file, "--data", str(folder)])
        assert main(["calendar", "import", file, "--data", str(folder)]) == 2
        assert "已经是这样录入的" in capsys.readouterr().err
        assert Arrangement.objects.count() == 1
