"""Files of runs as people read them: logs and outputs, opened by the one port to storage."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from backend.apps.assets.models import DatasetVersion, ModelVersion
from backend.apps.runs.models import Attempt, StepRun
from backend.domain.problems import problem
from backend.shared.errors import NotFoundError, ProductError
from backend.shared.http import Served
from backend.shared.storage import Roots, StorageError

LISTED = 1_000


def log_open(token: UUID, step: str) -> Served:
    """An attempt's log. One that has written nothing yet has an empty one."""
    folder = Path(settings.PIPELOOM_HOME) / "attempts"
    roots = Roots({"attempts": folder})
    try:
        file = roots.open_read(f"/attempts/{token}/log")
    except StorageError as refused:
        if refused.code == "storage.missing":
            raise ProductError.of(problem("order.no_log", step=step), status=404) from None
        raise
    return Served(file, f"{step}.log", roots.stat(f"/attempts/{token}/log").size)


def outputs_list(step: StepRun, attempt: Attempt | None) -> list[dict[str, Any]]:
    """What the step left, with the files that its report names."""
    told = (attempt.report or {}).get("outputs", {}) if attempt else {}
    listed = []
    for name, output in step.outputs.items():
        files = told.get(name, {}).get("files", [])
        count = told.get(name, {}).get("count", 0) or len(files)
        about = {"name": name, "type": output["type"], "logical": output.get("logical", "")}
        listed.append({**about, "data": output.get("data", {}), "files": files[:LISTED], "count": count})
    return listed


def output_open(step: StepRun, name: str, path: str, roots: Roots) -> Served:
    """One file of an output; nothing outside it, whatever the path says."""
    output = step.outputs.get(name)
    if output is None:
        raise NotFoundError("output")
    above, logical = _place(output, roots)
    place = f"{logical.rstrip('/')}/{path}"
    file = above.open_read(place)
    return Served(file, path.rsplit("/", 1)[-1], above.stat(place).size)


def _place(output: dict[str, Any], roots: Roots) -> tuple[Roots, str]:
    if output["type"] == "obs":
        return roots, output["logical"]
    version = output.get("data", {}).get("version")
    model = ModelVersion if output["type"] == "model" else DatasetVersion
    row = model.objects.seen().filter(pk=version).first() if version else None
    if row is None:
        raise NotFoundError("folder")
    return Roots({"version": row.path}), "/version"
