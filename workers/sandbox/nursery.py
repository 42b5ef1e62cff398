"""`launch.py --nursery`: has loaded the launcher's code, and nothing else, and forks a launcher for each attempt.

Standard input is a socket to one agent: a message is an attempt's token with the ends of the launcher's two pipes, the
answer is the launcher's process id. The launcher is orphaned at birth, so that the agent, which adopts orphans, is its
parent: it waits for it, and its death is the launcher's end, as if the agent had started it itself.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys

from workers.sandbox.kernel import die_with_parent, rewrite_environment
from workers.sandbox.spec import COOKIE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

LONGEST_TOKEN = 64
NOBODY = " " * LONGEST_TOKEN
"""The cookie's place, which every launcher fills in its own memory."""


def serve(launch: Callable[[], None]) -> None:
    """Until the agent's end of the socket is closed."""
    die_with_parent(signal.SIGKILL)
    agent = socket.socket(fileno=0)
    told, telling = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    # What is here now is never garbage: a launcher that looked at it would only copy its pages.
    gc.freeze()
    while True:
        token, pipes, _, _ = socket.recv_fds(agent, LONGEST_TOKEN, 2)
        if len(pipes) != 2:
            return
        middle = os.fork()
        if middle == 0:
            _bear(token.decode(), pipes, telling, launch)
        for pipe in pipes:
            os.close(pipe)
        # Only when the one between has gone is the agent the launcher's parent.
        os.waitpid(middle, 0)
        agent.send(os.read(told, 32))


def _bear(token: str, pipes: list[int], telling: int, launch: Callable[[], None]) -> NoReturn:
    try:
        launcher = os.fork()
        if launcher == 0:
            _become_launcher(token, pipes, launch)
        os.write(telling, str(launcher).encode())
    finally:
        os._exit(0)


def _become_launcher(token: str, pipes: list[int], launch: Callable[[], None]) -> NoReturn:
    try:
        os.setsid()
        rewrite_environment(COOKIE, token)
        for pipe, standard in zip(pipes, (0, 1), strict=True):
            os.dup2(pipe, standard)
        os.closerange(3, max(pipes) + 1)
        launch()
    except BaseException:  # noqa: BLE001 - a copy of the nursery must never run on
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)
