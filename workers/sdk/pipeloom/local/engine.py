"""A run on this machine: the same decisions as on a server, with processes of this program's own instead of hosts.

Everything that happens goes through `give`: an input, what `decide` makes of it, and what has to be done because of it.
One thread at a time may use an engine.
"""

from __future__ import annotations

import selectors
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import uuid4

from backend.domain.design.document import Document
from backend.domain.problems import Problem, problem
from backend.domain.run import commands, inputs
from backend.domain.run.events import Event
from backend.domain.run.machine import create, decide, fold
from backend.domain.run.messages import StepOrder, StepReport
from backend.domain.run.placement import HostCapacity, Waiting, placement
from backend.domain.run.plan import Plan
from backend.domain.run.resources import Resources
from backend.domain.run.snapshot import RunSnapshot
from backend.domain.run.states import RUN_TERMINAL, StepState
from backend.domain.run.step_values import UnresolvedError
from backend.domain.run.turn import as_reason
from pipeloom.local.finish import results_keep
from pipeloom.local.home import Home, LocalError
from pipeloom.local.machine import HOST
from pipeloom.local.order import RunFacts, order_make
from pipeloom.local.process import AttemptProcess
from pipeloom.local.records import RunFolder, attempt_clear
from workers.sandbox.container_engine import ContainerEngine

Json = dict[str, Any]
GRACE_SECONDS: Final = 10.0


class Listener(Protocol):
    """Whoever shows the run. Called after everything that happened."""

    def event(self, snapshot: RunSnapshot, event: Event) -> None: ...
    def log(self, step: str, path: Path, size: int) -> None: ...
    def metrics(self, step: str, items: list[Json]) -> None: ...


class Engine:
    """`budget` is how many more steps may be begun; None: as many as there are."""

    def __init__(
        self, document: Document, plan: Plan, *, home: Home, host: HostCapacity, folder: RunFolder, listener: Listener
    ) -> None:
        self.plan = plan
        self.folder = folder
        self.budget: int | None = None
        self.grace_seconds = GRACE_SECONDS
        self.containers: ContainerEngine | None = None
        self.metrics: dict[str, list[Json]] = {}
        self.snapshot, created = create(plan, run_id=str(uuid4()), now=_now())
        self._home = home
        self._listener = listener
        self._machine = self._free = host
        self._queue: dict[str, Waiting] = {}
        self._held: dict[str, tuple[Resources, tuple[str, ...]]] = {}
        self._processes: dict[str, AttemptProcess] = {}
        self._orders: dict[str, StepOrder] = {}
        self._selector = selectors.DefaultSelector()
        self._facts = RunFacts(document, plan, home, folder.number, folder.path, _sdk(home))
        self.created = created
        folder.event(created)

    # ------------------------------------------------------------------------------------------ what is so

    @property
    def over(self) -> bool:
        return self.snapshot.state in RUN_TERMINAL

    @property
    def running(self) -> bool:
        return bool(self._processes)

    def waiting(self) -> list[str]:
        """The steps that wait for values, in their order."""
        steps = self.snapshot.steps
        return [name for name in self.plan.order if steps[name].state is StepState.WAIT_INPUTS]

    def queued(self) -> list[str]:
        return sorted(self._queue, key=self.plan.position.__getitem__)

    # ------------------------------------------------------------------------------------------ what happens

    def start(self) -> None:
        self.give(inputs.StartRun())
        self.place()

    def give(self, given: inputs.Input) -> Problem | None:
        """A problem means that nothing happened."""
        decision = decide(self.plan, self.snapshot, given, _now())
        if decision.problem is not None or decision.stale:
            return decision.problem
        for event in decision.events:
            fold(self.plan, self.snapshot, event)
            self._told(event)
        for command in decision.commands:
            _DO[type(command)](self, command)
        for step in [name for name in self._queue if self.snapshot.steps[name].state is not StepState.PENDING]:
            del self._queue[step]
        return None

    def place(self) -> None:
        """Begin what there is room for; refuse what this machine could never run."""
        while self._queue and not self.snapshot.stop_requested and self.budget != 0:
            chosen = placement(list(self._queue.values()), [self._free], {})
            if self.budget is not None:
                kept = chosen.assignments[: self.budget]
                self.budget -= len(kept)
            else:
                kept = chosen.assignments
            impossible = {name: why for name, why in chosen.reasons.items() if why.impossible}
            for name, why in impossible.items():
                told = {"code": why.code, "params": dict(why.params), "message": why.message, "hint": why.hint}
                self.give(inputs.RefuseStep(name, told))
            for each in kept:
                self.give(inputs.AssignStep(each.key, str(uuid4()), HOST, self._devices(each.key, each.devices)))
            if not kept and not impossible:
                return

    def pump(self, seconds: float | None, *also: int) -> bool:
        """Wait until something happens, at most so long. True when one of the other descriptors is readable."""
        for descriptor in also:
            self._selector.register(descriptor, selectors.EVENT_READ, None)
        try:
            ready = self._selector.select(seconds)
        finally:
            for descriptor in also:
                self._selector.unregister(descriptor)
        for key, _ in ready:
            if key.data is not None:
                self._hear(key.data)
        self.place()
        return any(key.data is None for key, _ in ready)

    def stop(self) -> None:
        self.give(inputs.StopRun())

    def kill(self) -> None:
        """Whatever still runs ends now."""
        for process in self._processes.values():
            process.wish("kill")

    def close(self) -> None:
        """Nothing of the run goes on after this, however it came here."""
        for process in list(self._processes.values()):
            process.wish("kill")
            self._forget(process)
        self._selector.close()
        for order in self._orders.values():
            attempt_clear(Path(order.attempt_dir))
        self.folder.saved(self.snapshot)
        self.folder.over()

    # ------------------------------------------------------------------------------------------ attempts

    def _queue_step(self, command: commands.QueueStep) -> None:
        since = self.snapshot.steps[command.step].ready_at or _now()
        self._queue[command.step] = Waiting(command.step, command.resources, since, HOST)

    def _begin_run(self, command: commands.BeginRun) -> None:
        """Releases of other workflows are known to a server only."""
        self.give(inputs.RefuseStep(command.step, as_reason(problem("run.needs_server", step=command.step))))

    def _dispatch(self, command: commands.DispatchAttempt) -> None:
        self._take(command)
        try:
            order = order_make(self._facts, self.snapshot, command.step, command.token)
            process = AttemptProcess(order, self._home.root, self.grace_seconds, self.containers)
        except (LocalError, UnresolvedError) as failed:
            self.give(inputs.RefuseStep(command.step, as_reason(failed.problem), command.token))
            return
        self._orders[command.token] = order
        self._processes[command.token] = process
        self._selector.register(process.descriptor, selectors.EVENT_READ, process)
        self.give(inputs.AttemptClaimed(command.token, HOST))

    def _cancel(self, command: commands.CancelAttempt) -> None:
        if command.token in self._processes:
            self._processes[command.token].wish("stop")

    def _release(self, command: commands.ReleaseAttempt) -> None:
        needs, devices = self._held.pop(command.token)
        back = tuple(each for each in self._machine.gpus if each.uuid in devices and needs.gpus)
        self._free = replace(
            self._free,
            free_cpu=self._free.free_cpu + needs.cpu,
            free_memory_mb=self._free.free_memory_mb + needs.memory_mb,
            free_gpus=(*self._free.free_gpus, *back),
        )

    def _finished(self, command: commands.FinishRun) -> None:
        self.folder.saved(self.snapshot)
        self.folder.over()

    def _take(self, command: commands.DispatchAttempt) -> None:
        needs = self._queue[command.step].resources
        self._held[command.token] = (needs, command.devices)
        left = tuple(each for each in self._free.free_gpus if not needs.gpus or each.uuid not in command.devices)
        self._free = replace(
            self._free,
            free_cpu=self._free.free_cpu - needs.cpu,
            free_memory_mb=self._free.free_memory_mb - needs.memory_mb,
            free_gpus=left,
        )

    def _devices(self, step: str, placed: tuple[str, ...]) -> tuple[str, ...]:
        """A step whose flavor says nothing of cards may use those that the program itself may use."""
        needs = self._queue[step].resources
        return placed if needs.gpus or needs.memory_mb else tuple(each.uuid for each in self._machine.gpus)

    def _hear(self, process: AttemptProcess) -> None:
        for event in process.hear():
            if event["event"] == "log":
                self._listener.log(process.step, Path(self._orders[process.token].log_path), event["size"])
            elif event["event"] == "metrics":
                self._measured(process.step, event["updates"])
            elif event["event"] == "gone":
                self._forget(process)
                self.give(inputs.AttemptLost(process.token, event["reason"]))
                return
            elif event["event"] == "report":
                self._forget(process)
                self._finish(process.token, StepReport.model_validate(event["report"]))
                return

    def _measured(self, step: str, updates: list[Json]) -> None:
        for each in updates:
            if each["value"] is not None:
                self.metrics[step] = each["value"]
                self._listener.metrics(step, each["value"])

    def _finish(self, token: str, report: StepReport) -> None:
        order = self._orders[token]
        reason = report.reason.model_dump(mode="json") if report.reason else None
        given = inputs.AttemptFinished(token, report.outcome, floats=report.floats, reason=reason)
        if report.outcome == "succeeded" and self.snapshot.steps[order.step].state is StepState.RUNNING:
            given = self._kept(order, report)
        self.give(given)
        attempt_clear(Path(order.attempt_dir))
        self.folder.metrics(self.metrics)
        self.folder.saved(self.snapshot)

    def _kept(self, order: StepOrder, report: StepReport) -> inputs.AttemptFinished:
        try:
            outputs = results_keep(self._home, order, report, self.snapshot)
        except LocalError as failed:
            reason = as_reason(failed.problem)
        except OSError as failed:
            said = f"{failed.strerror} ({failed.filename})"
            reason = {"code": "order.not_kept", "params": {"why": said}, "message": said, "hint": ""}
        else:
            files = sum(each.count or len(each.files) for each in report.outputs.values())
            return inputs.AttemptFinished(order.token, "succeeded", outputs, report.floats, files=files)
        return inputs.AttemptFinished(order.token, "failed", floats=report.floats, reason=reason)

    def _forget(self, process: AttemptProcess) -> None:
        self._selector.unregister(process.descriptor)
        del self._processes[process.token]
        process.close()

    def _told(self, event: Event) -> None:
        self.folder.event(event)
        self._listener.event(self.snapshot, event)

    def log_of(self, step: str) -> Path | None:
        """The log of the step's newest attempt."""
        number = self.snapshot.steps[step].attempts
        path = self.folder.path / "attempts" / f"{step}-{number}" / "log"
        return path if path.is_file() else None

    def local(self, place: str) -> Path:
        return self._home.local(place)


_DO: Final[Mapping[type[Any], Callable[[Engine, Any], None]]] = {
    commands.QueueStep: Engine._queue_step,
    commands.BeginRun: Engine._begin_run,
    commands.DispatchAttempt: Engine._dispatch,
    commands.CancelAttempt: Engine._cancel,
    commands.ReleaseAttempt: Engine._release,
    commands.FinishRun: Engine._finished,
}


def _now() -> datetime:
    return datetime.now(UTC)


def _sdk(home: Home) -> Path:
    """A folder that holds this package and nothing else: in an engine of its own, only that may be found there."""
    folder = home.root / "sdk"
    folder.mkdir(exist_ok=True)
    package = Path(__file__).resolve().parents[1]
    link = folder / package.name
    if not link.exists() or link.resolve() != package:
        link.unlink(missing_ok=True)
        link.symlink_to(package)
    return folder
