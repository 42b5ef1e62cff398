"""The HTTP side of accounts: who am I, and my tokens."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts import serializers as wire
from backend.apps.accounts import services
from backend.apps.accounts.models import ApiToken
from backend.apps.accounts.selectors import memberships_of, tokens_of
from backend.shared.http import ProductView, operation, read
from backend.shared.pagination import cut


class MeView(ProductView):
    @operation(answer=wire.MeOut, summary="Who am I, and in which projects")
    def get(self, request: Request) -> Response:
        person = {"id": request.user.pk, "username": request.user.username, "projects": memberships_of(request.user)}
        return Response(wire.MeOut(person).data)


class TokensView(ProductView):
    @operation(query=wire.TokenListQuery, answer=wire.TokenPage, summary="List your tokens")
    def get(self, request: Request) -> Response:
        rows = tokens_of(request.user)
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.TokenPage(page).data)

    @operation(body=wire.TokenCreate, answer={201: wire.TokenMade}, summary="Make a token")
    def post(self, request: Request) -> Response:
        """For scripts: `Authorization: Bearer <token>`. The token is shown in this answer and never again."""
        row, plain = services.token_make(user=request.user, **read(wire.TokenCreate, request))
        return Response({**wire.TokenOut(row).data, "token": plain}, status=201)


class TokenView(ProductView):
    @operation(answer={204: None}, summary="Revoke a token")
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        services.token_revoke(token=_own(request, id))
        return Response(status=204)


def _own(request: Request, key: UUID) -> ApiToken:
    token: ApiToken = ApiToken.objects.fetch_for(request.user, pk=key)
    return token
