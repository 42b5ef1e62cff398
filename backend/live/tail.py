"""What is new in one run, read once a process and shared by all its sockets.

Hints only say "look"; what is new is read from the database, and once a second even without a hint. Readers pull:
the tail keeps a bounded stretch of what it read, and whoever is further behind reads for himself.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import OrderedDict, deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from channels.layers import get_channel_layer
from django.db.models import Q
from django.db.models.functions import Now

from backend.apps.runs import outbox
from backend.apps.runs.models import Attempt, Event, Metric, MetricDelta, Run
from backend.apps.runs.serializers.frames import delta_frame, fact_frame, log_frame
from backend.live.database import in_database

KEPT_FACTS = 512
KEPT_DELTAS = 32
MOST_FACTS = 500
OVERLAP = timedelta(seconds=5)
"""Metrics are found by time, and a commit may become visible a moment after the time that it wrote."""
EVERYTHING = frozenset({"facts", "metrics", "logs"})
log = logging.getLogger(__name__)


@dataclass(slots=True)
class FileTail:
    """The latest changes of one metrics file; `text` None means: only the whole value tells it."""

    rev: int
    version: int
    deltas: deque[tuple[int, str | None]] = field(default_factory=lambda: deque(maxlen=KEPT_DELTAS))


@dataclass(frozen=True, slots=True)
class News:
    """What one look found."""

    facts: list[tuple[int, str]]
    deltas: list[tuple[int, int, str | None]]
    newest: datetime | None
    logs: list[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Base:
    """Where a run stands when its tail begins."""

    seq: int
    revs: dict[int, int]
    newest: datetime | None


class Tail:
    """Of one run. Everything but the reads happens on the event loop."""

    def __init__(self, run_id: UUID, poll_seconds: float) -> None:
        self.run_id = run_id
        self.users = 0
        self.gone = False
        self.seq = 0
        self.version = 0
        self.facts: deque[tuple[int, str]] = deque(maxlen=KEPT_FACTS)
        self.files: OrderedDict[int, FileTail] = OrderedDict()
        self.logs: OrderedDict[str, tuple[int, str, int]] = OrderedDict()
        self.changed = asyncio.Event()
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll_seconds = poll_seconds
        self._newest: datetime | None = None
        self._wake = asyncio.Event()
        self._due: set[str] = set()
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
                log.warning("No hints for run %s (%s); looking every %s s.", self.run_id, error, self._poll_seconds)
                await asyncio.sleep(self._poll_seconds)

    async def _hints(self) -> None:
        layer, group = get_channel_layer(), outbox.run_group(self.run_id)
        channel = await layer.new_channel()
        try:
            await layer.group_add(group, channel)
            self._look(EVERYTHING)
            while True:
                self._hint(await layer.receive(channel))
        finally:
            with suppress(Exception):
                await layer.group_discard(group, channel)

    def _hint(self, message: dict[str, Any]) -> None:
        self._look(
            {name for name, key in (("facts", "seq"), ("metrics", "metrics"), ("logs", "logs")) if key in message}
        )

    def _look(self, due: frozenset[str] | set[str]) -> None:
        self._due |= due
        self._wake.set()

    async def _follow(self) -> None:
        try:
            self._begin(await in_database(read_base, self.run_id))
        except Exception as error:  # noqa: BLE001 - told to everybody who waits for this tail
            self.gone = True
            self.ready.set_exception(error)
            return
        while not self.gone:
            try:
                async with asyncio.timeout(self._poll_seconds):
                    await self._wake.wait()
            except TimeoutError:
                self._due |= EVERYTHING
            due, self._due = self._due, set()
            self._wake.clear()
            try:
                await self._read(due)
            except Exception as error:  # noqa: BLE001 - a database that is away is waited for
                log.warning("Run %s cannot be read (%s); trying again.", self.run_id, error)
                await asyncio.sleep(self._poll_seconds)
                self._due |= EVERYTHING

    def _begin(self, base: Base | None) -> None:
        if base is None:
            self.gone = True
        else:
            self.seq, self._newest = base.seq, base.newest
            self.files = OrderedDict((key, FileTail(rev, 0)) for key, rev in base.revs.items())
        self.ready.set_result(None)
        self._tell()

    async def _read(self, due: set[str]) -> None:
        known = {key: each.rev for key, each in self.files.items()}
        news = await in_database(read_news, self.run_id, self.seq, known, self._newest, due)
        if news is None:
            self.gone = True
            self._tell()
        elif self._take(news):
            self._tell()

    def _take(self, news: News) -> bool:
        self.version += 1
        for seq, text in news.facts:
            self.facts.append((seq, text))
            self.seq = seq
        for key, rev, text in news.deltas:
            self._take_delta(key, rev, text)
        self._newest = max(filter(None, (self._newest, news.newest)), default=None)
        grown = [each for each in news.logs if self._take_log(*each)]
        if len(news.facts) == MOST_FACTS:
            self._look({"facts"})
        return bool(news.facts or news.deltas or grown)

    def _take_delta(self, key: int, rev: int, text: str | None) -> None:
        file = self.files.setdefault(key, FileTail(0, 0))
        if rev > file.rev:
            file.rev, file.version = rev, self.version
            file.deltas.append((rev, text))
            self.files.move_to_end(key)

    def _take_log(self, step: str, token: str, size: int) -> bool:
        known = self.logs.get(step)
        if known is not None and known[1:] == (token, size):
            return False
        self.logs[step] = (self.version, token, size)
        self.logs.move_to_end(step)
        return True

    def _tell(self) -> None:
        """Wake all readers. Whoever looks after this sees it; whoever looked before is woken."""
        told, self.changed = self.changed, asyncio.Event()
        told.set()


class Tails:
    """The tails of this process (of one event loop), each alive while somebody reads it."""

    def __init__(self) -> None:
        self._tails: dict[tuple[int, UUID], Tail] = {}

    async def acquire(self, run_id: UUID, poll_seconds: float) -> Tail:
        key = (id(asyncio.get_running_loop()), run_id)
        tail = self._tails.get(key)
        if tail is None or tail.gone:
            tail = self._tails[key] = Tail(run_id, poll_seconds)
        tail.users += 1
        try:
            await asyncio.shield(tail.ready)
        except BaseException:
            await self.release(tail)
            raise
        return tail

    async def release(self, tail: Tail) -> None:
        tail.users -= 1
        if tail.users == 0:
            key = (id(asyncio.get_running_loop()), tail.run_id)
            if self._tails.get(key) is tail:
                del self._tails[key]
            await tail.stop()

    def __len__(self) -> int:
        return len(self._tails)


def read_base(run_id: UUID) -> Base | None:
    """Metrics first: what is written in between is then found again as news, never missed."""
    rows = list(Metric.objects.filter(run_id=run_id).values_list("pk", "rev", "at"))
    seq = Run.objects.filter(pk=run_id).values_list("seq", flat=True).first()
    if seq is None:
        return None
    return Base(seq, {key: rev for key, rev, _ in rows}, max((at for *_, at in rows), default=None))


def read_news(run_id: UUID, seq: int, revs: dict[int, int], since: datetime | None, due: set[str]) -> News | None:
    """What was written after these numbers. None: there is no such run any more."""
    facts = _facts(run_id, seq) if "facts" in due else []
    if "facts" in due and not facts and not Run.objects.filter(pk=run_id).exists():
        return None
    deltas, newest = _deltas(run_id, revs, since) if "metrics" in due else ([], None)
    return News(facts, deltas, newest, _logs(run_id) if "logs" in due else [])


def _facts(run_id: UUID, seq: int) -> list[tuple[int, str]]:
    rows = Event.objects.filter(run_id=run_id, seq__gt=seq).order_by("seq")[:MOST_FACTS]
    return [(row.seq, frame_text(fact_frame(row))) for row in rows]


def _deltas(
    run_id: UUID, revs: dict[int, int], since: datetime | None
) -> tuple[list[tuple[int, int, str | None]], datetime | None]:
    rows = Metric.objects.filter(run_id=run_id).defer("value")
    if since is not None:
        rows = rows.filter(at__gt=since - OVERLAP)
    changed = [row for row in rows if row.rev > revs.get(row.pk, 0)]
    found = []
    for row in changed:
        first = max(revs.get(row.pk, 0), row.rev - KEPT_DELTAS)
        changes = MetricDelta.objects.filter(metric=row, rev__gt=first, rev__lte=row.rev).order_by("rev")
        found += [(row.pk, each.rev, _delta_text(row, each)) for each in changes]
    return found, max((row.at for row in changed), default=None)


def _delta_text(row: Metric, change: MetricDelta) -> str | None:
    if change.delta is None and change.problem is None:
        return None
    return frame_text(delta_frame(row, change))


def _logs(run_id: UUID) -> list[tuple[str, str, int]]:
    lately = Q(state="running") | Q(ended_at__gt=Now() - OVERLAP)
    rows = Attempt.objects.filter(lately, run_id=run_id, log_size__gt=0).order_by("number")
    return [(step, str(pk), size) for step, pk, size in rows.values_list("step", "pk", "log_size")]


def log_text(run_id: UUID, step: str, token: str, size: int) -> str:
    return frame_text(log_frame(run_id, step, token, size))


def frame_text(frame: dict[str, Any]) -> str:
    """A frame as it is sent; strict JSON."""
    return json.dumps(frame, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
