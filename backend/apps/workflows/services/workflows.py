"""Workflows as a whole: made, renamed, copied, deleted."""

from typing import Any

from django.db import IntegrityError, transaction

from backend.apps.accounts.models import Project, User
from backend.apps.workflows.models import Draft, Workflow
from backend.apps.workflows.selectors import name_free
from backend.domain.design.check import well_formed
from backend.domain.problems import problem
from backend.shared.clock import now
from backend.shared.db import violated_constraint
from backend.shared.errors import ConflictError, ProductError, refuse


def empty_document(name: str) -> dict[str, Any]:
    """What the canvas opens with."""
    lists = ("parameters", "data", "storages", "steps", "scenes", "subgraphs", "notes")
    return {"schema": 1, "name": name, "description": "", **{each: [] for each in lists}, "layout": {"nodes": {}}}


def workflow_create(
    *,
    project: Project,
    user: User | None,
    name: str,
    description: str = "",
    document: dict[str, Any] | None = None,
    base_version: int = 0,
) -> Workflow:
    """A workflow with its draft. The draft may be unfinished, but it must be storable."""
    drawn = empty_document(name) if document is None else document
    refuse(well_formed(drawn))
    with _name_clash_told(name), transaction.atomic():
        workflow = Workflow.objects.create(project=project, name=name, description=description, created_by=user)
        Draft.objects.create(workflow=workflow, document=drawn, updated_by=user, base_version=base_version)
    return workflow


def workflow_update(*, workflow: Workflow, name: str | None = None, description: str | None = None) -> Workflow:
    """The name in lists. The document keeps the name that it was drawn with until somebody edits it there."""
    changed = {"name": name, "description": description}
    given = [field for field, value in changed.items() if value is not None]
    for field in given:
        setattr(workflow, field, changed[field])
    with _name_clash_told(workflow.name), transaction.atomic():
        workflow.save(update_fields=[*given, "updated_at"])
    return workflow


def workflow_delete(*, workflow: Workflow) -> None:
    """Gone from every list, its name free again. Versions and runs stay: what ran once must remain explicable."""
    Workflow.objects.filter(pk=workflow.pk, deleted_at__isnull=True).update(deleted_at=now())


def workflow_copy(*, workflow: Workflow, project: Project, user: User, name: str | None = None) -> Workflow:
    """A workflow of its own with the same draft; versions and runs are not copied."""
    return workflow_create(
        project=project,
        user=user,
        name=name or name_free(project=project, wanted=workflow.name),
        description=workflow.description,
        document=workflow.draft.document,
    )


def document_to_copy(*, source: Workflow, document: dict[str, Any] | None) -> dict[str, Any]:
    if document is not None:
        raise ProductError.of(problem("workflow.two_sources", "/copy_of"))
    copied: dict[str, Any] = source.draft.document
    return copied


class _name_clash_told:  # noqa: N801 - used like a function
    """Turns the database's refusal of a second equal name into words."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, IntegrityError) and violated_constraint(error) == "workflow_name_once":
            raise ConflictError(problem("workflow.name_taken", "/name", name=self.name)) from error
