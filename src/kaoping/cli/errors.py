"""Errors that end a command with exit code 2: bad input, named by place, with a remedy."""

from __future__ import annotations

from kaoping.cli.printing import visible


class InputError(Exception):
    """Bad input: says which file, line and field, and what to do."""

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        field: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.file, self.line, self.field, self.remedy = message, file, line, field, remedy

    def __str__(self) -> str:
        place = "，".join(
            part
            for part in (
                self.file,
                f"第 {self.line} 行" if self.line is not None else None,
                f"字段 {self.field}" if self.field else None,
            )
            if part
        )
        text = f"{place}：{self.message}" if place else self.message
        # Messages quote what stands in files and names of files: all of it is one visible line.
        return visible(f"{text}。办法：{self.remedy}" if self.remedy else text)
