"""Versions: what runs point at. Made from the draft, under the workflow's lock, and never changed again."""

from typing import Any

from django.db import transaction

from backend.apps.accounts.models import User
from backend.apps.workflows.models import Draft, Workflow, WorkflowVersion
from backend.apps.workflows.selectors import newest_release, newest_version
from backend.apps.workflows.services.drafts import draft_stale
from backend.apps.workflows.services.nesting import nesting_problems
from backend.domain.design.canonical import document_hash
from backend.domain.design.check import check
from backend.domain.design.load import parse_document
from backend.domain.problems import problem
from backend.domain.steps.workflow import WORKFLOW
from backend.shared.clock import now
from backend.shared.errors import ConflictError, refuse


@transaction.atomic
def version_freeze(*, workflow: Workflow, user: User | None = None) -> WorkflowVersion:
    """The version that a run of the draft points at: the newest if it means the same, else a new unreleased one."""
    locked, draft = _locked(workflow)
    _refuse_invalid(locked, draft, user)
    newest = newest_version(locked)
    if newest is not None and newest.hash == document_hash(draft.document):
        return newest
    return _added(locked, draft, user)


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
    _refuse_invalid(locked, draft, user)
    _refuse_older_base(locked, draft, over)
    newest = newest_version(locked)
    # A run has frozen this very document already: publish that version instead of a twin.
    same = newest is not None and not newest.released and newest.document == draft.document
    version = newest if same and newest is not None else _added(locked, draft, user)
    version.name, version.notes, version.released_at = name or f"Version {version.number}", notes, now()
    version.save(update_fields=["name", "notes", "released_at"])
    return version


def _locked(workflow: Workflow) -> tuple[Workflow, Draft]:
    locked: Workflow = Workflow.objects.select_for_update().get(pk=workflow.pk)
    return locked, Draft.objects.select_for_update().get(workflow=locked)


def _refuse_invalid(workflow: Workflow, draft: Draft, user: User | None) -> None:
    """Also what it runs inside of it has to be there: so versions lead only to older ones, and never in a circle."""
    refuse(check(draft.document))
    if all(step.get("kind") != WORKFLOW.name for step in draft.document.get("steps", ())):
        return
    document, _ = parse_document(draft.document)
    if document is not None:
        refuse(nesting_problems(project=workflow.project, workflow_id=workflow.pk, document=document, user=user))


def _refuse_older_base(workflow: Workflow, draft: Draft, over: int | None) -> None:
    newest = newest_release(workflow)
    if newest > draft.base_version and over != newest:
        told = problem("workflow.version_newer", "/over", newest=newest, base=draft.base_version)
        current: dict[str, Any] = {"version": newest, "base_version": draft.base_version}
        raise ConflictError(told, current=current)


def _added(workflow: Workflow, draft: Draft, user: User | None) -> WorkflowVersion:
    workflow.last_version += 1
    workflow.save(update_fields=["last_version"])
    # The draft goes on from here; its revision stays, so that open editors are not disturbed.
    Draft.objects.filter(workflow=workflow).update(base_version=workflow.last_version)
    version: WorkflowVersion = WorkflowVersion.objects.create(
        workflow=workflow,
        number=workflow.last_version,
        document=draft.document,
        hash=document_hash(draft.document),
        created_by=user,
    )
    return version
