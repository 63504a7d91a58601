"""The command ``kaoping``: parse, call, print. Each file under ``commands`` is one command, found by folder.

Only the command that is called is imported, so a broken or heavy one never stands in another's way.
"""

from __future__ import annotations

import argparse
import getpass
import importlib
import os
import pkgutil
import sys
from pathlib import Path
from types import ModuleType

from kaoping.cli import commands
from kaoping.cli.errors import InputError
from kaoping.cli.parsing import Parser
from kaoping.cli.printing import guarded_output, visible
from kaoping.foreign.failures import in_words
from kaoping.support import storage
from kaoping.support.environment import SettingError, data_folder

GOOD, WRONG, BAD_INPUT, FAILED = 0, 1, 2, 3


def entry() -> None:
    """Console entry point."""
    sys.exit(main(sys.argv[1:]))


def names() -> list[str]:
    """The commands, which are the files of the folder: ``verify_log.py`` is ``verify-log``."""
    return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(commands.__path__))


def main(argv: list[str]) -> int:
    """Run one command and return its exit code: 0 good, 1 thing examined is wrong, 2 bad input, 3 Kaoping failed."""
    with guarded_output():
        return _main(argv)


def _main(argv: list[str]) -> int:
    try:
        args = _parser(argv).parse_args(argv)
        if args.command is None:
            _parser([]).print_help()
            return GOOD
        return int(args.run(args))
    except (InputError, SettingError) as error:
        print(f"输入有误：{visible(str(error))}", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        return GOOD
    except KeyboardInterrupt:
        return FAILED
    except Exception as error:  # the last line of defence: say so instead of a bare traceback
        refusal = _not_stored(error) or _not_there(error, argv)
        if refusal:
            print(refusal, file=sys.stderr)
            return BAD_INPUT
        said = f"{error.filename or ''} {in_words(error)}" if isinstance(error, OSError) else str(error)
        print(f"本平台出错（{type(error).__name__}）：{visible(said.strip())}", file=sys.stderr)
        return FAILED


def _not_stored(error: Exception) -> str:
    """What to tell when the place to write to takes nothing; empty for any other failure."""
    word, path = storage.refused(error)
    place = _nearest(Path(path)) if path else data_folder()
    if word == storage.READ_ONLY:
        return visible(
            f"没有办成：用户 {_user()} 不能读写 {place}。"
            "办法：换用服务的用户运行，或把它的属主改为该用户；磁盘被挂成只读的，先恢复可写"
        )
    if word == storage.FULL:
        return visible(f"没有办成：{place} 所在的磁盘已满或超出配额。办法：清出磁盘空间，再运行一次")
    return ""


def _not_there(error: Exception, argv: list[str]) -> str:
    """What to tell when a path that the user gave, or one below it, cannot be used; empty for any other failure."""
    if not isinstance(error, OSError) or not isinstance(error.filename, str | os.PathLike):
        return ""
    at = os.path.realpath(error.filename)
    words = [*argv, *(one.partition("=")[2] for one in argv if one.startswith("--"))]
    words += [value for name, value in os.environ.items() if name.startswith("KAOPING_")]
    words = [one for one in words if one and "\0" not in one and not one.startswith("-")]
    given = {os.path.realpath(one) for one in words}
    # A folder that was to be made on the way to a given path.
    above = {os.path.realpath(one) for one in words if os.sep in one}
    if not any(at == one or at.startswith(f"{one}{os.sep}") for one in given) and not any(
        one.startswith(f"{at}{os.sep}") for one in above
    ):
        return ""
    return visible(f"输入有误：{error.filename}：{in_words(error)}。办法：核对路径，或换一个地方")


def _nearest(path: Path) -> Path:
    """The path itself, or the folder in which it could not be made."""
    return next((one for one in (path, *path.parents) if os.path.lexists(one)), path)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an id without a name
        return str(os.getuid())


def _parser(argv: list[str]) -> Parser:
    """The parser with the one command that is called, or with all of them for the list."""
    parser = Parser(prog="kaoping", description="考评：政务公开工作考核与社会评议。")
    subparsers = parser.add_subparsers(title="命令", metavar="命令", dest="command")
    known = names()
    if argv and argv[0] in known:
        _add(subparsers, argv[0], _load(argv[0]))
        return parser
    for name in known:
        try:
            module = _load(name)
        except (
            Exception
        ) as error:  # a command that cannot be loaded is listed with its cause, the others work
            subparsers.add_parser(
                name, help=f"（不能用：{type(error).__name__}：{error}）".replace("%", "%%")
            )
        else:
            _add(subparsers, name, module)
    return parser


def _load(name: str) -> ModuleType:
    return importlib.import_module(f"{commands.__name__}.{name.replace('-', '_')}")


def _add(subparsers: argparse._SubParsersAction[Parser], name: str, module: ModuleType) -> None:
    parser = subparsers.add_parser(name, help=module.HELP, description=module.HELP)
    module.configure(parser)
    parser.set_defaults(run=module.run)
