"""The one ASGI application: HTTP by Django, sockets by the live edge."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application
from django.utils.module_loading import import_string

from backend.config.body_limit import body_limit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
_http = get_asgi_application()

application = ProtocolTypeRouter(
    {
        "http": body_limit(_http),
        # By name: it imports models, which only works after the line above has set Django up.
        "websocket": import_string("backend.live.routing.websocket_application"),
    }
)
