import io
import zipfile
from decimal import Decimal

from python_calamine import CalamineWorkbook

from kaoping.reporting.render.xlsx import render_xlsx
from kaoping.reporting.tables import Table


def test_codes_and_formulas_are_strings_numbers_are_numbers():
    table = Table(
        "名录 2025/26",
        ["代码", "得分", "备注"],
        [["014109429", Decimal("88.5"), "=HYPERLINK(1)"], ["320400000000000000", 12345678901234567890, None]],
        ["2 个单位，截至 2025-11-24"],
    )
    content = render_xlsx(table)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows == [
        ["代码", "得分", "备注"],
        ["014109429", 88.5, "=HYPERLINK(1)"],
        ["320400000000000000", "12345678901234567890", ""],
    ]
    assert book.get_sheet_by_name("说明").to_python()[1] == ["2 个单位，截至 2025-11-24"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_example_data_is_marked_in_every_row():
    marked = Table("名录", ["代码"], [["U1"], ["U2"]]).marked_as_example()
    assert [row[-1] for row in marked.rows] == ["示例数据", "示例数据"]
    assert "示例数据" in marked.title
