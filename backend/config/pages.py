"""Pages that Django makes: the one that loads the browser application, signing in and out, what is not there."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.apps.accounts.selectors import memberships_of, sign_in_link_open
from backend.apps.accounts.services import sign_in_link_consume
from backend.config.browser import build
from backend.config.entrance import after, entered, page
from backend.shared.http import refusals


@never_cache
@require_safe
def app(request: HttpRequest, **place: str) -> HttpResponse:
    """The browser application; what it shows is decided there, by the address. Strangers are told how to sign in."""
    user = request.user
    if not user.is_authenticated:
        return page(request, "home", {"next": request.get_full_path() if place else "/"})
    if build() is None:
        known = {"memberships": memberships_of(user), "public_url": settings.PIPELOOM_PUBLIC_URL}
        return page(request, "home", known)
    return page(request, "app", {"build": build()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, so that a link preview or a browser's prefetch cannot use the link up."""
    if request.method == "POST":
        user = sign_in_link_consume(token=token)
        if user is not None:
            return entered(request, user, after(request))
    link = sign_in_link_open(token)
    return page(request, "sign_in", {"link": link}, status=200 if link else 404)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("/")


def _for_program(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/ws/", "/healthz", "/metrics"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    if _for_program(request):
        return refusals.not_found(request, exception)
    return page(request, "problem", {"what": "nothing"}, status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    return refusals.bad_request(request, exception)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    if _for_program(request):
        return refusals.csrf_refused(request, reason)
    return page(request, "problem", {"what": "old"}, status=403)


def server_error(request: HttpRequest) -> HttpResponseBase:
    return refusals.server_error(request)
