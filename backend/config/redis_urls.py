"""One REDIS_URL in, the three spellings that our libraries want out.

redis-py and channels_redis say `unix://`, kombu says `redis+socket://`; deriving both here means
that the broker and the channel layer can never point at two different servers.
"""

from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """The same server for redis-py / channels (`client_url`) and for Celery (`broker_url`)."""

    client_url: str
    broker_url: str


class RedisUrlError(ValueError):
    """REDIS_URL cannot be understood; the text says what would be."""


SCHEMES = ("redis", "rediss", "unix", "redis+socket")


def redis_address(url: str) -> RedisAddress:
    """Accept unix://, redis+socket://, redis:// and rediss://."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise RedisUrlError(
            f"REDIS_URL starts with {parts.scheme or 'nothing'!r}; write redis://[:password@]host:6379/0, "
            "rediss://… or unix://[:password@]/path/to/redis.sock?db=0"
        )
    if parts.scheme in ("redis", "rediss"):
        return RedisAddress(client_url=url, broker_url=url)
    query = parse_qs(parts.query)
    database = (query.get("db") or query.get("virtual_host") or ["0"])[0]
    login = _login(parts.username, parts.password)
    path = quote(unquote(parts.path))
    return RedisAddress(
        client_url=f"unix://{login}{path}?db={database}",
        broker_url=f"redis+socket://{login}{path}?virtual_host={database}",
    )


def _login(username: str | None, password: str | None) -> str:
    if not username and not password:
        return ""
    name = quote(unquote(username or ""), safe="")
    secret = quote(unquote(password or ""), safe="")
    return f"{name}:{secret}@"
