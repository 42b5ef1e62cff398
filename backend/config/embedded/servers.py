"""Which servers we bring ourselves: those for which no address of another one was given."""

import os
from pathlib import Path

from backend.config.embedded.children import ChildSpec
from backend.config.embedded.console import Console
from backend.config.embedded.home import Home
from backend.config.embedded.postgres import cluster_ensure, password_reset, postgres_at, postgres_child
from backend.config.embedded.redis_server import program_find, redis_child


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
