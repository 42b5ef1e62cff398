"""What a run, a step and an attempt can be, and which event may take each from where to where.

The tables are data: tests walk every pair of them, and the diagrams in README.md are drawn from them. An event
whose table entry names several states says itself, in `data["state"]`, which of them it led to.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from backend.domain.run.events import EventType


class RunState(StrEnum):
    INIT = "init"
    RUNNING = "running"
    COMPLETED = "completed"
    STOPPED = "stopped"
    ABNORMAL = "abnormal"


class StepState(StrEnum):
    INIT = "init"
    WAIT_INPUTS = "wait_inputs"
    PENDING = "pending"
    CREATING = "creating"
    CREATED = "created"
    CREATE_FAILED = "create_failed"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    TIMEOUT = "timeout"
    COMPLETED = "completed"
    FAILED = "failed"
    HOLD = "hold"
    SKIPPED = "skipped"


class AttemptState(StrEnum):
    DISPATCHED = "dispatched"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"


RUN_TERMINAL = frozenset({RunState.COMPLETED, RunState.STOPPED, RunState.ABNORMAL})
STEP_RESOLVED = frozenset({StepState.COMPLETED, StepState.SKIPPED})
"""What lets the children of a step go on. Nothing, not even Retry, leaves these two."""
STEP_RETRYABLE = frozenset({StepState.FAILED, StepState.TIMEOUT, StepState.CREATE_FAILED, StepState.STOPPED})
STEP_TERMINAL = STEP_RESOLVED | STEP_RETRYABLE
STEP_LIVE = frozenset({StepState.CREATING, StepState.RUNNING, StepState.STOPPING})
"""States in which a step has a current attempt; the token is set in exactly these."""
STEP_UNUSED = frozenset({StepState.CREATED, StepState.HOLD})
"""Words of the wire that no event leads to: steps that a person has to confirm will use `hold`."""
STEP_ACTIVE = frozenset(StepState) - STEP_TERMINAL - STEP_UNUSED - {StepState.INIT}
"""States that keep a run going."""
ATTEMPT_LIVE = frozenset({AttemptState.DISPATCHED, AttemptState.RUNNING})
ATTEMPT_TERMINAL = frozenset(AttemptState) - ATTEMPT_LIVE


RUN_TRANSITIONS: Mapping[tuple[RunState | None, EventType], tuple[RunState, ...]] = MappingProxyType(
    {
        (None, EventType.RUN_CREATED): (RunState.INIT,),
        (RunState.INIT, EventType.RUN_STARTED): (RunState.RUNNING,),
        (RunState.INIT, EventType.RUN_STOP_REQUESTED): (RunState.INIT,),
        (RunState.INIT, EventType.RUN_FINISHED): (RunState.STOPPED,),
        (RunState.RUNNING, EventType.RUN_STOP_REQUESTED): (RunState.RUNNING,),
        (RunState.RUNNING, EventType.STEP_RETRIED): (RunState.RUNNING,),
        (RunState.RUNNING, EventType.RUN_FINISHED): (RunState.COMPLETED, RunState.STOPPED, RunState.ABNORMAL),
        (RunState.STOPPED, EventType.STEP_RETRIED): (RunState.RUNNING,),
        (RunState.ABNORMAL, EventType.STEP_RETRIED): (RunState.RUNNING,),
    }
)

STEP_TRANSITIONS: Mapping[tuple[StepState, EventType], tuple[StepState, ...]] = MappingProxyType(
    {
        (StepState.INIT, EventType.CONDITION_EVALUATED): (StepState.INIT,),
        (StepState.INIT, EventType.STEP_READY): (StepState.PENDING,),
        (StepState.INIT, EventType.STEP_WAITING): (StepState.WAIT_INPUTS,),
        (StepState.INIT, EventType.STEP_SKIPPED): (StepState.SKIPPED,),
        (StepState.INIT, EventType.STEP_REUSED): (StepState.COMPLETED,),
        (StepState.INIT, EventType.STEP_FINISHED): (StepState.COMPLETED, StepState.FAILED, StepState.CREATE_FAILED),
        (StepState.WAIT_INPUTS, EventType.STEP_CONTINUED): (StepState.INIT,),
        (StepState.WAIT_INPUTS, EventType.STEP_FINISHED): (StepState.STOPPED,),
        (StepState.PENDING, EventType.STEP_DISPATCHED): (StepState.CREATING,),
        (StepState.PENDING, EventType.STEP_FINISHED): (StepState.CREATE_FAILED, StepState.FAILED, StepState.STOPPED),
        (StepState.CREATING, EventType.STEP_STARTED): (StepState.RUNNING,),
        (StepState.CREATING, EventType.ATTEMPT_LOST): (StepState.PENDING,),
        (StepState.CREATING, EventType.STEP_FINISHED): (StepState.CREATE_FAILED, StepState.STOPPED),
        (StepState.RUNNING, EventType.STEP_STOP_REQUESTED): (StepState.STOPPING,),
        (StepState.RUNNING, EventType.OUTPUTS_PROMOTED): (StepState.RUNNING,),
        (StepState.RUNNING, EventType.ATTEMPT_LOST): (StepState.PENDING,),
        (StepState.RUNNING, EventType.STEP_FINISHED): (
            StepState.COMPLETED,
            StepState.FAILED,
            StepState.TIMEOUT,
            StepState.CREATE_FAILED,
            StepState.STOPPED,
        ),
        (StepState.STOPPING, EventType.STEP_FINISHED): (StepState.STOPPED,),
        (StepState.FAILED, EventType.STEP_RETRIED): (StepState.INIT,),
        (StepState.TIMEOUT, EventType.STEP_RETRIED): (StepState.INIT,),
        (StepState.CREATE_FAILED, EventType.STEP_RETRIED): (StepState.INIT,),
        (StepState.STOPPED, EventType.STEP_RETRIED): (StepState.INIT,),
    }
)

ATTEMPT_TRANSITIONS: Mapping[tuple[AttemptState | None, EventType], tuple[AttemptState, ...]] = MappingProxyType(
    {
        (None, EventType.STEP_DISPATCHED): (AttemptState.DISPATCHED,),
        (AttemptState.DISPATCHED, EventType.STEP_STARTED): (AttemptState.RUNNING,),
        (AttemptState.DISPATCHED, EventType.ATTEMPT_LOST): (AttemptState.LOST,),
        (AttemptState.DISPATCHED, EventType.STEP_FINISHED): (AttemptState.FAILED, AttemptState.CANCELLED),
        (AttemptState.RUNNING, EventType.ATTEMPT_LOST): (AttemptState.LOST,),
        (AttemptState.RUNNING, EventType.STEP_FINISHED): (
            AttemptState.SUCCEEDED,
            AttemptState.FAILED,
            AttemptState.CANCELLED,
            AttemptState.LOST,
        ),
    }
)
