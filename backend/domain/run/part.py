"""A run of some of a workflow's steps, as it is kept with the run: what takes part, and what is not run again.

Which steps that are is decided in reuse.py, once, before the run begins. Steps that take no part are not in the run's
plan at all, so no rule has to know of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Mode = Literal["only", "to_here", "from"]
"""`only`: the named steps, on results that are there already. `to_here`: with everything that leads to them. `from`:
the whole workflow, the named steps and all behind them anew; without any name, as little as possible."""


@dataclass(frozen=True, slots=True)
class Reused:
    """What a step made in an earlier run; `run` is where it really ran, however often it was reused since."""

    run: str
    number: int
    attempt: str | None
    outputs: Mapping[str, Any]
    floats: Mapping[str, Mapping[str, float]]
    chosen: Mapping[str, int] = field(default_factory=dict)
    """Which source each of its selectors took then."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for."""

    steps: tuple[str, ...]
    mode: Mode = "to_here"
    reuse: bool = True
    scene: str | None = None
    """The scene that was chosen; its steps are in `steps` once the document is known (see scenes.py)."""
    prior: str | None = None
    """The run whose results are taken, and no other's; None: the newest result of each step."""


@dataclass(frozen=True, slots=True)
class Part:
    """`steps` holds all that take part, the reused ones included."""

    wanted: Wanted
    steps: frozenset[str]
    reused: Mapping[str, Reused] = field(default_factory=dict)


def part_as_json(part: Part) -> dict[str, Any]:
    reused = {name: {key: _plain(getattr(each, key)) for key in Reused.__slots__} for name, each in part.reused.items()}
    wanted: dict[str, Any] = {"steps": list(part.wanted.steps), "mode": part.wanted.mode, "reuse": part.wanted.reuse}
    if part.wanted.scene is not None:
        wanted["scene"] = part.wanted.scene
    if part.wanted.prior is not None:
        wanted["prior"] = part.wanted.prior
    return {"wanted": wanted, "steps": sorted(part.steps), "reused": reused}


def part_from_json(raw: Mapping[str, Any]) -> Part:
    given = raw["wanted"]
    return Part(
        wanted=Wanted(tuple(given["steps"]), given["mode"], given["reuse"], given.get("scene"), given.get("prior")),
        steps=frozenset(raw["steps"]),
        reused={name: Reused(**each) for name, each in raw["reused"].items()},
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return value
