import pytest

from kaoping.support.files import FileStore, write_durably


def test_bytes_are_kept_once_and_never_overwritten(tmp_path):
    store = FileStore(tmp_path)
    first = store.put(b"page")
    assert store.put(b"page") == first
    assert list(store.digests()) == [first]
    assert store.get(first) == b"page"
    assert store.verify(first)


def test_a_changed_file_is_noticed(tmp_path):
    store = FileStore(tmp_path)
    digest = store.put(b"page")
    (tmp_path / digest[:2] / digest[2:]).write_bytes(b"other")
    assert not store.verify(digest)


def test_destroyed_bytes_are_gone_and_nothing_breaks(tmp_path):
    store = FileStore(tmp_path)
    digest = store.put(b"page")
    store.destroy(digest)
    store.destroy(digest)
    assert store.get(digest) is None


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63, "a" * 63 + "/"])
def test_only_digests_name_files(tmp_path, name):
    with pytest.raises(ValueError, match="校验值"):
        FileStore(tmp_path).get(name)


def test_what_stood_there_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "index.json"
    write_durably(path, b"first")
    write_durably(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [path]


def test_a_writing_that_fails_leaves_what_stood_there(tmp_path, monkeypatch):
    path = tmp_path / "index.json"
    write_durably(path, b"first")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_durably(path, b"second")
    assert path.read_bytes() == b"first"
