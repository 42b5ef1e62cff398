"""What a run without a server knows by name: engines and algorithms that were made known on this machine.

from pipeloom import local

local.add_algorithm("resnet", code_dir="/default/code/", boot_file="train.py", parameters={"epochs": 10})
local.add_engine("pytorch", "2.8", "/opt/torch/bin/python")
local.add_storage("bucket", "/data/bucket")
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from backend.domain.run.messages import OrderEngine
from pipeloom.local.home import Home, home_of_environment

Raw = dict[str, Any]


class Engine(NamedTuple):
    """`is_own`: nobody made the engine known, so the step runs in the Python that runs the program."""

    order: OrderEngine
    is_own: bool


def add_engine(name: str, version: str, interpreter: str | Path) -> None:
    """The Python in which steps of this engine run."""
    path = Path(interpreter).absolute()
    if not path.is_file():
        raise ValueError(f"There is no interpreter “{path}”.")
    home = home_of_environment()
    settings = home.settings()
    home.settings_write({**settings, "engines": {**settings.get("engines", {}), f"{name} {version}": str(path)}})


def add_algorithm(
    id_: str,
    *,
    version: str | None = None,
    code_dir: str | None = None,
    boot_file: str | None = None,
    command: str | Sequence[str] | None = None,
    engine: tuple[str, str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    environments: Mapping[str, str] | None = None,
) -> None:
    """What steps mean by `algorithm_id` or `subscription_id`. `parameters` are the defaults of its hyper-parameters."""
    made: Raw = {"parameters": [{"name": name, "value": value} for name, value in (parameters or {}).items()]}
    if code_dir is not None:
        made["code_dir"] = code_dir
    if boot_file is not None:
        made["boot_file"] = boot_file
    if command is not None:
        made["command"] = ["/bin/sh", "-c", command] if isinstance(command, str) else list(command)
    elif boot_file is None:
        raise ValueError("An algorithm has a boot_file or a command.")
    name, number = engine or ("python", "{}.{}".format(*sys.version_info))
    made["engine"] = {"engine_name": name, "engine_version": number}
    if environments:
        made["environments"] = dict(environments)
    home = home_of_environment()
    settings = home.settings()
    home.settings_write({**settings, "algorithms": {**settings.get("algorithms", {}), _key(id_, version): made}})


def add_storage(name: str, folder: str | Path) -> None:
    """Makes `/name/…` mean that folder."""
    target = Path(folder).resolve()
    if not target.is_dir():
        raise ValueError(f"There is no folder “{target}”.")
    link = home_of_environment().prepared().storages / name
    if link.is_symlink():
        link.unlink()
    link.symlink_to(target)


def engine_of(home: Home, name: str, version: str) -> Engine:
    path = home.settings().get("engines", {}).get(f"{name} {version}")
    return Engine(OrderEngine(name=name, version=version, interpreter=path or sys.executable), path is None)


def with_known_algorithms(home: Home, raw: Raw) -> Raw:
    """The document, with each algorithm that has only an id here replaced by what it is; its unlisted
    hyper-parameters get their defaults. One that nobody made known stays, and the run says so."""
    known = home.settings().get("algorithms", {})
    steps = [_with_known(each, known) for each in raw.get("steps", ())]
    return {**raw, "steps": steps} if "steps" in raw else raw


def _with_known(step: Raw, known: Mapping[str, Raw]) -> Raw:
    algorithm = step.get("properties", {}).get("algorithm")
    if not isinstance(algorithm, dict):
        return step
    id_ = algorithm.get("subscription_id") or algorithm.get("algorithm_id")
    found = known.get(_key(id_, algorithm.get("item_version_id"))) or known.get(_key(id_, None))
    if found is None:
        return step
    given = {each["name"]: each for each in algorithm.get("parameters", ())}
    defaults = {each["name"]: each for each in found["parameters"]}
    kept = {key: algorithm[key] for key in ("environments",) if key in algorithm}
    merged = {**found, **kept, "parameters": list({**defaults, **given}.values())}
    return {**step, "properties": {**step["properties"], "algorithm": merged}}


def _key(id_: object, version: object) -> str:
    return f"{id_}@{version}" if version else str(id_)
