"""The listening socket of the web process, made by `up`.

Because `up` holds it, no other program can take the port while the web process restarts, and
connections that arrive meanwhile wait instead of being refused.
"""

import socket

from backend.config.embedded.problems import SetupError

DEFAULT_PORT = 8470
TRIED = 100
HOST = "127.0.0.1"


def listen(port: int | None) -> socket.socket:
    """An explicit port or an error; by default the first free one from 8470. 0 = any."""
    if port is not None:
        try:
            return _bound(port)
        except OSError as error:
            raise SetupError(
                f"Port {port} cannot be used ({error.strerror}). Stop what uses it, choose another with --port N, "
                "or leave --port away and the next free one is taken."
            ) from error
        except OverflowError:
            raise SetupError(f"{port} is not a port: choose --port between 1 and 65535.") from None
    for candidate in range(DEFAULT_PORT, DEFAULT_PORT + TRIED):
        try:
            return _bound(candidate)
        except OSError:
            continue
    raise SetupError(f"Ports {DEFAULT_PORT} to {DEFAULT_PORT + TRIED - 1} are all taken. Choose one with --port N.")


def _bound(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(512)
    except BaseException:
        listener.close()
        raise
    return listener
