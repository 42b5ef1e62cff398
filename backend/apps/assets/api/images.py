"""Container images that jobs name."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts.models import Role
from backend.apps.accounts.selectors import project_fetch
from backend.apps.assets import serializers as wire
from backend.apps.assets import services
from backend.apps.assets.models import Image
from backend.apps.assets.selectors import images_of
from backend.shared.http import ProductView, operation, read
from backend.shared.pagination import cut


class ImagesView(ProductView):
    @operation(query=wire.ImageListQuery, answer=wire.ImagePage, summary="List container images")
    def get(self, request: Request) -> Response:
        rows = images_of(request.user, project=self.query.get("project"), search=self.query.get("search", ""))
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.ImagePage(page).data)

    @operation(body=wire.ImageIn, answer={201: wire.ImageOut}, summary="Register a container image")
    def post(self, request: Request) -> Response:
        """Under the name that jobs say as `image_url`. 409: the project has one of this name."""
        given = read(wire.ImageIn, request)
        project = project_fetch(user=request.user, role=Role.AUTHOR, project_id=given.pop("project", None))
        row = services.image_register(project=project, user=request.user, **given)
        return Response(wire.ImageOut(row).data, status=201)


class ImageView(ProductView):
    @operation(answer=wire.ImageOut, summary="Show a container image")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        return Response(wire.ImageOut(_image(request, id, Role.VIEWER)).data)

    @operation(body=wire.ImageChange, answer=wire.ImageOut, summary="Change a container image")
    def patch(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """What is left out stays. Steps that run go on with what they began with."""
        found, given = _image(request, id, Role.AUTHOR), read(wire.ImageChange, request)
        return Response(wire.ImageOut(services.image_change(image=found, **given)).data)

    @operation(answer={204: None}, summary="Delete a container image")
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Steps that run go on; jobs that name it cannot be started until it is there again. Engines keep the image."""
        services.image_delete(image=_image(request, id, Role.AUTHOR))
        return Response(status=204)


def _image(request: Request, key: UUID, role: str) -> Image:
    found: Image = Image.objects.select_related("created_by").fetch_for(request.user, role, pk=key)
    return found
