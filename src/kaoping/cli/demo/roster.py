"""The register of the demonstration: the structure of Changzhou (常州市) as public sources describe it. Names are real, nothing else."""

from __future__ import annotations

from typing import Final

from kaoping.scoring.units import Unit, write_units_csv

PARTICIPATING: Final = (
    "district_government",
    "authorised_body",
    "department",
    "institution",
    "public_institution",
    "public_enterprise",
)

CITY: Final = "CZ0"
_DEPARTMENTS: Final = (
    ("市政府办公室", "市政府办"),
    ("市发展和改革委员会", "市发展改革委"),
    ("市教育局", "市教育局"),
    ("市科学技术局", "市科技局"),
    ("市工业和信息化局", "市工业和信息化局"),
    ("市民族宗教事务局", "市民族宗教局"),
    ("市公安局", "市公安局"),
    ("市民政局", "市民政局"),
    ("市司法局", "市司法局"),
    ("市财政局", "市财政局"),
    ("市人力资源和社会保障局", "市人社局"),
    ("市自然资源和规划局", "市自然资源和规划局"),
    ("市生态环境局", "市生态环境局"),
    ("市住房和城乡建设局", "市住房城乡建设局"),
    ("市城市管理局", "市城管局"),
    ("市交通运输局", "市交通运输局"),
    ("市水利局", "市水利局"),
    ("市农业农村局", "市农业农村局"),
    ("市商务局", "市商务局"),
    ("市文化广电和旅游局", "市文广旅局"),
    ("市卫生健康委员会", "市卫生健康委"),
    ("市退役军人事务局", "市退役军人局"),
    ("市应急管理局", "市应急局"),
    ("市审计局", "市审计局"),
    ("市政府外事办公室", "市外办"),
    ("市政府国有资产监督管理委员会", "市国资委"),
    ("市政务服务管理办公室", "市政务办"),
    ("市市场监督管理局", "市市场监管局"),
    ("市体育局", "市体育局"),
    ("市统计局", "市统计局"),
    ("市医疗保障局", "市医保局"),
    ("市信访局", "市信访局"),
    ("市数据局", "市数据局"),
    ("市机关事务管理局", "市机关事务局"),
)
_DISTRICTS: Final = (
    ("溧阳市人民政府", "溧阳市"),
    ("常州市金坛区人民政府", "金坛区"),
    ("常州市武进区人民政府", "武进区"),
    ("常州市新北区人民政府", "新北区"),
    ("常州市天宁区人民政府", "天宁区"),
    ("常州市钟楼区人民政府", "钟楼区"),
)
# Name, short name, kind, number of the competent department in the list above.
_ENTERPRISES: Final = (
    ("江苏省常州高级中学", "省常中", "public_institution", 3),
    ("常州市第一人民医院", "市一院", "public_institution", 21),
    ("常州市第二人民医院", "市二院", "public_institution", 21),
    ("常州通用自来水有限公司", "通用自来水", "public_enterprise", 14),
    ("常州港华燃气有限公司", "港华燃气", "public_enterprise", 14),
    ("国网常州供电公司", "常州供电", "public_enterprise", 2),
    ("常州市公共交通集团有限责任公司", "常州公交", "public_enterprise", 16),
    ("常州市排水管理处", "市排水管理处", "public_institution", 14),
)
_OTHERS: Final = (
    ("常州市住房公积金管理中心", "市公积金中心", "institution", "市级部门", True),
    ("常州市供销合作总社", "市供销社", "institution", "市级部门", True),
    ("国家税务总局常州市税务局", "市税务局", "vertical", "市级部门", False),
    ("常州市气象局", "市气象局", "vertical", "市级部门", False),
    ("常州市邮政管理局", "市邮政管理局", "vertical", "市级部门", False),
)
_TOWNS: Final = (
    ("武进区湖塘镇人民政府", "湖塘镇", "township", "CZQ03"),
    ("天宁区茶山街道办事处", "茶山街道", "subdistrict", "CZQ05"),
)


def units() -> list[Unit]:
    """Everybody in register order; codes are text that sorts by kind."""
    made = [Unit(CITY, "常州市人民政府", "市政府", "government", participates=False)]
    made += [
        _unit(f"CZQ{n:02d}", name, short, "district_government", "辖市、区", n)
        for n, (name, short) in enumerate(_DISTRICTS, start=1)
    ]
    made.append(
        _unit("CZQ07", "江苏常州经济开发区管理委员会", "常州经开区", "authorised_body", "辖市、区", 7)
    )
    made += [
        _unit(f"CZD{n:02d}", f"常州{name}", short, "department", "市级部门", 20 + n)
        for n, (name, short) in enumerate(_DEPARTMENTS, start=1)
    ]
    made += [
        _unit(f"CZI{n:02d}", name, short, kind, group, 60 + n, participates=taken)
        for n, (name, short, kind, group, taken) in enumerate(_OTHERS, start=1)
    ]
    made += [
        Unit(f"CZT{n:02d}", name, short, kind, parent=parent, group="乡镇、街道", participates=False)
        for n, (name, short, kind, parent) in enumerate(_TOWNS, start=1)
    ]
    made += [
        _unit(f"CZE{n:02d}", name, short, kind, "公共企事业单位", 80 + n, leading=f"CZD{department:02d}")
        for n, (name, short, kind, department) in enumerate(_ENTERPRISES, start=1)
    ]
    return made


def roster_csv() -> str:
    """The register as the file that the office would import."""
    return write_units_csv(units())


def _unit(
    code: str,
    name: str,
    short: str,
    kind: str,
    group: str,
    serial: int,
    *,
    participates: bool = True,
    leading: str = "",
) -> Unit:
    return Unit(
        code=code,
        name=name,
        short_name=short,
        kind=kind,
        parent=None if leading else CITY,
        leading_department=leading or None,
        group=group,
        participates=participates,
        site_url=f"http://{code.lower()}.kaoping.test/",
        # 9999 marks a number that nobody was given: an example.
        site_id_code=f"3204{9900 + serial:04d}99",
    )
