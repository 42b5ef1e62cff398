"""What a plan says of a document, and what is foreseen of a run."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from backend.domain.run.inputs import ContinueStep
from backend.domain.run.plan import InputNeed, Source
from backend.domain.run.preview import Verdict, preview
from backend.domain.run.states import RunState, StepState
from tests.unit.domain.run.building import (
    FLAVORS,
    Json,
    any_of,
    branch,
    condition,
    document,
    job,
    metric,
    output,
    parameter,
    placeholder,
    plan_of,
)
from tests.unit.domain.run.driving import Driver
from tests.unit.domain.run.workflows import VALUES, workflows

YES = condition("EQ", 1, 1)
PARAMETERS = (
    placeholder("flag", "BOOL", default=False),
    placeholder("later", "INT", delay=True, default=3),
    placeholder("flavor", "STR", format="flavor", default="gone"),
)


def foreseen(*steps: Json, **values: object) -> dict[str, str]:
    found = preview(plan_of(document(*steps, parameters=PARAMETERS), values))
    return {name: one.verdict.value for name, one in found.items()}


def test_it_orders_steps_after_their_parents() -> None:
    plan = plan_of(document(job("c", ["b"]), job("a"), job("b", ["a"])))

    assert plan.order == ("a", "b", "c")
    assert plan.roots == ("a",)
    assert (plan.steps["b"].parents, plan.steps["b"].children) == (("a",), ("c",))


def test_it_survives_a_cycle_whose_steps_never_begin() -> None:
    driver = Driver(plan_of(document(job("a"), job("b", ["c"]), job("c", ["b"]))))
    driver.start()

    driver.finish("a")

    assert driver.states() == {"a": "completed", "b": "init", "c": "init"}
    assert driver.snapshot.state == "abnormal"


def test_it_knows_what_a_step_needs_and_waits_for() -> None:
    steps = [job("a"), job("b"), job("c", ["a", "b"], takes=any_of("a", "b"), uses=["later", "flag"])]
    plan = plan_of(document(*steps, parameters=PARAMETERS))

    assert plan.steps["c"].inputs == (InputNeed("data_url", (Source("a", "out"), Source("b", "out")), True),)
    assert plan.steps["c"].awaits == ("later",)
    assert plan.awaited_by == {"later": ("c",)}
    assert plan.values == {"flag": False, "flavor": "gone"}
    assert (plan.steps["c"].timeout_seconds, plan.steps["c"].max_lost) == (3600, 2)


def test_it_foresees_what_is_run_skipped_asked_and_impossible() -> None:
    assert foreseen(
        job("runs"),
        job("skipped", skip=[condition("EQ", parameter("flag"), True)]),
        job("behind", ["skipped"]),
        job("starved", ["runs", "skipped"], takes=output("skipped")),
        job("fed", ["runs", "skipped"], takes=any_of("skipped", "runs")),
        job("asks", uses=["later"]),
        job("homeless", flavor=parameter("flavor")),
        job("nonsense", skip=[condition("GT", "x", 1)]),
        flag=True,
    ) == {
        "runs": "run",
        "skipped": "skip",
        "behind": "skip",
        "starved": "skip",
        "fed": "run",
        "asks": "waits_for_input",
        "homeless": "cannot_run",
        "nonsense": "cannot_run",
    }


def test_it_says_what_is_decided_only_while_the_run_goes_on() -> None:
    assert foreseen(
        job("train"),
        job("model", ["train"], takes=output("train"), skip=[condition("LT", metric("train"), 0.5)]),
        job("serve", ["model"]),
        branch("choose", [condition("GT", metric("train"), 0.5)], then=["good"], other=["bad"], after=["train"]),
        job("good", ["choose"]),
        job("bad", ["choose"]),
        job("asked", skip=[condition("GT", parameter("later"), 2)]),
    ) == {
        "train": "run",
        "model": "decided_at_run_time",
        "serve": "decided_at_run_time",
        "choose": "decided_at_run_time",
        "good": "decided_at_run_time",
        "bad": "decided_at_run_time",
        "asked": "decided_at_run_time",
    }


def test_it_foresees_the_branch_of_a_condition_on_values() -> None:
    steps = [
        branch("choose", [condition("EQ", parameter("flag"), True)], then=["yes"], other=["no"]),
        job("yes", ["choose"]),
        job("no", ["choose"]),
    ]

    assert foreseen(*steps, flag=True) == {"choose": "run", "yes": "run", "no": "skip"}
    assert foreseen(*steps, flag=False) == {"choose": "run", "yes": "skip", "no": "run"}


@given(raw=workflows(), values=VALUES)
def test_it_foresees_what_then_happens(raw: Json, values: dict[str, object]) -> None:
    """Where the preview commits itself, the run in which all goes well does just that."""
    plan = plan_of(raw, values)
    found = preview(plan)
    driver = Driver(plan)
    driver.start()
    assert found.keys() == plan.steps.keys()
    driver.drain()

    went_well = driver.snapshot.state is RunState.COMPLETED
    for name, one in found.items():
        state = driver.step(name).state
        behind_a_failure = not went_well and state is StepState.INIT
        if one.verdict is Verdict.SKIP:
            assert state is StepState.SKIPPED or behind_a_failure
        elif one.verdict is Verdict.CANNOT:
            assert state in {StepState.FAILED, StepState.CREATE_FAILED} or behind_a_failure
        elif one.verdict is Verdict.RUN and went_well:
            assert state is StepState.COMPLETED
            assert one.branch in (None, driver.step(name).branch)


def test_it_foresees_that_a_skipped_step_writes_no_metric() -> None:
    """train(skipped) -> report <- other: a metric of `train` cannot be read, which fails `report`."""
    steps = [
        job("train", skip=[YES]),
        job("other"),
        job("report", ["train", "other"], skip=[condition("LT", metric("train"), 0.5)]),
    ]
    assert foreseen(*steps)["report"] == "cannot_run"

    driver = Driver(plan_of(document(*steps)))
    driver.start()
    driver.finish("other")
    assert driver.code("report") == "condition.metric_missing"


def test_it_reads_resources_from_the_plan_it_was_given() -> None:
    assert plan_of(document(job("a"))).flavors == FLAVORS


@given(raw=workflows(), values=VALUES, order=st.randoms(use_true_random=False))
def test_it_comes_to_the_same_end_in_whatever_order_steps_finish(
    raw: Json, values: dict[str, object], order: Random
) -> None:
    """Each step ends as its name says, so only the order differs."""
    ends = []
    for shuffle in (False, True):
        driver = Driver(plan_of(raw, values))
        driver.start()
        while live := driver.in_state(StepState.WAIT_INPUTS, StepState.PENDING):
            name = order.choice(live) if shuffle else live[0]
            if driver.step(name).state is StepState.WAIT_INPUTS:
                driver.must(ContinueStep(name, dict.fromkeys(driver.step(name).awaits, 2)))
            else:
                driver.finish(name, "failed" if name == "s3" else "succeeded", accuracy=0.4)
        ends.append((driver.snapshot.state, driver.states(), {name: driver.code(name) for name in raw_names(raw)}))

    assert ends[0] == ends[1]


def raw_names(raw: Json) -> list[str]:
    return [step["name"] for step in raw["steps"]]
