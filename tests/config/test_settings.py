"""What a deployment rests on, read from the real settings of both faces in processes of their own."""

import json
import os
import subprocess
import sys

import pytest

ASK = """
import json, django
django.setup()
from django.conf import settings as s
print(json.dumps({
    "hashers": s.PASSWORD_HASHERS, "csp": s.CONTENT_SECURITY_POLICY["DIRECTIVES"].get("script-src"),
    "idle": [s.SESSION_COOKIE_AGE, s.SESSION_SAVE_EVERY_REQUEST], "debug": s.DEBUG,
    "cookies": [s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN],
    "secure": [s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.X_FRAME_OPTIONS],
    "hosts": s.ALLOWED_HOSTS, "hsts": s.SECURE_HSTS_SECONDS, "databases": sorted(s.DATABASES), "apps": s.INSTALLED_APPS, "axes": [s.AXES_FAILURE_LIMIT, s.AXES_COOLOFF_TIME],
    "backends": s.AUTHENTICATION_BACKENDS, "middleware": s.MIDDLEWARE,
    "options": s.DATABASES.get("default", {}).get("OPTIONS", {}),
}))
"""


def ask(module, tmp_path, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KAOPING_")}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**clean, "KAOPING_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": module, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_the_inside_face(tmp_path):
    found = ask("kaoping.config.settings", tmp_path)
    assert found["debug"] is False
    assert found["hashers"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert found["csp"] == ["'self'"]
    assert found["idle"] == [1800, False]
    assert found["hosts"] == ["localhost", "127.0.0.1", "[::1]"]
    assert found["hsts"] == 0
    assert found["secure"] == [False, False, "DENY"]
    assert found["axes"] == ["kaoping.web.gate.throttle.limit", 0.25]
    assert found["backends"][0] == "axes.backends.AxesStandaloneBackend"
    assert "synchronous=FULL" in found["options"]["init_command"]
    assert found["options"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize("module", ["kaoping.config.settings", "kaoping.config.settings_outside"])
def test_with_https_both_faces_ask_for_it_for_a_year_and_no_name_but_the_named_is_answered(tmp_path, module):
    plain = ask(module, tmp_path)
    assert (plain["hsts"], plain["hosts"]) == (0, ["localhost", "127.0.0.1", "[::1]"])
    found = ask(module, tmp_path, KAOPING_HTTPS="1", KAOPING_HOSTS="kaoping.example.gov.cn")
    assert found["hsts"] == 365 * 24 * 3600
    assert found["hosts"] == ["kaoping.example.gov.cn"]
    assert found["middleware"][0] == "django.middleware.security.SecurityMiddleware"
    assert "testserver" not in plain["hosts"] + found["hosts"]
    # What a browser asks of a name that begins so: this host only, every path, HTTPS.
    token = "kaoping_outside_csrf" if module.endswith("outside") else "kaoping_inside_csrf"
    assert found["cookies"][1:] == [f"__Host-{token}", "/", None]
    assert found["cookies"][0] == "__Host-kaoping_inside" and plain["cookies"][1] == token


def test_https_and_idle_time_are_settings(tmp_path):
    found = ask("kaoping.config.settings", tmp_path, KAOPING_HTTPS="1", KAOPING_IDLE_SECONDS="600")
    assert found["secure"][:2] == [True, True]
    assert found["hsts"] == 365 * 24 * 3600
    assert found["idle"][0] == 600


def test_the_outside_face_has_no_database_no_sign_in_no_desk(tmp_path):
    found = ask("kaoping.config.settings_outside", tmp_path)
    # Django fills in a dummy that refuses every query.
    assert found["databases"] in ([], ["default"])
    assert found["options"] == {}
    assert found["backends"] == []
    inside = ("kaoping.accounts", "kaoping.evidence", "kaoping.campaigns", "django.contrib.sessions")
    assert not set(inside) & set(found["apps"])
    assert not any("session" in one.lower() or "gate" in one for one in found["middleware"])


def test_the_secret_key_is_made_once_and_kept_private(tmp_path):
    for _ in range(2):
        ask("kaoping.config.settings", tmp_path)
    key = tmp_path / "secret-key"
    assert key.stat().st_mode & 0o077 == 0
    assert len(key.read_text()) > 50


@pytest.mark.parametrize("module", ["kaoping.config.settings", "kaoping.config.settings_outside"])
def test_both_faces_pass_their_own_checks(tmp_path, module):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KAOPING_")}
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--fail-level", "WARNING"],
        env={**clean, "KAOPING_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": module},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_a_wrong_list_of_proxies_is_refused_in_words(tmp_path):
    with pytest.raises(subprocess.CalledProcessError) as refused:
        ask("kaoping.config.settings", tmp_path, KAOPING_TRUSTED_PROXIES="0.0.0.0/0")
    assert "KAOPING_TRUSTED_PROXIES" in refused.value.stderr


WRONG_HOST = """
import django
django.setup()
from django.test import Client
for _ in range(5):
    answer = Client().get("/", headers={"host": "evil.example"})
    print(answer.status_code, "没有看懂这次请求" in answer.content.decode(), answer.headers["Permissions-Policy"][:9])
"""


@pytest.mark.parametrize("module", ["kaoping.config.settings", "kaoping.config.settings_outside"])
def test_a_wrong_host_is_answered_in_words_and_leaves_one_line(tmp_path, module):
    """In a process of its own: the loggers are those of a deployment."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KAOPING_")}
    static = "import django.conf; django.conf.settings.STORAGES['staticfiles'] = {'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"{static}\n{WRONG_HOST}"],
        env={**clean, "KAOPING_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": module},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["400 True camera=()"] * 5, done.stdout
    assert "Traceback" not in done.stderr
    assert done.stderr.count("DisallowedHost") == 1
