"""Older forms of the document, one module a step from a version to the next: raw JSON in, raw JSON out, with its own
constants. Stored documents are never rewritten; they are carried forward each time they are read."""
