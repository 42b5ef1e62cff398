"""What steps can run on."""

from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.assets import serializers as wire
from backend.apps.assets.models import Engine
from backend.apps.assets.selectors import flavors_usable
from backend.shared.http import ProductView, operation


class EnginesView(ProductView):
    @operation(answer=wire.EngineList, summary="List the engines")
    def get(self, request: Request) -> Response:
        rows = Engine.objects.for_user(request.user).order_by("name", "version")
        return Response(wire.EngineList({"items": rows}).data)


class FlavorsView(ProductView):
    @operation(answer=wire.FlavorList, summary="List the flavors")
    def get(self, request: Request) -> Response:
        """What a living host offers now, and what an administrator declared."""
        rows = flavors_usable(request.user).prefetch_related("offers").order_by("gpus", "cpu", "flavor_id")
        return Response(wire.FlavorList({"items": rows}).data)
