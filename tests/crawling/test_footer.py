from kaoping.crawling.footer import read_footer, read_marks

LINES = (
    "主办单位：正文里的另一家",
    *("正文",) * 60,
    "联系我们 | 网站地图",
    "主办单位：样例市人民政府办公室 承办单位：样例市大数据局",
    "网站标识码：3204000002 苏ICP备 05003616 号-1 苏公网安备 32040402000001号",
)


def test_elements_as_printed():
    footer = read_footer(LINES)
    assert footer.site_id_code == "3204000002"
    assert footer.icp == "苏ICP备05003616号-1"
    assert footer.police_filing == "苏公网安备 32040402000001号"
    assert footer.sponsor == "样例市人民政府办公室"
    assert footer.contact == "联系我们"


def test_telephone_is_a_contact_and_central_codes_are_read():
    footer = read_footer(("主办：样例部", "网站标识码bm01000001", "联系电话：0519-85680000"))
    assert footer.site_id_code == "bm01000001"
    assert footer.contact == "联系电话：0519-85680000"
    assert footer.icp is None


def test_nothing_there_is_null():
    footer = read_footer(("正文",) * 10)
    assert (footer.sponsor, footer.contact, footer.site_id_code) == (None, None, None)
    assert read_footer(()).icp is None


def test_marks_in_the_markup():
    for markup in (
        '<script src="//x.test/JiuCuo.js"></script>',
        "我为政府网站找错",
        "//zfwzzc.www.gov.cn/check",
    ):
        assert read_marks(markup).find_error and not read_marks(markup).site_map, markup
    for markup in ("<a href='/map/'>网站地图</a>", "站点导航", '<a href="/SiteMap.html">', "/wangzhanditu/"):
        assert read_marks(markup).site_map and not read_marks(markup).find_error, markup
    nothing = read_marks("纠错 地图 导航 站点 site map")
    assert not nothing.site_map and not nothing.find_error
