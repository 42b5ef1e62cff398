"""What a run without a server knows by name: engines and algorithms that were made known on this machine.

from pipeloom import local

local.add_algorithm("resnet", code_dir="/default/code/", boot_file="train.py", parameters={"epochs": 10})
local.add_engine("pytorch", "2.8", "/opt/torch/bin/python")
local.add_image("team/resnet:2", "registry.example.org/team/resnet:2")
local.add_storage("bucket", "/data/bucket")
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from backend.domain.design.check import check
from backend.domain.problems import Problem, problem
from backend.domain.run.algorithms import NamedAlgorithm, named_algorithm, with_algorithm
from backend.domain.run.messages import OrderEngine, OrderImage
from pipeloom.local.home import Home, home_of_environment
from pipeloom.local.releases import release_keep

Raw = dict[str, Any]
_IDS: Final = ("subscription_id", "item_version_id", "algorithm_id", "id")


class Engine(NamedTuple):
    """`is_own`: nobody made the engine known, so the step runs in the Python that runs the program."""

    order: OrderEngine
    is_own: bool


def add_engine(name: str, version: str, interpreter: str | Path) -> None:
    """The Python in which steps of this engine run; “name-version” is its id."""
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


def add_image(name: str, reference: str | None = None) -> None:
    """What the container engine of this machine runs where programs name that image."""
    home = home_of_environment()
    settings = home.settings()
    home.settings_write({**settings, "images": {**settings.get("images", {}), name: reference or name}})


def add_workflow(name: str, document: Mapping[str, Any], version: int = 1) -> None:
    """What steps mean by this release of another workflow: `Workflow.document()`, or a file that
    `pipeloom convert` wrote."""
    wrong = [each for each in check(dict(document)) if each.severity == "error"]
    if wrong:
        raise ValueError("\n".join(f"{each.path}: {each.message} {each.hint}" for each in wrong))
    release_keep(home_of_environment(), name, version, dict(document))


def add_storage(name: str, folder: str | Path) -> None:
    """Makes `/name/…` mean that folder."""
    target = Path(folder).resolve()
    if not target.is_dir():
        raise ValueError(f"There is no folder “{target}”.")
    link = home_of_environment().prepared().storages / name
    if link.is_symlink():
        link.unlink()
    link.symlink_to(target)


def engine_named(engine: Mapping[str, Any]) -> tuple[str, str]:
    """Name and version; one that is named by its id has no version. A step that names none runs in “python”."""
    by_id = engine.get("engine_id")
    if by_id:
        return str(by_id), ""
    return str(engine.get("engine_name") or "python"), str(engine.get("engine_version") or "")


def engine_of(home: Home, name: str, version: str) -> Engine:
    known = home.settings().get("engines", {})
    path = known.get(f"{name} {version}") or next(
        (path for key, path in known.items() if name in (key, key.replace(" ", "-")) and not version), None
    )
    return Engine(OrderEngine(name=name, version=version, interpreter=path or sys.executable), path is None)


def image_of(home: Home, name: str) -> OrderImage:
    """One that nobody made known is what its name says."""
    return OrderImage(name=name, reference=str(home.settings().get("images", {}).get(name, name)))


def with_known_algorithms(home: Home, raw: Raw, values: Mapping[str, Any]) -> Raw:
    """The document, with each algorithm that is named by an id here replaced by what it is; hyper-parameters that a
    step does not list get their defaults. One that nobody made known stays."""
    steps = [_with_known(home, each, values) for each in raw.get("steps", ())]
    return {**raw, "steps": steps} if "steps" in raw else raw


def unknown_algorithm(home: Home, properties: Mapping[str, Any], values: Mapping[str, Any]) -> Problem | None:
    """Where a job names an algorithm that nobody made known on this machine."""
    name = named_algorithm(properties, values)
    if name is None or _found(home, name) is not None:
        return None
    known = ", ".join(home.settings().get("algorithms", {})) or "none; pipeloom.local.add_algorithm makes one known"
    return problem("asset.algorithm_unknown", algorithm=str(name), known=known)


def _with_known(home: Home, step: Raw, values: Mapping[str, Any]) -> Raw:
    properties = step.get("properties", {})
    name = named_algorithm(properties, values)
    found = None if name is None else _found(home, name)
    if found is None:
        return step
    made = with_algorithm(properties, found)
    algorithm = {key: each for key, each in made["algorithm"].items() if key not in _IDS}
    return {**step, "properties": {**made, "algorithm": algorithm}}


def _found(home: Home, name: NamedAlgorithm) -> Raw | None:
    known = home.settings().get("algorithms", {})
    found: Raw | None = known.get(_key(name.id, name.version)) or known.get(_key(name.id, None))
    return found


def _key(id_: str, version: str | None) -> str:
    return f"{id_}@{version}" if version else id_
