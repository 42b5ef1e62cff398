"""A run at one moment: what is stored of it, and the indexes that make the next decision cheap.

Everything in `StepSnapshot` and the plain fields of `RunSnapshot` is stored; the indexes (`open_parents`, `tokens`,
`active`, `counts`) follow from it, are kept up by the fold, and are built again by `restore`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from backend.domain.run.plan import Plan
from backend.domain.run.states import STEP_ACTIVE, STEP_RESOLVED, RunState, StepState

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class StepSnapshot:
    """`token` is the current attempt's, so it is set exactly while the step is creating, running or stopping."""

    state: StepState = StepState.INIT
    reason: Mapping[str, Any] | None = None
    attempts: int = 0
    lost: int = 0
    """Attempts lost since the step became ready or was retried; what max_lost limits."""
    token: str | None = None
    host: str | None = None
    devices: tuple[str, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    floats: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    branch: bool | None = None
    """Of a condition step that completed: which of its two lists goes on."""
    chosen: Mapping[str, int] = field(default_factory=dict)
    """Of each input with a selector: the place in its list of the entry that is valid in this run."""
    awaits: tuple[str, ...] = ()
    """While the step waits for inputs: the names of the values that are still to be given."""
    stop_requested: bool = False
    reused: Mapping[str, Any] | None = None
    """Of a step that was not run but took an earlier result over: which {run, number, attempt} it comes from."""
    answered: Mapping[str, Any] | None = None
    """Who gave the values that it waited for: {by, name}."""
    edited: Mapping[str, Any] | None = None
    """What was changed before it was tried again: {step, changes}, as edits.py says."""
    waiting_at: datetime | None = None
    """Since when it waits for inputs, or has waited for the last ones."""
    ready_at: datetime | None = None
    dispatched_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None


UNTOUCHED = StepSnapshot()


@dataclass(frozen=True, slots=True)
class RunFields:
    """The part of a run that is stored with the run itself. Replaced as a whole when any of it changes."""

    state: RunState = RunState.INIT
    stop_requested: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(slots=True, eq=False)
class RunSnapshot:
    """Changed only by `fold`. `seq` is the number of events folded into it."""

    run_id: str
    seq: int
    fields: RunFields
    steps: dict[str, StepSnapshot]
    open_parents: dict[str, int] = field(default_factory=dict)
    """Parents not yet completed or skipped; a step that is not in here still waits for all of its parents."""
    tokens: dict[str, str] = field(default_factory=dict)
    """Token of each live attempt -> step."""
    active: set[str] = field(default_factory=set)
    """Steps that keep the run going."""
    counts: dict[StepState, int] = field(default_factory=dict)

    @property
    def state(self) -> RunState:
        return self.fields.state

    @property
    def stop_requested(self) -> bool:
        return self.fields.stop_requested

    @property
    def values(self) -> Mapping[str, Any]:
        return self.fields.values

    def __eq__(self, other: object) -> bool:
        """Equal when everything stored is equal; the indexes follow from that."""
        if not isinstance(other, RunSnapshot):
            return NotImplemented
        return (self.run_id, self.seq, self.fields, self.steps) == (other.run_id, other.seq, other.fields, other.steps)


def restore(plan: Plan, *, run_id: str, seq: int, fields: RunFields, steps: Mapping[str, StepSnapshot]) -> RunSnapshot:
    """The snapshot of a stored run. Costs O(steps + edges), once: later events are folded into it."""
    snapshot = RunSnapshot(run_id, seq, fields, {name: steps.get(name, UNTOUCHED) for name in plan.order})
    snapshot.counts = dict.fromkeys(StepState, 0)
    for name, step in snapshot.steps.items():
        snapshot.counts[step.state] += 1
        if step.token is not None:
            snapshot.tokens[step.token] = name
        if step.state in STEP_ACTIVE:
            snapshot.active.add(name)
        if step.state in STEP_RESOLVED:
            _resolve(plan, snapshot.open_parents, plan.steps[name].children)
    return snapshot


def _resolve(plan: Plan, open_parents: dict[str, int], children: Iterable[str]) -> None:
    for child in children:
        open_parents[child] = open_parents.get(child, len(plan.steps[child].parents)) - 1


def step_as_json(step: StepSnapshot) -> dict[str, Any]:
    """Every field, as JSON; fields that hold what an untouched step holds are left out."""
    return {
        name: _as_json(value)
        for name in StepSnapshot.__slots__
        if (value := getattr(step, name)) != getattr(UNTOUCHED, name)
    }


def step_from_json(raw: Mapping[str, Any]) -> StepSnapshot:
    given = dict(raw)
    if "state" in given:
        given["state"] = StepState(given["state"])
    for name in ("devices", "awaits"):
        if name in given:
            given[name] = tuple(given[name])
    for name in ("waiting_at", "ready_at", "dispatched_at", "started_at", "finished_at"):
        if name in given:
            given[name] = datetime.fromisoformat(given[name])
    return StepSnapshot(**given)


def snapshot_as_json(snapshot: RunSnapshot) -> dict[str, Any]:
    fields = {name: _as_json(getattr(snapshot.fields, name)) for name in RunFields.__slots__}
    steps = {name: step_as_json(step) for name, step in snapshot.steps.items()}
    return {"run": snapshot.run_id, "seq": snapshot.seq, "fields": fields, "steps": steps}


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _as_json(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_as_json(inner) for inner in value]
    if isinstance(value, StepState | RunState):
        return value.value
    return value
