"""What steps can run on."""

from dataclasses import asdict

from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.assets import serializers as wire
from backend.apps.assets.models import Engine
from backend.apps.assets.selectors import flavors_usable
from backend.shared.http import ProductView, operation
from backend.shared.pagination import cut_items


class EnginesView(ProductView):
    @operation(query=wire.EngineListQuery, answer=wire.EngineList, summary="List the engines")
    def get(self, request: Request) -> Response:
        rows = wire.EngineOut(Engine.objects.for_user(request.user), many=True).data
        by = {"name": ("name", "version", "id"), "created_at": ("created_at", "id")}
        return Response(asdict(cut_items(rows, self.query, columns=by, search=("name", "version", "description"))))


class FlavorsView(ProductView):
    @operation(query=wire.FlavorListQuery, answer=wire.FlavorList, summary="List the flavors")
    def get(self, request: Request) -> Response:
        """What a living host offers now, and what an administrator declared."""
        rows = flavors_usable(request.user).prefetch_related("offers")
        if "pool" in self.query:
            rows = rows.filter(pool=self.query["pool"])
        if self.query["declared"] is not None:
            rows = rows.filter(declared=self.query["declared"])
        by = {"gpus": ("gpus", "cpu", "flavor_id"), "cpu": ("cpu", "gpus", "flavor_id"), "flavor_id": ("flavor_id",)}
        shown = wire.FlavorOut(rows, many=True).data
        return Response(asdict(cut_items(shown, self.query, columns=by, search=("flavor_id", "title"))))
