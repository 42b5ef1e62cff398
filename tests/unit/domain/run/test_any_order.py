"""Whatever happens to a run, in whatever order: Hypothesis looks for the sequence that breaks a promise.

The promises (I1 … I13) are those that a durable engine rests on. Each decision is also held to those of `driving.py`.
The four shards do the same with other luck, so that they can run beside one another.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backend.domain.run.events import EventType
from backend.domain.run.inputs import (
    AssignStep,
    AttemptClaimed,
    AttemptLost,
    ContinueStep,
    ForceStopped,
    Input,
    RefuseStep,
    RetryStep,
    StartRun,
    StopRun,
    StopStep,
)
from backend.domain.run.part import Mode
from backend.domain.run.states import (
    ATTEMPT_LIVE,
    RUN_TERMINAL,
    STEP_ACTIVE,
    STEP_RESOLVED,
    STEP_RETRYABLE,
    STEP_TRANSITIONS,
    AttemptState,
    RunState,
    StepState,
)
from tests.unit.domain.run.building import Json, plan_of
from tests.unit.domain.run.driving import HOST, Driver, finished
from tests.unit.domain.run.earlier import choice_after
from tests.unit.domain.run.workflows import DELAYED, VALUES, workflows

CI_STEPS = 50_000
DEV_STEPS = 2_000
SHARDS = 4
PICK = st.integers(0, 999)
OUTCOMES = st.sampled_from(["succeeded", "succeeded", "failed", "cancelled", "timeout"])
PARTS = st.sampled_from([None, None, None, None, (0, "to_here"), (1, "to_here"), (2, "only")])
REASON = {"code": "step.failed", "params": {}, "message": "It failed.", "hint": ""}


class AnyOrder(RuleBasedStateMachine):
    """Steps are picked by number and tokens from all that ever were, so stale and repeated messages come up often."""

    steps_done = 0
    walked: ClassVar[set[tuple[StepState, EventType, StepState]]] = set()

    @initialize(raw=workflows(), values=VALUES, part=PARTS, started=st.sampled_from([True, True, True, False]))
    def create(self, raw: Json, values: dict[str, Any], part: tuple[int, Mode] | None, started: bool) -> None:
        """Every third run is one of some steps, after a run in which all went well."""
        chosen = part and choice_after(raw, values, *part)
        self.driver = Driver(plan_of(raw, values, chosen.part if chosen else None))
        self.names = list(self.driver.plan.order)
        self.tokens: list[str] = []
        if started:
            self.give(StartRun())

    # -- what can happen ---------------------------------------------------------------------------------------------

    @rule()
    def start(self) -> None:
        self.give(StartRun())

    @rule(pick=PICK)
    def assign_a_pending_step(self, pick: int) -> None:
        name = self.one_in({StepState.PENDING}, pick) or self.name(pick)
        token = f"t{len(self.tokens)}"
        self.tokens.append(token)
        self.give(AssignStep(name, token, HOST, ("gpu-0",)))

    @rule(pick=PICK)
    def assign_with_the_token_of_a_live_attempt(self, pick: int) -> None:
        live = sorted(self.driver.snapshot.tokens)
        if live:
            self.give(AssignStep(self.name(pick), live[pick % len(live)], HOST))

    @rule(pick=PICK)
    def claim(self, pick: int) -> None:
        self.give(AttemptClaimed(self.current({StepState.CREATING}, pick), HOST))

    @rule(pick=PICK)
    def claim_anything_anywhere(self, pick: int) -> None:
        self.give(AttemptClaimed(self.token(pick), HOST if pick % 3 else "host-b"))

    @rule(pick=PICK, outcome=OUTCOMES, accuracy=st.sampled_from([None, 0.1, 0.9]))
    def finish(self, pick: int, outcome: str, accuracy: float | None) -> None:
        floats = {} if accuracy is None else {"accuracy": accuracy}
        token = self.current({StepState.RUNNING, StepState.STOPPING}, pick)
        self.give(finished(token, outcome, **floats))

    @rule(pick=PICK, outcome=OUTCOMES)
    def finish_anything(self, pick: int, outcome: str) -> None:
        self.give(finished(self.token(pick), outcome))

    @rule(pick=PICK, outcome=OUTCOMES)
    def move_a_step_on(self, pick: int, outcome: str) -> None:
        """The ordinary way, so that long runs happen too."""
        name = self.one_in(STEP_ACTIVE - {StepState.WAIT_INPUTS}, pick)
        if name is None:
            self.retry(pick, {})
        elif self.driver.step(name).state is StepState.PENDING:
            self.assign_a_pending_step(pick)
        elif self.driver.step(name).state is StepState.CREATING:
            self.give(AttemptClaimed(str(self.driver.step(name).token), HOST))
        else:
            self.give(finished(str(self.driver.step(name).token), outcome, **({"accuracy": 0.9} if pick % 3 else {})))

    @rule(picks=st.lists(PICK, min_size=3, max_size=9), outcome=OUTCOMES)
    def move_steps_on(self, picks: list[int], outcome: str) -> None:
        for pick in picks:
            self.move_a_step_on(pick, outcome)

    @rule(pick=PICK)
    def lose(self, pick: int) -> None:
        token = self.current({StepState.CREATING, StepState.RUNNING, StepState.STOPPING}, pick)
        self.give(AttemptLost(token, REASON if pick % 2 else None))

    @rule(pick=PICK)
    def lose_every_attempt(self, pick: int) -> None:
        name = self.one_in({StepState.PENDING}, pick)
        while name is not None and self.driver.step(name).state is StepState.PENDING:
            self.tokens.append(f"t{len(self.tokens)}")
            self.give(AssignStep(name, self.tokens[-1], HOST))
            self.give(AttemptLost(self.tokens[-1], REASON))

    @rule(pick=PICK)
    def force_stop(self, pick: int) -> None:
        self.give(ForceStopped(self.current({StepState.STOPPING}, pick), None))

    @rule(pick=PICK)
    def refuse(self, pick: int) -> None:
        name = self.one_in(STEP_ACTIVE, pick) or self.name(pick)
        known = self.driver.snapshot.steps.get(name)
        self.give(RefuseStep(name, REASON, known.token if known and pick % 5 else None))

    @rule(pick=PICK)
    def refuse_anything(self, pick: int) -> None:
        self.give(RefuseStep(self.name(pick), REASON, self.token(pick)))

    @rule()
    @precondition(lambda self: self.driver.snapshot.seq > 12)
    def stop_run(self) -> None:
        self.give(StopRun("somebody"))

    @rule(pick=PICK)
    def stop_step(self, pick: int) -> None:
        self.give(StopStep(self.name(pick), "somebody"))

    @rule(pick=PICK, values=VALUES)
    def retry(self, pick: int, values: dict[str, Any]) -> None:
        name = self.one_in(STEP_RETRYABLE, pick) or self.name(pick)
        self.give(RetryStep(name, values))

    @rule(pick=PICK, given=st.sampled_from([("later",), ("last",), DELAYED, (), ("flag",)]))
    def go_on(self, pick: int, given: tuple[str, ...]) -> None:
        name = self.one_in({StepState.WAIT_INPUTS}, pick) or self.name(pick)
        self.give(ContinueStep(name, dict.fromkeys(given, pick)))

    @rule()
    @precondition(lambda self: self.driver.inputs)
    def repeat_the_last_input(self) -> None:
        self.repeat(self.driver.inputs[-1])

    @rule(pick=PICK)
    @precondition(lambda self: self.driver.inputs)
    def repeat_an_old_input(self, pick: int) -> None:
        """A message that was held up anywhere for any time."""
        self.repeat(self.driver.inputs[pick % len(self.driver.inputs)])

    @rule(seconds=st.sampled_from([1, 3600, -30]))
    def turn_the_clock(self, seconds: int) -> None:
        AnyOrder.steps_done += 1
        self.driver.now += timedelta(seconds=seconds)

    def repeat(self, given: Input) -> None:
        """Assignments are not messages: whoever places a step makes a fresh token each time."""
        if not isinstance(given, AssignStep) or given.token in self.driver.snapshot.tokens:
            self.give(given)

    def give(self, given: Input) -> None:
        AnyOrder.steps_done += 1
        self.driver.give(given)

    # -- picking -----------------------------------------------------------------------------------------------------

    def name(self, pick: int) -> str:
        return "nobody" if pick == 0 else self.names[pick % len(self.names)]

    def token(self, pick: int) -> str:
        return "none" if pick == 0 or not self.tokens else self.tokens[pick % len(self.tokens)]

    def one_in(self, states: Any, pick: int) -> str | None:
        found = self.driver.in_state(*states)
        return found[pick % len(found)] if found else None

    def current(self, states: Any, pick: int) -> str:
        name = self.one_in(states, pick)
        return self.token(pick) if name is None else str(self.driver.step(name).token)

    # -- what must hold then -----------------------------------------------------------------------------------------

    @invariant()
    def it_has_at_most_one_live_attempt_a_step_and_knows_it(self) -> None:
        """I1."""
        live = {
            token: self.driver.step_of[token] for token, state in self.driver.attempts.items() if state in ATTEMPT_LIVE
        }
        assert len(set(live.values())) == len(live)
        assert live == self.driver.snapshot.tokens

    @invariant()
    def it_leaves_nothing_undone(self) -> None:
        """I4, the half that holds at every moment: nothing is ready and forgotten, and no run goes on without steps."""
        snapshot = self.driver.snapshot
        active = [name for name, step in snapshot.steps.items() if step.state in STEP_ACTIVE]
        assert bool(active) == (snapshot.state is RunState.RUNNING)
        if snapshot.state is RunState.RUNNING and not snapshot.stop_requested:
            assert [name for name in self.names if self.is_ready(name)] == []

    def is_ready(self, name: str) -> bool:
        steps = self.driver.snapshot.steps
        parents = self.driver.plan.steps[name].parents
        return steps[name].state is StepState.INIT and all(steps[parent].state in STEP_RESOLVED for parent in parents)

    @invariant()
    def it_keeps_the_result_of_exactly_one_attempt(self) -> None:
        """I6, and I13: one result a completed step, and none without an attempt that succeeded."""
        won = {
            self.driver.step_of[token]: token
            for token, state in self.driver.attempts.items()
            if state is AttemptState.SUCCEEDED
        }
        assert len(won) == sum(state is AttemptState.SUCCEEDED for state in self.driver.attempts.values())
        for name, step in self.driver.snapshot.steps.items():
            planned = self.driver.plan.steps[name]
            done = step.state is StepState.COMPLETED and not planned.inline
            assert done == (name in won or step.reused is not None)
            if step.reused is not None:
                assert (step.attempts, name in won) == (0, False)
                assert planned.reuse is not None
                assert step.outputs == planned.reuse.outputs
            else:
                assert step.outputs == ({"out": {"by": won[name]}} if done else {})

    @invariant()
    def it_runs_nothing_without_its_inputs(self) -> None:
        steps = self.driver.snapshot.steps
        for name in self.driver.in_state(*(STEP_ACTIVE | {StepState.COMPLETED})):
            planned = self.driver.plan.steps[name]
            parents = [steps[parent].state for parent in planned.parents]
            assert all(state in STEP_RESOLVED for state in parents)
            assert not parents or StepState.COMPLETED in parents
            for need in planned.inputs:
                made = [steps.get(source.step) for source in need.sources]
                sources = [each is not None and each.state is StepState.COMPLETED for each in made]
                assert any(sources)
                used = made[sources.index(True)]
                assert steps[name].reused is None or (used is not None and used.reused is not None)
                if need.selector and steps[name].state is not StepState.WAIT_INPUTS:
                    assert steps[name].chosen == {need.name: sources.index(True)}

    @invariant()
    def it_says_why(self) -> None:
        for step in self.driver.snapshot.steps.values():
            if step.state in STEP_RETRYABLE | {StepState.SKIPPED, StepState.WAIT_INPUTS, StepState.STOPPING}:
                assert step.reason is not None
                assert set(step.reason) >= {"code", "params", "message", "hint"}

    def teardown(self) -> None:
        if not hasattr(self, "driver"):
            return
        self.driver.assert_replayable()
        assert_no_attempt_after_stop(self.driver)
        if self.driver.snapshot.state is RunState.INIT:
            self.driver.start()
        self.driver.drain()
        assert self.driver.snapshot.state in RUN_TERMINAL
        self.driver.assert_replayable()
        AnyOrder.walked |= self.driver.walked


def assert_no_attempt_after_stop(driver: Driver) -> None:
    """I8: only a retry, which says so itself, lets anything begin again."""
    stopping = False
    for event in driver.events:
        stopping = (stopping or event.type is EventType.RUN_STOP_REQUESTED) and event.type is not EventType.STEP_RETRIED
        assert not (stopping and event.type in {EventType.STEP_DISPATCHED, EventType.STEP_READY})


def not_walked() -> set[tuple[StepState, EventType, StepState]]:
    """Listed transitions that no run has gone through yet: a search that misses some proves nothing about them."""
    return {(*pair, after) for pair, targets in STEP_TRANSITIONS.items() for after in targets} - AnyOrder.walked


def in_ci() -> bool:
    return settings.default is not None and settings.default.max_examples >= 500


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_it_keeps_its_promises_in_any_order(shard: int) -> None:
    wanted = (CI_STEPS if in_ci() else DEV_STEPS) // SHARDS
    chosen = settings(
        max_examples=100 if in_ci() else 20,
        stateful_step_count=50,
        deadline=None,
        # Hypothesis repeats itself where it sees a CI server; then every round would walk the same way.
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    AnyOrder.steps_done = 0
    AnyOrder.walked = set()
    rounds = 0
    while (AnyOrder.steps_done < wanted or (in_ci() and not_walked())) and rounds < 100:
        run_state_machine_as_test(AnyOrder, settings=chosen)
        rounds += 1
    print(f"shard {shard}: {AnyOrder.steps_done} rule steps in {rounds} rounds")
    assert AnyOrder.steps_done >= wanted
    assert not in_ci() or not_walked() == set()
