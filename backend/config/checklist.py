"""The settings that matter as soon as others than oneself use an installation. Part of `manage.py doctor`."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import run_checks

from backend.config.findings import BAD, GOOD, NOTE, Finding
from backend.shared.telemetry.access import metrics_token

SUBJECT = "settings"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def for_others() -> bool:
    """An address that only this machine can reach makes the rest of the list a matter of taste."""
    return urlsplit(settings.PIPELOOM_PUBLIC_URL).hostname not in LOOPBACK


def settings_findings() -> Iterator[Finding]:
    yield from _never()
    if not for_others():
        yield Finding(GOOD, SUBJECT, f"for this machine only ({settings.PIPELOOM_PUBLIC_URL})")
        return
    found = [*_address(), *_secrets(), *_django()]
    yield from found
    if not any(each.level == BAD for each in found):
        yield Finding(GOOD, SUBJECT, f"fit for others at {settings.PIPELOOM_PUBLIC_URL}")


def _never() -> Iterator[Finding]:
    """What no real installation has."""
    if settings.DEBUG:
        yield Finding(BAD, SUBJECT, "PIPELOOM_DEBUG=1 shows traces and settings to everybody. Unset it.")
    if os.environ.get("PIPELOOM_FAILPOINTS"):
        yield Finding(BAD, SUBJECT, "PIPELOOM_FAILPOINTS makes processes die on purpose. Unset it.")
    if os.environ.get("PIPELOOM_ALLOWED_HOSTS", "").find("*") >= 0:
        yield Finding(BAD, SUBJECT, "PIPELOOM_ALLOWED_HOSTS: a star is left out; name the hosts.")


def _address() -> Iterator[Finding]:
    secure = settings.PIPELOOM_PUBLIC_URL.startswith("https://")
    behind_proxy = bool(getattr(settings, "SECURE_PROXY_SSL_HEADER", None))
    if not secure:
        yield Finding(
            BAD,
            SUBJECT,
            f"{settings.PIPELOOM_PUBLIC_URL} is not https: whoever is in between reads passwords and tokens. Put a "
            "proxy with TLS in front (docker/proxy/) and set PIPELOOM_PUBLIC_URL=https://…",
        )
    elif not behind_proxy:
        yield Finding(
            BAD,
            SUBJECT,
            "the address is https, and the product does not know that a proxy stands in front. Set "
            "PIPELOOM_BEHIND_PROXY=1, and let the proxy set X-Forwarded-Proto itself.",
        )


def _secrets() -> Iterator[Finding]:
    if not metrics_token():
        yield Finding(
            NOTE, SUBJECT, "metrics are for this machine only; set PIPELOOM_METRICS_TOKEN for Prometheus elsewhere"
        )
    if not (os.environ.get("PIPELOOM_SECRET_KEY") or os.environ.get("PIPELOOM_SECRET_KEY_FILE")):
        kept = Path(settings.PIPELOOM_HOME) / "secrets" / "django_key"
        if not kept.is_file():
            yield Finding(
                BAD,
                SUBJECT,
                "no PIPELOOM_SECRET_KEY and none in the home: every start signs everybody out. Run `manage.py setup`.",
            )
    home = Path(settings.PIPELOOM_HOME)
    if home.is_dir() and home.stat().st_mode & 0o027:
        yield Finding(BAD, SUBJECT, f"others may look into {home}. chmod 0700 {home}")


def _django() -> Iterator[Finding]:
    """Django's own list for deployments; ours above say some of it in more words."""
    told = {"security.W008", "security.W018"}
    for message in run_checks(include_deployment_checks=True):
        if message.id not in told and message.level >= 30:
            yield Finding(BAD, SUBJECT, f"{message.id}: {message.msg} {message.hint or ''}".strip())
