"""Who wants to be told what: rows, the switch of a workflow, and "tell me when this run ends"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from backend.apps.accounts.models import User
from backend.apps.notifications import selectors
from backend.apps.notifications.models import Subscription, Switch, Topic
from backend.apps.notifications.services.telling import run_tell_one
from backend.apps.runs import store
from backend.apps.runs.models import Run
from backend.apps.workflows.models import Workflow
from backend.domain.problems import problem
from backend.domain.run.news import Occasion
from backend.shared.db import advisory_lock, violated_constraint
from backend.shared.errors import ConflictError, ProductError


def subscription_create(
    *, workflow: Workflow, by: User, events: Iterable[str], step: str = "", topic: Topic | None = None
) -> Subscription:
    """A row: a topic's, or, without one, the person's own."""
    if topic is not None and topic.project_id != workflow.project_id:
        raise ProductError.of(problem("notice.other_project", "/topic"))
    known = selectors.step_ids(workflow)
    if step and step not in known:
        raise ProductError.of(problem("notice.unknown_step", "/step", step=step))
    row = Subscription(
        workflow=workflow,
        step=step,
        step_id=known.get(step, ""),
        topic=topic,
        user=None if topic else by,
        created_by=by,
        **_flags(events),
    )
    return _save(row, force_insert=True)


def _flags(events: Iterable[str]) -> dict[str, bool]:
    wanted = set(events)
    if not wanted:
        raise ProductError.of(problem("notice.no_events", "/events"))
    return {each.value: each.value in wanted for each in Occasion}


def _save(row: Subscription, **how: Any) -> Subscription:
    try:
        with transaction.atomic():
            row.save(**how)
    except IntegrityError as error:
        if violated_constraint(error) in {"subscription_once", "subscription_of_step_once"}:
            raise ConflictError(problem("notice.row_twice")) from error
        raise
    return row


def subscription_change(*, row: Subscription, events: Iterable[str]) -> Subscription:
    for name, value in _flags(events).items():
        setattr(row, name, value)
    return _save(row)


def subscription_delete(*, row: Subscription) -> None:
    row.delete()


def switch_set(*, workflow: Workflow, enabled: bool) -> None:
    Switch.objects.update_or_create(workflow=workflow, defaults={"enabled": enabled})


def run_follow(*, run: Run, by: User) -> Subscription:
    """Tell this person when the run ends. If it has ended meanwhile, now."""
    with transaction.atomic():
        # In this order everywhere: the tellers' lock, then a run.
        advisory_lock("news")
        store.run_lock(run.pk)
        row, _ = Subscription.objects.get_or_create(
            workflow_id=run.workflow_id,
            run=run,
            step="",
            topic=None,
            user=by,
            defaults={"success": True, "abnormal": True, "created_by": by},
        )
        run_tell_one(subscription=row, run_id=run.pk)
    return row
