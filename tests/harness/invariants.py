"""What must hold of every run at any moment at which no transaction is open; see the numbers in the comments.

Used after every integration test that touches a run (the autouse fixture in integration/runs, live and faults).
Each check reads the database as an outsider does and knows nothing of how the services came there.
"""

import hashlib
from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F

from backend.apps.assets.models import DatasetVersion, ModelVersion
from backend.apps.runs import store
from backend.apps.runs.models import Attempt, DeviceLease, Event, Lease, Metric, MetricDelta, Outbox, Run, StepRun
from backend.domain.run.events import Event as Fact
from backend.domain.run.events import EventType, attempt_change
from backend.domain.run.fold import replay
from backend.domain.run.states import (
    ATTEMPT_LIVE,
    ATTEMPT_TRANSITIONS,
    RUN_TERMINAL,
    STEP_LIVE,
    STEP_TERMINAL,
    AttemptState,
    RunState,
    StepState,
)
from backend.shared.db import db_now

LIVE = [state.value for state in ATTEMPT_LIVE]


def assert_all_invariants() -> None:
    """Every run in the database, and what concerns all of them together."""
    for run_id in Run.objects.values_list("pk", flat=True):
        assert_run_invariants(run_id)
    assert_no_device_is_shared()


def assert_run_invariants(run_id: UUID) -> None:
    """I1, I3, I5, I6, I8 and I13 for one run. A quarantined run is exempt: its rows are known to be wrong."""
    run = Run.objects.get(pk=run_id)
    if run.quarantined_at is not None:
        return
    assert_one_live_attempt_a_step(run)
    facts = assert_dense_events(run)
    assert_replay_equals_rows(run, facts)
    assert_attempts_agree_with_events(run, facts)
    assert_results_belong_to_one_attempt(run, facts)
    assert_nothing_starts_after_the_end(run, facts)
    assert_leases_follow_attempts(run)
    assert_metrics_revisions(run)


def assert_one_live_attempt_a_step(run: Run) -> None:
    """I1, and its reverse: a step is live exactly while it has a live attempt with its token."""
    live = defaultdict(list)
    for attempt in Attempt.objects.filter(run=run, state__in=LIVE):
        live[attempt.step].append(attempt)
    for step in StepRun.objects.filter(run=run):
        tokens = [each.pk for each in live.get(step.name, [])]
        expected = [step.token] if step.state in STEP_LIVE else []
        assert tokens == expected, f"I1: step {step.name} is {step.state} with token {step.token}, live are {tokens}"


def assert_dense_events(run: Run) -> list[Fact]:
    """I5: numbers 1…n without a gap, n in the run's row, and times that never go back."""
    rows = list(Event.objects.filter(run=run).order_by("seq"))
    assert [row.seq for row in rows] == list(range(1, run.seq + 1)), f"I5: events of run {run.pk} are not dense"
    times = [row.at for row in rows]
    assert times == sorted(times), "I5: an event is older than the one before it"
    return [store.event_of(row) for row in rows]


def assert_replay_equals_rows(run: Run, facts: list[Fact]) -> None:
    """I5 and I3: folding the log (which refuses unlisted transitions) gives exactly what is stored."""
    replayed = replay(store.plan_of(run), facts)
    stored = store.load_rows(run.pk).snapshot
    for name, step in stored.steps.items():
        assert replayed.steps[name] == step, f"I5: step {name}\n replayed {replayed.steps[name]}\n stored   {step}"
    assert replayed == stored, f"I5: replayed {replayed.fields}\n stored   {stored.fields}"


def assert_attempts_agree_with_events(run: Run, facts: list[Fact]) -> None:
    """I3 for attempts: each change is listed, and the last one is what the row says."""
    states: dict[str, AttemptState] = {}
    for fact in facts:
        change = attempt_change(fact)
        if change is None:
            continue
        allowed = ATTEMPT_TRANSITIONS.get((states.get(change.token), fact.type), ())
        assert change.state in allowed, f"I3: {change.token} went from {states.get(change.token)} to {change.state}"
        states[change.token] = AttemptState(change.state)
    rows = {str(row.pk): row.state for row in Attempt.objects.filter(run=run)}
    assert rows == {token: state.value for token, state in states.items()}, "I3: attempts and their events differ"


def assert_results_belong_to_one_attempt(run: Run, facts: list[Fact]) -> None:
    """I6 and I13: a completed step has the result of exactly one attempt, the last one, and nobody else's."""
    succeeded = [row.step for row in Attempt.objects.filter(run=run, state="succeeded")]
    assert len(succeeded) == len(set(succeeded)), "I6: a step has two successful attempts"
    inline = {name for name, step in store.plan_of(run).steps.items() if step.inline}
    rows = StepRun.objects.filter(run=run, state=StepState.COMPLETED.value, reused__isnull=True)
    completed = {row.name for row in rows} - inline
    assert set(succeeded) == completed, f"I13: completed {completed}, succeeded attempts of {set(succeeded)}"
    promoted = {fact.step: fact.data["token"] for fact in facts if fact.type is EventType.OUTPUTS_PROMOTED}
    for row in Attempt.objects.filter(run=run, pk__in=promoted.values()):
        assert row.state == "succeeded", f"I6: attempt {row.pk} was promoted and is {row.state}"


def assert_nothing_starts_after_the_end(run: Run, facts: list[Fact]) -> None:
    """I8: after a stop was asked for, or at the end, no attempt begins until somebody retries."""
    closed = False
    for fact in facts:
        if fact.type in {EventType.RUN_STOP_REQUESTED, EventType.RUN_FINISHED}:
            closed = True
        elif fact.type is EventType.STEP_RETRIED:
            closed = False
        assert not (closed and fact.type is EventType.STEP_DISPATCHED), f"I8: {fact.step} began after the end"
    if RunState(run.state) in RUN_TERMINAL:
        assert run.finished_at is not None
        open_steps = StepRun.objects.filter(run=run).exclude(state__in=[*STEP_TERMINAL, StepState.INIT])
        assert not open_steps.exists(), f"the run is {run.state} and {open_steps.first().name} is not"


def assert_leases_follow_attempts(run: Run) -> None:
    """What a live attempt holds is held, and what is over holds nothing."""
    on_hosts = Attempt.objects.filter(run=run, state__in=LIVE).exclude(host="")
    live = set(on_hosts.values_list("pk", flat=True))
    held = set(Lease.objects.filter(attempt__run=run).values_list("attempt_id", flat=True))
    assert held == live, f"leases of {held - live} outlive their attempts; {live - held} have none"
    devices: dict[Any, set[str]] = defaultdict(set)
    for lease in DeviceLease.objects.filter(attempt__run=run):
        devices[lease.attempt_id].add(lease.device)
    for attempt in Attempt.objects.filter(run=run):
        assert devices[attempt.pk] == (set(attempt.devices) if attempt.pk in live else set())


def assert_metrics_revisions(run: Run) -> None:
    """Revisions are dense up to the row's, as far back as deltas are kept."""
    for metric in Metric.objects.filter(run=run):
        revs = list(MetricDelta.objects.filter(metric=metric).order_by("rev").values_list("rev", flat=True))
        assert revs == list(range(revs[0], metric.rev + 1)), f"revisions of {metric.path}: {revs}, row {metric.rev}"


def assert_no_device_is_shared() -> None:
    """Two attempts never hold one card, and no host has given away more than it has."""
    shared = DeviceLease.objects.values("host", "device").annotate(number=Count("pk")).filter(number__gt=1)
    assert not shared, f"shared devices: {list(shared)}"
    for lease in Lease.objects.select_related("host").distinct("host"):
        used = sum(Lease.objects.filter(host=lease.host).values_list("cpu", flat=True))
        assert used <= lease.host.cpu + 1e-9, f"host {lease.host.pk} gave {used} of {lease.host.cpu} cores"


def assert_outbox_is_young(seconds: float = 60) -> None:
    """I9: nothing is owed for longer, while Redis is up and a relay runs."""
    old = Outbox.objects.filter(due_at__lt=db_now() - timedelta(seconds=seconds)).annotate(age=F("created_at"))
    assert not old.exists(), f"I9: owed since {old.first().age}"


def assert_registered_is_whole() -> None:
    """Whatever is registered is on the disk, byte for byte: models by their hashes, dataset versions by their lines."""
    for model in ModelVersion.objects.seen():
        for file in model.files:
            path = model.path / file["path"]
            assert path.is_file(), f"model version {model.pk} lacks {file['path']}"
            assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"], f"{path} is not what was registered"
    for version in DatasetVersion.objects.seen():
        for name in ("train", "eval"):
            lines = (version.path / f"{name}.jsonl").read_text().splitlines()
            assert len(lines) == version.counts[name], f"dataset version {version.pk}: {len(lines)} lines of {name}"
