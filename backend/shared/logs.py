"""Log lines: JSON for machines, plain for people, and no secret in either.

`with log_context(run=…, step=…)` puts these into every line below it. Which form is used is PIPELOOM_LOG_FORMAT
(json, text or auto: text in a terminal, JSON elsewhere).
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

FORMAT = "PIPELOOM_LOG_FORMAT"
HIDDEN = "•••"
SECRET_VARIABLES = (
    "PIPELOOM_SECRET_KEY", "PIPELOOM_METRICS_TOKEN", "PIPELOOM_TOKEN", "DATABASE_PASSWORD", "REDIS_PASSWORD",
    "PIPELOOM_SMTP_PASSWORD",
)  # fmt: skip
_SHORTEST = 6
# Secrets that are made while we run cannot be listed; they are known by their form.
_FORMS = (
    (re.compile(r"plm_[A-Za-z0-9_-]{16,}"), HIDDEN),
    (re.compile(r"(/(?:sign-in|invitations?|invite)/)[A-Za-z0-9_-]{16,}"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)(authorization\W{1,4}(?:bearer|basic|token)\s+)[^\s'\",;]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b(bearer\s+)[A-Za-z0-9._~+/=-]{16,}"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)((?:session|csrf)[a-z0-9_]*=)[A-Za-z0-9]{16,}"), rf"\1{HIDDEN}"),
    (re.compile(r"([a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+@"), rf"\1{HIDDEN}@"),
)
_context: ContextVar[dict[str, str]] = ContextVar("log_context", default={})  # noqa: B039 - never written into


@contextmanager
def log_context(**ids: str) -> Iterator[None]:
    """run, step, attempt, request, host: whatever the lines below are about."""
    token = _context.set({**_context.get(), **{name: str(value) for name, value in ids.items() if value}})
    try:
        yield
    finally:
        _context.reset(token)


@cache
def _known_secrets() -> tuple[str, ...]:
    """Longest first, so that one that contains another is hidden whole."""
    found = set()
    for name in SECRET_VARIABLES:
        found.add(os.environ.get(name, ""))
        file = os.environ.get(f"{name}_FILE")
        if file and Path(file).is_file():
            found.add(Path(file).read_text().strip())
    for name in ("DATABASE_URL", "REDIS_URL"):
        password = urlsplit(os.environ.get(name, "")).password or ""
        found |= {password, unquote(password)}
    home = os.environ.get("PIPELOOM_HOME")
    for path in Path(home, "secrets").glob("*") if home else ():
        if path.is_file():
            found.add(path.read_text().strip())
    spelled = {quote(each, safe="") for each in found} | found
    return tuple(sorted((each for each in spelled if len(each) >= _SHORTEST), key=len, reverse=True))


def redacted(text: str) -> str:
    for secret in _known_secrets():
        text = text.replace(secret, HIDDEN)
    for form, instead in _FORMS:
        text = form.sub(instead, text)
    return text


class JsonLines(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
            "role": os.environ.get("PIPELOOM_ROLE", "command"),
            "pid": record.process,
            **_context.get(),
        }
        if record.exc_info:
            said["trace"] = redacted(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False)


class TextLines(logging.Formatter):
    """For people. What came from outside may hold terminal sequences and line breaks: they are shown, not obeyed."""

    def format(self, record: logging.LogRecord) -> str:
        at = (
            datetime.fromtimestamp(record.created, UTC)
            .isoformat(sep=" ", timespec="milliseconds")
            .removesuffix("+00:00")
        )
        about = "".join(f" {name}={value}" for name, value in _context.get().items())
        line = f"{at} {record.levelname} {record.name}:{about} {_harmless(record.getMessage())}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return redacted(line)


def _harmless(text: str) -> str:
    return "".join(
        each if each.isprintable() or each == " " else each.encode("unicode_escape").decode() for each in text
    )


def formatter_name() -> str:
    wanted = os.environ.get(FORMAT, "auto")
    if wanted in ("json", "text"):
        return wanted
    serving = os.environ.get("PIPELOOM_ROLE", "command") != "command"
    return "json" if serving and not sys.stderr.isatty() else "text"
