"""Ctrl-C while a run goes on."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from pipeloom.local.engine import Engine


class Interrupts:
    """Ctrl-C, as something to be looked at: never in the middle of a decision."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._raising = False
        self.count = 0
        self._obeyed = 0
        self.descriptor, self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def came(self, _number: int, _frame: FrameType | None) -> None:
        if self._raising:
            raise KeyboardInterrupt
        self.count += 1
        os.write(self._wake, b".")

    def take(self) -> bool:
        """Whether it came since the last look."""
        if self.count == self._obeyed:
            return False
        os.read(self.descriptor, 4096)
        self._obeyed = self.count
        return True

    def obey(self) -> None:
        """The first time everything is asked to end, the second time it is not asked."""
        if self.take():
            if self.count == 1:
                self._engine.stop()
            else:
                self._engine.kill()

    @contextmanager
    def raised(self) -> Iterator[None]:
        """While somebody is asked, Ctrl-C breaks the question off."""
        self._raising = True
        try:
            yield
        finally:
            self._raising = False

    def close(self) -> None:
        os.close(self.descriptor)
        os.close(self._wake)


@contextmanager
def interrupts_of(engine: Engine) -> Iterator[Interrupts]:
    """Only the main thread hears signals; in any other Ctrl-C stays what it is."""
    found = Interrupts(engine)
    heard = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, found.came) if heard else None
    try:
        yield found
    finally:
        if heard:
            signal.signal(signal.SIGINT, before)
        found.close()
