"""What an output takes the place of: refused where it is somebody else's result, and else kept for a while.

A tree that had to make room lies in `<home>/replaced/<when>-<key>/`, beside a note that says where it was. It goes
when a worker host tidies up; until then whoever chose a wrong folder can take it back.
"""

from __future__ import annotations

import json
import logging
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast

from backend.apps.assets.models import StorageRoot
from backend.apps.runs.models import Run, StepRun
from backend.domain.run.messages import StepOrder
from backend.shared.storage import PRIVATE, Logical, Promotion, Root, StorageError, logical_path

log = logging.getLogger(__name__)

NOTE = "where.json"


def refuse_to_replace(run: Run, order: StepOrder, place: Logical, root: Root) -> None:
    """Raises when results of other steps lie below the place, and are still there. The same step of an earlier run
    that wrote this very place is what is meant to be replaced."""
    if not root.path.joinpath(*place.parts).is_dir():
        return
    for step in _writers_below(run, place):
        found = _below(step, place)
        own = step.run.workflow_id == run.workflow_id and step.name == order.step
        if (own and _wrote_around(step, place)) or not found:
            continue
        inside = next((each for each in found if root.path.joinpath(*each.parts).exists()), None)
        if inside is not None:
            raise StorageError("storage.would_replace", place=str(place), inside=str(inside), **_told(run, step))


def _writers_below(run: Run, place: Logical) -> Iterator[StepRun]:
    """The newest first. A storage that projects share may hold results of all of them."""
    shared = not StorageRoot.objects.filter(project=run.project_id, name=place.root).exists()
    written = json.dumps("/" + "/".join((place.root, *place.parts)) + "/", ensure_ascii=False)[:-1]
    rows = StepRun.objects.annotate(text=Cast("outputs", TextField())).filter(text__contains=f'"logical":{written}')
    rows = rows if shared else rows.filter(run__project=run.project_id)
    return rows.select_related("run__workflow").order_by("-id").iterator()


def _logicals(step: StepRun) -> Iterator[Logical]:
    for output in step.outputs.values():
        if output.get("logical"):
            yield logical_path(output["logical"])


def _below(step: StepRun, place: Logical) -> list[Logical]:
    return [each for each in _logicals(step) if len(each.parts) > len(place.parts) and _holds(place, each)]


def _wrote_around(step: StepRun, place: Logical) -> bool:
    return any(_holds(each, place) for each in _logicals(step))


def _holds(outer: Logical, inner: Logical) -> bool:
    return outer.root == inner.root and inner.parts[: len(outer.parts)] == outer.parts


def _told(run: Run, step: StepRun) -> dict[str, Any]:
    if step.run.project_id != run.project_id:
        return {"step": "?", "run": "?", "workflow": "another project"}
    return {"step": step.name, "run": step.run.number, "workflow": step.run.workflow.name}


def keep_replaced(promotion: Promotion) -> None:
    """Out of the attempt's folder, which is cleared soon. What lies on another disk stays beside its place, and the
    note says where. The result is committed by now, so nothing may fail here."""
    if promotion.aside is None:
        return
    folder = _kept() / f"{int(time.time())}-{secrets.token_hex(8)}"
    note = {"was": str(promotion.target), "aside": str(promotion.aside)}
    try:
        folder.mkdir(mode=0o700, parents=True)
        if promotion.aside == promotion.source:
            note["aside"] = ""
            promotion.aside.rename(folder / "tree")
        (folder / NOTE).write_text(json.dumps(note, ensure_ascii=False))
    except OSError:
        log.exception("What was at %s could not be kept; it is at %s", promotion.target, promotion.aside)


def replaced_sweep(*, keep_seconds: float) -> None:
    """Remove what was replaced longer ago than that."""
    oldest = time.time() - keep_seconds
    for folder in _kept().glob("*-*"):
        moment = folder.name.partition("-")[0]
        if moment.isdecimal() and int(moment) <= oldest:
            _forget(folder)


def _forget(folder: Path) -> None:
    try:
        aside = Path(json.loads((folder / NOTE).read_text())["aside"] or folder / "tree")
    except (OSError, ValueError):
        aside = folder / "tree"
    if aside.parent == folder or aside.name.startswith(PRIVATE):
        if aside.is_dir() and not aside.is_symlink():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _kept() -> Path:
    return Path(settings.PIPELOOM_HOME) / "replaced"
