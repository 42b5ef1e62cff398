"""The pages at the entrance: name and password, and invitations."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import login
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from backend.apps.accounts import services
from backend.apps.accounts.models import Invitation, User
from backend.apps.accounts.selectors import invitation_open, memberships_of
from backend.config.browser import appearance
from backend.config.entrance_words import role_words, said, words
from backend.shared.clock import now
from backend.shared.errors import ProductError

BACKEND = "django.contrib.auth.backends.ModelBackend"
LONGEST = 500


def page(request: HttpRequest, name: str, known: dict[str, Any], *, status: int = 200) -> HttpResponse:
    look = appearance(request.COOKIES, request.headers.get("Accept-Language", ""))
    shared = {**look, "words": words(look["language"])}
    return render(request, f"pages/{name}.html", {**shared, **known}, status=status)


def _language(request: HttpRequest) -> str:
    return appearance(request.COOKIES, request.headers.get("Accept-Language", ""))["language"]


def _field(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "")[:LONGEST]


def entered(request: HttpRequest, user: User, to: str) -> HttpResponse:
    """Signed in, with a session of its own, in the language that the person has chosen before."""
    login(request, user, backend=BACKEND)
    answer = redirect(to)
    if user.language and "pipeloom_language" not in request.COOKIES:
        answer.set_cookie("pipeloom_language", user.language, max_age=365 * 24 * 3600, samesite="Lax")
    return answer


def after(request: HttpRequest) -> str:
    """Where to go then: a place of ours, or the first page."""
    wanted = request.GET.get("next") or request.POST.get("next") or "/"
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if own and len(wanted) <= LONGEST else "/"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """By name and password. The one-time link stands beside it."""
    to = after(request)
    if request.method != "POST":
        return redirect(to) if request.user.is_authenticated else page(request, "password", {"next": to})
    name = _field(request, "username")
    try:
        user = services.sign_in(request=request, username=name, password=_field(request, "password"))
    except ProductError as refused:
        known = {"next": to, "name": name, "problem": said(_language(request), refused.problems[0])}
        return page(request, "password", known, status=refused.status)
    return entered(request, user, to)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponseBase:
    """Looking changes nothing; what is posted from here accepts."""
    invitation = invitation_open(token)
    if invitation is None:
        return page(request, "invitation_over", {}, status=404)
    if request.method != "POST":
        return _invitation(request, token, invitation)
    try:
        return _accept(request, token)
    except ProductError as refused:
        if refused.status == 404:
            return page(request, "invitation_over", {}, status=404)
        problem = said(_language(request), refused.problems[0])
        known = {"problem": problem, "wrong": refused.problems[0].path.strip("/"), "name": _field(request, "username")}
        return _invitation(request, token, invitation, known, status=refused.status)


def _accept(request: HttpRequest, token: str) -> HttpResponse:
    user = request.user
    if isinstance(user, User):
        project = services.invitation_accept(token=token, user=user)
        return redirect(f"/?project={project.pk}")
    made, project = services.invitation_register(
        token=token, username=_field(request, "username"), password=_field(request, "password")
    )
    return entered(request, made, f"/?project={project.pk}")


def _invitation(
    request: HttpRequest, token: str, found: Invitation, more: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    language = _language(request)
    say, project = words(language), found.project.name
    role, may = role_words(language, found.role)
    mine = memberships_of(request.user).filter(project=found.project).first()
    inviter = found.created_by.shown_name if found.created_by else None
    known: dict[str, Any] = {
        "title": say["join_title"].format(project=project),
        "said": (say["invited_by"] if inviter else say["invited"]).format(who=inviter, project=project),
        "project": found.project,
        "role": role,
        "may": may,
        "days": max(1, (found.expires_at - now()).days),
        "expires_at": found.expires_at,
        "least": say["least"].format(least=_least()),
        "sign_in": "/sign-in/?" + urlencode({"next": f"/join/{token}/"}),
    }
    if isinstance(request.user, User):
        known |= {
            "join_as": say["join_as"].format(name=request.user.shown_name),
            "not_me": say["not_me"].format(name=request.user.shown_name),
        }
    if mine is not None:
        has = role_words(language, mine.role)[0]
        known |= {"already": say["member_already"].format(project=project, role=has)}
    return page(request, "join", {**known, **(more or {})}, status=status)


def _least() -> int:
    lengths = [
        each.min_length for each in get_default_password_validators() if isinstance(each, MinimumLengthValidator)
    ]
    return max(lengths, default=1)
