"""A rulebook as a ZIP is read as hostile: every way in which one is wrong is said in words."""

import io
import zipfile

import pytest

from kaoping.standards.loading import RulebookError, load_rulebook
from kaoping.standards.pack import MAX_PACK, unpack
from tests.standards.making import files


def zipped(texts, *, raw=()):
    """A ZIP of texts; ``raw`` adds entries as they are, with whatever name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
        for info, content in raw:
            archive.writestr(info, content)
    return made.getvalue()


def link(name):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


def refusal(content):
    with pytest.raises(RulebookError) as refused:
        unpack(content)
    return str(refused.value)


def test_the_folder_lies_at_the_top_or_in_one_folder():
    wanted = files()
    assert unpack(zipped(wanted)) == wanted
    inside = {f"某区规则集/{name}": text for name, text in wanted.items()}
    assert unpack(zipped(inside | {"__MACOSX/._about.yaml": "x", "某区规则集/说明.txt": "x"})) == wanted


def test_a_zip_is_a_rulebook_wherever_a_folder_is_one(tmp_path):
    (tmp_path / "small.zip").write_bytes(zipped(files()))
    assert load_rulebook(tmp_path / "small.zip").id == "small"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "不是 ZIP"),
        (b"PK\x03\x04rest", "不是 ZIP"),
        (b"x" * (MAX_PACK + 1), "超过 4 MB"),
        (zipped({"notes.txt": "x"}), "没有 about.yaml"),
        (zipped(files() | {"../about.yaml": "x"}), "不该有的路径"),
        (zipped(files() | {"/etc/x.yaml": "x"}), "不该有的路径"),
        (zipped(files() | {"cases\\x.yaml": "x"}), "不该有的路径"),
        (zipped(files(), raw=[(link("cases/x.yaml"), "/etc/hostname")]), "是链接"),
        (zipped(files() | {"rubric.yaml": "名称: 甲".encode("gbk")}), "不是 UTF-8"),
        (zipped(files() | {"rubric.yaml": "名称: 甲".encode("utf-16")}), "不是 UTF-8"),
        (zipped(files() | {f"cases/{n}.yaml": "" for n in range(600)}), "超过 500 个"),
        (zipped(files() | {"cases/big.yaml": "#" * (3 << 20)}), "超过 2 MB"),
        (zipped(files() | {f"cases/{n}.yaml": "#" * (2 << 20) for n in range(5)}), "解开后超过 8 MB"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_wrong_zip_is_refused_in_words(content, words):
    assert words in refusal(content)


def test_a_name_twice_is_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped(files(), raw=[("rubric.yaml", "total: '1'\n")])
    assert "出现了两次" in refusal(content)


def test_a_name_in_gbk_is_refused_with_what_to_do():
    content = zipped(files() | {"cases/AAAA.yaml": "x"}).replace(
        b"cases/AAAA.yaml", b"cases/" + "算例".encode("gbk") + b".yaml"
    )
    assert "英文名" in refusal(content)


@pytest.mark.parametrize("cut", [10, 200, -30])
def test_a_cut_or_damaged_zip_is_refused(cut):
    assert refusal(zipped(files())[:cut])
