"""Time and ids, for everything outside the domain (inside it both are arguments)."""

from datetime import UTC, datetime
from uuid import UUID

from uuid6 import uuid7 as _uuid7


def now() -> datetime:
    """The wall clock of this process. What leases and deadlines compare is `db.db_now()`."""
    return datetime.now(UTC)


def uuid7() -> UUID:
    """A key that sorts by its time of birth, as a plain UUID (drivers know only that class)."""
    return UUID(bytes=_uuid7().bytes)
