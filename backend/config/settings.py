"""The one settings module. Everything comes from the environment or from the home folder.

Nothing here connects to anything: commands that need no database work without one.
"""

import logging
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from backend.config.api_settings import REST_FRAMEWORK, SPECTACULAR_SETTINGS
from backend.config.database import database_settings
from backend.config.embedded.address import database_url, redis_url
from backend.config.embedded.home import home_at
from backend.config.embedded.instance import instance_read
from backend.config.redis_urls import redis_address
from backend.config.secret_files import secret_setting
from backend.config.version import VERSION
from backend.shared.logs import formatter_name

__all__ = ["REST_FRAMEWORK", "SPECTACULAR_SETTINGS"]

BASE_DIR = Path(__file__).resolve().parents[2]
PIPELOOM_VERSION = VERSION
_home = home_at(os.environ.get("PIPELOOM_HOME") or BASE_DIR / ".pipeloom")
PIPELOOM_HOME = _home.path
PIPELOOM_STORAGE = _home.storage
# web, worker, reconciler or command: decides how the process holds its database connections.
PIPELOOM_ROLE = os.environ.get("PIPELOOM_ROLE", "command")


def _public_url() -> str:
    instance = instance_read(_home)
    found = os.environ.get("PIPELOOM_PUBLIC_URL") or (instance.url if instance else "") or "http://127.0.0.1:8470"
    return found.rstrip("/")


PIPELOOM_PUBLIC_URL = _public_url()
_public = urlsplit(PIPELOOM_PUBLIC_URL)
_secure = _public.scheme == "https"
_behind_proxy = os.environ.get("PIPELOOM_BEHIND_PROXY") == "1"
# Cookies ignore ports: two installations on one machine must not sign each other out.
_cookie_suffix = str(_public.port or (443 if _secure else 80))

_SMTP_PORTS = {"none": 25, "starttls": 587, "tls": 465}

# Leases (seconds). The order matters: heartbeat < fence < lease, or two attempts could overlap.
PIPELOOM_HEARTBEAT_SECONDS = float(os.environ.get("PIPELOOM_HEARTBEAT_SECONDS", "10"))
PIPELOOM_FENCE_SECONDS = float(os.environ.get("PIPELOOM_FENCE_SECONDS", "35"))
PIPELOOM_LEASE_SECONDS = float(os.environ.get("PIPELOOM_LEASE_SECONDS", "60"))
# What the reconciler waits for (seconds): a silent lease beyond its end, an unclaimed message, a living host that
# takes no step, a stop, a host.
PIPELOOM_LEASE_MARGIN_SECONDS = float(os.environ.get("PIPELOOM_LEASE_MARGIN_SECONDS", "10"))
PIPELOOM_REPUBLISH_SECONDS = float(os.environ.get("PIPELOOM_REPUBLISH_SECONDS", "15"))
PIPELOOM_TAKE_SECONDS = float(os.environ.get("PIPELOOM_TAKE_SECONDS", "180"))
PIPELOOM_STOP_SECONDS = float(os.environ.get("PIPELOOM_STOP_SECONDS", "60"))
PIPELOOM_HOST_STALE_SECONDS = float(os.environ.get("PIPELOOM_HOST_STALE_SECONDS", "30"))

# Being told. Without a mail server, mails are given up with the reason; webhooks go to public addresses only, unless
# an administrator lists networks ("10.1.0.0/16") or names here.
PIPELOOM_SMTP_HOST = os.environ.get("PIPELOOM_SMTP_HOST", "")
PIPELOOM_SMTP_SECURITY = os.environ.get("PIPELOOM_SMTP_SECURITY", "starttls")
PIPELOOM_SMTP_PORT = int(os.environ.get("PIPELOOM_SMTP_PORT") or _SMTP_PORTS.get(PIPELOOM_SMTP_SECURITY, 587))
PIPELOOM_SMTP_USER = os.environ.get("PIPELOOM_SMTP_USER", "")
PIPELOOM_SMTP_PASSWORD = secret_setting("PIPELOOM_SMTP_PASSWORD")
PIPELOOM_SMTP_FROM = os.environ.get("PIPELOOM_SMTP_FROM") or f"Pipeloom <pipeloom@{_public.hostname or 'localhost'}>"
PIPELOOM_SMTP_CA = os.environ.get("PIPELOOM_SMTP_CA", "")
PIPELOOM_SMTP_SECONDS = float(os.environ.get("PIPELOOM_SMTP_SECONDS", "10"))
PIPELOOM_WEBHOOK_ALLOW = os.environ.get("PIPELOOM_WEBHOOK_ALLOW", "")
PIPELOOM_WEBHOOK_SECONDS = float(os.environ.get("PIPELOOM_WEBHOOK_SECONDS", "5"))
# Between the tries of one message; after the last one it is given up, and its log offers to send it again.
PIPELOOM_NOTICE_RETRY_SECONDS = [
    float(each) for each in os.environ.get("PIPELOOM_NOTICE_RETRY_SECONDS", "5,30,120,600,1800,7200,21600").split(",")
]
PIPELOOM_NOTICE_KEEP_DAYS = int(os.environ.get("PIPELOOM_NOTICE_KEEP_DAYS", "90"))
# Finished runs older than that go, with their logs; what they registered and wrote stays. 0: none ever goes.
PIPELOOM_KEEP_RUNS_DAYS = float(os.environ.get("PIPELOOM_KEEP_RUNS_DAYS", "0"))

# Without a home (generating the contract, checking) a key that lives as long as the process will do.
SECRET_KEY = secret_setting("PIPELOOM_SECRET_KEY") or _home.secret("django_key") or secrets.token_urlsafe(48)
DEBUG = os.environ.get("PIPELOOM_DEBUG") == "1"
# Names by which other machines know this one, for example of Prometheus; a star would let any page in.
_named = {name.strip() for name in os.environ.get("PIPELOOM_ALLOWED_HOSTS", "").split(",")} - {"", "*"}
ALLOWED_HOSTS = sorted({_public.hostname or "localhost", "localhost", "127.0.0.1", "[::1]", *_named})
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "backend.apps.accounts",
    "backend.apps.workflows",
    "backend.apps.assets",
    "backend.apps.runs",
    "backend.apps.notifications",
    "backend.apps.schedules",
    "backend.config",
]
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

MIDDLEWARE = [
    "backend.config.metrics.requests.measured",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "backend.config.security.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# Workflows to begin with, one folder each.
PIPELOOM_SAMPLES = BASE_DIR / "workers" / "samples"

ROOT_URLCONF = "backend.config.urls"
ASGI_APPLICATION = "backend.config.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

DATABASES = {
    "default": database_settings(
        database_url(_home), role=PIPELOOM_ROLE, pool_size=int(os.environ.get("PIPELOOM_DB_POOL", "16"))
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_redis = redis_address(redis_url(_home))
REDIS_URL = _redis.client_url
CELERY_BROKER_URL = _redis.broker_url
# socket_timeout must be longer than the consumer's blocking pop; a dead peer is then noticed by both sides.
CELERY_TRANSPORT_OPTIONS = {
    "socket_timeout": 15,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "visibility_timeout": 3600,
}
# Publish and subscribe know no Redis databases: installations that share a server need different prefixes.
_channel_prefix = os.environ.get("PIPELOOM_CHANNEL_PREFIX", "pipeloom")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # redis-py's default read time-out (5 s) would cut every quiet subscription.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}], "prefix": _channel_prefix},
    }
}

SESSION_COOKIE_NAME = f"pipeloom_session_{_cookie_suffix}"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _secure
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = f"pipeloom_csrf_{_cookie_suffix}"
CSRF_FAILURE_VIEW = "backend.config.pages.csrf_refused"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _secure
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Only where the proxy says how it was reached: without it everything would look plain, and go round for ever.
SECURE_SSL_REDIRECT = _secure and _behind_proxy
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _secure
SECURE_HSTS_PRELOAD = _secure
if _behind_proxy:
    # Only by request: a header that anyone may send must not make a plain connection look secure.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Refused before it is parsed; file uploads stream past this limit on purpose.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
PIPELOOM_UPLOAD_MAX_BYTES = int(os.environ.get("PIPELOOM_UPLOAD_MAX_BYTES", str(10 * 1024**3)))
FILE_UPLOAD_PERMISSIONS = 0o600

STATIC_URL = "/static/"
STATICFILES_DIRS = [path for path in (BASE_DIR / "frontend" / "dist",) if path.is_dir()]
# Straight from where they lie (the browser build has hashed its names already): no collecting at start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# The browser build names its files by their contents: a browser that has one never asks for it again.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/app/assets/.+-[0-9A-Za-z_-]{8}\.[a-z0-9]+$"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "en"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "backend.shared.logs.TextLines"},
        "json": {"()": "backend.shared.logs.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": formatter_name()}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("PIPELOOM_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # Whoever guesses names of hosts is refused; he need not fill the log as well.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "httpx": {"level": "WARNING"},
    },
}
if PIPELOOM_ROLE != "command":
    # Warnings are lines like all others, and not text between them.
    logging.captureWarnings(True)
