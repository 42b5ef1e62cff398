"""Workflows whose runs are followed, and what came of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from backend.apps.accounts.models import User
from backend.apps.notifications import services
from backend.apps.notifications.models import Delivery, Notification, Subscription, Topic
from backend.apps.notifications.reconcile import Messenger
from backend.apps.runs.models import Run
from backend.apps.runs.services import run_create
from backend.apps.workflows.models import Draft, WorkflowVersion
from tests.harness.runs import document, job, person, version_of

EVERYTHING = ("waiting", "success", "abnormal")


def asking(*names: str, after: Mapping[str, Iterable[str]] | None = None) -> dict[str, Any]:
    """A document whose named steps each wait for a value of their own."""
    steps = [job(name, (after or {}).get(name, ()), properties=_asks(f"value_{name}")) for name in names]
    parameters = [
        {"id": f"p-{name}", "name": f"value_{name}", "type": "STR", "delay": True, "required": True} for name in names
    ]
    return document(*steps, parameters=parameters)


def _asks(parameter: str) -> dict[str, Any]:
    given = [{"name": "given", "value": {"$parameter": parameter}}]
    return {"algorithm": {"command": ["true"], "parameters": given}}


def followed(raw: Mapping[str, Any], user: User | None = None) -> WorkflowVersion:
    """A version whose workflow has the same draft, so that rows can name its steps."""
    user = user or person()
    version = version_of(raw, user)
    Draft.objects.create(workflow=version.workflow, document=raw, updated_by=user)
    return version


def run_of(version: WorkflowVersion, user: User | None = None) -> Run:
    return run_create(version=version, values={}, by=user or person())


def row(
    version: WorkflowVersion,
    *events: str,
    step: str = "",
    by: User | None = None,
    topic: Topic | None = None,
) -> Subscription:
    return services.subscription_create(
        workflow=version.workflow, by=by or person(), events=events or EVERYTHING, step=step, topic=topic
    )


def tell() -> int:
    return Messenger().tell_once()


def told(user: User | None = None) -> list[tuple[str, str | None]]:
    """What a person's inbox says, oldest first: the occasion, and the step or None for the whole run."""
    rows = Notification.objects.filter(user=user or person()).order_by("created_at", "seq")
    return [(each.occasion, None if each.content["whole"] else each.step) for each in rows]


def deliveries(kind: str) -> list[Delivery]:
    return list(Delivery.objects.filter(kind=kind).order_by("created_at", "pk"))
