"""Which facts of a run are worth telling people, and whom a subscription row means.

Three occasions, as the event list of a subscription names them: a step waits for a person, something ended well,
something ended badly. What a person stopped is told to nobody: somebody is sitting in front of it already. A lost
attempt is no news while another one follows; when none follows, the step fails, and that is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backend.domain.run.events import EventType
from backend.domain.run.states import RunState, StepState


class Occasion(StrEnum):
    WAITING = "waiting"
    SUCCESS = "success"
    ABNORMAL = "abnormal"


OCCASION_OF_STEP: Mapping[StepState, Occasion] = {
    StepState.WAIT_INPUTS: Occasion.WAITING,
    StepState.HOLD: Occasion.WAITING,
    StepState.COMPLETED: Occasion.SUCCESS,
    StepState.FAILED: Occasion.ABNORMAL,
    StepState.CREATE_FAILED: Occasion.ABNORMAL,
    StepState.TIMEOUT: Occasion.ABNORMAL,
}
OCCASION_OF_RUN: Mapping[RunState, Occasion] = {
    RunState.COMPLETED: Occasion.SUCCESS,
    RunState.ABNORMAL: Occasion.ABNORMAL,
}
_STEP_STATE: Mapping[EventType, StepState] = {
    EventType.STEP_WAITING: StepState.WAIT_INPUTS,
    EventType.STEP_REUSED: StepState.COMPLETED,
}
_SETTLES = frozenset({EventType.STEP_CONTINUED, EventType.STEP_FINISHED})


@dataclass(frozen=True, slots=True)
class News:
    """`step` is None when it is about the run as a whole; `state` is the wire's word for how things stand."""

    occasion: Occasion
    step: str | None
    state: str


def news_of(kind: str, step: str | None, data: Mapping[str, Any]) -> News | None:
    """What a committed fact tells, or None."""
    event = EventType(kind)
    if event is EventType.RUN_FINISHED:
        ended = RunState(data["state"])
        occasion = OCCASION_OF_RUN.get(ended)
        return None if occasion is None else News(occasion, None, ended.value)
    state = StepState(data["state"]) if event is EventType.STEP_FINISHED else _STEP_STATE.get(event)
    occasion = OCCASION_OF_STEP.get(state) if state is not None else None
    return None if occasion is None or state is None else News(occasion, step, state.value)


def settles(kind: str) -> bool:
    """Whether the fact may be the answer to a step that waited: nobody needs to answer it any more."""
    return EventType(kind) in _SETTLES


def noteworthy(kind: str, step: str | None, data: Mapping[str, Any]) -> bool:
    """Whether whoever tells people has to look at this fact at all."""
    return settles(kind) or news_of(kind, step, data) is not None


def event_key(run: str, seq: int, news: News, *, rounds: int) -> str:
    """What makes two deliveries the same: of a step the fact itself, of a whole run the occasion and the round.

    A round ends when the run ends; a person's Retry begins the next. So several steps that wait, or several branches
    that fail, are one message about the run; and a run that is retried is told again when it ends again.
    """
    return f"{run}:{seq}" if news.step is not None else f"{run}:{news.occasion.value}:{rounds}"


def of_the_whole(news: News) -> News | None:
    """What a fact about one step tells those who follow the run as a whole: only that it waits for somebody. That
    it went well or badly is told when it is over."""
    return (
        News(news.occasion, None, news.state) if news.step is not None and news.occasion is Occasion.WAITING else None
    )
