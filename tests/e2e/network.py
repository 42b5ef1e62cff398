"""A network that a test takes away from one page: sockets alone, or everything that leads to the server."""

import re
from typing import Literal

from playwright.sync_api import Page, Route, WebSocketRoute

State = Literal["up", "no sockets", "away"]


class Network:
    """Between a page and the server; put in before the page opens its first socket."""

    def __init__(self, page: Page) -> None:
        self.state: State = "up"
        self.refused = 0
        self._open: list[WebSocketRoute] = []
        page.route_web_socket(re.compile("/ws/"), self._socket)
        page.route("**/api/**", self._request)

    def becomes(self, state: State) -> None:
        """Sockets that are open are cut where the new state has none."""
        self.state = state
        if state != "up":
            cut, self._open = self._open, []
            for socket in cut:
                socket.close(code=1012)

    def _socket(self, socket: WebSocketRoute) -> None:
        if self.state != "up":
            self.refused += 1
            socket.close(code=1012)
            return
        socket.connect_to_server()
        self._open.append(socket)

    def _request(self, route: Route) -> None:
        if self.state == "away":
            self.refused += 1
            route.abort("connectionrefused")
        else:
            route.continue_()
