"""The command itself: help in Chinese, exit codes, commands found by folder and loaded one at a time."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pytest

from kaoping.cli import main as cli
from kaoping.cli.errors import InputError
from kaoping.support.environment import SettingError
from tests.cli.running import environment

COMMANDS = (
    "init",
    "serve",
    "work",
    "demo",
    "doctor",
    "rulebook",
    "score",
    "facts",
    "crawl",
    "check",
    "tally",
    "bundle",
    "verify",
    "backup",
    "restore",
)


def command(behaviour: object) -> ModuleType:
    """A command module that does ``behaviour`` when run."""
    made = ModuleType("made")

    def run(_args: object) -> int:
        if isinstance(behaviour, BaseException):
            raise behaviour
        return int(behaviour)  # type: ignore[call-overload]

    made.HELP, made.configure, made.run = "样例命令", lambda parser: None, run  # type: ignore[attr-defined]
    return made


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> object:
    """``one(behaviour)``: the folder holds a single command, ``made``."""

    def put(behaviour: object) -> None:
        monkeypatch.setattr(cli, "names", lambda: ["made"])
        monkeypatch.setattr(cli, "_load", lambda _name: command(behaviour))

    return put


def test_every_promised_command_is_there() -> None:
    assert set(COMMANDS) <= set(cli.names())


@pytest.mark.parametrize("name", cli.names())
def test_each_command_is_named_as_its_file_and_explains_itself_in_chinese(name, capsys) -> None:
    module = cli._load(name)
    assert vars(module)["NAME"] == name
    assert any("\u4e00" <= sign <= "\u9fff" for sign in module.HELP)
    with pytest.raises(SystemExit) as left:
        cli.main([name, "--help"])
    shown = capsys.readouterr().out
    assert left.value.code == 0
    assert shown.startswith("用法：") and "显示这份帮助" in shown
    assert "usage:" not in shown and "options:" not in shown


def test_alone_it_prints_the_list(capsys) -> None:
    assert cli.main([]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in COMMANDS)


@pytest.mark.parametrize(
    ("behaviour", "code", "words"),
    [
        (0, 0, ""),
        (1, 1, ""),
        (InputError("缺一列", file="a.csv", line=3, field="code", remedy="补上"), 2, "第 3 行"),
        (SettingError("KAOPING_X 写错了"), 2, "KAOPING_X"),
        (RuntimeError("坏了"), 3, "本平台出错（RuntimeError）：坏了"),
        (KeyboardInterrupt(), 3, ""),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_exit_codes(one, capsys, behaviour, code, words) -> None:
    one(behaviour)
    assert cli.main(["made"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["nosuch"], "nosuch"),
        (["facts"], "缺少 文件, --url"),
        (["facts", "x", "--url", "u", "--nosuch"], "不认识 --nosuch"),
        (["serve", "--port", "q"], "--port 应为整数，用半角数字写，现为 'q'"),
        (["facts", "x", "--url"], "--url 后面要写上值"),
    ],
)
def test_wrong_arguments_are_bad_input_in_words(capsys, argv, words) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(argv)
    assert left.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith("输入有误：") and words in err and "--help" in err


def test_a_broken_command_stands_in_nobodys_way(monkeypatch, capsys) -> None:
    load = cli._load
    monkeypatch.setattr(cli, "names", lambda: ["broken", "facts"])

    def some(name: str) -> ModuleType:
        if name == "broken":
            raise ImportError("no module named x, 100% broken")
        return load(name)

    monkeypatch.setattr(cli, "_load", some)
    with pytest.raises(SystemExit) as left:
        cli.main(["facts", "--help"])
    assert left.value.code == 0
    assert cli.main([]) == 0
    shown = "".join(capsys.readouterr().out.split())
    assert "不能用：ImportError" in shown and "100%broken" in shown
    assert cli.main(["broken"]) == 3
    assert "no module named x" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name", ["score", "verify", "facts", "check", "crawl", "tally", "rulebook", "bundle"]
)
def test_commands_on_files_load_no_django(name) -> None:
    program = (
        "import sys\nfrom kaoping.cli.main import main\n"
        f"try: main([{name!r}, '--help'])\nexcept SystemExit: pass\n"
        "sys.exit('django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "用法" in done.stdout
