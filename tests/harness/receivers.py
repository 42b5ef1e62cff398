"""Real servers that messages are sent to: a mail server and a web server, with TLS by a certificate of the tests."""

import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATES = Path(__file__).parent / "certificates"
AUTHORITY = CERTIFICATES / "server.pem"
USER, PASSWORD = "pipeloom", "correct horse"


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(AUTHORITY, CERTIFICATES / "server.key")
    return context


def client_context() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(AUTHORITY))


@dataclass
class Mails:
    """What a mail server took. `refuse` maps a recipient to the answer it gets."""

    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server
        found = message_from_bytes(bytes(envelope.content or b""), policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.received.append(found)
        self.envelopes.append(envelope)
        self.encrypted.append(session.ssl is not None)
        return "250 taken"


class _Silent(SMTP):
    """Greets, and then says nothing more."""

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        del hostname


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    del server, session, envelope, mechanism
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=good)


class _Controller(Controller):
    def __init__(self, mails: Mails, *, silent: bool, starttls: bool, login: bool) -> None:
        self._silent = silent
        self._more = {
            "tls_context": server_context() if starttls else None,
            "require_starttls": starttls,
            "auth_required": login,
            "auth_require_tls": starttls,
            "authenticator": _authenticate,
        }
        super().__init__(mails, hostname="127.0.0.1", port=0)

    def factory(self) -> SMTP:
        return (_Silent if self._silent else SMTP)(self.handler, **self._more)

    def _trigger_server(self) -> None:
        """Knock once, at the port that the system gave us."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server(*, silent: bool = False, starttls: bool = False, login: bool = False) -> Iterator[Mails]:
    mails = Mails()
    controller = _Controller(mails, silent=silent, starttls=starttls, login=login)
    controller.start()
    mails.port = controller.port
    try:
        yield mails
    finally:
        controller.stop()


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Hooks:
    """What a web server was sent; `answer` says what each request gets."""

    port: int = 0
    received: list[Request] = field(default_factory=list)
    answer: Callable[["Hooks", http.server.BaseHTTPRequestHandler], None] = lambda hooks, handler: plain(handler, 204)


def plain(handler: http.server.BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in {**headers, "Content-Length": str(len(body))}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def hook_server(*, tls: bool = False, address: str = "127.0.0.1") -> Iterator[Hooks]:
    hooks = Hooks()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            hooks.received.append(Request(self.path, {key.lower(): value for key, value in self.headers.items()}, body))
            hooks.answer(hooks, self)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer((address, 0), Handler)
    server.daemon_threads = True
    if tls:
        server.socket = server_context().wrap_socket(server.socket, server_side=True)
    hooks.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hooks
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
