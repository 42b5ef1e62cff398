"""Where this process gets its launchers from: a warm process of its own, started with its first attempt.

Starting an interpreter for each launcher would be half of all that a step costs.
"""

from __future__ import annotations

import os
import socket
import subprocess

from workers.sandbox.kernel import adopt_orphans
from workers.sandbox.nursery import LONGEST_TOKEN, NOBODY
from workers.sandbox.probe import LAUNCHER_ARGV
from workers.sandbox.spec import COOKIE

_SECONDS = 30.0


class Nursery:
    """One that has died is replaced; the attempt that saw it die takes the next."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Returns at once: it loads while others work."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        # Its launchers are orphans, and so is what a killed launcher leaves behind: both become our children.
        adopt_orphans()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(_SECONDS)
        with theirs:
            self._process = subprocess.Popen(
                [*LAUNCHER_ARGV, "--nursery"],
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                env={COOKIE: NOBODY, "PATH": os.environ.get("PATH", "")},
                start_new_session=True,
            )
        self._socket = ours

    def launcher(self, token: str) -> tuple[int, int, int]:
        """A new one: its process id, and the ends of its two pipes. It waits for its specification."""
        self.open()
        if self._socket is None:
            raise AssertionError("it is open")
        theirs_in, ours_in = os.pipe2(os.O_CLOEXEC)
        ours_out, theirs_out = os.pipe2(os.O_CLOEXEC)
        try:
            socket.send_fds(self._socket, [token.encode()], [theirs_in, theirs_out])
            answer = self._socket.recv(LONGEST_TOKEN)
            if not answer:
                raise ConnectionResetError("the nursery has ended")
        except OSError:
            self.close()
            os.close(ours_in)
            os.close(ours_out)
            raise
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        return int(answer), ours_in, ours_out

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._socket = None


nursery = Nursery()
