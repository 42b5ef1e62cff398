"""Every route of the product, in one place."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from backend.config import entrance, health, pages
from backend.config.metrics.view import metrics

api = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("", include("backend.apps.accounts.urls")),
    path("", include("backend.apps.workflows.urls")),
    path("", include("backend.apps.assets.urls")),
    path("", include("backend.apps.runs.urls")),
    path("", include("backend.apps.notifications.urls")),
    path("", include("backend.apps.schedules.urls")),
]

# The pages of the browser application, as frontend/src/app/routes.tsx has them.
APP_PAGES = (
    *("workflows", "runs", "todo", "topics", "notifications", "storage", "datasets", "models", "hosts", "images"),
    *("gallery", "parts", "projects", "account", "tokens", "schedules"),
)


class PageConverter(StringConverter):
    """An address of the browser application; what lies below a page is the application's own business."""

    regex = rf"(?:{'|'.join(APP_PAGES)})(?:/.*)?"


register_converter(PageConverter, "page")

urlpatterns = [
    path("", pages.app, name="home"),
    path("<page:place>", pages.app, name="page"),
    path("sign-in/", entrance.sign_in, name="password-sign-in"),
    path("join/<str:token>/", entrance.join, name="join"),
    path("sign-in/<str:token>/", pages.sign_in, name="sign-in"),
    path("sign-out/", pages.sign_out, name="sign-out"),
    path("healthz", health.healthz, name="health"),
    path("metrics", metrics, name="metrics"),
    path("api/", include(api)),
]

handler400 = pages.bad_request
handler404 = pages.not_found
handler500 = pages.server_error
