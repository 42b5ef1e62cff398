"""Uploads in pieces: begun, gone on with after any interruption, finished as a whole, forgotten when abandoned."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from backend.apps.accounts.models import Project, User
from backend.apps.assets.models import Upload
from backend.apps.assets.services.storage import storage_roots
from backend.shared.db import advisory_lock, db_now
from backend.shared.storage import Parts, StorageError, Target, logical_path

ABANDONED_AFTER = timedelta(days=1)
BATCH = 100


@transaction.atomic
def upload_begin(*, user: User, project: Project, path: str, size: int, overwrite: bool, mark: str = "") -> Upload:
    """A new upload, or the unfinished one of the same file: `mark` is what the sender knows its file by."""
    place = logical_path(path)
    roots = storage_roots(project=project)
    parts = Parts(roots, roots.file_place(path))
    parts.check(Target(overwrite=overwrite))
    if size > settings.PIPELOOM_UPLOAD_MAX_BYTES:
        raise StorageError("storage.too_large", limit=settings.PIPELOOM_UPLOAD_MAX_BYTES)
    about = {"user": user, "project": project, "path": str(place), "size": size, "mark": mark}
    advisory_lock("upload", user.pk, path)
    found = Upload.objects.filter(**about, finished_at__isnull=True).first() if mark else None
    if found is None:
        if shutil.disk_usage(roots.root_of(place).path).free < size:
            raise StorageError("storage.full")
        found = Upload(**about)
    found.overwrite, found.touched_at = overwrite, db_now()
    found.offset = parts.size(str(found.pk))
    found.save()
    return found if size > found.offset else _finished(found, parts)


def upload_append(*, upload: Upload, offset: int, chunks: Iterable[bytes]) -> Upload:
    """The next piece. The last one puts the file into its place; sent again, it changes nothing."""
    if upload.finished_at is not None:
        return upload
    parts = _parts(upload)
    arrived = parts.append(str(upload.pk), offset, chunks, size=upload.size)
    upload.offset, upload.touched_at = arrived, db_now()
    if arrived == upload.size:
        return _finished(upload, parts)
    upload.save(update_fields=["offset", "touched_at"])
    return upload


def upload_look(*, upload: Upload) -> Upload:
    """With what has really arrived."""
    if upload.finished_at is None:
        upload.offset = _parts(upload).size(str(upload.pk))
    return upload


def upload_cancel(*, upload: Upload) -> None:
    """What has arrived is thrown away; a finished file stays."""
    if upload.finished_at is None:
        _parts(upload).drop(str(upload.pk))
    upload.delete()


def uploads_abandoned() -> list[UUID]:
    """Those that nobody went on with for a day, and those that are over as long."""
    old = Upload.objects.filter(touched_at__lt=db_now() - ABANDONED_AFTER).order_by("touched_at")
    return list(old.values_list("pk", flat=True)[:BATCH])


def upload_forget(key: UUID) -> bool:
    """For the reconciler. A storage that is not there any more took its parts along."""
    upload = Upload.objects.filter(pk=key, touched_at__lt=db_now() - ABANDONED_AFTER).select_related("project").first()
    if upload is None:
        return False
    try:
        upload_cancel(upload=upload)
    except StorageError:
        upload.delete()
    return True


def _parts(upload: Upload) -> Parts:
    return Parts(storage_roots(project=upload.project), logical_path(upload.path))


def _finished(upload: Upload, parts: Parts) -> Upload:
    if upload.size == 0:
        parts.append(str(upload.pk), 0, (), size=0)
    parts.finish(str(upload.pk), Target(overwrite=upload.overwrite))
    upload.finished_at = db_now()
    upload.save()
    return upload
