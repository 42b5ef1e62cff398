"""A run on this machine: the same decisions as on a server, with processes of this program's own instead of hosts.

Everything that happens goes through `give`: an input, what `decide` makes of it, and what has to be done because of it.
One thread at a time may use an engine.
"""

from __future__ import annotations

import math
import selectors
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol
from uuid import uuid4

from backend.domain.design.document import Document
from backend.domain.problems import Problem
from backend.domain.run import commands, inputs
from backend.domain.run.events import Event
from backend.domain.run.machine import create, decide, fold
from backend.domain.run.messages import StepOrder, StepReport
from backend.domain.run.placement import Waiting, placement
from backend.domain.run.plan import Plan
from backend.domain.run.snapshot import RunSnapshot
from backend.domain.run.states import RUN_TERMINAL, StepState
from backend.domain.run.step_values import UnresolvedError
from backend.domain.run.turn import as_reason
from pipeloom.local.finish import results_keep
from pipeloom.local.home import Home, LocalError
from pipeloom.local.inside import failed_first, metrics_of, result_of
from pipeloom.local.machine import HOST, Room
from pipeloom.local.order import RunFacts, order_make, sdk_folder
from pipeloom.local.process import AttemptProcess
from pipeloom.local.records import RunFolder, attempt_clear

Json = dict[str, Any]
GRACE_SECONDS: Final = 10.0
_NOWHERE: Final = ""
"""The host of an attempt that is a run of its own."""


class Listener(Protocol):
    """Whoever shows the run. Called after everything that happened."""

    def event(self, snapshot: RunSnapshot, event: Event) -> None: ...
    def log(self, step: str, path: Path, size: int) -> None: ...
    def metrics(self, step: str, items: list[Json]) -> None: ...


Inside = Callable[[str], "Engine"]
"""Makes the run that a step is. LocalError says why there is none."""


@dataclass(frozen=True, slots=True)
class Inner:
    """A run that is the attempt of a step; `until` is when the step's time is over, and `late` that it was."""

    token: str
    step: str
    engine: Engine
    until: float
    late: bool = False


class Engine:
    """`budget` is how many more steps may be begun; None: as many as there are. A step that is a run of its own has an
    engine of its own, which goes on with this one."""

    def __init__(
        self,
        document: Document,
        plan: Plan,
        *,
        home: Home,
        room: Room,
        folder: RunFolder,
        listener: Listener,
        inside: Inside,
    ) -> None:
        self.document = document
        self.plan = plan
        self.folder = folder
        self.budget: int | None = None
        self.grace_seconds = GRACE_SECONDS
        self.metrics: dict[str, list[Json]] = {}
        self.snapshot, created = create(plan, run_id=str(uuid4()), now=_now())
        self._home = home
        self._listener = listener
        self._room = room
        self._inside = inside
        self._queue: dict[str, Waiting] = {}
        self._to_begin: list[str] = []
        self._inner: dict[str, Inner] = {}
        self.begun: dict[str, Engine] = {}  # the newest run that a step was
        self._processes: dict[str, AttemptProcess] = {}
        self._orders: dict[str, StepOrder] = {}
        # Not just any selector: this one can itself be waited for, by the run that this one is inside of.
        self._selector = selectors.EpollSelector()
        self._facts = RunFacts(document, plan, home, folder.number, folder.path, sdk_folder(home))
        self.created = created
        folder.event(created)

    # ------------------------------------------------------------------------------------------ what is so

    @property
    def over(self) -> bool:
        return self.snapshot.state in RUN_TERMINAL

    @property
    def running(self) -> bool:
        """Whether something will happen by itself."""
        return bool(self._processes) or any(each.engine.running for each in self._inner.values())

    @property
    def busy(self) -> bool:
        """Whether a step has begun and not ended, waiting for people or not."""
        return bool(self._processes) or bool(self._inner)

    def waiting(self) -> list[str]:
        """The steps that wait for values, in their order."""
        steps = self.snapshot.steps
        return [name for name in self.plan.order if steps[name].state is StepState.WAIT_INPUTS]

    def asking(self) -> Iterator[tuple[Engine, str]]:
        """The steps that wait for values, here and in the runs inside, each with the engine that it belongs to."""
        if not self.snapshot.stop_requested:
            yield from ((self, step) for step in self.waiting())
            for each in self._inner.values():
                yield from each.engine.asking()

    def queued(self) -> list[str]:
        return sorted([*self._queue, *self._to_begin], key=self.plan.position.__getitem__)

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
        self._to_begin = [step for step in self._to_begin if self.snapshot.steps[step].state is StepState.PENDING]
        return None

    def place(self) -> None:
        """Begin what there is room for, here and in the runs inside; end those of them that are over."""
        while True:
            self._place_inside()
            self._place()
            for each in list(self._inner.values()):
                each.engine.place()
            if not self._ended_inside():
                return

    def _place(self) -> None:
        """Refuses what this machine could never run."""
        while self._queue and not self.snapshot.stop_requested and self.budget != 0:
            chosen = placement(list(self._queue.values()), [self._room.free], {})
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
            ready = self._selector.select(self._patience(seconds))
        finally:
            for descriptor in also:
                self._selector.unregister(descriptor)
        for key, _ in ready:
            if isinstance(key.data, Inner):
                key.data.engine.pump(0)
            elif key.data is not None:
                self._hear(key.data)
        self.place()
        return any(key.data is None for key, _ in ready)

    def stop(self) -> None:
        self.give(inputs.StopRun())

    def kill(self) -> None:
        """Whatever still runs ends now."""
        for process in self._processes.values():
            process.wish("kill")
        for each in self._inner.values():
            each.engine.kill()

    def close(self) -> None:
        """Nothing of the run goes on after this, however it came here."""
        for process in list(self._processes.values()):
            process.wish("kill")
            self._forget(process)
        for each in self._inner.values():
            each.engine.close()
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
        self._to_begin.append(command.step)

    def _dispatch(self, command: commands.DispatchAttempt) -> None:
        if command.host == _NOWHERE:
            self._dispatch_inside(command)
            return
        self._room.take(command.token, self._queue[command.step].resources, command.devices)
        try:
            order = order_make(self._facts, self.snapshot, command.step, command.token)
            engine = self._room.containers.engine if order.image else None
            process = AttemptProcess(order, self._home.root, self.grace_seconds, engine)
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
        elif command.token in self._inner:
            self._inner[command.token].engine.stop()

    def _release(self, command: commands.ReleaseAttempt) -> None:
        self._room.give_back(command.token)

    def _finished(self, command: commands.FinishRun) -> None:
        self.folder.saved(self.snapshot)
        self.folder.over()

    def _devices(self, step: str, placed: tuple[str, ...]) -> tuple[str, ...]:
        """A step whose flavor says nothing of cards may use those that the program itself may use."""
        needs = self._queue[step].resources
        return placed if needs.gpus or needs.memory_mb else tuple(each.uuid for each in self._room.host.gpus)

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

    # ------------------------------------------------------------------------------------------ runs inside

    def _place_inside(self) -> None:
        while self._to_begin and not self.snapshot.stop_requested and self.budget != 0:
            if self.budget is not None:
                self.budget -= 1
            self.give(inputs.AssignStep(self._to_begin[0], str(uuid4()), _NOWHERE))

    def _dispatch_inside(self, command: commands.DispatchAttempt) -> None:
        try:
            engine = self._inside(command.step)
        except LocalError as failed:
            self.give(inputs.RefuseStep(command.step, as_reason(failed.problem), command.token))
            return
        until = time.monotonic() + self.plan.steps[command.step].timeout_seconds
        self.begun[command.step] = engine
        inner = self._inner[command.token] = Inner(command.token, command.step, engine, until)
        self._selector.register(engine._selector.fileno(), selectors.EVENT_READ, inner)
        self.give(inputs.AttemptClaimed(inner.token, _NOWHERE))
        engine.start()

    def _patience(self, seconds: float | None) -> float | None:
        """No longer than the first of the steps that are runs may still take."""
        left = (each.until - time.monotonic() for each in self._inner.values())
        shortest = min([*left, math.inf if seconds is None else seconds])
        return None if math.isinf(shortest) else max(0.0, shortest)

    def _ended_inside(self) -> bool:
        """Tell the steps of the runs that are over how they went, and stop those that take too long."""
        for each in [each for each in self._inner.values() if each.until <= time.monotonic()]:
            self._inner[each.token] = replace(each, until=math.inf, late=True)
            each.engine.stop()
        ended = [each for each in self._inner.values() if each.engine.over]
        for each in ended:
            self._selector.unregister(each.engine._selector.fileno())
            del self._inner[each.token]
            run, step = each.engine, self.plan.steps[each.step].definition
            result = result_of(each.token, step, run.plan, run.snapshot, run.folder.number, run.document.name)
            handed = metrics_of(step, run.metrics)
            self.metrics.update({each.step: handed} if handed else {})
            run.close()
            self.give(inputs.AttemptFinished(each.token, "timeout") if each.late else result)
            self.folder.metrics(self.metrics)
            self.folder.saved(self.snapshot)
        return bool(ended)

    def failed(self) -> str | None:
        """The step that went wrong first."""
        return failed_first(self.plan, self.snapshot)

    def _told(self, event: Event) -> None:
        self.folder.event(event)
        self._listener.event(self.snapshot, event)

    def log_of(self, step: str) -> Path | None:
        """The log of the step's newest attempt; of a step that is a run, that of what went wrong in it."""
        if step in self.begun:
            failed = self.begun[step].failed()
            return self.begun[step].log_of(failed) if failed else None
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
