"""G02: the pure machine and the real database, given the same inputs, say and store the same."""

import random
from typing import Any

import pytest
from django.db.models.functions import Now

from backend.apps.runs import services, store
from backend.apps.runs.models import Attempt, Run, StepRun
from backend.domain.run import inputs
from backend.domain.run.fold import fold
from backend.domain.run.machine import decide
from backend.shared.db import db_now
from backend.shared.errors import ProductError
from tests.harness.invariants import assert_run_invariants
from tests.harness.runs import document, host, job, start, states

WALKS = 12
STEPS_A_WALK = 60


def random_document(rng: random.Random) -> dict[str, Any]:
    """A few jobs in random order, one of them waiting for a value, and a condition with two branches."""
    names = [f"s{number}" for number in range(rng.randint(2, 7))]
    steps = []
    for place, name in enumerate(names):
        parents = rng.sample(names[:place], min(place, rng.randint(0, 2)))
        steps.append(job(name, parents))
    late = rng.choice(steps)
    late["properties"]["algorithm"]["parameters"] = [{"name": "n", "value": {"$parameter": "later"}}]
    condition = {
        "id": "c",
        "name": "choose",
        "kind": "condition",
        "depends_on": [rng.choice(names)],
        "properties": {
            "conditions": [{"type": "GT", "left": {"$parameter": "level"}, "right": 5}],
            "if_then_steps": ["yes"],
            "else_then_steps": ["no"],
        },
    }
    branches = [job("yes", ["choose"]), job("no", ["choose"])]
    parameters = [
        {"id": "p1", "name": "later", "type": "INT", "delay": True},
        {"id": "p2", "name": "level", "type": "INT", "default": rng.randint(0, 10)},
    ]
    return document(*steps, condition, *branches, parameters=parameters)


def random_input(rng: random.Random, run: Run) -> inputs.Input:
    """Anything that can be said to a run, sensible or not; tokens of the past included."""
    names = [*states(run), "nobody"]
    tokens = [str(pk) for pk in Attempt.objects.filter(run=run).values_list("pk", flat=True)]
    live = [
        str(token) for token in StepRun.objects.filter(run=run, token__isnull=False).values_list("token", flat=True)
    ]
    token = rng.choice(live if live and rng.random() < 0.8 else [*tokens, "00000000-0000-7000-8000-000000000000"])
    outcome = rng.choice(["succeeded", "succeeded", "failed", "cancelled", "timeout"])
    name = rng.choice(names)
    return rng.choice(
        [
            inputs.AttemptClaimed(token, "alpha"),
            inputs.AttemptClaimed(token, "alpha"),
            inputs.AttemptFinished(token, outcome, floats={"m": {"a": rng.random()}}),
            inputs.AttemptFinished(token, outcome),
            inputs.AttemptLost(token),
            inputs.ForceStopped(token),
            inputs.RetryStep(name),
            inputs.StopStep(name),
            inputs.ContinueStep(name, {"later": rng.randint(0, 9)}),
            inputs.StartRun(),
            *([inputs.StopRun()] if rng.random() < 0.15 else []),
        ]
    )


def one_step(rng: random.Random, run: Run, model: store.Loaded) -> None:
    given = random_input(rng, run)
    expected = decide(model.plan, model.snapshot, given, db_now())
    if rng.random() < 0.3:
        store.cache_clear()
    if expected.problem is not None:
        with pytest.raises(ProductError) as refused:
            services.apply(run_id=run.pk, given=given)
        assert refused.value.code == expected.problem.code
        return
    applied = services.apply(run_id=run.pk, given=given)
    assert applied.stale == expected.stale
    said = [(each.type, each.step, dict(each.data)) for each in expected.events]
    assert [(each.type, each.step, dict(each.data)) for each in applied.events[: len(said)]] == said, given
    # What follows is placement, which the machine knows nothing of.
    assert {each.type.value for each in applied.events[len(said) :]} <= {"step_dispatched"}
    for event in applied.events:
        fold(model.plan, model.snapshot, event)


@pytest.mark.parametrize("walk", range(WALKS))
def test_it_agrees_with_the_pure_machine_on_any_history(rng: random.Random, walk: int) -> None:
    del walk
    host(cpu=rng.randint(1, 4))
    run = start(random_document(rng))
    model = store.load_rows(run.pk)
    for _ in range(STEPS_A_WALK):
        one_step(rng, run, model)
    assert model.snapshot == store.load_rows(run.pk).snapshot
    assert_run_invariants(run.pk)
    Attempt.objects.filter(run=run, state="running").update(lease_until=Now())
