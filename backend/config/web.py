"""The web process: one ASGI server on the listening socket that `up` hands over."""

import argparse
import os
import socket

import uvicorn

# Frames from a browser are small: `after` numbers and pings.
LARGEST_FRAME = 64 * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fd", type=int, required=True, help="a listening socket, inherited")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
    listener = socket.socket(fileno=options.fd)
    behind_proxy = os.environ.get("PIPELOOM_BEHIND_PROXY") == "1"
    server = uvicorn.Server(
        uvicorn.Config(
            "backend.config.asgi:application",
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
    )
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
