"""A snapshot being changed: reads fall through to the base, writes stay on top until `commit`.

So a decision costs what it changes, however large the run is, and a refused one leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from backend.domain.run.plan import Plan
from backend.domain.run.snapshot import RunFields, RunSnapshot, StepSnapshot
from backend.domain.run.states import STEP_ACTIVE, STEP_RESOLVED, StepState


class Draft:
    __slots__ = ("_active", "_base", "_open_parents", "_tokens", "counts", "fields", "plan", "seq", "steps")

    def __init__(self, plan: Plan, base: RunSnapshot) -> None:
        self.plan = plan
        self.seq = base.seq
        self.fields: RunFields = base.fields
        self.steps: dict[str, StepSnapshot] = {}
        self.counts = dict(base.counts)
        self._base = base
        self._open_parents: dict[str, int] = {}
        self._tokens: dict[str, str | None] = {}
        self._active: dict[str, bool] = {}

    def step(self, name: str) -> StepSnapshot:
        return self.steps.get(name) or self._base.steps[name]

    def has(self, name: str) -> bool:
        return name in self._base.steps

    def step_of(self, token: str) -> str | None:
        """The step whose current attempt has this token."""
        return self._tokens[token] if token in self._tokens else self._base.tokens.get(token)

    def open_parents(self, name: str) -> int:
        if name in self._open_parents:
            return self._open_parents[name]
        return self._base.open_parents.get(name, len(self.plan.steps[name].parents))

    def is_active(self, name: str) -> bool:
        return self._active.get(name, name in self._base.active)

    def active(self) -> Iterator[str]:
        """Not in any particular order."""
        for name in self._base.active | self._active.keys():
            if self.is_active(name):
                yield name

    def any_active(self) -> bool:
        return any(self.counts[state] for state in STEP_ACTIVE)

    def any_in(self, states: frozenset[StepState]) -> bool:
        return any(self.counts[state] for state in states)

    def put(self, name: str, after: StepSnapshot) -> None:
        before = self.step(name)
        self.steps[name] = after
        if before.token != after.token:
            self._move_token(name, before.token, after.token)
        if before.state is not after.state:
            self._move_state(name, before.state, after.state)

    def give_values(self, values: Mapping[str, Any]) -> None:
        if values:
            self.fields = replace(self.fields, values={**self.fields.values, **values})

    def commit(self) -> RunSnapshot:
        base = self._base
        base.seq, base.fields, base.counts = self.seq, self.fields, self.counts
        base.steps.update(self.steps)
        base.open_parents.update(self._open_parents)
        for token, name in self._tokens.items():
            if name is None:
                base.tokens.pop(token, None)
            else:
                base.tokens[token] = name
        base.active.difference_update(name for name, on in self._active.items() if not on)
        base.active.update(name for name, on in self._active.items() if on)
        return base

    def _move_token(self, name: str, old: str | None, new: str | None) -> None:
        if old is not None:
            self._tokens[old] = None
        if new is not None:
            self._tokens[new] = name

    def _move_state(self, name: str, old: StepState, new: StepState) -> None:
        self.counts[old] -= 1
        self.counts[new] += 1
        self._active[name] = new in STEP_ACTIVE
        if new in STEP_RESOLVED:
            for child in self.plan.steps[name].children:
                self._open_parents[child] = self.open_parents(child) - 1
