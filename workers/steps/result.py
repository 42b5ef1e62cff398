"""What carrying out a step of our own kinds results in."""

from __future__ import annotations

from dataclasses import dataclass, field

from backend.domain.run.messages import Effect, ReportOutput


@dataclass(frozen=True, slots=True)
class Result:
    effects: list[Effect]
    outputs: dict[str, ReportOutput] = field(default_factory=dict)


def say(text: str) -> None:
    """One line for the step's log."""
    print(text, flush=True)
