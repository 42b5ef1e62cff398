"""From raw JSON to a Document."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from backend.domain.design.document import Document
from backend.domain.design.limits import MAX_DEPTH, MAX_DOCUMENT_ITEMS
from backend.domain.design.schema import schema_of
from backend.domain.design.validation import problems_of
from backend.domain.design.versions.migrate import migrated
from backend.domain.problems import Problem
from backend.domain.untrusted_json import ill_formed


def parse_document(raw: object) -> tuple[Document | None, list[Problem]]:
    """The document in today's form, or what is wrong with its form. Its meaning is `check`'s business. Never raises."""
    found = list(ill_formed(raw, max_depth=MAX_DEPTH, max_items=MAX_DOCUMENT_ITEMS))
    if found:
        return None, found
    current, found = migrated(raw)
    if current is None:
        return None, found
    try:
        return Document.model_validate(current), []
    except ValidationError as error:
        return None, problems_of(error, schema_of(Document))


def dumped(document: Document) -> dict[str, Any]:
    """The raw JSON of a document: what was absent stays absent."""
    return document.model_dump(mode="json", by_alias=True, exclude_unset=True)
