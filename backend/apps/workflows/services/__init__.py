"""What changes workflows, their drafts and their versions."""

from backend.apps.workflows.services.drafts import draft_merge, draft_save
from backend.apps.workflows.services.nesting import nesting_problems, release_found
from backend.apps.workflows.services.sharing import (
    asset_add_version,
    asset_delete,
    asset_publish,
    asset_subscribe,
    whitelist_change,
)
from backend.apps.workflows.services.transfer import (
    EXPORTS,
    FILE_FORMS,
    file_convert,
    version_export,
    version_export_report,
    workflow_import,
)
from backend.apps.workflows.services.versions import Published, version_freeze, version_release, workflow_publish
from backend.apps.workflows.services.workflows import (
    document_to_copy,
    empty_document,
    workflow_copy,
    workflow_create,
    workflow_delete,
    workflow_update,
)

__all__ = [
    "EXPORTS",
    "FILE_FORMS",
    "Published",
    "asset_add_version",
    "asset_delete",
    "asset_publish",
    "asset_subscribe",
    "document_to_copy",
    "draft_merge",
    "draft_save",
    "empty_document",
    "file_convert",
    "nesting_problems",
    "release_found",
    "version_export",
    "version_export_report",
    "version_freeze",
    "version_release",
    "whitelist_change",
    "workflow_copy",
    "workflow_create",
    "workflow_delete",
    "workflow_import",
    "workflow_publish",
    "workflow_update",
]
