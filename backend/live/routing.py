"""Which address is which socket."""

from channels.routing import URLRouter
from django.urls import path, re_path

from backend.live.consumers import MeSocket, RunSocket, no_such_socket

websocket_urlpatterns = [
    path("ws/runs/<uuid:id>/", RunSocket(), name="ws-run"),
    path("ws/me/", MeSocket(), name="ws-me"),
    re_path(r"", no_such_socket, name="ws-none"),
]
websocket_application = URLRouter(websocket_urlpatterns)
