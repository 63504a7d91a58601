"""The command ``kaoping``: parse, call, print. Each file under ``commands`` is one command, found by folder."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from types import ModuleType

from kaoping.cli import commands
from kaoping.cli.errors import InputError

GOOD, WRONG, BAD_INPUT, FAILED = 0, 1, 2, 3


def entry() -> None:
    """Console entry point."""
    sys.exit(main(sys.argv[1:]))


def main(argv: list[str]) -> int:
    """Run one command and return its exit code: 0 good, 1 thing examined is wrong, 2 bad input, 3 Kaoping failed."""
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    parser = argparse.ArgumentParser(prog="kaoping", description="考评：政务公开工作考核与社会评议。")
    subparsers = parser.add_subparsers(title="命令", metavar="命令", dest="command")
    for name in sorted(names):
        _add(subparsers, importlib.import_module(f"{commands.__name__}.{name}"))
    args = parser.parse_args(argv)
    if args.command is None:
        parser.print_help()
        return GOOD
    try:
        return int(args.run(args))
    except InputError as error:
        print(f"输入有误：{error}", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        return GOOD
    except KeyboardInterrupt:
        return FAILED
    except Exception as error:  # the last line of defence: say so instead of a bare traceback
        print(f"本平台出错（{type(error).__name__}）：{error}", file=sys.stderr)
        return FAILED


def _add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser], module: ModuleType) -> None:
    parser = subparsers.add_parser(module.NAME, help=module.HELP, description=module.HELP)
    module.configure(parser)
    parser.set_defaults(run=module.run)
