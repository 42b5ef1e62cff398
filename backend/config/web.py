"""The web process: one ASGI server on the listening socket that `up` hands over."""

import argparse
import os
import resource
import socket

import uvicorn

from backend.config.patience import PatientProtocol

# A thousand people who watch are a thousand descriptors, and 1,024 is what a shell usually allows.
MOST_DESCRIPTORS = 65_536
# Frames from a browser are small: `after` numbers and pings.
LARGEST_FRAME = 64 * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--fd", type=int, help="a listening socket, inherited")
    where.add_argument("--bind", metavar="HOST:PORT", help="where to listen, for example 0.0.0.0:8470 in a container")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
    listener = socket.socket(fileno=options.fd) if options.fd is not None else _listen(parser, options.bind)
    descriptors_raise()
    behind_proxy = os.environ.get("PIPELOOM_BEHIND_PROXY") == "1"
    uvicorn.Server(server_config(behind_proxy=behind_proxy)).run(sockets=[listener])


def descriptors_raise() -> None:
    """As far as this user may."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if most == resource.RLIM_INFINITY else min(most, MOST_DESCRIPTORS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def server_config(*, behind_proxy: bool = False) -> uvicorn.Config:
    """How we are served; tests serve so, too."""
    return uvicorn.Config(
        "backend.config.asgi:application",
        http=PatientProtocol,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=behind_proxy,
        ws_max_size=LARGEST_FRAME,
        # Frames are small changes: compressing each for every viewer costs more than it saves.
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=3,
    )


def _listen(parser: argparse.ArgumentParser, address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        parser.error(f"{address!r} is no address to listen at: write HOST:PORT, for example 127.0.0.1:8470.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), int(port)), family=family, backlog=2048)
    except OSError as error:
        return parser.error(f"cannot listen at {address}: {error.strerror}. Choose another address or port.")


if __name__ == "__main__":
    main()
