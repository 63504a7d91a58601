"""Command lines in Chinese: headings, help and what is wrong with an argument."""

from __future__ import annotations

import argparse
from typing import Any, Final, NoReturn

from kaoping.cli.printing import visible
from kaoping.patterns import linear

# What argparse says, and how an official would say it.
_WORDS: Final = tuple(
    (linear(f"(?s)^{pattern}$"), words)
    for pattern, words in (
        (r"the following arguments are required: (.+)", r"缺少 \1"),
        (r"unrecognized arguments: (.+)", r"不认识 \1"),
        (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"\1 不能是 \2，可用的是 \3"),
        (r"argument (.+?): invalid whole value: (.+)", r"\1 应为整数，用半角数字写，现为 \2"),
        (r"argument (.+?): invalid decimal value: (.+)", r"\1 应为数，用半角数字写，现为 \2"),
        (r"argument (.+?): invalid \S+ value: (.+)", r"\1 的值不合要求：\2"),
        (r"argument (.+?): expected (?:one|at least one) argument", r"\1 后面要写上值"),
        (r"argument (.+?): expected (\d+) arguments", r"\1 后面要写 \2 个值"),
        (r"argument (.+?): not allowed with argument (.+)", r"\1 不能与 \2 同时用"),
        (r"argument (.+?): ignored explicit argument (.+)", r"\1 后面不写值，现写了 \2"),
        (r"one of the arguments (.+) is required", r"\1 须写其中一个"),
        (r"ambiguous option: (.+?) could match (.+)", r"\1 不明确，可能是 \2"),
    )
)

_WHOLE: Final = linear(r"-?[0-9]{1,18}")
_DECIMAL: Final = linear(r"[0-9]{1,18}(?:\.[0-9]{1,9})?")


def whole(text: str) -> int:
    """A whole number of an option, in half-width digits: others are refused as in days and years. Raises ``ValueError``."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def decimal(text: str) -> float:
    """A number of an option that may have a fraction, in half-width digits. Raises ``ValueError``."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError(text)
    return float(text)


class Parser(argparse.ArgumentParser):
    """``argparse`` in Chinese; bad input ends with exit code 2 and says how to get help."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "add_help": False})
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份帮助")

    def format_usage(self) -> str:
        """The usage line."""
        formatter = self._get_formatter()
        formatter.add_usage(self.usage, self._actions, self._mutually_exclusive_groups, "用法：")
        return formatter.format_help()

    def format_help(self) -> str:
        """The whole help."""
        usage = super().format_help()
        return usage.replace("usage: ", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and what to do, and leave."""
        for pattern, words in _WORDS:
            message = pattern.sub(words, message)
        self.exit(2, f"输入有误：{visible(message)}。办法：{self.prog} --help 看用法\n")
