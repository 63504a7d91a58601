"""Settings that would be unsafe or useless are refused in words; without any there is no city's sign-in."""

import pytest

from kaoping.accounts.city_sign_in.configuration import is_safe, read_configuration
from kaoping.support.environment import SettingError

OIDC = {"KAOPING_OIDC_ISSUER": "https://id.example.cn/realm", "KAOPING_OIDC_CLIENT_ID": "kaoping"}


def read(monkeypatch, **given):
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return read_configuration()


def test_off_by_default(monkeypatch):
    assert read(monkeypatch) is None


def test_oidc(monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("geheim\n")
    found = read(
        monkeypatch, **OIDC, KAOPING_OIDC_SECOND="amr=mfa", KAOPING_OIDC_CLIENT_SECRET_FILE=str(secret)
    )
    assert (found.kind, found.claim, found.wanted, found.secret) == (
        "oidc",
        "sub",
        (("amr", "mfa"),),
        "geheim",
    )
    assert "geheim" not in found.words and "amr=mfa" in found.words


def test_cas(monkeypatch):
    found = read(monkeypatch, KAOPING_CAS_URL="https://sso.example.cn/cas")
    assert (found.kind, found.address, found.claim, found.wanted) == (
        "cas",
        "https://sso.example.cn/cas/",
        "user",
        (),
    )
    assert "没有，只抵口令" in found.words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({**OIDC, "KAOPING_CAS_URL": "https://sso.example.cn/cas"}, "只能设一个"),
        ({"KAOPING_OIDC_ISSUER": "https://id.example.cn"}, "KAOPING_OIDC_CLIENT_ID"),
        ({**OIDC, "KAOPING_OIDC_ISSUER": "http://id.example.cn"}, "https://"),
        ({**OIDC, "KAOPING_OIDC_ISSUER": "https://id.example.cn?x=1"}, "https://"),
        ({**OIDC, "KAOPING_OIDC_SECOND": "mfa"}, "名称=值"),
        ({**OIDC, "KAOPING_OIDC_SCOPE": "profile"}, "openid"),
        ({**OIDC, "KAOPING_OIDC_CA": "/nowhere/ca.pem"}, "证书文件没有"),
        ({"KAOPING_CAS_URL": "ftp://sso.example.cn"}, "https://"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(monkeypatch, given, words):
    with pytest.raises(SettingError, match=words):
        read(monkeypatch, **given)


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://a.cn/x", True),
        ("http://127.0.0.1:9/x", True),
        ("http://localhost/x", True),
        ("http://[::1]/", True),
        ("http://127.0.0.1.evil.cn/", False),
        ("http://10.0.0.1/", False),
        ("https://user@a.cn/", False),
        ("https:///x", False),
        ("https://[", False),
        ("javascript:alert(1)", False),
    ],
)
def test_people_are_asked_about_over_https_or_on_this_machine(address, safe):
    assert is_safe(address) is safe
