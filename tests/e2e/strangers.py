"""That somebody else sees nothing: every address that the owner's browser asked and was answered, asked once more."""

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response, expect

OPEN = """(address) => new Promise((resolve) => {
    const socket = new WebSocket(address);
    socket.onmessage = ({ data }) => resolve(`a frame: ${data}`);
    socket.onclose = () => resolve("closed");
})"""
IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Trail:
    """What the pages of one person asked the server for, and got."""

    asked: set[str] = field(default_factory=set)
    sockets: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, page: Page) -> Self:
        trail = cls()
        page.context.on("response", trail._answered)
        page.on("websocket", lambda socket: trail.sockets.add(socket.url))
        return trail

    def _answered(self, answer: Response) -> None:
        address = urlsplit(answer.url)
        if answer.request.method == "GET" and answer.ok and address.path.startswith("/api/"):
            self.asked.add(f"{address.path}?{address.query}")

    def about(self, ids: set[str]) -> set[str]:
        """Addresses that name one of these things."""
        return {each for each in self.asked if ids & set(IDS.findall(each))}


def assert_hidden(page: Page, trail: Trail, ids: dict[str, str], words: tuple[str, ...]) -> None:
    """`page` is another person's: neither addresses of things nor lists, pages and sockets tell it anything."""
    secrets = (*ids.values(), *words)
    named = trail.about(set(ids.values()))
    assert len(named) > 10, f"the owner's pages asked for more than {named}"
    for address in sorted(trail.asked):
        answer = page.request.get(address)
        # Of a thing itself: that there is none. A list that was asked about it may answer, with nothing of it.
        hidden = set(IDS.findall(urlsplit(address).path)) & set(ids.values())
        assert answer.status == 404 if hidden else answer.status in (200, 404), address
        told = answer.text()
        assert not [each for each in secrets if each in told and each not in address], address
    for kind in ("workflow", "run", "model", "dataset"):
        page.goto(f"/{kind}s/{ids[kind]}")
        expect(page.get_by_role("main")).to_be_visible()
        expect(page.get_by_role("main").locator("[aria-busy=true]")).to_have_count(0)
        assert not [each for each in words if each in page.content()]
    watched = {address for address in trail.sockets if set(IDS.findall(address)) & set(ids.values())}
    assert watched
    for address in watched:
        assert page.evaluate(OPEN, address) == "closed", address
