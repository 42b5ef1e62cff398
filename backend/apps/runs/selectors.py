"""Reads about runs. What a person asks for goes through `for_user`; the engine's own reads say so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import JSONField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Now

from backend.apps.accounts.models import Asker, Role
from backend.apps.runs.models import Attempt, Event, Metric, Run, StepRun, WorkerHost
from backend.apps.workflows.models import Draft, Workflow, WorkflowVersion
from backend.domain.problems import problem
from backend.domain.run.states import RUN_TERMINAL
from backend.shared.errors import NotFoundError, ProductError

LATELY = timedelta(seconds=30)
_SCENE = KeyTextTransform("scene", KeyTransform("wanted", Cast("part", JSONField())))


def hosts_alive() -> QuerySet[WorkerHost]:
    """Hosts that have spoken lately, for the engine."""
    late = Now() - timedelta(seconds=settings.PIPELOOM_HOST_STALE_SECONDS)
    return WorkerHost.objects.filter(online=True, heartbeat_at__gt=late)


def runs_of(user: Asker) -> QuerySet[Run]:
    rows: QuerySet[Run] = Run.objects.for_user(user)
    return rows.select_related("workflow", "version", "created_by", "parent__workflow")


def run_fetch(user: Asker, run_id: Any, role: str = "viewer") -> Run:
    """One run; NotFound or Forbidden in the user's words."""
    found: Run = Run.objects.select_related("workflow", "version", "project", "parent__workflow").fetch_for(
        user, role, pk=run_id
    )
    return found


def events_page(run_id: UUID, after: int, limit: int = 200) -> list[Event]:
    """The facts after a number, oldest first."""
    return list(Event.objects.filter(run_id=run_id, seq__gt=after).order_by("seq")[:limit])


def todo_of(user: Asker) -> QuerySet[StepRun]:
    """Steps that wait for a person, in all runs in which this one may answer."""
    rows: QuerySet[StepRun] = StepRun.objects.for_user(user, Role.OPERATOR)
    waiting = rows.filter(state__in=["wait_inputs", "hold"], run__state="running")
    return waiting.select_related("run", "run__workflow").order_by("-run__created_at", "position")


def attempts_of(run_id: UUID, step: str) -> QuerySet[Attempt]:
    """A step's attempts, newest first; of one that keeps an earlier result, the attempt that made it."""
    own = Q(run_id=run_id, step=step)
    rows: QuerySet[Attempt] = Attempt.objects.filter(own | Q(pk__in=attempts_reused(run_id, step)))
    return rows.order_by("-number")


def attempts_reused(run_id: UUID, step: str | None = None) -> list[str]:
    """The attempts of earlier runs of the same workflow whose results this run keeps."""
    rows = StepRun.objects.filter(run_id=run_id, reused__isnull=False, **({"name": step} if step else {}))
    tokens = (reused["attempt"] for reused in rows.values_list("reused", flat=True))
    return [token for token in tokens if token]


class Marks(NamedTuple):
    """What changes when there is news of a run."""

    seq: int
    terminal: bool
    metrics: datetime | None


def run_marks(run_id: UUID) -> Marks | None:
    row = (
        Run.objects.filter(pk=run_id).annotate(newest=Max("metrics__at")).values_list("seq", "state", "newest").first()
    )
    return None if row is None else Marks(row[0], row[1] in RUN_TERMINAL, row[2])


def metrics_lately(run_id: UUID) -> list[Metric]:
    """Metrics files that changed within the last half minute: more than any client is away between two questions."""
    return list(Metric.objects.filter(run_id=run_id, at__gt=Now() - LATELY).order_by("pk"))


def runs_filtered(
    user: Asker,
    *,
    project: Any = None,
    workflow: Any = None,
    workflows: Sequence[Any] | None = None,
    latest: bool = False,
    state: str | None = None,
    label: str | None = None,
    search: str = "",
    scene: str | None = None,
    created_by: str | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
) -> QuerySet[Run]:
    rows = runs_of(user)
    columns = {"created_by__username": created_by, "created_at__gte": created_after, "created_at__lt": created_before}
    rows = rows.filter(**{column: wanted for column, wanted in columns.items() if wanted is not None})
    if scene is not None:
        rows = rows.annotate(chosen=_SCENE).filter(chosen=scene)
    if project is not None:
        rows = rows.filter(project_id=project)
    if workflow is not None:
        rows = rows.filter(workflow_id=workflow)
    if workflows is not None:
        rows = rows.filter(workflow_id__in=workflows)
    if latest:
        newest = Run.objects.filter(workflow=OuterRef("workflow")).order_by("-number").values("pk")[:1]
        rows = rows.filter(pk=Subquery(newest))
    if state is not None:
        rows = rows.filter(state=state)
    if label is not None:
        rows = rows.filter(labels__contains=[label])
    for word in search.split():
        rows = rows.filter(_told_by(word))
    return rows


def _told_by(word: str) -> Q:
    found = Q(name__icontains=word) | Q(workflow__name__icontains=word) | Q(labels__contains=[word])
    number = word.removeprefix("#")
    return found | Q(number=int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else found


def step_fetch(run: Run, name: str) -> StepRun:
    found: StepRun | None = StepRun.objects.filter(run=run, name=name).first()
    if found is None:
        raise NotFoundError("step")
    return found


def log_token(run_id: UUID, step: str, wanted: UUID | None) -> UUID:
    """The wanted attempt of this step, or its newest."""
    for token in attempts_of(run_id, step).values_list("pk", flat=True):
        if wanted is None or attempt_name(token) == str(wanted):
            return token
    raise ProductError.of(problem("order.no_log", step=step), status=404)


def attempt_name(token: object) -> str:
    """What an attempt is called before people. With the token itself one could speak for it; no way leads back."""
    return str(UUID(bytes=sha256(f"attempt {token}".encode()).digest()[:16]))


def succeeded_attempt(run_id: UUID, step: str) -> Attempt | None:
    return attempts_of(run_id, step).filter(state="succeeded").first()


def waiting_since(run_id: UUID, step: str) -> datetime | None:
    rows = Event.objects.filter(run_id=run_id, step=step, type="step_waiting").order_by("-seq")
    return rows.values_list("at", flat=True).first()


def document_to_plan(user: Asker, workflow: Workflow, number: int | None) -> Any:
    """The draft's document, or a version's."""
    if number is None:
        return Draft.objects.fetch_for(user, workflow_id=workflow.pk).document
    return WorkflowVersion.objects.fetch_for(user, workflow_id=workflow.pk, number=number).document
