"""What earlier runs of a workflow left, as far as a run of some of its steps may take it over.

Documents are compared in the domain. Here is what only rows and disks know: who made what from what, whether it is
still there, and whether anybody has touched the files since.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q

from backend.apps.accounts.models import Project
from backend.apps.assets.models import Algorithm, DatasetVersion, ModelVersion
from backend.apps.assets.services import storage_roots
from backend.apps.runs import store
from backend.apps.runs.models import Attempt, Event, Run, StepRun
from backend.domain.design.references import AnyOfReference, OutputReference, as_reference
from backend.domain.problems import Problem, problem
from backend.domain.run.edits import document_as_edited
from backend.domain.run.reuse import Earlier, made_from
from backend.domain.run.states import StepState
from backend.domain.steps.workflow import WORKFLOW
from backend.shared.storage import Roots, StorageError

LOOKED_BACK = 50
"""Runs of the workflow, newest first."""
MOST_LOOKED_AT = 20_000
"""Files of one place whose time is looked at; of a larger tree the rest is taken to be as it was."""
COMPILED = "__pycache__"


def earlier_of(
    *,
    workflow_id: UUID,
    project: Project,
    names: Iterable[str],
    prior: str | None = None,
    results_only: bool = False,
) -> dict[str, Earlier]:
    """Of each step the last time that it was begun or taken over, in any run or in the one that was chosen. With
    `results_only` it does not matter what has become of the files that the results were made from."""
    runs = Run.objects.filter(workflow_id=workflow_id).order_by("-number").values("pk")
    runs = runs.filter(pk=prior) if prior is not None else runs[:LOOKED_BACK]
    rows = (
        StepRun.objects.filter(run__in=runs, name__in=list(names))
        .filter(Q(attempts__gt=0) | Q(reused__isnull=False))
        .order_by("name", "-run__number")
        .distinct("name")
        .select_related("run")
    )
    found = list(rows)
    orders = _orders(found)
    origins = _origins(found)
    given = _values_given(found)
    roots = storage_roots(project=project) if found else Roots({})
    return {
        row.name: _earlier(
            row,
            origins,
            _values_then(row, given[row.run_id]),
            Inspector(row.name, row, orders.get(row.name), roots, results_only=results_only),
        )
        for row in found
    }


def _orders(rows: Iterable[StepRun]) -> dict[str, Attempt]:
    """The attempts that really made the results; those of deleted runs are gone."""
    completed = [row for row in rows if row.state == StepState.COMPLETED.value]
    own = {(row.run_id, row.name) for row in completed if not row.reused}
    kept = {row.reused["attempt"] for row in completed if row.reused}
    whose = Q(pk__in=kept) | Q(
        run_id__in={run for run, _ in own}, step__in={name for _, name in own}, state="succeeded"
    )
    listed = Attempt.objects.filter(whose).only("pk", "run_id", "step", "order", "report")
    return {each.step: each for each in listed if str(each.pk) in kept or (each.run_id, each.step) in own}


def _origins(rows: Iterable[StepRun]) -> dict[tuple[UUID, str], str]:
    """Where each step of these runs really ran."""
    listed = StepRun.objects.filter(run_id__in={row.run_id for row in rows}).values_list("run_id", "name", "reused")
    return {(run, name): reused["run"] if reused else str(run) for run, name, reused in listed}


def _earlier(
    row: StepRun, origins: Mapping[tuple[UUID, str], str], values: Mapping[str, Any], inspector: Inspector
) -> Earlier:
    attempt = inspector.attempt
    document = document_as_edited(store.document_of(row.run.version_id), {row.name: row.edited})
    definition = document.step(row.name)
    used = made_from(definition, row.chosen) if definition else ()
    reused = row.reused or {"run": str(row.run_id), "number": row.run.number, "attempt": attempt and str(attempt.pk)}
    completed = row.state == StepState.COMPLETED.value
    return Earlier(
        run=reused["run"],
        number=reused["number"],
        state=StepState(row.state),
        document=document,
        values=values,
        attempt=reused["attempt"],
        outputs=row.outputs,
        floats=row.floats,
        chosen=row.chosen,
        made_from={name: origins[row.run_id, name] for name in used if (row.run_id, name) in origins},
        spoilt=inspector.look() if completed else None,
    )


def _values_given(rows: Iterable[StepRun]) -> dict[UUID, list[Event]]:
    """When each run was given which values, oldest first."""
    types = ["run_created", "step_retried", "step_continued"]
    found: dict[UUID, list[Event]] = {}
    for each in Event.objects.filter(run_id__in={row.run_id for row in rows}, type__in=types).order_by("seq"):
        found.setdefault(each.run_id, []).append(each)
    return found


def _values_then(row: StepRun, told: Iterable[Event]) -> dict[str, Any]:
    """The run's values as they were for this step: a later retry of another one may have changed them."""
    begun = row.dispatched_at or row.finished_at
    values: dict[str, Any] = {}
    for each in told:
        if begun is None or each.at <= begun or each.type == "step_continued":
            values |= each.data.get("values", {})
    return values


@dataclass(slots=True)
class Inspector:
    """Looks whether one step's result can still be used."""

    step: str
    row: StepRun
    attempt: Attempt | None
    roots: Roots
    results_only: bool = False

    @property
    def number(self) -> int:
        number: int = self.row.reused["number"] if self.row.reused else self.row.run.number
        return number

    def look(self) -> Problem | None:
        """What is wrong first, or nothing."""
        if self.attempt is None:
            return self._gone(f"run {self.number}")
        if self.row.kind == WORKFLOW.name:
            return self._look_inside(self.attempt)
        if not self.attempt.order:
            return self._gone(f"run {self.number}")
        return next((found for found in self._found(self.attempt) if found is not None), None)

    def _look_inside(self, attempt: Attempt) -> Problem | None:
        """Of a workflow as a step: its own steps are looked at, where they really ran."""
        rows = StepRun.objects.filter(run__parent_attempt=attempt.pk, state=StepState.COMPLETED.value)
        inside = list(rows.exclude(attempts=0, reused__isnull=True).select_related("run"))
        orders = _orders(inside)
        if not inside:
            return self._gone(f"run {self.number}")
        for row in inside:
            found = Inspector(row.name, row, orders.get(row.name), self.roots, self.results_only).look()
            if found is not None:
                told = {**found.params, "step": self.step, "number": self.number}
                return problem(found.code, **told)
        return None

    def _found(self, attempt: Attempt) -> Iterator[Problem | None]:
        if not self.results_only:
            yield from self._found_before(attempt)
        told = (attempt.report or {}).get("outputs", {})
        for name, output in self.row.outputs.items():
            yield self._output(name, output, told.get(name, {}).get("files", ()))

    def _found_before(self, attempt: Attempt) -> Iterator[Problem | None]:
        """What it was made from."""
        algorithm = (attempt.order.get("context") or {}).get("algorithm")
        if algorithm and not Algorithm.objects.filter(pk=algorithm).exists():
            yield self._gone("algorithm")
        code = (attempt.order.get("code") or {}).get("dir")
        if code:
            yield self._untouched(Path(code), _logical(self.roots, code))
        made = self._from_steps()
        for name, given in attempt.order.get("inputs", {}).items():
            if given["type"] == "obs" and name not in made:
                yield self._place(given["logical"])

    def _from_steps(self) -> set[str]:
        """Inputs that other steps made: those are looked at where they were made."""
        definition = store.document_of(self.row.run.version_id).step(self.step)
        inputs = definition.inputs if definition else ()
        handed = (OutputReference, AnyOfReference)
        return {each.name for each in inputs if isinstance(as_reference(each.data), handed)}

    def _output(self, name: str, output: Mapping[str, Any], files: Iterable[Mapping[str, Any]]) -> Problem | None:
        if output.get("type") == "obs":
            return self._files(output["logical"], files)
        version = output.get("data", {}).get("version")
        model = {"model": ModelVersion, "dataset": DatasetVersion}.get(str(output.get("type")))
        if version and model and not model.objects.seen().filter(pk=version).exists():
            return self._gone(name)
        return None

    def _files(self, logical: str, files: Iterable[Mapping[str, Any]]) -> Problem | None:
        """Each file that the step reported, as it reported it; what others have put beside them is theirs."""
        finished = self.row.finished_at.timestamp() if self.row.finished_at else 0.0
        try:
            folder = self.roots.local(logical)
            for told in itertools.islice(files, MOST_LOOKED_AT):
                found = folder.joinpath(told["path"]).stat(follow_symlinks=False)
                if found.st_size != told["size"] or found.st_mtime > finished:
                    return self._changed(f"{logical.rstrip('/')}/{told['path']}")
            self.roots.stat(logical)
        except (StorageError, OSError):
            return self._gone(logical)
        return None

    def _place(self, logical: str) -> Problem | None:
        try:
            self.roots.stat(logical)
            return self._untouched(self.roots.local(logical), logical)
        except StorageError:
            return self._gone(logical)

    def _untouched(self, place: Path, shown: str) -> Problem | None:
        begun = self.row.dispatched_at or self.row.finished_at
        try:
            touched = begun is not None and any(time > begun.timestamp() for time in _times(place))
        except OSError:
            return self._gone(shown)
        return self._changed(shown) if touched else None

    def _changed(self, place: str) -> Problem:
        return problem("run.reuse_files_changed", step=self.step, number=self.number, place=place)

    def _gone(self, place: str) -> Problem:
        return problem("run.reuse_gone", step=self.step, number=self.number, place=place)


def _logical(roots: Roots, place: str) -> str:
    """A place on the disk as people know it."""
    for root in roots:
        if Path(place).is_relative_to(root.path):
            return f"/{root.name}/{Path(place).relative_to(root.path)}/"
    return place


def _times(place: Path) -> Iterator[float]:
    """When each file of the tree was written last; of folders too, because there it shows what was removed."""
    if not place.is_dir():
        yield place.stat(follow_symlinks=False).st_mtime
        return
    waiting = [place]
    seen = 0
    while waiting and seen < MOST_LOOKED_AT:
        folder = waiting.pop()
        with os.scandir(folder) as listed:
            entries = list(listed)
        # Python keeps compiled modules beside the code that it runs: their folder is newer, and nobody did anything.
        if all(entry.name != COMPILED for entry in entries):
            yield folder.stat(follow_symlinks=False).st_mtime
        for entry in entries:
            seen += 1
            if entry.is_dir(follow_symlinks=False):
                waiting.extend([Path(entry.path)] if entry.name != COMPILED else [])
            else:
                yield entry.stat(follow_symlinks=False).st_mtime
