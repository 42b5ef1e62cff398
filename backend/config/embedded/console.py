"""What the person at the terminal sees: one terse line a step, drawn live only on a terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console as RichConsole
from rich.text import Text


class Console:
    """Progress goes to standard error; standard output carries only the line that scripts wait for."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._rich = RichConsole(file=self._stream, highlight=False) if self._stream.isatty() else None

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """`✓ doing (1.2 s)` when it is done; a spinner while it lasts."""
        started = time.monotonic()
        if self._rich is None:
            yield
        else:
            with self._rich.status(Text(doing), spinner="dots"):
                yield
        self.done(doing, time.monotonic() - started)

    def done(self, what: str, seconds: float = 0.0) -> None:
        took = f"{seconds:.1f} s" if seconds >= 0.1 else ""
        if self._rich is None:
            self._line(f"  {what}" + (f" ({took})" if took else ""))
        else:
            self._rich.print(Text.assemble(("  ✓ ", "green"), what, ("  " + took, "dim")))

    def note(self, what: str) -> None:
        if self._rich is None:
            self._line(f"  {what}")
        else:
            self._rich.print(Text.assemble(("  • ", "cyan"), what))

    def warn(self, what: str) -> None:
        if self._rich is None:
            self._line(f"  warning: {what}")
        else:
            self._rich.print(Text.assemble(("  ! ", "yellow"), what))

    def fail(self, sentence: str) -> None:
        if self._rich is None:
            self._line(f"pipeloom: {sentence}")
        else:
            self._rich.print(Text.assemble(("  ✗ ", "red bold"), sentence))

    def _line(self, text: str) -> None:
        self._stream.write(text + "\n")
        self._stream.flush()


def announce(line: str) -> None:
    """Standard output, at once: somebody may be reading it through a pipe."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
