"""Registered models and their versions."""

from uuid import UUID

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.assets import serializers as wire
from backend.apps.assets.api.datasets import served_below
from backend.apps.assets.api.storage import BYTES, PART
from backend.apps.assets.models import ModelVersion, RegisteredModel
from backend.apps.assets.selectors import model_versions_of, models_of
from backend.shared.http import ProductView, operation
from backend.shared.pagination import containing, cut


class ModelsView(ProductView):
    @operation(query=wire.DatasetListQuery, answer=wire.ModelPage, summary="List models")
    def get(self, request: Request) -> Response:
        rows = models_of(request.user, project=self.query.get("project"), search=self.query.get("search", ""))
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.ModelPage(page).data)


class ModelView(ProductView):
    @operation(answer=wire.ModelOut, summary="Show a model")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        return Response(wire.ModelOut(models_of(request.user).fetch_for(request.user, pk=id)).data)


class ModelVersionsView(ProductView):
    @operation(query=wire.ModelVersionQuery, answer=wire.ModelVersionPage, summary="List the versions of a model")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        rows = model_versions_of(request.user, RegisteredModel.objects.fetch_for(request.user, pk=id))
        rows = containing(rows, self.query.get("search", ""), "version", "description")
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.ModelVersionPage(page).data)


class ModelVersionView(ProductView):
    @operation(answer=wire.ModelVersionDetail, summary="Show a model version with its lineage and files")
    def get(self, request: Request, id: UUID, version: str) -> Response:  # noqa: A002
        found = ModelVersion.objects.select_related("model").fetch_for(request.user, model_id=id, version=version)
        return Response(wire.ModelVersionDetail(found).data)


class ModelVersionFileView(ProductView):
    @operation(query=wire.FileQuery, answer={**BYTES, **PART}, summary="Download a file of a model version")
    def get(self, request: Request, id: UUID, version: str) -> HttpResponseBase:  # noqa: A002
        found = ModelVersion.objects.fetch_for(request.user, model_id=id, version=version)
        return served_below(request, found, self.query["path"])
