"""What a time that has come leads to: one run, or a reason why there is none. The clock is an argument."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.apps.accounts.models import Membership
from backend.apps.accounts.services import member_set, user_create
from backend.apps.runs.models import Run, StepRun
from backend.apps.schedules import selectors, services
from backend.apps.schedules.models import NEVER, Fire, Schedule
from backend.apps.workflows.models import WorkflowVersion
from tests.harness.runs import FakeAgent, chain, document, host, job, person, report, together, version_of

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ASKING = document(
    job("s0", properties={"algorithm": {"command": ["true"], "parameters": [
        {"name": "given", "value": {"$parameter": "epochs"}}]}}),
    parameters=[{"id": "p", "name": "epochs", "type": "INT", "default": 1}],
)  # fmt: skip


def released(raw: dict[str, Any] | None = None) -> WorkflowVersion:
    version = version_of(raw or chain(1))
    WorkflowVersion.objects.filter(pk=version.pk).update(released_at=NOON - DAY, name="first")
    return version


def daily(version: WorkflowVersion | None = None, **more: Any) -> Schedule:
    """At noon, made an hour before."""
    version = version or released()
    given = {"name": "nightly", "cron": "0 0 12 * * ?", **more}
    return services.schedule_create(workflow=version.workflow, by=person(), now=NOON - HOUR, **given)


def fire(row: Schedule, now: datetime = NOON) -> bool:
    return services.schedule_fire(row.pk, now=now)


def fired(row: Schedule) -> list[tuple[datetime, str]]:
    return list(Fire.objects.filter(schedule=row).order_by("at").values_list("at", "outcome"))


def code_of(row: Schedule) -> str:
    told = Fire.objects.filter(schedule=row).latest("at").problem
    assert told is not None
    return str(told["code"])


def test_it_starts_one_run_of_the_newest_release_in_its_owners_name(sound_runs: None) -> None:
    version = released(ASKING)
    row = daily(version, values={"epochs": 7})
    newer = {**ASKING, "description": "not released"}
    WorkflowVersion.objects.create(workflow=version.workflow, number=2, document=newer, hash="x", created_by=person())

    assert row.next_at == NOON
    assert selectors.due(NOON - MINUTE, 9) == []
    assert not fire(row, NOON - MINUTE)
    assert selectors.due(NOON, 9) == [row.pk]
    assert fire(row)
    assert not fire(row)

    run = Run.objects.get(workflow=version.workflow)
    assert (run.version_id, run.created_by, run.name) == (version.pk, person(), "nightly")
    assert run.first_values == {"epochs": 7}
    made = Fire.objects.get(schedule=row)
    assert (made.at, made.outcome, made.run, made.run_number) == (NOON, "started", run, run.number)
    row.refresh_from_db()
    assert row.next_at == NOON + DAY


def test_it_makes_one_run_of_one_time_with_several_reconcilers(sound_runs: None) -> None:
    row = daily(on_running="start")
    for day in range(5):
        now = NOON + day * DAY
        found = together(*[lambda now=now: fire(row, now) for _ in range(3)])  # type: ignore[misc]
        assert sorted(found) == [False, False, True]

    assert len(fired(row)) == 5
    assert Run.objects.filter(workflow=row.workflow).count() == 5


@pytest.mark.parametrize(
    ("cron", "late", "at"),
    [
        ("0 0 12 * * ?", timedelta(hours=23), NOON),
        ("0 0 12 * * ?", timedelta(days=5, hours=3), NOON + 5 * DAY),
        ("0 0/10 * * * ?", timedelta(days=40, minutes=5), NOON + 40 * DAY),
        ("0 0 12 4 * ?", timedelta(days=2), None),
    ],
)
def test_it_makes_up_for_the_newest_missed_time_of_a_day(
    sound_runs: None, cron: str, late: timedelta, at: datetime | None
) -> None:
    row = daily(cron=cron, on_running="start")

    assert fire(row, NOON + late)
    assert not fire(row, NOON + late)

    assert [each for each, _ in fired(row)] == ([at] if at else [])
    row.refresh_from_db()
    assert NOON + late < row.next_at < NEVER


def test_it_leaves_a_time_out_while_a_run_goes_on(sound_runs: None) -> None:
    host()
    row = daily()
    fire(row)
    fire(row, NOON + DAY)
    assert fired(row) == [(NOON, "started"), (NOON + DAY, "skipped")]
    assert code_of(row) == "schedule.still_running"

    FakeAgent().work()
    fire(row, NOON + 2 * DAY)
    FakeAgent().work()
    assert [outcome for _, outcome in fired(row)] == ["started", "skipped", "started"]


def test_it_starts_another_run_where_that_was_chosen(sound_runs: None) -> None:
    row = daily(on_running="start")
    fire(row)
    fire(row, NOON + DAY)

    assert [outcome for _, outcome in fired(row)] == ["started", "started"]


def test_it_refuses_in_words_when_its_owner_may_not_any_more(sound_runs: None) -> None:
    version = released()
    other = user_create(username="eve")
    project = version.workflow.project
    member_set(project=project, user=other, role="operator")
    row = services.schedule_create(workflow=version.workflow, by=other, now=NOON - HOUR, cron="0 0 12 * * ?")
    member_set(project=project, user=other, role="viewer")
    fire(row)
    assert code_of(row) == "schedule.owner"

    member_set(project=project, user=other, role="operator")
    other.is_active = False
    other.save()
    fire(row, NOON + DAY)
    Membership.objects.filter(user=other).delete()
    other.is_active = True
    other.save()
    fire(row, NOON + 2 * DAY)

    assert [outcome for _, outcome in fired(row)] == ["refused"] * 3
    assert Run.objects.filter(workflow=version.workflow).count() == 0


def test_it_runs_in_the_name_of_whoever_changed_it_last(sound_runs: None) -> None:
    """Nobody lends their rights to what others write down."""
    row = daily(released(ASKING), values={"epochs": 7})
    other = user_create(username="eve")
    member_set(project=row.workflow.project, user=other, role="operator")
    services.schedule_change(schedule=row, by=other, now=NOON - MINUTE, enabled=False)
    row.refresh_from_db()
    assert row.owner == person()
    services.schedule_change(schedule=row, by=other, now=NOON - MINUTE, enabled=True)
    services.schedule_change(schedule=row, by=other, now=NOON - MINUTE, values={"epochs": 8})
    fire(row)

    row.refresh_from_db()
    assert (row.owner, row.created_by) == (other, person())
    assert Run.objects.get(workflow=row.workflow).created_by == other


def test_it_refuses_in_words_what_the_newest_release_does_not_take_any_more(sound_runs: None) -> None:
    version = released(ASKING)
    row = daily(version, values={"epochs": 3})
    WorkflowVersion.objects.create(
        workflow=version.workflow, number=2, document=chain(1), hash="y", created_by=person(), released_at=NOON
    )
    fire(row)

    assert fired(row) == [(NOON, "refused")]
    assert code_of(row) == "value.unknown"


def test_it_does_nothing_while_it_is_off_and_nothing_for_that_time_later(sound_runs: None) -> None:
    row = daily()
    services.schedule_change(schedule=row, by=person(), now=NOON - MINUTE, enabled=False)
    assert not fire(row, NOON + HOUR)
    services.schedule_change(schedule=row, by=person(), now=NOON + HOUR, enabled=True)
    assert not fire(row, NOON + HOUR)

    row.refresh_from_db()
    assert (row.next_at, fired(row)) == (NOON + DAY, [])


def test_it_does_nothing_for_a_deleted_workflow(sound_runs: None) -> None:
    row = daily()
    row.workflow.deleted_at = NOON
    row.workflow.save()

    assert selectors.due(NOON, 9) == []


def failing(times: int) -> FakeAgent:
    left = [times]

    def outcome(order: Any) -> Any:
        left[0] -= 1
        return report(order.token, "failed" if left[0] >= 0 else "succeeded")

    return FakeAgent(outcome=outcome)


@pytest.mark.parametrize(("fails", "ends"), [(1, "completed"), (2, "abnormal")])
def test_it_tries_failed_steps_once_more_where_that_was_chosen(sound_runs: None, fails: int, ends: str) -> None:
    host()
    row = daily(on_failure="retry")
    fire(row)
    agent = failing(fails)
    assert selectors.ended(9) == []
    agent.work()
    (made,) = selectors.ended(9)
    assert services.fire_retry(made)
    agent.work()
    assert selectors.ended(9) == []
    assert not services.fire_retry(made)

    run = Run.objects.get(workflow=row.workflow)
    assert (run.state, StepRun.objects.get(run=run).attempts) == (ends, 2)
    assert Fire.objects.get().retried


def test_it_leaves_failed_steps_alone_otherwise(sound_runs: None) -> None:
    host()
    row = daily()
    fire(row)
    failing(1).work()

    assert selectors.ended(9) == []
    assert (Run.objects.get(workflow=row.workflow).state, Fire.objects.get().retried) == ("abnormal", False)


def test_it_remembers_ninety_days_and_always_the_newest_time(sound_runs: None) -> None:
    busy, rare = daily(), daily(cron="0 0 12 1 1 ?")
    for days in (200, 91, 89):
        Fire.objects.create(schedule=busy, at=NOON - days * DAY, outcome="skipped")
    Fire.objects.create(schedule=rare, at=NOON - 300 * DAY, outcome="skipped")

    assert services.fires_forget(now=NOON) == 2
    assert services.fires_forget(now=NOON) == 0
    assert (len(fired(busy)), len(fired(rare))) == (1, 1)
