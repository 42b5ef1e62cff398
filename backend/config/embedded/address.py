"""Where the database and Redis of this installation are, for every process of it.

Passwords stay in the home's 0600 files: no child gets one in its environment or arguments.
"""

import os
from collections.abc import Mapping
from urllib.parse import quote

from backend.config.embedded.home import Home
from backend.config.embedded.instance import instance_read
from backend.config.secret_files import secret_setting, with_password

DATABASE = "pipeloom"
USER = "pipeloom"


def postgres_url(runtime: str, password: str, *, database: str = DATABASE) -> str:
    return f"postgresql://{USER}:{quote(password, safe='')}@/{database}?host={quote(runtime, safe='')}"


def redis_socket_url(runtime: str, password: str) -> str:
    return f"unix://:{quote(password, safe='')}@{quote(runtime)}/redis.sock?db=0"


def runtime_of(home: Home) -> str:
    """The private folder of the sockets; a name that leads nowhere while nothing runs."""
    instance = instance_read(home)
    return instance.runtime if instance else str(home.path / "not-running")


def database_url(home: Home, environment: Mapping[str, str] = os.environ) -> str:
    external = with_password(environment.get("DATABASE_URL"), secret_setting("DATABASE_PASSWORD", environment))
    return external or postgres_url(runtime_of(home), home.secret("postgres_password") or "none")


def redis_url(home: Home, environment: Mapping[str, str] = os.environ) -> str:
    external = with_password(environment.get("REDIS_URL"), secret_setting("REDIS_PASSWORD", environment))
    return external or redis_socket_url(runtime_of(home), home.secret("redis_password") or "none")
