"""The end of a step that went well: its outputs into their places, and what it registers into files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from backend.domain.problems import problem
from backend.domain.run.messages import DatasetEffect, DatasetVersionEffect, Effect, StepOrder, StepReport
from backend.domain.run.snapshot import RunSnapshot
from pipeloom.local.assets import Assets
from pipeloom.local.home import Home, LocalError, put_in_place, read_json, write_json

Json = dict[str, Any]
_WRITTEN: Final = "written.json"
"""Which places runs have written: those may be written again, and nothing else is ever replaced."""


def results_keep(home: Home, order: StepOrder, report: StepReport, snapshot: RunSnapshot) -> dict[str, Json]:
    """What each output became, for later steps and for people. LocalError when something cannot be kept."""
    assets = Assets(home)
    origin = {"run": order.run, "run_number": order.run_number, "step": order.step}
    origin |= {"workflow": order.workflow, "at": datetime.now(UTC).isoformat()}
    moves = list(_moves(home, order))
    written = read_json(home.root / _WRITTEN) or {}
    for place, _, target in moves:
        if place not in written and target.is_dir() and any(target.iterdir()):
            inside = next(target.iterdir()).name
            raise LocalError(problem("storage.exists", place=f"{place}/{inside}"))
    for place, source, target in moves:
        put_in_place(source, target)
        written[place] = origin
    if moves:
        write_json(home.root / _WRITTEN, written)
    found = {name: _obs(report, name, each.logical) for name, each in order.outputs.items() if each.type == "obs"}
    return {**found, **{each.output: _registered(assets, each, order, origin, snapshot) for each in report.effects}}


def _moves(home: Home, order: StepOrder) -> Iterator[tuple[str, Path, Path]]:
    """Of places that lie inside each other only the outermost."""
    places = [
        (each.logical.rstrip("/"), Path(each.path), True) for each in order.outputs.values() if each.type == "obs"
    ]
    places += [(each.logical.rstrip("/"), Path(each.path), False) for each in order.metrics]
    done: list[str] = []
    for place, source, must in sorted(places, key=lambda each: each[0].count("/")):
        if any(place == other or place.startswith(other + "/") for other in done):
            continue
        if not source.exists():
            if must:
                raise LocalError(problem("order.output_gone", step=order.step, place=place))
            continue
        done.append(place)
        yield place, source, home.local(place)


def _obs(report: StepReport, name: str, logical: str) -> Json:
    told = report.outputs.get(name)
    data = {"files": told.count or len(told.files), "bytes": told.bytes} if told else {}
    return {"type": "obs", "logical": logical, "data": data}


def _registered(assets: Assets, effect: Effect, order: StepOrder, origin: Json, snapshot: RunSnapshot) -> Json:
    if effect.output not in order.outputs:
        raise LocalError(problem("order.effect_unknown", step=order.step, output=effect.output))
    if isinstance(effect, DatasetEffect):
        return assets.dataset_register(effect, order, origin)
    if isinstance(effect, DatasetVersionEffect):
        return assets.version_register(effect, order, origin)
    metrics = {name: _plain(step.floats) for name, step in snapshot.steps.items() if step.floats}
    lineage = {**origin, "parameters": dict(snapshot.values), "metrics": metrics}
    return assets.model_register(effect, order, lineage)


def _plain(floats: Any) -> Json:
    return {output: dict(values) for output, values in floats.items()}
