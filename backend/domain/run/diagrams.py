"""The transition tables as Mermaid diagrams, for README.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from backend.domain.run.states import ATTEMPT_TRANSITIONS, RUN_TRANSITIONS, STEP_TRANSITIONS, StepState

Arrows = dict[tuple[str, str], list[str]]


def with_diagrams(readme: str) -> str:
    """The text with what stands between each pair of markers drawn anew."""
    steps: Arrows = {("[*]", StepState.INIT.value): []}
    diagrams = {
        "run": _drawn(_arrows(RUN_TRANSITIONS)),
        "step": _drawn(steps | _arrows(STEP_TRANSITIONS)),
        "attempt": _drawn(_arrows(ATTEMPT_TRANSITIONS)),
    }
    for name, diagram in diagrams.items():
        before, found, rest = readme.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- end {name} -->")
        readme = f"{before}{found}{diagram}\n{end}{after}"
    return readme


def _arrows(table: Mapping[Any, Iterable[StrEnum]]) -> Arrows:
    """Arrows that lead somewhere, with the events on them; what leaves the state alone is not drawn."""
    found: Arrows = {}
    for (before, event), targets in table.items():
        for after in targets:
            if after is not before:
                found.setdefault((str(before or "[*]"), str(after)), []).append(str(event))
    return found


def _drawn(arrows: Arrows) -> str:
    lines = [
        f"    {before} --> {after}" + (f": {', '.join(events)}" if events else "")
        for (before, after), events in arrows.items()
    ]
    before = {source for source, _ in arrows}
    ends = dict.fromkeys(target for _, target in arrows if target not in before)
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, *(f"    {end} --> [*]" for end in ends), "```"])
