"""Stands between a process and PostgreSQL and, when told to, falls silent: as a network does that drops every packet.

Connections that were open when it fell silent never hear anything again, not even that they are closed.
"""

import contextlib
import select
import socket
import threading
from pathlib import Path
from types import TracebackType

NAME = ".s.PGSQL.5432"
CHUNK = 1 << 16


class SilentProxy:
    """A folder with a socket that libpq takes for a server's. `unheard` counts those who came during the silence."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.folder = folder
        self._server = server / NAME
        self._silent = threading.Event()
        self._over = threading.Event()
        self._generation = 0
        self.unheard = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / NAME))
        self._listener.listen(64)
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._open: list[socket.socket] = []

    def __enter__(self) -> "SilentProxy":
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for each in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(10)

    def fall_silent(self) -> None:
        self._generation += 1
        self._silent.set()

    def speak(self) -> None:
        """To those who come from now on."""
        self._silent.clear()

    def _accept(self) -> None:
        while not self._over.is_set():
            if not select.select([self._listener], [], [], 0.1)[0]:
                continue
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(client)
            if self._silent.is_set():
                self.unheard += 1
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(self._server))
            self._open.append(server)
            thread = threading.Thread(target=self._carry, args=(client, server, self._generation), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _carry(self, client: socket.socket, server: socket.socket, generation: int) -> None:
        other = {client: server, server: client}
        while not self._over.is_set():
            try:
                ready = select.select([client, server], [], [], 0.1)[0]
                if generation != self._generation:
                    return  # left open, and never looked at again
                for end in ready:
                    data = end.recv(CHUNK)
                    if not data:
                        client.close()
                        server.close()
                        return
                    other[end].sendall(data)
            except (OSError, ValueError):
                return
