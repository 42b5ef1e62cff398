"""Samples between files and rows: one JSON object a line, bounded, whoever wrote it."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.apps.assets.models import Dataset, Sample, SampleBatch
from backend.apps.assets.selectors import samples_of
from backend.domain.problems import pointer, problem
from backend.domain.untrusted_json import UntrustedJson, parse_untrusted_json
from backend.shared.errors import ProductError
from backend.shared.storage import Roots, StorageError, logical_path

LONGEST_LINE = 64 * 1024
MOST_LABELS = 200
CHUNK = 2_000
USAGES = ("", "TRAIN", "EVAL", "TEST", "INFERENCE")
_SHA256 = re.compile("[0-9a-f]{64}")


def samples_stage(
    *, dataset: Dataset, token: UUID | None, samples: Path | Iterable[Mapping[str, Any]], roots: Roots
) -> SampleBatch:
    """The samples as rows that nobody sees until the batch is committed."""
    listed = samples_read(samples) if isinstance(samples, Path) else samples
    with transaction.atomic():
        batch = SampleBatch.objects.create(dataset=dataset, token=token)
        waiting: list[Sample] = []
        for line, each in enumerate(listed, start=1):
            waiting.append(_row(batch, each, line, roots))
            if len(waiting) == CHUNK:
                _flushed(batch, waiting)
                waiting = []
        _flushed(batch, waiting)
        batch.save(update_fields=["count"])
    return batch


def samples_read(path: Path) -> Iterator[Mapping[str, Any]]:
    """The objects of a JSON Lines file that a step wrote: not believed, and never read line by endless line."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with open(os.open(path, flags), "rb") as file:
        line = 0
        while text := file.readline(LONGEST_LINE + 1):
            line += 1
            try:
                value = parse_untrusted_json(text.rstrip(b"\r\n"), max_bytes=LONGEST_LINE)
            except UntrustedJson as refused:
                raise _bad(line, refused.problem.message) from None
            if not isinstance(value, dict):
                raise _bad(line, "It is not an object.")
            yield value


def dataset_samples_write(*, dataset: Dataset, path: Path, roots: Roots) -> int:
    """The dataset's samples as JSON Lines for a step, each with `source`, where the file lies on this disk."""
    number = 0
    with open(path, "w", encoding="utf-8") as file:
        for row in samples_of(dataset.pk).iterator(chunk_size=CHUNK):
            place = logical_path(row.path)
            listed = {
                "path": row.path,
                "source": str(roots.root_of(place).path.joinpath(*place.parts)),
                "size": row.size,
                "sha256": row.sha256,
                "media_type": row.media_type,
                "labels": row.labels,
                "usage": row.usage,
            }
            file.write(json.dumps(listed, ensure_ascii=False, separators=(",", ":")) + "\n")
            number += 1
    return number


def _flushed(batch: SampleBatch, rows: list[Sample]) -> None:
    Sample.objects.bulk_create(rows, ignore_conflicts=True)
    batch.count += len(rows)


def _row(batch: SampleBatch, given: Mapping[str, Any], line: int, roots: Roots) -> Sample:
    path, size, sha256 = given.get("path"), given.get("size"), given.get("sha256")
    labels, usage, media_type = given.get("labels", []), given.get("usage") or "", given.get("media_type") or ""
    if not isinstance(path, str) or not isinstance(media_type, str) or len(media_type) > 100:
        raise _bad(line, "Its path and media type must be texts.")
    try:
        # A sample may only point into storages of its own project.
        roots.root_of(logical_path(path))
    except StorageError as refused:
        raise _bad(line, refused.message) from None
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise _bad(line, "Its size must be a number of bytes.")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise _bad(line, "Its sha256 must be 64 hexadecimal digits.")
    if not isinstance(labels, list) or len(labels) > MOST_LABELS or not all(isinstance(each, str) for each in labels):
        raise _bad(line, f"Its labels must be a list of at most {MOST_LABELS} texts.")
    if usage not in USAGES:
        raise _bad(line, f"Its usage must be one of {', '.join(filter(None, USAGES))}.")
    return Sample(
        dataset_id=batch.dataset_id,
        batch=batch,
        path=path,
        size=size,
        sha256=sha256,
        media_type=media_type,
        labels=labels,
        usage=usage,
    )


def _bad(line: int, reason: str) -> ProductError:
    return ProductError.of(problem("asset.sample", pointer("samples", line - 1), line=line, reason=reason))
