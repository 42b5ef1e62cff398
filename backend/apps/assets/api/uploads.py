"""Uploads in pieces: for files that take longer than a connection lasts, with progress and without beginning anew."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts.models import Role
from backend.apps.accounts.selectors import project_fetch
from backend.apps.assets import serializers as wire
from backend.apps.assets.api.storage import chunks, entry_shown
from backend.apps.assets.models import Upload
from backend.apps.assets.services import (
    storage_roots,
    upload_append,
    upload_begin,
    upload_cancel,
    upload_look,
)
from backend.shared.http import ProductView, RawBody, operation, read
from backend.shared.storage import StorageError

PIECE = 8 * 1024 * 1024


def _shown(upload: Upload) -> Response:
    shown: dict[str, Any] = {"id": upload.pk, "path": upload.path, "size": upload.size, "offset": upload.offset}
    shown |= {"piece": PIECE, "done": upload.finished_at is not None, "entry": None}
    if upload.finished_at is not None:
        # Somebody may have moved it on already.
        with suppress(StorageError):
            shown["entry"] = entry_shown(upload.path, storage_roots(project=upload.project).stat(upload.path))
    return Response(wire.UploadOut(shown).data, status=200)


class UploadsView(ProductView):
    @operation(query=wire.ProjectQuery, body=wire.UploadIn, answer=wire.UploadOut, summary="Begin an upload in pieces")
    def post(self, request: Request) -> Response:
        """Or go on with it: the same file for the same place, known by its `mark`, continues where it stopped."""
        given = read(wire.UploadIn, request)
        project = project_fetch(user=request.user, role=Role.AUTHOR, project_id=self.query.get("project"))
        return _shown(upload_begin(user=request.user, project=project, **given))


class UploadView(ProductView):
    parser_classes = (RawBody,)  # type: ignore[assignment]

    def upload(self, request: Request, key: UUID) -> Upload:
        """Whoever began it, as long as they may still write there."""
        upload: Upload = Upload.objects.fetch_for(request.user, pk=key)
        project_fetch(user=request.user, role=Role.AUTHOR, project_id=upload.project_id)
        return upload

    @operation(answer=wire.UploadOut, summary="Show how much has arrived")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        return _shown(upload_look(upload=self.upload(request, id)))

    @operation(
        query=wire.PieceQuery,
        body={"application/octet-stream": OpenApiTypes.BINARY},
        answer=wire.UploadOut,
        summary="Send the next piece",
    )
    def patch(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """The last piece puts the file into its place, as a whole. A piece at a wrong offset is refused with the right
        one; the last piece sent again changes nothing."""
        upload = self.upload(request, id)
        return _shown(upload_append(upload=upload, offset=self.query["offset"], chunks=chunks(request.data)))

    @operation(answer={204: None}, summary="Give an upload up")
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002
        upload_cancel(upload=self.upload(request, id))
        return Response(status=204)
