"""Which release of this project a step runs, for the rules about workflows inside workflows."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from backend.apps.accounts.models import Project, Role, User
from backend.apps.workflows.models import WorkflowVersion
from backend.domain.design import nesting
from backend.domain.design.document import Document
from backend.domain.design.load import parse_document
from backend.domain.design.nested import Release
from backend.domain.problems import Problem


def release_found(*, project: Project, release: Release, user: User | None) -> WorkflowVersion | None:
    """The version that a step runs: a release of the same project, as far as this person may run it. Nobody: the
    engine itself."""
    rows: QuerySet[WorkflowVersion] = WorkflowVersion.objects.all()
    if user is not None:
        rows = WorkflowVersion.objects.for_user(user, Role.OPERATOR)
    name, number = release
    return (
        rows.filter(
            workflow__project=project,
            workflow__name=name,
            workflow__deleted_at__isnull=True,
            number=number,
            released_at__isnull=False,
        )
        .select_related("workflow")
        .first()
    )


def nesting_problems(
    *, project: Project, workflow_id: UUID | None, document: Document, user: User | None, levels: int = 1
) -> list[Problem]:
    """Everything that keeps the steps of a workflow that run other workflows from doing so. `levels` says how many are
    inside each other already, this one among them."""

    def find(release: Release) -> nesting.Found | None:
        version = release_found(project=project, release=release, user=user)
        inner = parse_document(version.document)[0] if version is not None else None
        if version is None or inner is None:
            return None
        return nesting.Found(version.workflow_id, version.pk, version.workflow.name, inner)

    return list(nesting.nesting_problems(document, find=find, outermost=workflow_id, levels=levels))
