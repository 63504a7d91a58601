import pytest

from kaoping.support.environment import SettingError, parse_database_url, read


def test_a_secret_comes_from_a_file(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("secret\n")
    monkeypatch.setenv("KAOPING_SECRET_KEY", "other")
    monkeypatch.setenv("KAOPING_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert read("KAOPING_SECRET_KEY") == "secret"
    monkeypatch.setenv("KAOPING_SECRET_KEY_FILE", str(tmp_path / "missing"))
    with pytest.raises(SettingError, match="KAOPING_SECRET_KEY_FILE 指向的文件读不出"):
        read("KAOPING_SECRET_KEY")


def test_database_addresses():
    url = parse_database_url("postgres://kp:p%40ss@db:5432/kaoping?sslmode=require")
    assert (url.user, url.password, url.host, url.port, url.name) == ("kp", "p@ss", "db", "5432", "kaoping")
    assert url.django()["OPTIONS"] == {"sslmode": "require"}
    assert parse_database_url("postgres:///kaoping?host=/run/pg").host == "/run/pg"
    assert parse_database_url("sqlite:////srv/kaoping.sqlite3").name == "/srv/kaoping.sqlite3"
    with pytest.raises(SettingError, match="KAOPING_DATABASE_URL 应形如"):
        parse_database_url("mysql://x")
