"""Files of a project's storages: list, look, download, upload, make folders, delete."""

import os
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO

from django.conf import settings
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts.models import Role
from backend.apps.accounts.selectors import project_fetch
from backend.apps.assets import serializers as wire
from backend.apps.assets.services import storage_roots
from backend.shared.http import ProductView, RawBody, Served, file_response, operation, read
from backend.shared.pagination import bad_cursor, cut_items
from backend.shared.storage import Entry, Roots, Target, etag_of, logical_path

CHUNK = 1 << 20
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The file's etag; * for any. Otherwise: 412, and no change."
)
BYTES = {(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The file's bytes.")}
PART = {(206, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The range that was asked for.")}


class StorageView(ProductView):
    def roots(self, request: Request, role: str = Role.VIEWER) -> Roots:
        project = project_fetch(user=request.user, role=role, project_id=self.query.get("project"))
        return storage_roots(project=project)


class RootsView(StorageView):
    @operation(query=wire.StorageRootQuery, answer=wire.StorageRootList, summary="List the storages")
    def get(self, request: Request) -> Response:
        items = [
            {"name": root.name, "path": f"/{root.name}/", "read_only": root.read_only} for root in self.roots(request)
        ]
        return Response(asdict(cut_items(items, self.query, columns={"name": ("name",)}, search=("name",))))


class EntriesView(StorageView):
    @operation(query=wire.EntriesQuery, answer=wire.EntryPage, summary="List a folder")
    def get(self, request: Request) -> Response:
        """Folders first."""
        path, roots = self.query["path"], self.roots(request)
        given = {"order": self.query["order"], "after": self.query.get("cursor", ""), "limit": self.query["limit"]}
        try:
            found = roots.list(path, **given)
        except ValueError:
            raise bad_cursor() from None
        items = [entry_shown(_joined(path, each), each) for each in found.entries]
        return Response(wire.EntryPage({"items": items, "next": found.next}).data)

    @operation(query=wire.DeleteQuery, answer={204: None}, summary="Delete a file or folder")
    def delete(self, request: Request) -> Response:
        self.roots(request, Role.AUTHOR).delete(self.query["path"], recursive=self.query["recursive"])
        return Response(status=204)


class EntryView(StorageView):
    @operation(query=wire.PathQuery, answer=wire.EntryOut, summary="Show one file or folder")
    def get(self, request: Request) -> Response:
        place = str(logical_path(self.query["path"]))
        return Response(wire.EntryOut(entry_shown(place, self.roots(request).stat(place))).data)

    @operation(query=wire.PathQuery, body=wire.MoveIn, answer=wire.EntryOut, summary="Rename or move a file or folder")
    def patch(self, request: Request) -> Response:
        """Never onto something that is there."""
        roots, place = self.roots(request, Role.AUTHOR), str(logical_path(read(wire.MoveIn, request)["path"]))
        roots.rename(self.query["path"], place)
        return Response(wire.EntryOut(entry_shown(place, roots.stat(place))).data)


class FoldersView(StorageView):
    @operation(query=wire.ProjectQuery, body=wire.FolderIn, answer={201: wire.EntryOut}, summary="Make a folder")
    def post(self, request: Request) -> Response:
        """With those above it. Already there is fine."""
        roots = self.roots(request, Role.AUTHOR)
        place = str(logical_path(read(wire.FolderIn, request)["path"]))
        roots.mkdir(place)
        return Response(wire.EntryOut(entry_shown(place, roots.stat(place))).data, status=201)


class FileView(StorageView):
    parser_classes = (RawBody,)  # type: ignore[assignment]

    @operation(query=wire.PathQuery, answer={**BYTES, **PART}, summary="Download a file")
    def get(self, request: Request) -> HttpResponseBase:
        """Understands Range. Always an attachment."""
        place = logical_path(self.query["path"])
        file = self.roots(request).open_read(str(place))
        found = os.fstat(file.fileno())
        return file_response(request, Served(file, place.parts[-1], found.st_size, found.st_mtime, etag_of(found)))

    @operation(
        query=wire.UploadQuery,
        body={"application/octet-stream": OpenApiTypes.BINARY},
        answer={201: wire.UploadedOut},
        headers=[IF_MATCH],
        summary="Upload a file",
    )
    def put(self, request: Request) -> Response:
        """The body is the file. It appears as a whole or not at all; with If-Match, only in place of that state."""
        path, limit = self.query["path"], settings.PIPELOOM_UPLOAD_MAX_BYTES
        roots = self.roots(request, Role.AUTHOR)
        target = Target(overwrite=self.query["overwrite"], expected=request.headers.get("If-Match"))
        made = roots.write(path, chunks(request.data), max_bytes=limit, target=target)
        answer = {"path": path, "size": made.size, "sha256": made.sha256, "etag": made.etag}
        return Response(wire.UploadedOut(answer).data, status=201, headers={"ETag": made.etag})


def chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK) if hasattr(stream, "read") else b"":
        yield chunk


def _joined(folder: str, entry: Entry) -> str:
    ending = "/" if entry.kind == "directory" else ""
    return f"{folder.rstrip('/')}/{entry.name}{ending}"


def entry_shown(path: str, entry: Entry) -> dict[str, object]:
    return {
        "path": path,
        "name": entry.name,
        "kind": entry.kind,
        "size": entry.size,
        "modified": entry.modified,
        "etag": entry.etag,
    }
