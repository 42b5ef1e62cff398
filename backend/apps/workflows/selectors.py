"""Reads about workflows."""

from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from backend.apps.accounts.models import Asker, Project, Role
from backend.apps.workflows.models import GalleryAsset, GalleryVersion, Workflow, WorkflowVersion


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


def assets_of(user: Asker, *, project: object | None = None, search: str = "") -> QuerySet[GalleryAsset]:
    """With what of each the person sees: versions where they are not named do not count."""
    seen = GalleryVersion.objects.for_user(user).filter(asset=OuterRef("pk")).order_by("-place")
    counted = seen.order_by().values("asset").annotate(count=Count("pk")).values("count")
    rows: QuerySet[GalleryAsset] = GalleryAsset.objects.for_user(user).annotate(
        newest=Subquery(seen.values("number")[:1]),
        told=Subquery(seen.values("description")[:1]),
        seen_versions=Subquery(counted),
        own=Exists(GalleryAsset.objects.for_user(user, Role.AUTHOR).filter(pk=OuterRef("pk"))),
    )
    if project is not None:
        rows = rows.filter(project_id=project)
    for word in search.split():
        by_whom = Q(created_by__username__icontains=word)
        rows = rows.filter(Q(title__icontains=word) | Q(told__icontains=word) | by_whom)
    return rows.select_related("created_by")


def asset_is_own(user: Asker, asset: GalleryAsset) -> bool:
    """Whether the person may say who sees it."""
    return bool(GalleryAsset.objects.for_user(user, Role.AUTHOR).filter(pk=asset.pk).exists())


def asset_version_fetch(user: Asker, asset: UUID, number: str | None) -> GalleryVersion:
    """The one of this number, or the newest that the person may see."""
    rows = GalleryVersion.objects.select_related("asset").order_by("-place")
    wanted = {"asset_id": asset} if number is None else {"asset_id": asset, "number": number}
    found: GalleryVersion = rows.fetch_for(user, **wanted)
    return found
