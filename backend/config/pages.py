"""The few pages that need no browser application: signing in and out, a first page, and what is not there."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.apps.accounts.selectors import memberships_of, sign_in_link_open
from backend.apps.accounts.services import sign_in_link_consume
from backend.shared.http import refusals

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    known = {"memberships": memberships_of(user), "public_url": settings.PIPELOOM_PUBLIC_URL}
    return render(request, "pages/home.html", known if user.is_authenticated else {})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, so that a link preview or a browser's prefetch cannot use the link up."""
    if request.method == "POST":
        user = sign_in_link_consume(token=token)
        if user is not None:
            login(request, user, backend=BACKEND)
            return redirect("/")
    link = sign_in_link_open(token)
    return render(request, "pages/sign_in.html", {"link": link}, status=200 if link else 404)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("/")


def _for_program(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/ws/", "/healthz"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    if _for_program(request):
        return refusals.not_found(request, exception)
    return render(request, "pages/problem.html", {"title": "There is nothing here"}, status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    return refusals.bad_request(request, exception)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    if _for_program(request):
        return refusals.csrf_refused(request, reason)
    return render(request, "pages/problem.html", {"title": "This page is too old; open it again"}, status=403)


def server_error(request: HttpRequest) -> HttpResponseBase:
    return refusals.server_error(request)
