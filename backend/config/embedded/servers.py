"""Which servers we bring ourselves: those for which no address of another one was given."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from backend.config.embedded.children import ChildSpec
from backend.config.embedded.console import Console
from backend.config.embedded.home import Home
from backend.config.embedded.postgres import cluster_ensure, password_reset, postgres_at, postgres_child
from backend.config.embedded.problems import SetupError
from backend.config.embedded.redis_server import program_find, redis_child
from backend.config.redis_urls import RedisUrlError, redis_address


def addresses_check() -> None:
    """Before anything is started: a mistyped address should not cost the time of a set-up."""
    database = os.environ.get("DATABASE_URL", "")
    if database and urlsplit(database).scheme not in ("postgres", "postgresql"):
        raise SetupError(
            "DATABASE_URL is not a PostgreSQL address; write postgresql://user:password@host:5432/name or, for a "
            "socket, postgresql://user:password@/name?host=/folder/of/the/socket. Unset it to use the embedded one."
        )
    try:
        redis_address(os.environ.get("REDIS_URL") or "unix:///unused")
    except RedisUrlError as error:
        raise SetupError(f"{error}. Unset it to use the embedded one.") from error


def servers_specs(home: Home, runtime: Path, console: Console) -> list[ChildSpec]:
    specs: list[ChildSpec] = []
    if not os.environ.get("DATABASE_URL"):
        specs.append(_postgres(home, runtime, console))
    if not os.environ.get("REDIS_URL"):
        password = home.secret("redis_password") or ""
        specs.append(redis_child(home, runtime, program_find(home), password))
    return specs


def _postgres(home: Home, runtime: Path, console: Console) -> ChildSpec:
    postgres = postgres_at(home, runtime)
    password = home.secret("postgres_password") or ""
    fresh_password = home.path / "secrets" / "postgres_password.fresh"
    if (home.postgres / "PG_VERSION").is_file():
        cluster_ensure(postgres, password=password)
        if fresh_password.exists():
            password_reset(postgres, password)
            console.done("gave the database a new password: the file with the old one was missing")
    else:
        with console.step("making the database"):
            cluster_ensure(postgres, password=password)
    fresh_password.unlink(missing_ok=True)
    return postgres_child(postgres)
