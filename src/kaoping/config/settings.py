"""Django settings of the inside face. Everything a deployment may change comes from ``KAOPING_*`` variables."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF

from kaoping.accounts.city_sign_in.configuration import read_configuration
from kaoping.foreign.days import strict_day
from kaoping.foreign.opening import MEGABYTE, Unreadable, read_text
from kaoping.support import ageing, cookie_names, environment, syslog
from kaoping.support.client_address import trusted_proxies

DATA = environment.data_folder()
DEMO = environment.is_demo(DATA)
FACE = "inside"


def is_day(text: str) -> bool:
    """Whether a setting is a date."""
    return strict_day(text) is not None


def _secret_key() -> str:
    given = environment.read("KAOPING_SECRET_KEY")
    if given:
        return given
    path = DATA / "secret-key"
    if not os.path.lexists(path):
        if not DATA.is_dir():
            return secrets.token_urlsafe(50)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    try:
        return read_text(path, most=MEGABYTE).strip()
    except Unreadable as error:
        raise environment.SettingError(f"{path} 读不出（{error.message}）。办法：{error.remedy}") from None


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = [
    host for host in environment.read("KAOPING_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host
]
# An installation with a wrong list of proxies does not start: addresses would be believed or lost in silence.
TRUSTED_PROXIES = trusted_proxies()
# Nor does one that would throw away too early, or send its log to no address.
KAOPING_KEEP = {rule.setting: rule.kept() for rule in ageing.RULES}
KAOPING_SYSLOG = environment.read(syslog.SETTING)
if KAOPING_SYSLOG:
    syslog.address(KAOPING_SYSLOG)
DATABASES = {
    "default": environment.parse_database_url(
        environment.read("KAOPING_DATABASE_URL", f"sqlite:///{DATA / 'kaoping.sqlite3'}")
    ).django()
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "lucide",
    "kaoping.support",
    "kaoping.accounts",
    "kaoping.workdays",
    "kaoping.registry",
    "kaoping.standards",
    "kaoping.evidence",
    "kaoping.campaigns",
    "kaoping.monitoring",
    "kaoping.inspection",
    "kaoping.evaluation",
    "kaoping.rectification",
    "kaoping.reporting",
    "kaoping.publication",
    "kaoping.web.ui",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kaoping.web.ui.headers.PermissionsPolicy",
    "kaoping.web.gate.sessions.Sessions",
    "kaoping.web.gate.origin.SaysOrigin",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kaoping.web.gate.middleware.SignInRequired",
    "kaoping.web.ui.readable.Readable",
    "kaoping.web.gate.bounds.BoundedText",
    "axes.middleware.AxesMiddleware",
    "kaoping.web.ui.directions.Undirected",
]
ROOT_URLCONF = "kaoping.config.urls_inside"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            Path(__file__).parent.parent / "web" / face / "templates"
            for face in ("gate", "admin", "desk", "unit", "review", "field")
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "kaoping.web.gate.context.shell",
            ],
        },
    }
]
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "kaoping.accounts.passwords.LongestPassword"},
    {"NAME": "kaoping.accounts.passwords.TellingPassword"},
    {"NAME": "kaoping.accounts.passwords.HardToGuess"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
# Idle sign-out: 30 minutes without a request (GB/T 22239 asks for a time-out; the length is this product's choice).
SESSION_COOKIE_AGE = int(environment.read("KAOPING_IDLE_SECONDS", "1800"))
# off, signing (holders of signing and separated roles are asked to enrol) or all; a demonstration asks nobody.
KAOPING_SECOND_FACTOR = environment.read("KAOPING_SECOND_FACTOR", "off" if DEMO else "signing")
if KAOPING_SECOND_FACTOR not in ("off", "signing", "all"):
    raise environment.SettingError("KAOPING_SECOND_FACTOR 应是 off、signing 或 all")
# From this day nobody of them works without one; unset, they are reminded at each sign-in. The machine's day, not a simulated one.
KAOPING_SECOND_FACTOR_FROM = environment.read("KAOPING_SECOND_FACTOR_FROM")
if KAOPING_SECOND_FACTOR_FROM and not is_day(KAOPING_SECOND_FACTOR_FROM):
    raise environment.SettingError("KAOPING_SECOND_FACTOR_FROM 应写成 2027-01-04 这样的日期")
# Three headers in which the proxy says the result of its check (SUCCESS), subject and serial of the client certificate.
KAOPING_CERTIFICATE_HEADERS = [
    name.strip() for name in environment.read("KAOPING_CERTIFICATE_HEADERS").split(",") if name.strip()
]
if len(KAOPING_CERTIFICATE_HEADERS) not in (0, 3):
    raise environment.SettingError(
        "KAOPING_CERTIFICATE_HEADERS 应写三个头的名字，逗号分隔：核验结果、证书主体、序列号"
    )
# The city's own sign-in; none by default.
KAOPING_CITY_SIGN_IN = read_configuration()
SESSION_ENGINE = "kaoping.accounts.sessions"
# The longest time after signing in, however busy: a working day (ASVS 4.0 3.3.2 asks for 12 hours).
KAOPING_SESSION_HOURS = min(max(int(environment.read("KAOPING_SESSION_HOURS", "12")), 1), 24 * 7)
# Reading must not need writing: kaoping.web.gate.sessions prolongs a session at most once a minute, and may fail to.
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = environment.read("KAOPING_HTTPS") == "1"
SESSION_COOKIE_NAME = cookie_names.named(cookie_names.INSIDE_SESSION, https=SESSION_COOKIE_SECURE)
CSRF_COOKIE_NAME = cookie_names.named(cookie_names.INSIDE_TOKEN, https=SESSION_COOKIE_SECURE)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# KAOPING_HTTPS=1 says that a proxy in front ends TLS and sets this header itself.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
CSRF_FAILURE_VIEW = "kaoping.web.ui.errors.csrf_failure"
# A year: whoever came once over HTTPS is never again led to plain HTTP.
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SESSION_COOKIE_SECURE else 0
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
# Guessing is slowed, nobody is shut out: kaoping.accounts.throttle says how.
AXES_FAILURE_LIMIT = "kaoping.web.gate.throttle.limit"
AXES_WHITELIST_CALLABLE = "kaoping.web.gate.throttle.never_shut_out"
AXES_USERNAME_CALLABLE = "kaoping.web.gate.throttle.name_of"
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "gate/locked_out.html"
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "kaoping.web.gate.throttle.address_of"
SILENCED_SYSTEM_CHECKS: list[str] = []

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 60 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

KAOPING_FILES = DATA / "files"
KAOPING_RUNS = DATA / "runs"
KAOPING_PUBLISHED = Path(environment.read("KAOPING_PUBLISHED", str(DATA / "published")))
# What is due at once when something of a topic is new; the schedule's regular turns are the net below it.
KAOPING_FOLLOWERS = {
    "ledger": ["kaoping.rectification.jobs:read_ledger"],
    "draws": ["kaoping.publication.jobs:publish_draws"],
}
# Looks again at a fault as soon as its unit says that it was mended.
KAOPING_SECOND_LOOK = "kaoping.monitoring.jobs:look_on_word"
KAOPING_CITY = environment.read("KAOPING_CITY", "常州市")
KAOPING_OFFICE = environment.read("KAOPING_OFFICE", "市政务公开办")
KAOPING_OFFICE_PHONE = environment.read("KAOPING_OFFICE_PHONE")
KAOPING_CRAWL_ALLOW = [cidr for cidr in environment.read("KAOPING_CRAWL_ALLOW").split(",") if cidr]
KAOPING_CRAWL_RESOLVE = environment.read("KAOPING_CRAWL_RESOLVE")
# The Chromium that lays out pictures of archived pages: a path, ``off``, or nothing to look for one.
KAOPING_CHROMIUM = environment.read("KAOPING_CHROMIUM")
KAOPING_LOOKS = min(max(int(environment.read("KAOPING_LOOKS", "4")), 1), 64)
# Minutes of the wall clock for one look at one site, pauses and slow answers included.
KAOPING_LOOK_MINUTES = min(max(int(environment.read("KAOPING_LOOK_MINUTES", "30")), 1), 600)
KAOPING_INTAKE = environment.read("KAOPING_INTAKE", "127.0.0.1:8002")
KAOPING_OUTSIDE_URL = environment.read("KAOPING_OUTSIDE_URL", "http://127.0.0.1:8001")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"seldom": {"()": "kaoping.support.log_lines.OncePerMinute"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        "seldom": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["seldom"]},
    },
    "loggers": {
        # Anybody can ask by a wrong name, thousands of times: one line a minute, and no traceback.
        "django.security.DisallowedHost": {"handlers": ["seldom"], "propagate": False},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
