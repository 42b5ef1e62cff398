"""Metrics on their way to the database: what could not be written waits here, the newest value of each file."""

from __future__ import annotations

from typing import Any

from backend.apps.runs.services.types import MetricsUpdate
from backend.domain.metrics import floats


class Metrics:
    """All metrics files of one attempt."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], MetricsUpdate] = {}
        self._floats: dict[str, dict[str, dict[str, float]]] = {}

    def take(self, raw: list[dict[str, Any]]) -> None:
        for each in raw:
            update = MetricsUpdate(**each)
            place = (update.output, update.path)
            if update.value is not None:
                self._floats.setdefault(update.output, {})[update.path] = floats(update.value)
            self._waiting[place] = self._joined(self._waiting.get(place), update)

    @staticmethod
    def _joined(earlier: MetricsUpdate | None, update: MetricsUpdate) -> MetricsUpdate:
        """A change builds on the one before; where that one never arrived, only the whole value will do."""
        if earlier is None:
            return update
        value = update.value if update.value is not None else earlier.value
        return MetricsUpdate(update.output, update.path, value, None, update.problem)

    def waiting(self) -> list[MetricsUpdate]:
        return list(self._waiting.values())

    def written(self) -> None:
        self._waiting.clear()

    def floats(self) -> dict[str, dict[str, float]]:
        """By output; where several files of one output name the same key, the last file wins."""
        return {
            output: {key: value for file in files.values() for key, value in file.items()}
            for output, files in self._floats.items()
        }
