"""The programs of a scenario: our own always, the published one where a folder with them is named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from pipeloom.workflow.program import Workflow

from tests.unit.sdk.building import built

_OWN = Path(__file__).parent / "programs"
_PUBLISHED = os.environ.get("PIPELOOM_SEED_PROGRAMS", "")
COMMON: dict[str, Any] = {"train_flavor": {"flavor_id": "cpu.1"}, "storage_name": "/default/results/"}
"""Values that most of them ask for."""


def programs(name: str) -> pytest.MarkDecorator:
    published = [Path(_PUBLISHED, f"{name}.py")] if _PUBLISHED else []
    found = [_OWN / f"{name}.py", *(each for each in published if each.is_file())]
    return pytest.mark.parametrize("program", found, ids=["own", "published"][: len(found)])


def made_by(program: Path, **values: Any) -> Workflow:
    """What the unmodified program makes, with its values set."""
    workflow = built(program)
    raw = workflow.document()
    data = {each["name"] for each in raw.get("data", ())}
    asked = {each["name"] for key in ("parameters", "storages") for each in raw.get(key, ())}
    for name, value in {**COMMON, **values}.items():
        if name in data:
            workflow.set_data(name, value)
        elif name in asked:
            workflow.set_placeholder(name, value)
        elif name in values:
            raise AssertionError(f"{program.name} asks for no {name}")
    return workflow
