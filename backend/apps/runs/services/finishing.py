"""The end of an attempt: its outputs into their places, what it registers into rows, its result into the run.

All under the run's lock and in one transaction. Files cannot be rolled back by a database, so every rename is
remembered and taken back when the transaction does not commit; a process killed in between leaves renamed files
and a running attempt, which is then lost, tried again, and promotes over them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import IntegrityError, transaction

from backend.apps.assets.services import storage_roots
from backend.apps.runs.failpoints import failpoint
from backend.apps.runs.models import Attempt, Run
from backend.apps.runs.services.attempts import reason_of, reason_of_error
from backend.apps.runs.services.registering import Registrar
from backend.apps.runs.services.replaced import keep_replaced, refuse_to_replace
from backend.apps.runs.services.unit import Work
from backend.apps.runs.services.work import QuarantinedError, run_change
from backend.domain.problems import problem
from backend.domain.run.inputs import AttemptFinished
from backend.domain.run.messages import StepOrder, StepReport
from backend.domain.run.states import StepState
from backend.shared.db import afterwards
from backend.shared.errors import NotFoundError, ProductError
from backend.shared.storage import Logical, Promotion, Roots, logical_path, promote

# Renames of this process whose transaction may or may not have been committed: the connection broke meanwhile.
_unsettled: dict[str, list[Promotion]] = {}


def attempt_finish(*, token: str, report: StepReport) -> bool:
    """Keep what the attempt did. False: somebody else speaks for the step by now, and nothing was kept.

    After a database error the caller repeats the call with the same token; that is harmless at any point."""
    row = Attempt.objects.filter(pk=token).values_list("state", "run_id", "order").first()
    if row is None or report.token != token:
        return False
    if token in _unsettled:
        promotions = _unsettled.pop(token)
        if row[0] != "running":
            _settle(promotions)
            return bool(row[0] == "succeeded")
        undo(promotions)
    if row[0] != "running":
        return False
    order = StepOrder.model_validate(row[2])
    promotions = []
    committed: list[bool] = []
    try:
        with _taken_back(token, promotions, committed):
            accepted, _ = run_change(row[1], lambda work: _finished(work, order, report, promotions, committed))
    except (NotFoundError, QuarantinedError):
        return False
    return accepted


@contextmanager
def _taken_back(token: str, promotions: list[Promotion], committed: list[bool]) -> Iterator[None]:
    """Undo the renames when the block fails. A database that breaks off may have committed all the same: then they
    stay until it answers again. What is known to be committed stays, whatever went wrong afterwards."""
    try:
        yield
    except DatabaseError:
        _unsettled[token] = promotions
        raise
    except BaseException:
        if committed:
            _settle(promotions)
        else:
            undo(promotions)
        raise
    _settle(promotions)


def _settle(promotions: list[Promotion]) -> None:
    """The new trees stay; what made room for them is kept for a while."""
    for each in promotions:
        keep_replaced(each)


def undo(promotions: list[Promotion]) -> None:
    """Back to how it was before this attempt."""
    while promotions:
        promotions.pop().undo()


def _finished(
    work: Work, order: StepOrder, report: StepReport, promotions: list[Promotion], committed: list[bool]
) -> bool:
    # The first of all that follows the commit.
    afterwards(committed.append, True)
    if work.holder(order.token) != order.step:
        return False
    work.attempt_fields[order.token] = {"report": report.model_dump(mode="json")}
    given = _result(work, order, report, promotions)
    failpoint("finish.after_promote")
    decision = work.give(given)
    if decision.stale or decision.problem:
        undo(promotions)
        return False
    failpoint("finish.before_commit")
    return True


def _result(work: Work, order: StepOrder, report: StepReport, promotions: list[Promotion]) -> AttemptFinished:
    """The report as an input; a success whose results cannot be kept is a failure that says why."""
    reason = reason_of(report.reason.model_dump(mode="json")) if report.reason else None
    stopping = work.loaded.snapshot.steps[order.step].state is StepState.STOPPING
    if report.outcome != "succeeded" or stopping:
        return AttemptFinished(order.token, report.outcome, floats=report.floats, reason=reason)
    if not (order.outputs or order.metrics or report.effects):
        return AttemptFinished(order.token, "succeeded", floats=report.floats)
    try:
        with transaction.atomic():
            outputs = _kept(work, order, report, promotions)
    except (ProductError, OSError, IntegrityError) as failed:
        undo(promotions)
        return AttemptFinished(order.token, "failed", floats=report.floats, reason=reason_of_error(failed))
    files = sum(each.count or len(each.files) for each in report.outputs.values())
    return AttemptFinished(order.token, "succeeded", outputs, report.floats, files=files)


def _kept(work: Work, order: StepOrder, report: StepReport, promotions: list[Promotion]) -> dict[str, dict[str, Any]]:
    run = Run.objects.select_related("project").get(pk=work.locked.run_id)
    registrar = Registrar(run, work.loaded, order, report)
    staged = registrar.stage()
    roots = storage_roots(project=run.project)
    to_make = moves(order, roots)
    for move in to_make:
        if move.place is not None:
            refuse_to_replace(run, order, move.place, roots.root_of(move.place))
    for move in to_make:
        promotions.append(move.make())  # noqa: PERF401 - what was renamed must be noted at once
    return {**_places(order, report), **registrar.commit(staged)}


def _places(order: StepOrder, report: StepReport) -> dict[str, dict[str, Any]]:
    """What later steps and people read of the plain folders."""
    found: dict[str, dict[str, Any]] = {}
    for name, output in order.outputs.items():
        if output.type == "obs":
            told = report.outputs.get(name)
            data = {"files": told.count or len(told.files), "bytes": told.bytes} if told else {}
            found[name] = {"type": "obs", "logical": output.logical, "data": data}
    return found


@dataclass(frozen=True, slots=True)
class Move:
    """One rename from the attempt's folder to where the result belongs."""

    source: Path
    target: Path
    within: Path
    out_of: Path
    place: Logical | None = None
    """Where people find it; None in the folders that the server names itself."""

    def make(self) -> Promotion:
        return promote(self.source, self.target, out_of=self.out_of, within=self.within)


def moves(order: StepOrder, roots: Roots) -> list[Move]:
    """What has to be renamed: of places that lie inside each other only the outermost."""
    return _of_versions(order) + list(_of_storages(order, roots))


def _of_versions(order: StepOrder) -> list[Move]:
    home, own = Path(settings.PIPELOOM_HOME), Path(order.attempt_dir)
    kept = [each for each in order.outputs.values() if each.type != "obs" and each.target]
    return [
        Move(Path(each.path), Path(each.target), home / ("models" if each.type == "model" else "datasets"), own)
        for each in kept
        if Path(each.path).is_dir()
    ]


def _of_storages(order: StepOrder, roots: Roots) -> Iterator[Move]:
    done: list[Logical] = []
    for place, source, must in sorted(_storage_places(order), key=lambda each: len(each[0].parts)):
        if any(_inside(place, other) for other in done):
            continue
        if not source.exists():
            if must:
                raise ProductError.of(problem("order.output_gone", step=order.step, place=str(place)))
            continue
        done.append(place)
        root = roots.root_of(place)
        yield Move(source, root.path.joinpath(*place.parts), root.path, Path(order.attempt_dir), place)


def _storage_places(order: StepOrder) -> Iterator[tuple[Logical, Path, bool]]:
    for output in order.outputs.values():
        if output.type == "obs":
            yield logical_path(output.logical), Path(output.path), True
    for metrics in order.metrics:
        yield logical_path(metrics.logical), Path(metrics.path), False


def _inside(place: Logical, other: Logical) -> bool:
    return place.root == other.root and place.parts[: len(other.parts)] == other.parts
