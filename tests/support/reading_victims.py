"""What a file may do to the process that reads it; called in a child by ``test_reading``."""

import ctypes
import os
import signal
import sys
from datetime import date
from decimal import Decimal


def echo(value):
    return value


def dates():
    return [date(2025, 1, 1), Decimal("1.5"), None, {"a": (1, 2)}]


def pid():
    return os.getpid()


def environment():
    return sorted(os.environ), sorted(name for name in sys.modules if name.partition(".")[0] == "django")


def spin():
    while True:
        pass


def hang():
    signal.pause()


def eat():
    return len(bytearray(1 << 40))


def abort():
    os.abort()


def crash():
    ctypes.string_at(0)


def leave():
    os._exit(0)


def fail():
    raise RuntimeError("a file's text")


def large():
    return b"x" * (2 << 20)


def chatter():
    print("noise" * 10_000, flush=True)
    os.write(1, b"noise")
    return "said"


def write_file(path):
    with open(path, "w") as handle:
        handle.write("x")


class Evil:
    def __reduce__(self):
        return os.system, ("true",)


def evil():
    return Evil()
