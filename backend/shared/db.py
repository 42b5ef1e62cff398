"""What our services need of PostgreSQL beyond the ORM: its clock, its locks, exact JSON."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, models, transaction


def db_now() -> datetime:
    """The database's clock, moving on inside a transaction: one clock for all hosts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def lock_key(*parts: object) -> int:
    """A 63-bit advisory lock number for a name, the same in every process and release."""
    name = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) >> 1


def advisory_lock(*parts: object) -> None:
    """Hold the named lock until the surrounding transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key(*parts)])


@contextmanager
def advisory_lock_session(*parts: object) -> Iterator[None]:
    """Hold the named lock over several transactions; it ends with the block, or with the connection."""
    key = [lock_key(*parts)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", key)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", key)


def notify(channel: str, payload: str = "") -> None:
    """Tell listeners of the channel, once the surrounding transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])


def afterwards(act: Callable[..., object], *given: Any) -> None:
    """Call it once the surrounding transaction has committed. The commit stands whatever happens then: errors are
    logged, and go no further. (Django wants to name what failed, and a `partial` has no name.)"""

    def follow() -> None:
        act(*given)

    follow.__qualname__ = getattr(act, "__qualname__", repr(act))
    transaction.on_commit(follow, robust=True)


def violated_constraint(error: IntegrityError) -> str | None:
    """The name of the constraint that refused, so that a service can say it in the user's words."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None)


class JsonTextField(models.TextField):
    """JSON kept as the text it was written in.

    `jsonb` rewrites numbers (1e22 comes back as an integer beyond 2^53), which would change the
    canonical form and the hash of a document; nothing queries inside these values anyway.
    """

    def from_db_value(self, value: str | None, *_: object) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""
