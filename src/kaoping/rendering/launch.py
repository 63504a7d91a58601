"""Becomes the browser: ``python -m kaoping.rendering.launch CPU SIZE PROGRAM ARGUMENT…`` with less than its parent may.

So many seconds of processor time a process, files of so many bytes, no core files; of root nothing is left. Standing between
parent and browser it needs no fork with Python code in it, which a parent with threads cannot do safely.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Final

NOBODY: Final = 65534


def main(cpu: int, size: int, program: list[str]) -> None:
    """Give up and go on as the program."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    os.execve(program[0], program, kept)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
