"""Algorithms that jobs name by an id."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts.models import Role
from backend.apps.accounts.selectors import project_fetch
from backend.apps.assets import serializers as wire
from backend.apps.assets import services
from backend.apps.assets.models import Algorithm
from backend.apps.assets.selectors import algorithms_of
from backend.shared.http import ProductView, operation, read
from backend.shared.pagination import cut


class AlgorithmsView(ProductView):
    @operation(query=wire.AlgorithmListQuery, answer=wire.AlgorithmPage, summary="List algorithms")
    def get(self, request: Request) -> Response:
        rows = algorithms_of(request.user, project=self.query.get("project"), search=self.query.get("search", ""))
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.AlgorithmPage(page).data)

    @operation(
        body=wire.AlgorithmIn,
        answer={200: wire.AlgorithmOut, 201: wire.AlgorithmOut},
        summary="Register an algorithm",
    )
    def post(self, request: Request) -> Response:
        """Under the id that jobs name. 200: it was there already; 409: another one has this id and version."""
        given = read(wire.AlgorithmIn, request)
        project = project_fetch(user=request.user, role=Role.AUTHOR, project_id=given.pop("project", None))
        row, made = services.algorithm_register(project=project, user=request.user, **given)
        return Response(wire.AlgorithmOut(row).data, status=201 if made else 200)


class AlgorithmView(ProductView):
    @operation(answer=wire.AlgorithmOut, summary="Show an algorithm")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        found = Algorithm.objects.select_related("created_by").fetch_for(request.user, pk=id)
        return Response(wire.AlgorithmOut(found).data)

    @operation(answer={204: None}, summary="Delete an algorithm")
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Runs that began with it go on; workflows that name it cannot be started until it is there again."""
        services.algorithm_delete(algorithm=Algorithm.objects.fetch_for(request.user, Role.AUTHOR, pk=id))
        return Response(status=204)
