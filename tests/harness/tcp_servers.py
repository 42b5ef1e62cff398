"""PostgreSQL and Redis as other machines' are: over TCP, with passwords. Throw-away, for tests of installations."""

import contextlib
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from backend.config.embedded.children import Child
from backend.config.embedded.home import home_at, home_ensure, write_private
from backend.config.embedded.postgres import cluster_ensure, postgres_at, postgres_child
from backend.config.embedded.redis_server import program_find, redis_child

SECONDS = 120.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextlib.contextmanager
def tcp_servers(folder: Path, postgres_password: str, redis_password: str) -> Iterator[tuple[int, int]]:
    """The ports of both, on loopback; `folder` must have a short path, for sockets lie in it as well."""
    home = home_at(folder / "servers")
    home_ensure(home)
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    ports = free_port(), free_port()
    postgres = postgres_at(home, runtime)
    cluster_ensure(postgres, password=postgres_password, durable=False)
    database = postgres_child(postgres, durable=False)
    listening = [*database.argv, "-c", "listen_addresses=127.0.0.1", "-c", f"port={ports[0]}"]
    broker = redis_child(home, runtime, program_find(home), redis_password)
    configuration = Path(broker.argv[1])
    text = configuration.read_text().replace("port 0\n", f"port {ports[1]}\nbind 127.0.0.1\n")
    write_private(configuration, text)
    children = [Child(broker), Child(replace(database, argv=listening))]
    try:
        _await(children)
        yield ports
    finally:
        for child in reversed(children):
            child.stop(at_once=True)


def _await(children: list[Child]) -> None:
    for child in children:
        child.start()
    deadline = time.monotonic() + SECONDS
    for child in children:
        while not child.is_ready:
            if child.ended() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{child.spec.name} did not start:\n{child.log_tail(20)}")
            time.sleep(0.02)
