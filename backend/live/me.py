"""What is new for one person: their notifications by number, and which steps wait for somebody.

The rules are those of a run's stream: hints say "look", once a second we look anyway, the client says which number it
has and pulls pages. A socket has a tail of its own: few people look at one inbox in more than a tab or two.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from channels.layers import get_channel_layer

from backend.apps.accounts.models import User
from backend.apps.notifications import selectors
from backend.apps.notifications.selectors import Marks, me_group
from backend.apps.notifications.serializers import notification_frame, waits_frame
from backend.live.database import in_database
from backend.live.limits import Limits
from backend.live.tail import frame_text

log = logging.getLogger(__name__)


class MeTail:
    """Where a person's inbox stands now. Everything but the reads happens on the event loop."""

    def __init__(self, user: User, poll_seconds: float) -> None:
        self.user = user
        self.gone = False
        self.marks = Marks(0, ())
        self.changed = asyncio.Event()
        self._poll_seconds = poll_seconds
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        """Look once, then follow."""
        self.marks = await in_database(selectors.me_marks, self.user)
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._follow())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self) -> None:
        """Hints. Without Redis there are none, and the poll has to do."""
        while True:
            try:
                await self._hints()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever the client library thinks of
                log.warning("No hints for an inbox (%s); looking every %s s.", error, self._poll_seconds)
                await asyncio.sleep(self._poll_seconds)

    async def _hints(self) -> None:
        layer, group = get_channel_layer(), me_group(self.user.pk)
        channel = await layer.new_channel()
        try:
            await layer.group_add(group, channel)
            self._wake.set()
            while True:
                await layer.receive(channel)
                self._wake.set()
        finally:
            with suppress(Exception):
                await layer.group_discard(group, channel)

    async def _follow(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._poll_seconds):
                    await self._wake.wait()
            self._wake.clear()
            try:
                self._take(await in_database(selectors.me_marks, self.user))
            except Exception as error:  # noqa: BLE001 - a database that is away is waited for
                log.warning("An inbox cannot be read (%s); trying again.", error)
                await asyncio.sleep(self._poll_seconds)

    def _take(self, marks: Marks) -> None:
        if marks != self.marks:
            self.marks = marks
            told, self.changed = self.changed, asyncio.Event()
            told.set()


@dataclass(slots=True)
class MeReader:
    """One client's place: `seq` is the newest change that it was sent."""

    tail: MeTail
    limits: Limits
    seq: int = 0
    waits: tuple[int, ...] | None = None
    more: bool = False

    async def begin(self, after: int | None, since: datetime | None) -> list[str]:
        """A number that the inbox does not have yet is of no use: the client takes the list again."""
        del since
        newest = self.tail.marks.seq
        if after is not None and after > newest:
            newest = (await in_database(selectors.me_marks, self.tail.user)).seq
        if after is None or after > newest:
            self.seq = newest
            return [frame_text({"type": "resync", "seq": newest})]
        self.seq = after
        return []

    async def next(self) -> list[str]:
        """At most a page of changes, and how many steps wait when that is another number or other steps."""
        marks, frames = self.tail.marks, []
        if self.seq < marks.seq:
            frames = await self._changes(marks.seq)
        else:
            self.more = False
        if marks.waits != self.waits:
            self.waits = marks.waits
            frames.append(frame_text(waits_frame(len(marks.waits))))
        return frames

    async def _changes(self, newest: int) -> list[str]:
        found, texts = await in_database(read_changes, self.tail.user, self.seq, self.limits.page)
        self.more = len(texts) >= self.limits.page
        # A number may belong to what this person may not see any more.
        self.seq = found if self.more else max(found, newest)
        return texts


def read_changes(user: User, after: int, limit: int) -> tuple[int, list[str]]:
    rows = selectors.changes_after(user, after, limit)
    return (rows[-1].seq if rows else after), [frame_text(notification_frame(row)) for row in rows]
