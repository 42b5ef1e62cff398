"""Facts about a run, in the past tense. Folding a run's events in order gives its state, and nothing else does.

`data` holds JSON only, so an event that went through the database folds to the same state as a fresh one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class EventType(StrEnum):
    RUN_CREATED = "run_created"
    RUN_STARTED = "run_started"
    RUN_STOP_REQUESTED = "run_stop_requested"
    RUN_FINISHED = "run_finished"
    STEP_READY = "step_ready"
    STEP_WAITING = "step_waiting"
    STEP_DISPATCHED = "step_dispatched"
    STEP_STARTED = "step_started"
    STEP_FINISHED = "step_finished"
    STEP_SKIPPED = "step_skipped"
    STEP_REUSED = "step_reused"
    STEP_RETRIED = "step_retried"
    STEP_CONTINUED = "step_continued"
    STEP_STOP_REQUESTED = "step_stop_requested"
    ATTEMPT_LOST = "attempt_lost"
    OUTPUTS_PROMOTED = "outputs_promoted"
    CONDITION_EVALUATED = "condition_evaluated"


@dataclass(frozen=True, slots=True)
class Event:
    """`step` is None for facts about the run as a whole. What `data` holds is said beside each type in fold.py."""

    type: EventType
    at: datetime
    step: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


class AttemptChange(NamedTuple):
    token: str
    state: str


_ATTEMPT_STATE_OF: Mapping[EventType, str] = {
    EventType.STEP_DISPATCHED: "dispatched",
    EventType.STEP_STARTED: "running",
    EventType.ATTEMPT_LOST: "lost",
}


def attempt_change(event: Event) -> AttemptChange | None:
    """What the event makes of an attempt: its token and new AttemptState, or None if it touches none."""
    token = event.data.get("token")
    if token is None:
        return None
    state = _ATTEMPT_STATE_OF.get(event.type)
    if event.type is EventType.STEP_FINISHED:
        state = event.data["attempt"]
    return None if state is None else AttemptChange(token, state)


def event_as_json(event: Event) -> dict[str, Any]:
    return {"type": event.type.value, "at": event.at.isoformat(), "step": event.step, "data": dict(event.data)}


def event_from_json(raw: Mapping[str, Any]) -> Event:
    """The inverse of `event_as_json`. Raises ValueError or KeyError on anything that is not an event of ours."""
    return Event(EventType(raw["type"]), datetime.fromisoformat(raw["at"]), raw["step"], raw["data"])
