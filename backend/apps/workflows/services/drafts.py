"""Drafts: whatever is well-formed is kept, and no edit is lost to another."""

from typing import Any

from django.db.models import F

from backend.apps.accounts.models import User
from backend.apps.workflows.models import Draft, Workflow
from backend.domain.design.check import well_formed
from backend.domain.design.merge import Merged, merge
from backend.domain.problems import problem
from backend.shared.clock import now
from backend.shared.errors import ConflictError, refuse


def draft_save(
    *,
    workflow: Workflow,
    document: dict[str, Any],
    revision: int,
    user: User | None = None,
    base_version: int | None = None,
) -> Draft:
    """Store the document if the draft is still at `revision`; otherwise nothing changes and both sides are shown."""
    refuse(well_formed(document))
    changed: dict[str, Any] = {"document": document, "updated_by": user, "updated_at": now()}
    if base_version is not None:
        changed["base_version"] = min(base_version, workflow.last_version)
    updated = Draft.objects.filter(workflow=workflow, revision=revision).update(revision=F("revision") + 1, **changed)
    draft = Draft.objects.select_related("updated_by").get(workflow=workflow)
    if not updated:
        raise draft_stale(draft, given={"revision": revision, "document": document})
    Workflow.objects.filter(pk=workflow.pk).update(updated_at=now())
    return draft


def draft_merge(*, draft: Draft, base: dict[str, Any], mine: dict[str, Any]) -> Merged:
    """An edit of `base` and the draft as it is now, together. Nothing is stored."""
    refuse(well_formed(base))
    refuse(well_formed(mine))
    return merge(base, mine, draft.document)


def draft_stale(draft: Draft, *, given: dict[str, Any]) -> ConflictError:
    told = problem("workflow.draft_stale", "/revision", current=draft.revision, given=given["revision"])
    error = ConflictError(told, current={"revision": draft.revision, "document": draft.document})
    error.extra["given"] = given
    return error
