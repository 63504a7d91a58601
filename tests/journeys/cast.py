"""The cast of the journey and its small register. People are made up; unit names are real, results are examples."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "shuangxi-2025-{0}"
OPENERS = ("first opener of the box", "second opener of the box")


@dataclass(frozen=True)
class Member:
    """Somebody whom the system administrator makes and the security administrator appoints."""

    username: str
    name: str
    role: str
    unit: str = ""


HANDLER = Member("jingban", "陈静", "政务公开办经办")
# Needed from the spring on.
CAST = (
    Member("fuzeren", "周明", "办公室负责人"),
    Member("lingdao", "赵宏", "领导小组领导"),
    Member("fuhe", "冯平", "复核人"),
    Member("jiancha", "孙检", "检查员"),
    Member("zhujian", "住建局联络员", "单位联络员", "市住房城乡建设局"),
)
# Needed from the autumn on.
LATER = (
    Member("qianfa", "徐磊", "第二签发人"),
    Member("kaixiang1", "沈一鸣", "开箱人"),
    Member("kaixiang2", "钱晓", "开箱人"),
    Member("zhuanjia1", "林青", "专家"),
    Member("zhuanjia2", "方竹", "专家"),
    Member("jiaoyu", "教育局联络员", "单位联络员", "市教育局"),
    Member("shuili", "水利局联络员", "单位联络员", "市水利局"),
    Member("gongsi", "自来水公司联络员", "单位联络员", "通用自来水"),
    Member("wujin", "何平", "辖市区主管部门", "武进区"),
    Member("gongyong", "吕慧", "行业主管部门", "市住房城乡建设局"),
)
ROSTER = """单位代码,单位名称,简称,类别,上级单位代码,主管部门代码,分组,参评,网站地址
CZ0,常州市人民政府,市政府,人民政府,,,,否,
CZQ01,溧阳市人民政府,溧阳市,辖市、区人民政府,CZ0,,辖市、区,是,
CZQ03,常州市武进区人民政府,武进区,辖市、区人民政府,CZ0,,辖市、区,是,
CZD03,常州市教育局,市教育局,工作部门,CZ0,,市级部门,是,
CZD14,常州市住房和城乡建设局,市住房城乡建设局,工作部门,CZ0,,市级部门,是,http://czd14.kaoping.test/
CZD17,常州市水利局,市水利局,工作部门,CZ0,,市级部门,是,
CZI03,国家税务总局常州市税务局,市税务局,垂直管理单位,CZ0,,市级部门,否,
CZT01,武进区湖塘镇人民政府,湖塘镇,乡镇,CZQ03,,乡镇、街道,否,
CZE04,常州通用自来水有限公司,通用自来水,公共企业,,CZD14,公共企事业单位,是,
"""
ASSESSED = ("CZQ01", "CZQ03", "CZD03", "CZD14", "CZD17", "CZE04")
NAMES = {"CZD03": "市教育局", "CZD17": "市水利局", "CZE04": "通用自来水"}
