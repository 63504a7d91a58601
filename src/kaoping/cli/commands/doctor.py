"""``kaoping doctor``: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from kaoping.beijing import BEIJING, day_of
from kaoping.cli import unfed
from kaoping.cli.django import add_data_argument, choose_data_folder, late, pending_migrations, setup
from kaoping.cli.errors import InputError
from kaoping.cli.verdict import Verdict
from kaoping.config import belonging
from kaoping.foreign.failures import in_words, of_server
from kaoping.support import clock, installation, storage, untouched
from kaoping.support.client_address import SETTING, trusted_proxies
from kaoping.support.environment import data_folder, is_demo, read

NAME = "doctor"
HELP = "体检：配置、数据库、后台任务、收卷、时钟哪里不对，怎么修。"


# So few people may well sit behind one address.
_MANY_PEOPLE = 5
# The disk's growth is measured over so many weeks.
_WEEKS = 4


_OWNER = "换用服务的用户运行；或把目录和里面的文件的属主改为运行服务的用户"


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments."""
    add_data_argument(parser)
    parser.add_argument("--json", action="store_true", help="只在标准输出打印 JSON")


def run(args: argparse.Namespace) -> int:
    """Look at everything; 1 when something is wrong."""
    folder = choose_data_folder(args)
    verdicts = list(_examine(args, folder))
    if args.json:
        rows = [{"what": v.what, "state": v.state, "says": v.says, "remedy": v.remedy} for v in verdicts]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for verdict in verdicts:
            mark = {"good": "✓", "warn": "！", "bad": "✗"}[verdict.state]
            print(
                f"{mark} {verdict.what}：{verdict.says}"
                + (f"\n   办法：{verdict.remedy}" if verdict.remedy else "")
            )
    return int(any(verdict.state == "bad" for verdict in verdicts))


def _examine(args: argparse.Namespace, folder: Path) -> Iterator[Verdict]:
    yield from _data_folder(folder)
    if not folder.is_dir():
        return
    if not read("KAOPING_DATABASE_URL") and not (folder / "kaoping.sqlite3").is_file():
        yield Verdict("数据库", "bad", "还没有建立", "运行 kaoping init")
        return
    try:
        setup(args, must_exist=False, reads_only=True)
    except InputError as error:
        yield Verdict("配置", "bad", error.message, "改正这个设置，再运行一次 kaoping doctor")
        return
    except OSError as error:
        yield Verdict("配置", "bad", f"{error.filename or folder} 读不出（{in_words(error)}）", _OWNER)
        return
    yield from _belonging(folder)
    database = list(_database())
    yield from database
    if all(verdict.state == "good" for verdict in database):
        yield from _worker()
        yield from _doubts()
        yield from _codes()
        yield from _calendar()
        yield from unfed.examine()
        yield from _log()
        yield from _forecast(folder)
    yield from _ballot_box(folder)
    yield from _intake()
    yield from _clock(folder)
    yield from _configuration(folder)
    yield from _pictures()
    yield from _city_sign_in()
    if all(verdict.state == "good" for verdict in database):
        yield from _addresses()


def _data_folder(folder: Path) -> Iterator[Verdict]:
    if not folder.is_dir():
        yield Verdict("数据目录", "bad", f"没有 {folder}", "运行 kaoping init，或用 --data 指明目录")
        return
    if not os.access(folder, os.W_OK):
        yield Verdict("数据目录", "bad", f"{folder}：{storage.READ_ONLY}，现在只能看，不能存", _OWNER)
        return
    room = storage.look(folder)
    if room.trouble:
        remedy = "清出磁盘空间，不用重启服务" if room.trouble == storage.FULL else "查磁盘是否被挂成只读"
        yield Verdict(
            "数据目录",
            "bad",
            f"{folder} {room.trouble}（余 {room.free // 1024**2:,} MB）：现在只能看，不能存",
            remedy,
        )
        return
    free = room.free
    state = "good" if free > 2 * 1024**3 else "warn" if free > storage.WARN_FREE else "bad"
    yield Verdict(
        "数据目录",
        state,
        f"{folder}，余 {free // 1024**2:,} MB",
        None if state == "good" else "清出磁盘空间；归档与备份可移到别的盘",
    )
    database = folder / "kaoping.sqlite3"
    if database.is_file() and not os.access(database, os.W_OK):
        yield Verdict("数据目录", "bad", f"{database}：数据库文件不能写，现在只能看，不能存", _OWNER)
        return
    if not (folder / "static" / "staticfiles.json").is_file():
        yield Verdict("静态文件", "bad", "没有整理过，页面会没有样式", "运行 kaoping init")


def _belonging(folder: Path) -> Iterator[Verdict]:
    """Everything the settings point to is this installation's."""
    try:
        belonging.refuse_foreign(folder)
        mark = installation.read(folder)
    except installation.ForeignPlace as error:
        says, _, remedy = str(error).partition("办法：")
        yield Verdict("安装标识", "bad", says, remedy or None)
        return
    except sqlite3.Error as error:
        yield Verdict("安装标识", "bad", f"{folder} 里的数据库打不开（{in_words(error)}）", _OWNER)
        return
    if mark is None:
        yield Verdict("安装标识", "bad", "还没有", "先 kaoping backup，再 kaoping init，由它认领一次")
    else:
        yield Verdict("安装标识", "good", f"{mark.id}，数据库、问卷箱、公开目录都是它的")


def _database() -> Iterator[Verdict]:
    connection = late("django.db").connection
    try:
        pending = pending_migrations()
    except Exception as error:  # any failure to reach the database is the finding
        yield Verdict(
            "数据库", "bad", f"连不上（{of_server(error)}）", "核对 KAOPING_DATABASE_URL，确认数据库已启动"
        )
        return
    if pending:
        yield Verdict("数据库", "bad", f"还差 {pending} 步升级", "先 kaoping backup，再 kaoping init")
        return
    says = f"{connection.vendor}，表结构是最新的"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check")
            answer = cursor.fetchone()[0]
        if answer != "ok":
            yield Verdict("数据库", "bad", "文件已损坏", "停止服务，用最近的备份 kaoping restore 到新目录")
            return
    yield Verdict("数据库", "good", says)


def _ballot_box(folder: Path) -> Iterator[Verdict]:
    """The box is looked at, never into: its file is sound, or its server answers."""
    url, path = read("KAOPING_BALLOT_DATABASE_URL"), folder / "ballots.sqlite3"
    if url:
        try:
            damage = late("kaoping.evaluation.intake").damage_of_box(folder)
        except Exception as error:  # any failure to reach the box is the finding
            yield Verdict(
                "问卷箱", "bad", f"连不上（{of_server(error)}）", "核对 KAOPING_BALLOT_DATABASE_URL"
            )
        else:
            yield _of_ballots(damage, "连得上")
        return
    if not path.is_file():
        yield Verdict("问卷箱", "good", "还没有收过卷")
        return
    try:
        with closing(sqlite3.connect(untouched.address(path), uri=True, timeout=10)) as box:
            answer = box.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        answer = in_words(error)
    if answer == "ok":
        yield _of_ballots(late("kaoping.evaluation.intake").damage_of_copy(path), "文件完好")
    else:
        yield Verdict("问卷箱", "bad", "文件已损坏", "停止服务，用最近的备份 kaoping restore 到新目录")


def _of_ballots(damage: str, sound: str) -> Verdict:
    if damage:
        return Verdict(
            "问卷箱",
            "bad",
            f"有问卷与收到时的校验值不符（{damage}；“?”是被删去的）",
            "开箱前用改动以前的备份 kaoping restore 到新目录对照，并查谁动过这台机器",
        )
    return Verdict("问卷箱", "good", f"{sound}，每份问卷都与校验值相符")


def _log() -> Iterator[Verdict]:
    """The audit log's chain against itself and against the heads that were published from here."""
    verify_log = late("kaoping.cli.commands.verify_log")
    try:
        anchors = verify_log.published_anchors(data_folder())
    except InputError as error:
        yield Verdict("审计日志", "bad", error.message, error.remedy)
        return
    verdict = late("kaoping.accounts.chain").verify(late("kaoping.accounts.queries").log_lines(), anchors)
    if verdict.count:
        says = f"{verdict.count} 处不符：{verdict.problems[0]}"
        yield Verdict("审计日志", "bad", says, "运行 kaoping verify-log 看全部；保全现场，查谁动过数据库")
    else:
        yield Verdict(
            "审计日志", "good", f"{verdict.lines} 条逐条相连，公开的校验值证明到第 {verdict.proven} 条"
        )


def _forecast(folder: Path) -> Iterator[Verdict]:
    """When the disk is full at the pace of the last weeks, and what ageing would free. The database is not counted."""
    since = clock.machine_now() - timedelta(days=_WEEKS * 7)
    grown = sum(
        found.st_size
        for part in ("files", "runs", "published")
        for found in (path.lstat() for path in (folder / part).rglob("*"))
        if found.st_mtime > since.timestamp() and stat.S_ISREG(found.st_mode)
    )
    daily, free = grown / (_WEEKS * 7), storage.glance(folder).free
    now = late("kaoping.support.clock").now()
    open_since = late("kaoping.campaigns.queries.period").open_since()
    old = list(late("kaoping.monitoring.services.ageing").old_archives(now=now, open_since=open_since))
    frees = f"到期可清的监测存档 {len(old)} 份，{sum(size for _path, size in old) // 1024**2:,} MB"
    if daily < 1024:
        yield Verdict("磁盘预测", "good", f"近 {_WEEKS} 周几乎没有增长；{frees}")
        return
    days = int(free / daily)
    says = f"近 {_WEEKS} 周材料和存档平均每天 {daily / 1024**2:,.1f} MB，照此约 {days:,} 天后满；{frees}"
    state = "good" if days > 180 else "warn" if days > 14 else "bad"
    remedy = None if state == "good" else "加盘，或把备份移走；存多久见 KAOPING_KEEP_RUNS_DAYS"
    yield Verdict("磁盘预测", state, says, remedy)


def _pictures() -> Iterator[Verdict]:
    """Which browser lays out pictures of archived pages. Without one nothing is missing but the pictures."""
    rendering = late("kaoping.rendering")
    setting: str = read("KAOPING_CHROMIUM")
    browser = rendering.find(setting)
    if setting == "off":
        yield Verdict("网页存档的图", "good", "KAOPING_CHROMIUM=off，不配图；存档不受影响")
    elif browser is None and setting:
        remedy = "把 KAOPING_CHROMIUM 改为浏览器程序的路径，或写 off"
        yield Verdict("网页存档的图", "warn", f"{setting} 不是可以运行的程序，不配图；存档不受影响", remedy)
    elif browser is None:
        yield Verdict("网页存档的图", "good", "没有装 Chromium，不配图；存档不受影响")
    else:
        told: str | None = rendering.version(browser)
        cure = None if told else "重装 Chromium，或写 KAOPING_CHROMIUM=off"
        says = f"{told}（{browser}）" if told else f"{browser} 启动不了，不配图；存档不受影响"
        yield Verdict("网页存档的图", "good" if told else "warn", says, cure)


def _worker() -> Iterator[Verdict]:
    jobs = late("kaoping.support.jobs")
    seen = jobs.last_beat(jobs.WORKER)
    remedy = "运行 kaoping serve（含后台任务）或单独运行 kaoping work"
    if seen is None or clock.machine_now() - seen > timedelta(minutes=2):
        says = "从没运行过" if seen is None else f"没有在运行，上次办理 {clock.beijing_text(seen)}"
        yield Verdict("后台任务", "bad", says, remedy)
    elif jobs.worker_ended():
        # Somebody let it work once just now, in a restored folder before it takes the old one's place.
        says = f"到期的刚办完（{clock.beijing_text(seen)}），现在没有在运行"
        yield Verdict("后台任务", "warn", says, remedy)
    else:
        yield Verdict("后台任务", "good", "在运行")
    failed = jobs.failed_count()
    if failed:
        yield Verdict(
            "后台任务", "bad", f"{failed} 个任务试了几次都没成", "系统管理员在“任务”页看原因，修好后点“再试”"
        )


def _doubts() -> Iterator[Verdict]:
    """What cannot be undone by clock waits for the office after a jump."""
    watch = late("kaoping.support.watch")
    found = list(watch.pending())
    if found:
        yield Verdict(
            "时钟",
            "bad" if any(one.kind != "stopped" for one in found) else "warn",
            "；".join(watch.in_words(one) for one in found[-3:]) + "。封存问卷、清理旧记录在等人核对",
            "核准本机时间（如 chrony），再请政务公开办经办或负责人在“年度看板 → 核对时钟”确认",
        )


def _intake() -> Iterator[Verdict]:
    host, _, port = read("KAOPING_INTAKE", "127.0.0.1:8002").rpartition(":")
    if not host or not port.isdigit():
        yield Verdict(
            "收卷", "bad", f"KAOPING_INTAKE 写成了 {host}:{port}", "写成 主机:端口，如 127.0.0.1:8002"
        )
        return
    connection = http.client.HTTPConnection(host, int(port), timeout=3)
    try:
        connection.request("GET", "/health")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        status = 0
    finally:
        connection.close()
    if status == 200:
        yield Verdict("收卷", "good", f"{host}:{port} 应答正常")
    else:
        yield Verdict(
            "收卷",
            "warn",
            f"{host}:{port} 没有应答",
            "评议开放期间须运行 kaoping serve；端口不同时设 KAOPING_INTAKE",
        )


def _clock(folder: Path) -> Iterator[Verdict]:
    simulated = clock.simulated(folder)
    if simulated is not None:
        yield Verdict("时钟", "good", f"演示用模拟时间 {simulated.astimezone(BEIJING):%Y-%m-%d %H:%M}")
        return
    if (folder / clock.CLOCK_FILE).is_file() and not is_demo(folder):
        yield Verdict("时钟", "warn", "正式目录里有 clock.json，已忽略", "删去这个文件")
    now = clock.machine_now()
    if now.year < 2025:
        yield Verdict(
            "时钟", "bad", f"本机时间是 {clock.beijing_text(now)}", "校准本机时间（如 chrony），再重启服务"
        )
        return
    yield Verdict("时钟", "good", f"北京时间 {now.astimezone(BEIJING):%Y-%m-%d %H:%M}")


def _codes() -> Iterator[Verdict]:
    """Programs and tokens of the second proof keep time too: where most differ to one side, it is this machine."""
    off = late("kaoping.accounts.second_factor.services").drift_seconds()
    if off:
        yield Verdict(
            "动态口令",
            "warn",
            f"多数人的动态口令与本机时间差约 {abs(off)} 秒，本机{'慢' if off > 0 else '快'}",
            "校准本机时间（如 chrony）；差到一分钟，动态口令就都不对",
        )


def _calendar() -> Iterator[Verdict]:
    """The arrangement of this year, and from November of the next; what is missing is counted provisionally meanwhile."""
    logic, now = late("kaoping.workdays.logic"), clock.now()
    today = day_of(now)
    lagging = late("kaoping.deadlines.queries").lagging(now)
    if lagging:
        words = f"{len(lagging)} 个已告知的期限按现在的工作日历应当顺延，如{lagging[0].title}"
        yield Verdict(
            "工作日历", "warn", words, "政务公开办经办在“工作日历”打开那一年，核对后录入，期限随之顺延"
        )
    asked = late("kaoping.workdays.queries").asked_year(now)
    if asked is None and not lagging:
        yield Verdict("工作日历", "good", f"{today.year} 年的放假安排已有")
    if asked is None:
        return
    state = "bad" if asked <= today.year else "warn"
    yield Verdict("工作日历", state, logic.words_of_asking(asked, today), logic.REMEDY)


def _configuration(folder: Path) -> Iterator[Verdict]:
    if not is_demo(folder) and read("KAOPING_HTTPS") != "1":
        yield Verdict(
            "配置",
            "warn",
            "没有声明 HTTPS，登录凭据可能被旁人看到",
            "在前面设 HTTPS 反向代理，并设 KAOPING_HTTPS=1",
        )


def _city_sign_in() -> Iterator[Verdict]:
    """The city's own sign-in, where a setting names it: what is set, and whether it answers."""
    services = late("kaoping.accounts.city_sign_in.services")
    if not services.is_on():
        return
    words = late("django.conf").settings.KAOPING_CITY_SIGN_IN.words
    try:
        services.provider().look()
    except late("kaoping.accounts.city_sign_in.logic").Failed as failed:
        yield Verdict(
            "统一身份认证",
            "warn",
            f"{words}；{failed}",
            "核对地址、证书（KAOPING_OIDC_CA、KAOPING_CAS_CA）和到那台机器的网络；其间各人用口令登录",
        )
        return
    yield Verdict("统一身份认证", "good", f"{words}；应答正常")


def _addresses() -> Iterator[Verdict]:
    """Whether people can still be told apart by their addresses: behind a proxy that is not named, all have its own."""
    since = clock.machine_now() - timedelta(days=7)
    rows = late("axes.models").AccessLog.objects.filter(attempt_time__gte=since)
    people, addresses = (
        rows.order_by().values(name).distinct().count() for name in ("username", "ip_address")
    )
    if people < _MANY_PEOPLE or addresses != 1:
        return
    address = rows.values_list("ip_address", flat=True)[0]
    said = "没有设" if not trusted_proxies() else "没有写全"
    yield Verdict(
        "来访地址",
        "warn",
        f"近 7 天 {people} 个人登录都来自同一个地址 {address}；前面若有反向代理，{SETTING} {said}",
        f"把代理的地址写进 {SETTING}；否则登录限速、日志和问卷分层分不清是谁",
    )
