"""A small HTTP server for the figures of processes that have no other: the reconciler and the workers."""

from __future__ import annotations

import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from backend.shared.telemetry import registry
from backend.shared.telemetry.access import may_read

log = logging.getLogger(__name__)


class AddressError(ValueError):
    """The address to listen at cannot be understood or used; the text says what would be."""


def _parsed(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not port.isdigit() or int(port) > 65535:
        raise AddressError(f"{address!r} is no address for metrics: write HOST:PORT, for example 127.0.0.1:9471.")
    return host.strip("[]") or "127.0.0.1", int(port)


def serve(address: str, figures: CollectorRegistry | None = None) -> ThreadingHTTPServer:
    """Begin to serve /metrics at HOST:PORT, in threads. Port 0: any."""
    shown = figures or registry()

    class Handler(BaseHTTPRequestHandler):
        timeout = 10
        server_version, sys_version = "Pipeloom", ""

        def do_GET(self) -> None:
            if self.path.partition("?")[0] != "/metrics":
                self._answer(404, b"Only /metrics is here.\n")
            elif not may_read({name.lower(): value for name, value in self.headers.items()}, self.client_address[0]):
                self._answer(403, b"Send the token of PIPELOOM_METRICS_TOKEN as a bearer token.\n")
            else:
                self._answer(200, generate_latest(shown), CONTENT_TYPE_LATEST)

        def _answer(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
            log.debug(format, *args)

    try:
        server = ThreadingHTTPServer(_parsed(address), Handler)
    except OSError as error:
        raise AddressError(f"Metrics cannot be served at {address}: {error.strerror}. Choose another port.") from error
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    log.info("Metrics at http://%s:%s/metrics", *server.server_address[:2])
    return server
