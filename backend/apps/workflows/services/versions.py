"""Versions: what runs point at. Made from the draft, under the workflow's lock, and never changed again."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from backend.apps.accounts.models import Project, User
from backend.apps.workflows.models import Draft, Workflow, WorkflowVersion
from backend.apps.workflows.selectors import newest_release, newest_version
from backend.apps.workflows.services.drafts import draft_stale
from backend.apps.workflows.services.nesting import nesting_problems
from backend.apps.workflows.services.workflows import workflow_create
from backend.domain.design.canonical import document_hash
from backend.domain.design.check import check
from backend.domain.design.load import parse_document
from backend.domain.design.places import with_places
from backend.domain.problems import problem
from backend.domain.steps.workflow import WORKFLOW
from backend.shared.clock import now
from backend.shared.db import advisory_lock
from backend.shared.errors import ConflictError, refuse


@transaction.atomic
def version_freeze(*, workflow: Workflow, user: User | None = None) -> WorkflowVersion:
    """The version that a run of the draft points at: the newest if it means the same, else a new unreleased one."""
    locked, draft = _locked(workflow)
    _refuse_invalid(draft.document, locked.project, locked, user)
    newest = newest_version(locked)
    if newest is not None and newest.hash == document_hash(draft.document):
        return newest
    return _followed(locked, draft, user)


@transaction.atomic
def version_release(
    *,
    workflow: Workflow,
    user: User | None,
    name: str = "",
    notes: str = "",
    over: int | None = None,
    revision: int | None = None,
) -> WorkflowVersion:
    """Publish the draft. Going over a release that the draft was not made from must be said (`over`)."""
    locked, draft = _locked(workflow)
    if revision is not None and revision != draft.revision:
        raise draft_stale(draft, given={"revision": revision})
    _refuse_invalid(draft.document, locked.project, locked, user)
    _refuse_older_base(locked, draft, over)
    newest = newest_version(locked)
    # A run has frozen this very document already: publish that version instead of a twin.
    same = newest is not None and not newest.released and newest.document == draft.document
    version = newest if same and newest is not None else _followed(locked, draft, user)
    return _released(version, name, notes)


@dataclass(frozen=True, slots=True)
class Published:
    """`draft_kept`: somebody has edited the draft since the newest version, so it stays as they left it."""

    workflow: Workflow
    version: WorkflowVersion
    created: bool
    draft_kept: bool


@transaction.atomic
def workflow_publish(
    *,
    project: Project,
    user: User | None,
    name: str,
    document: dict[str, Any],
    version_name: str = "",
    notes: str = "",
) -> Published:
    """What a program releases: a new version of the workflow of this name, or of a new one. Edits of the draft that
    no version holds are not lost; the draft follows when there are none."""
    advisory_lock(f"publish:{project.pk}:{name}")
    known = Workflow.objects.filter(project=project, name=name, deleted_at__isnull=True).first()
    _refuse_invalid(document, project, known, user)
    if known is None:
        description = document.get("description", "")
        made = workflow_create(project=project, user=user, name=name, description=description, document=document)
        locked, draft = _locked(made)
        return Published(locked, _released(_followed(locked, draft, user), version_name, notes), True, False)
    locked, draft = _locked(known)
    wanted = with_places(document, draft.document)
    if _edited(locked, draft):
        return Published(locked, _released(_added(locked, wanted, user), version_name, notes), False, True)
    draft.document, draft.updated_by, draft.updated_at = wanted, user, now()
    draft.revision += 1
    draft.save(update_fields=["document", "updated_by", "updated_at", "revision"])
    return Published(locked, _released(_followed(locked, draft, user), version_name, notes), False, False)


def _edited(workflow: Workflow, draft: Draft) -> bool:
    """Whether the draft says anything that no version says."""
    if workflow.last_version == 0:
        return bool(draft.document.get("steps"))
    known = WorkflowVersion.objects.filter(workflow=workflow, hash=document_hash(draft.document))
    return not known.exists()


def _released(version: WorkflowVersion, name: str, notes: str) -> WorkflowVersion:
    version.name, version.notes, version.released_at = name or f"Version {version.number}", notes, now()
    version.save(update_fields=["name", "notes", "released_at"])
    return version


def _locked(workflow: Workflow) -> tuple[Workflow, Draft]:
    locked: Workflow = Workflow.objects.select_for_update().get(pk=workflow.pk)
    return locked, Draft.objects.select_for_update().get(workflow=locked)


def _refuse_invalid(document: dict[str, Any], project: Project, workflow: Workflow | None, user: User | None) -> None:
    """Also what it runs inside of it has to be there: so versions lead only to older ones, and never in a circle."""
    refuse(check(document))
    if all(step.get("kind") != WORKFLOW.name for step in document.get("steps", ())):
        return
    parsed, _ = parse_document(document)
    if parsed is not None:
        own = workflow.pk if workflow else None
        refuse(nesting_problems(project=project, workflow_id=own, document=parsed, user=user))


def _refuse_older_base(workflow: Workflow, draft: Draft, over: int | None) -> None:
    newest = newest_release(workflow)
    if newest > draft.base_version and over != newest:
        told = problem("workflow.version_newer", "/over", newest=newest, base=draft.base_version)
        current: dict[str, Any] = {"version": newest, "base_version": draft.base_version}
        raise ConflictError(told, current=current)


def _followed(workflow: Workflow, draft: Draft, user: User | None) -> WorkflowVersion:
    """The draft goes on from here; its revision stays, so that open editors are not disturbed."""
    version = _added(workflow, draft.document, user)
    Draft.objects.filter(workflow=workflow).update(base_version=version.number)
    return version


def _added(workflow: Workflow, document: dict[str, Any], user: User | None) -> WorkflowVersion:
    workflow.last_version += 1
    workflow.save(update_fields=["last_version"])
    version: WorkflowVersion = WorkflowVersion.objects.create(
        workflow=workflow,
        number=workflow.last_version,
        document=document,
        hash=document_hash(document),
        created_by=user,
    )
    return version
