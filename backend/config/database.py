"""DATABASE_URL (libpq's own URI grammar, sockets included) as Django's settings."""

from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

# A peer that vanished without a word (a cut cable, a machine that lost its power) is noticed within half a minute.
# Over sockets of this machine they mean nothing.
KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}


class DatabaseUrlError(ValueError):
    """DATABASE_URL cannot be understood; the text says what would be."""


def database_settings(url: str, *, role: str, pool_size: int) -> dict[str, Any]:
    """Pool in the web process only: its threads come and go, while every other process keeps one
    connection, and a pool's helper threads would not survive Celery's fork."""
    try:
        parsed = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError as error:
        raise DatabaseUrlError(
            f"DATABASE_URL is not a PostgreSQL address ({error}); write postgresql://user:password@host:5432/name "
            "or, for a socket, postgresql://user:password@/name?host=/folder/of/the/socket"
        ) from error
    options: dict[str, Any] = {
        key: value for key, value in parsed.items() if key not in ("host", "port", "dbname", "user", "password")
    }
    options.setdefault("application_name", f"pipeloom-{role}")
    options.setdefault("connect_timeout", 10)
    for name, value in KEEPALIVES.items():
        options.setdefault(name, value)
    if role == "web":
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10, "max_idle": 120}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parsed.get("dbname", "pipeloom"),
        "USER": parsed.get("user", ""),
        "PASSWORD": parsed.get("password", ""),
        "HOST": parsed.get("host", ""),
        "PORT": parsed.get("port", ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0 if role == "web" else None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
