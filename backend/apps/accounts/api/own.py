"""What is the asker's own: who they are, their password, their tokens."""

from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts import serializers as wire
from backend.apps.accounts import services
from backend.apps.accounts.models import ApiToken, User
from backend.apps.accounts.selectors import memberships_of, project_fetch, tokens_of, whole_person
from backend.domain.problems import problem
from backend.shared.errors import ProductError
from backend.shared.http import ProductView, operation, read
from backend.shared.pagination import containing, cut


def _me(user: User) -> Response:
    names = ("username", "display_name", "email", "language")
    person = {"id": user.pk, **{name: getattr(user, name) for name in names}}
    person |= {"has_password": user.has_usable_password(), "projects": memberships_of(user)}
    return Response(wire.MeOut(person, context={"user": user}).data)


class MeView(ProductView):
    @operation(answer=wire.MeOut, summary="Who am I, and in which projects")
    def get(self, request: Request) -> Response:
        return _me(request.user)

    @operation(body=wire.MeChange, answer=wire.MeOut, summary="Change how you are called and written to")
    def patch(self, request: Request) -> Response:
        return _me(services.profile_change(user=whole_person(request.user), **read(wire.MeChange, request)))


class PasswordView(ProductView):
    @operation(body=wire.PasswordChange, answer={204: None}, summary="Change your password")
    def post(self, request: Request) -> Response:
        """In the browser only. Signs you out everywhere else; tokens stay. Without a password so far, it sets one."""
        if not isinstance(request.successful_authenticator, SessionAuthentication):
            raise ProductError.of(problem("auth.session_needed"), status=403)
        services.password_renew(request=request._request, user=request.user, **read(wire.PasswordChange, request))
        # Else this session would end with the others.
        update_session_auth_hash(request._request, request.user)
        return Response(status=204)


class TokensView(ProductView):
    @operation(query=wire.TokenListQuery, answer=wire.TokenPage, summary="List your tokens")
    def get(self, request: Request) -> Response:
        rows = containing(tokens_of(whole_person(request.user)), self.query.get("search", ""), "name")
        if "project" in self.query:
            rows = rows.filter(project_id=self.query["project"])
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.TokenPage(page).data)

    @operation(body=wire.TokenCreate, answer={201: wire.TokenMade}, summary="Make a token")
    def post(self, request: Request) -> Response:
        """For scripts: `Authorization: Bearer <token>`. The token is shown in this answer and never again."""
        user, given = whole_person(request.user), read(wire.TokenCreate, request)
        if "project" in given:
            given["project"] = project_fetch(user=user, role="viewer", project_id=given["project"])
        row, plain = services.token_make(user=user, **given)
        return Response({**wire.TokenOut(row).data, "token": plain}, status=201)


class TokenView(ProductView):
    @operation(answer={204: None}, summary="Revoke a token")
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        services.token_revoke(token=_own(request, id))
        return Response(status=204)


def _own(request: Request, key: UUID) -> ApiToken:
    token: ApiToken = ApiToken.objects.fetch_for(whole_person(request.user), pk=key)
    return token
