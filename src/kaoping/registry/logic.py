"""Decisions of the register, pure."""

from __future__ import annotations

from datetime import date
from typing import Final

KINDS: Final[dict[str, str]] = {
    "government": "人民政府",
    "district_government": "辖市、区人民政府",
    "department": "工作部门",
    "field_office": "派出机构",
    "authorised_body": "授权组织",
    "institution": "直属机构",
    "public_institution": "公共事业单位",
    "public_enterprise": "公共企业",
    "township": "乡镇",
    "subdistrict": "街道",
    "vertical": "垂直管理单位",
}


def exists_on(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Whether an organisation exists on ``day``; both ends count, an open end has no limit."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)
