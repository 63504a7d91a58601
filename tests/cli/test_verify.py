"""``kaoping verify``: exit codes, JSON alone on standard output, hostile archives refused, no Django, no rulebook of ours."""

import json
import subprocess
import sys
import zipfile

import pytest

from kaoping.cli.main import main
from kaoping.foreign.container import write_folder, zip_bytes
from tests.publication.bundle.test_verify import DIGEST, FILES, built


@pytest.fixture
def folder(tmp_path):
    write_folder(FILES, tmp_path / "bundle")
    return tmp_path / "bundle"


def test_a_good_bundle_in_words(folder, capsys):
    assert main(["verify", str(folder), "--digest", DIGEST]) == 0
    said = capsys.readouterr().out
    assert "✓ 核对一致" in said
    assert "示例数据" in said
    assert "不能证明" in said


def test_a_correction_says_what_it_corrects(tmp_path, capsys):
    corrects = {"release": "2025-1", "full_digest": "a" * 64, "public_digest": "b" * 64, "reason": "录分有误"}
    write_folder(built(corrects=corrects), tmp_path / "corrected")
    assert main(["verify", str(tmp_path / "corrected")]) == 0
    said = capsys.readouterr().out
    assert "更正的是 2025-1，录分有误" in said
    assert "原完整数据包的校验值 " + "a" * 64 in said


def test_without_a_published_digest_it_says_so(folder, capsys):
    assert main(["verify", str(folder)]) == 0
    assert "没有给出公布的校验值" in capsys.readouterr().out


def test_an_altered_bundle_ends_with_one_and_json_alone(folder, capsys):
    (folder / "results.json").write_bytes(FILES["results.json"].replace(b"96.67", b"99.67"))
    assert main(["verify", str(folder), "--json"]) == 1
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["ok"] is False
    assert "results.json 的校验值与清单不符" in verdict["problems"]
    assert verdict["differences"]["count"] >= 1
    assert "单位 E" in verdict["differences"]["first"]


def test_a_hostile_archive_ends_with_one(tmp_path, capsys):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("../../evil", b"x")
    assert main(["verify", str(tmp_path / "x.zip"), "--json"]) == 1
    assert "不该有的路径" in json.loads(capsys.readouterr().out)["problems"][0]
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"]


def test_what_is_no_bundle_is_bad_input(tmp_path, capsys):
    (tmp_path / "x.txt").write_text("x")
    assert main(["verify", str(tmp_path / "x.txt")]) == 2
    assert main(["verify", str(tmp_path / "nothing")]) == 2
    assert "办法" in capsys.readouterr().err


def test_a_digest_that_is_none_is_bad_input(folder, capsys):
    assert main(["verify", str(folder), "--digest", "abc"]) == 2
    assert "--digest" in capsys.readouterr().err


def test_what_a_stranger_wrote_does_not_steer_the_terminal(folder, capsys):
    (folder / "results.json").write_bytes(
        FILES["results.json"].replace(b'"unit":"E"', b'"unit":"\\u001b[2J"')
    )
    assert main(["verify", str(folder)]) == 1
    assert "\x1b" not in capsys.readouterr().out


def test_it_runs_without_django_database_or_installed_rulebooks(tmp_path):
    zip_bytes(FILES, tmp_path / "bundle.zip")
    script = (
        "import sys, pathlib\n"
        "from kaoping.standards import loading\n"
        "loading.SHIPPED = pathlib.Path('/nowhere')\n"
        "from kaoping.cli.commands import verify\n"
        "import argparse\n"
        f"code = verify.run(argparse.Namespace(path={str(tmp_path / 'bundle.zip')!r}, digest={DIGEST!r}, json=True))\n"
        "assert 'django' not in sys.modules\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ok"] is True
