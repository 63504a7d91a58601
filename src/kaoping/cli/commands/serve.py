"""``kaoping serve``: the whole installation in one process tree - both faces, ballot intake, worker."""

from __future__ import annotations

import argparse
import errno
import ipaddress
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kaoping.cli.django import add_data_argument, setup
from kaoping.cli.errors import InputError
from kaoping.cli.liveness import Pulse, Web
from kaoping.cli.parsing import whole
from kaoping.cli.processes import Process, most_connections, supervise
from kaoping.foreign.failures import in_words
from kaoping.support import locks
from kaoping.support.environment import is_demo, read

NAME = "serve"
HELP = "启动服务：内网一面、外网一面、收卷与后台任务。"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_data_argument(parser)
    add_serving_arguments(parser)


def add_serving_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument(
        "--host",
        metavar="地址",
        default=read("KAOPING_HOST", "127.0.0.1"),
        help="监听地址（默认 127.0.0.1）",
    )
    parser.add_argument(
        "--port",
        metavar="端口",
        type=whole,
        default=read("PORT", "8000"),
        help="内网一面的端口；外网一面用下一个，收卷用再下一个（默认 8000）",
    )


def run(args: argparse.Namespace) -> int:
    """Check, then serve until stopped."""
    folder = setup(args)
    return serve(folder, args.host, args.port)


def serve(
    folder: Path,
    host: str,
    port: int,
    extra: tuple[Process, ...] = (),
    introduce: Callable[[], None] = lambda: None,
) -> int:
    """Start the process tree; ``extra`` processes join it. Once all of it answers, the addresses are printed, and what
    ``introduce`` adds. A demonstration folder is served on loopback only.
    """
    if is_demo(folder) and not _is_loopback(host):
        raise InputError("演示数据目录只能在本机回环地址上服务", remedy="去掉 --host，或换用正式数据目录")
    if not 1 <= port <= 65533:
        raise InputError(f"端口 {port} 不在 1 到 65533 之间", remedy="例如 --port 8000")
    try:
        lock = locks.take(folder, locks.SERVE, " kaoping serve ")
    except locks.Locked as error:
        raise InputError(str(error)) from None
    try:
        return _serve(folder, host, port, extra, lock.token, introduce)
    finally:
        lock.release()


def _serve(
    folder: Path,
    host: str,
    port: int,
    extra: tuple[Process, ...],
    token: str,
    introduce: Callable[[], None],
) -> int:
    for where, number in ((host, port), (host, port + 1), ("127.0.0.1", port + 2)):
        refuse_busy(where, number)

    def announce() -> None:
        print(f"内网（办公、单位、评审、检查）：{_address(host, port)}/", flush=True)
        print(f"外网（公众评议、结果公开）：  {_address(host, port + 1)}/", flush=True)
        introduce()

    started = [*processes(folder, host, port), *extra]
    for process in started:
        process.environment[locks.BELONGS_TO] = token
    print("正在启动，可以打开时这里会写出地址…", flush=True)
    return supervise(started, ready=announce)


def processes(folder: Path, host: str, port: int) -> list[Process]:
    """The installation's processes: two faces behind their front, the intake, the worker; each says that it lives."""
    environment = {
        "KAOPING_DATA": str(folder),
        "KAOPING_INTAKE": f"127.0.0.1:{port + 2}",
        "KAOPING_OUTSIDE_URL": read("KAOPING_OUTSIDE_URL", _address(host, port + 1)),
    }
    kaoping = [sys.executable, "-m", "kaoping"]
    return [
        Process(
            "收卷",
            _granian("127.0.0.1", port + 2, "kaoping.evaluation.intake:intake_app"),
            dict(environment),
            Web("127.0.0.1", port + 2, "/alive"),
        ),
        Process(
            "内网",
            _granian(host, port, "kaoping.config.asgi_inside:application"),
            dict(environment),
            Web(host, port, "/health/", _own_name()),
        ),
        Process(
            "外网",
            _granian(host, port + 1, "kaoping.config.asgi_outside:application"),
            dict(environment),
            Web(host, port + 1, "/health/", _own_name()),
        ),
        Process("后台任务", [*kaoping, "work", "--data", str(folder)], dict(environment), Pulse()),
    ]


def _granian(host: str, port: int, target: str) -> list[str]:
    """One process that keeps thousands of connections; who does not finish its headers in 10 seconds is cut off."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", host, "--port", str(port)]
    command += ["--workers", "1", "--http", "1", "--no-ws", "--log-level", "warning"]
    connections = most_connections()
    command += ["--backlog", str(connections), "--backpressure", str(connections)]
    return [*command, "--http1-header-read-timeout", "10000", "--http1-buffer-size", "65536", target]


def _own_name() -> str:
    """A host name that the faces accept."""
    names = [name.removeprefix(".") for name in read("KAOPING_HOSTS").split(",") if name.strip("*. ")]
    return names[0] if names else "localhost"


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# The host is at fault, whatever the port.
_OF_HOSTS: Final = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EINVAL, errno.ENODEV}


def refuse_busy(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno in _OF_HOSTS:
                raise InputError(
                    f"监听地址 {host} 不能用（{in_words(error)}）",
                    field="--host",
                    remedy="写本机的地址，例如 127.0.0.1；所有地址写 0.0.0.0",
                ) from None
            raise InputError(
                f"端口 {port} 不能用（{in_words(error)}）",
                remedy="换一个起始端口，例如 PORT=9000 或 --port 9000",
            ) from None
