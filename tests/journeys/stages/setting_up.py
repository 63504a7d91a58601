"""Before the year: three administrators, the people, their roles, the register."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tests.journeys.cast import CAST, HANDLER, ROSTER, Member
from tests.journeys.driver import Desk, Journey, a_file


def walk(journey: Journey, first_passwords: Mapping[str, str]) -> None:
    """The system administrator makes people, the security administrator appoints them, the office imports units."""
    journey.at("2025-01-06", 9, 5)
    journey.stranger().go("/sign-in/").fill("登录名", "sysadmin").fill("口令", "wrong-word").press(
        "登录"
    ).sees("登录名或口令不对")
    administrator = journey.enter("sysadmin", first_passwords["sysadmin"])
    security = journey.enter("secadmin", first_passwords["secadmin"])
    administrator.go("/admin/appointments/", status=403).sees("岗位由安全管理员授予和解除。")
    security.go("/admin/people/", status=403).sees("人员由系统管理员建立和停用。")
    journey.enter("auditor", first_passwords["auditor"])
    handler = _hire(journey, administrator, security, HANDLER)
    _import_units(handler)
    hire(journey, CAST)


def hire(journey: Journey, members: Sequence[Member]) -> None:
    """More people, made and appointed like the first."""
    security = journey.desk("secadmin").go("/admin/appointments/new/")
    for member in members:
        _hire_quickly(journey, journey.desk("sysadmin"), security, member)
    security.go("/admin/appointments/").sees(*(member.name for member in members))


def _hire(journey: Journey, administrator: Desk, security: Desk, member: Member) -> Desk:
    administrator.go("/admin/people/new/").fill("姓名", member.name).fill("登录名", member.username).press(
        "建立"
    )
    desk = journey.enter_by_link(member.username, administrator.page.locator("#handed-link").inner_text())
    security.go("/admin/appointments/new/")
    security.choose("人员", f"{member.name}（{member.username}）").choose("岗位", member.role)
    security.press("授予").sees(member.name)
    security.go("/admin/passwords/").press(f"已当面核实，恢复签发：{member.name}（{member.username}）").sees(
        f"{member.name} 恢复签发"
    )
    return desk


def _hire_quickly(journey: Journey, administrator: Desk, security: Desk, member: Member) -> None:
    made = administrator.send("/admin/people/new/", {"name": member.name, "username": member.username})
    link = re.search(r'id="handed-link">([^<]+)<', made).group(1)  # type: ignore[union-attr]
    journey.enter_by_link(member.username, link, drawn=False)
    security.go("/admin/appointments/new/")
    choices = {
        option.inner_text(): option.get_attribute("value") or ""
        for name in ("person", "role", "organisation")
        for option in security.page.locator(f"select[name={name}] option").all()
    }
    person = choices[f"{member.name}（{member.username}）"]
    first_day = security.page.locator("input[name=valid_from]").input_value()
    fields = {"person": person, "role": choices[member.role], "valid_from": first_day}
    security.send("/admin/appointments/new/", fields | {"organisation": choices.get(member.unit, "")})
    security.send(f"/admin/passwords/people/{person}/release/", {})


def _import_units(handler: Desk) -> None:
    wrong = ROSTER.replace("乡镇,CZQ03", "镇街,CZQ03")
    handler.go("/desk/register/import/").attach("名录文件", a_file("名录.csv", wrong.encode(), "text/csv"))
    handler.press("先看会改什么", status=422).sees(
        "名录.csv没有导入", "第 9 行 D 列（类别）", "没有存入任何单位"
    )
    handler.attach("换一个文件", a_file("名录.csv", ROSTER.encode("gb18030"), "text/csv"))
    handler.press("先看会改什么").sees("名录.csv可以导入：新增 9 个").press("确认导入")
    handler.sees("已导入 名录.csv：新增 9 个")
    handler.go("/desk/register/unit/CZD03/").sees("常州市教育局")
