"""Datasets, their samples and versions."""

import os
from uuid import UUID

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.assets import serializers as wire
from backend.apps.assets.api.storage import BYTES, PART
from backend.apps.assets.models import Dataset, DatasetVersion
from backend.apps.assets.selectors import dataset_class_counts, datasets_of, samples_of
from backend.shared.http import ProductView, Served, file_response, operation
from backend.shared.pagination import containing, cut
from backend.shared.storage import Root, Roots, logical_path


class DatasetsView(ProductView):
    @operation(query=wire.DatasetListQuery, answer=wire.DatasetPage, summary="List datasets")
    def get(self, request: Request) -> Response:
        rows = datasets_of(request.user, project=self.query.get("project"), search=self.query.get("search", ""))
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.DatasetPage(page).data)


class DatasetView(ProductView):
    @operation(answer=wire.DatasetDetail, summary="Show a dataset with its classes")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        dataset = datasets_of(request.user).fetch_for(request.user, pk=id)
        return Response({**wire.DatasetOut(dataset).data, "classes": dataset_class_counts(dataset)})


class SamplesView(ProductView):
    @operation(query=wire.SampleQuery, answer=wire.SamplePage, summary="List the samples of a dataset")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        rows = samples_of(Dataset.objects.fetch_for(request.user, pk=id).pk)
        if "label" in self.query:
            label = self.query["label"]
            rows = rows.filter(labels__contains=[label]) if label else rows.filter(labels=[])
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.SamplePage(page).data)


class DatasetVersionsView(ProductView):
    @operation(query=wire.VersionQuery, answer=wire.DatasetVersionPage, summary="List the versions of a dataset")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        dataset = Dataset.objects.fetch_for(request.user, pk=id)
        rows = DatasetVersion.objects.for_user(request.user).filter(dataset=dataset)
        rows = containing(rows, self.query.get("search", ""), "name")
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.DatasetVersionPage(page).data)


class DatasetVersionView(ProductView):
    @operation(answer=wire.DatasetVersionOut, summary="Show a dataset version")
    def get(self, request: Request, id: UUID, name: str) -> Response:  # noqa: A002
        version = DatasetVersion.objects.fetch_for(request.user, dataset_id=id, name=name)
        return Response(wire.DatasetVersionOut(version).data)


class DatasetVersionFileView(ProductView):
    @operation(query=wire.FileQuery, answer={**BYTES, **PART}, summary="Download a file of a dataset version")
    def get(self, request: Request, id: UUID, name: str) -> HttpResponseBase:  # noqa: A002
        """manifest.jsonl, train.jsonl or eval.jsonl."""
        version = DatasetVersion.objects.fetch_for(request.user, dataset_id=id, name=name)
        return served_below(request, version, self.query["path"])


def served_below(request: Request, row: DatasetVersion | object, path: str) -> HttpResponseBase:
    """A file of the folder of a version; the folder plays the part of a storage, so its rules hold."""
    place = logical_path(f"/files/{path}")
    file = Roots([Root("files", row.path, read_only=True)]).open_read(str(place))  # type: ignore[attr-defined]
    found = os.fstat(file.fileno())
    return file_response(request, Served(file, place.parts[-1], found.st_size, found.st_mtime))
