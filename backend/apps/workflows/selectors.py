"""Reads about workflows."""

from django.db.models import Max, Q, QuerySet

from backend.apps.accounts.models import Asker, Project
from backend.apps.workflows.models import Workflow, WorkflowVersion


def workflows_of(user: Asker, *, project: object | None = None, search: str = "") -> QuerySet[Workflow]:
    rows: QuerySet[Workflow] = Workflow.objects.for_user(user).annotate(
        released=Max("versions__number", filter=Q(versions__released_at__isnull=False))
    )
    if project is not None:
        rows = rows.filter(project_id=project)
    for word in search.split():
        rows = rows.filter(Q(name__icontains=word) | Q(description__icontains=word))
    return rows.select_related("project", "created_by")


def versions_of(user: Asker, workflow: Workflow, *, released: bool | None = None) -> QuerySet[WorkflowVersion]:
    rows: QuerySet[WorkflowVersion] = WorkflowVersion.objects.for_user(user).filter(workflow=workflow)
    if released is not None:
        rows = rows.filter(released_at__isnull=not released)
    return rows.defer("document").select_related("created_by")


def newest_release(workflow: Workflow) -> int:
    """Its number, 0 when there is none."""
    released = WorkflowVersion.objects.filter(workflow=workflow, released_at__isnull=False)
    return released.aggregate(newest=Max("number"))["newest"] or 0


def newest_version(workflow: Workflow) -> WorkflowVersion | None:
    found: WorkflowVersion | None = WorkflowVersion.objects.filter(workflow=workflow).order_by("-number").first()
    return found


def name_free(*, project: Project, wanted: str) -> str:
    """The wanted name, or the first of "name 2", "name 3" … that nobody has."""
    taken = set(
        Workflow.objects.filter(project=project, deleted_at__isnull=True, name__startswith=wanted[:56]).values_list(
            "name", flat=True
        )
    )
    if wanted not in taken:
        return wanted
    numbers = (f"{wanted[:56].rstrip()} {number}" for number in range(2, len(taken) + 3))
    return next(each for each in numbers if each not in taken)
