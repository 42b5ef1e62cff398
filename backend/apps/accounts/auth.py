"""How a request of the API says who it is from: a bearer token. Sessions are Django's own, with CSRF."""

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from backend.apps.accounts.models import User
from backend.apps.accounts.selectors import user_of_token

LONGEST = 200


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`. Never a cookie, hence no CSRF."""

    keyword = "Bearer"

    def authenticate(self, request: Request | HttpRequest) -> tuple[User, None] | None:
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer" or not secret.strip() or len(secret) > LONGEST:
            raise AuthenticationFailed("The Authorization header must read: Bearer <token>.")
        user = user_of_token(secret.strip())
        if user is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked. Make a new one.")
        return user, None

    def authenticate_header(self, request: Request) -> str:
        del request
        return f'{self.keyword} realm="pipeloom"'
