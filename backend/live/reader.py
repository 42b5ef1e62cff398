"""One client's place in a run's stream: what it has, and what to send it next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from backend.apps.runs import selectors
from backend.apps.runs.models import Metric, Run
from backend.apps.runs.serializers.frames import fact_frame, metrics_frame, resync_frame
from backend.live.database import in_database
from backend.live.limits import Limits
from backend.live.tail import Tail, frame_text, log_text

SLACK = timedelta(seconds=10)


@dataclass(slots=True)
class Reader:
    """`seq` and `revs` are what the client has been sent; nothing else is kept for it."""

    tail: Tail
    limits: Limits
    seq: int = 0
    version: int = 0
    revs: dict[int, int] = field(default_factory=dict)
    more: bool = False
    """There is more to send at once."""

    async def begin(self, after: int | None, since: datetime | None) -> list[str]:
        """The first frames: what the client's number says, and the metrics that it cannot have."""
        self.version = self.tail.version
        frames: list[str] = []
        seq = await self._newest(after)
        if after is None or after > seq or seq - after > self.limits.furthest_behind:
            self.seq = seq
            frames.append(frame_text(resync_frame(self.tail.run_id, self.seq)))
        else:
            self.seq = after
        self.revs, whole = await in_database(read_metrics, self.tail.run_id, since, self.limits.whole_files)
        return frames + whole

    async def _newest(self, after: int | None) -> int:
        """A client may have read a fact that the tail has not seen yet: only the database can say it is too far."""
        if after is None or after <= self.tail.seq:
            return self.tail.seq
        return await in_database(read_seq, self.tail.run_id)

    async def next(self) -> list[str]:
        """At most a page of facts, and what changed of metrics and logs."""
        facts = await self._facts()
        version, self.version = self.version, self.tail.version
        return [*facts, *await self._metrics(version), *self._logs(version)]

    async def _facts(self) -> list[str]:
        if self.seq >= self.tail.seq:
            self.more = False
            return []
        kept = self.tail.facts
        if kept and kept[0][0] <= self.seq + 1:
            start = self.seq + 1 - kept[0][0]
            found = [kept[index] for index in range(start, min(len(kept), start + self.limits.page))]
        else:
            found = await in_database(read_facts, self.tail.run_id, self.seq, self.limits.page)
        self.seq = found[-1][0] if found else self.seq
        self.more = bool(found) and self.seq < self.tail.seq
        return [text for _, text in found]

    async def _metrics(self, version: int) -> list[str]:
        texts: list[str] = []
        whole: list[int] = []
        for key, file in reversed(self.tail.files.items()):
            if file.version <= version:
                break
            changes = _following(list(file.deltas), self.revs.get(key, 0))
            if changes is None:
                whole.append(key)
            else:
                texts += changes
                self.revs[key] = max(file.rev, self.revs.get(key, 0))
        if whole:
            found = await in_database(read_whole, whole)
            self.revs |= {key: rev for key, rev, _ in found}
            texts += [text for *_, text in found]
        return texts

    def _logs(self, version: int) -> list[str]:
        grown = [(step, token, size) for step, (at, token, size) in self.tail.logs.items() if at > version]
        return [log_text(self.tail.run_id, *each) for each in grown]


def _following(deltas: list[tuple[int, str | None]], rev: int) -> list[str] | None:
    """The changes after `rev`, one by one; None when one of them is missing or says too little."""
    later = [(number, text) for number, text in deltas if number > rev]
    if later and later[0][0] != rev + 1:
        return None
    texts = [text for _, text in later if text is not None]
    return texts if len(texts) == len(later) else None


def read_seq(run_id: UUID) -> int:
    return Run.objects.values_list("seq", flat=True).filter(pk=run_id).first() or 0


def read_facts(run_id: UUID, after: int, limit: int) -> list[tuple[int, str]]:
    return [(row.seq, frame_text(fact_frame(row))) for row in selectors.events_page(run_id, after, limit)]


def read_whole(keys: list[int]) -> list[tuple[int, int, str]]:
    return [(row.pk, row.rev, frame_text(metrics_frame(row))) for row in Metric.objects.filter(pk__in=keys)]


def read_metrics(run_id: UUID, since: datetime | None, limit: int) -> tuple[dict[int, int], list[str]]:
    """The revisions of all files, and those whole that changed after the client's last one."""
    revs: Mapping[int, int] = dict(Metric.objects.filter(run_id=run_id).values_list("pk", "rev"))
    rows = Metric.objects.filter(run_id=run_id).order_by("-at")
    rows = rows.filter(at__gt=since - SLACK) if since else rows[:limit]
    found = sorted(rows, key=lambda row: row.pk)
    return {**revs, **{row.pk: row.rev for row in found}}, [frame_text(metrics_frame(row)) for row in found]
