"""Counting: `count`, `observe` and `gauge` by name. What is counted where is in instruments.py.

A process that serves its own figures keeps them (`registry`). A pool process of a worker comes and goes, so it hands
each figure to the host process above it (`handed_to`), which keeps them for all.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from backend.shared.telemetry.instruments import INSTRUMENTS, Instrument

__all__ = ["count", "gather", "gauge", "hand_over", "observe", "registry"]

_LONGEST = 1024
log = logging.getLogger(__name__)
# A second series beside each counter, which says when it began: nobody draws it.
disable_created_metrics()


def _make(each: Instrument, into: CollectorRegistry) -> Any:
    if each.kind == "histogram":
        return Histogram(each.name, each.help, each.labels, buckets=each.buckets, registry=into)
    return {"counter": Counter, "gauge": Gauge}[each.kind](each.name, each.help, each.labels, registry=into)


class _Book:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.instruments = {each.name: _make(each, self.registry) for each in INSTRUMENTS}
        self.sink: socket.socket | None = None

    def write(self, name: str, how: str, amount: float, labels: Mapping[str, str]) -> None:
        if self.sink is not None:
            self._send(json.dumps([name, how, amount, dict(labels)]).encode())
            return
        instrument = self.instruments[name]
        getattr(instrument.labels(**labels) if labels else instrument, how)(amount)

    def _send(self, message: bytes) -> None:
        try:
            assert self.sink is not None
            self.sink.send(message, socket.MSG_DONTWAIT)
        except OSError:
            return  # a figure is worth less than the step that it is about


_book = _Book()


def registry() -> CollectorRegistry:
    """The figures of this process."""
    return _book.registry


def count(name: str, amount: float = 1, /, **labels: str) -> None:
    _book.write(name, "inc", amount, labels)


def observe(name: str, value: float, /, **labels: str) -> None:
    # Clocks of two machines differ: a little less than nothing is nothing.
    _book.write(name, "observe", max(0.0, value), labels)


def gauge(name: str, value: float, /, **labels: str) -> None:
    _book.write(name, "set", value, labels)


def hand_over(sink: socket.socket) -> None:
    """From now on this process and its children keep no figures and send them to whoever reads the other end."""
    _book.sink = sink


def gather(source: socket.socket) -> threading.Thread:
    """Take what other processes hand over, in a thread of its own, until the socket is closed."""

    def listen() -> None:
        while True:
            try:
                message = source.recv(_LONGEST)
            except OSError:
                return
            if not message:
                return
            _take(message)

    thread = threading.Thread(target=listen, name="telemetry", daemon=True)
    thread.start()
    return thread


def _take(message: bytes) -> None:
    try:
        name, how, amount, labels = json.loads(message)
        _book.write(name, how, amount, labels)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("A figure of a pool process could not be understood: %s", error)
