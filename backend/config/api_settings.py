"""Django REST framework and drf-spectacular: how the API behaves and describes itself."""

from typing import Any

from backend.config.version import VERSION

REST_FRAMEWORK: dict[str, Any] = {
    # The first one decides how a refusal is worded: 401 with a challenge, not 403.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "backend.apps.accounts.auth.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # None: a view that reads a body says how (ProductView does). Naming our parser here would make
    # rest_framework.views import our views, which import rest_framework.views.
    "DEFAULT_PARSER_CLASSES": [],
    "EXCEPTION_HANDLER": "backend.shared.http.refusals.exception_handler",
    # `?format=` belongs to the operations that have it.
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "backend.config.openapi.AutoSchema",
    "COERCE_DECIMAL_TO_STRING": False,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Pipeloom",
    "DESCRIPTION": "Draw machine-learning pipelines, run them, watch them live.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": True,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "backend.config.openapi.complete"],
    # Several lists of choices under one field name need names of their own.
    "ENUM_NAME_OVERRIDES": {
        "KindEnum": ["file", "directory", "other"],
        "ChannelKindEnum": ["member", "mail", "webhook"],
        "DeliveryKindEnum": ["inbox", "mail", "webhook"],
    },
    "SCHEMA_PATH_PREFIX": "/api/",
    # The documentation pages load from this server only: no request leaves the origin.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None, "displayRequestDuration": True},
}
