"""One step at a time: `debug()` prepares, each `next()` runs the next step and shows what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from backend.domain.run import inputs
from backend.domain.run.plan import values_used
from backend.domain.run.states import STEP_RETRYABLE
from pipeloom.local.asking import described
from pipeloom.local.interrupts import interrupts_of
from pipeloom.local.result import LocalRun
from pipeloom.local.runs import Session

Json = dict[str, Any]


class Debugger:
    """A value that is missing stops only the steps that use it: what to set is said, and `next()` goes on."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._open = False

    def set(self, name: str, value: Any) -> None:
        self._session.values[name] = value

    def next(self) -> LocalRun | None:
        """The run as it is after the step. None while a folder for results is missing: without it there is no run."""
        session = self._session
        if not self._open:
            folders = [name for name in session.missing() if session.document.storage(name) is not None]
            if folders:
                self._tell_missing(folders)
                return None
            session.open(values_later=True)
            session.engine.budget = 0
            session.view.begin(session.titles())
            session.engine.start()
            self._open = True
        engine = session.engine
        try:
            self._one_step()
        finally:
            if engine.over:
                engine.folder.saved(engine.snapshot)
        if engine.over and not list(self._failed()):
            session.view.say(f"The run is {engine.snapshot.state.value}; there is no next step.")
        return session.result()

    def close(self) -> None:
        """Nothing of it goes on."""
        if self._open:
            self._session.engine.close()

    def _one_step(self) -> None:
        engine = self._session.engine
        self._continue()
        if not engine.queued():
            self._retry()
        if not engine.queued():
            self._tell_missing([name for step in engine.waiting() for name in engine.snapshot.steps[step].awaits])
            return
        step = engine.queued()[0]
        self._session.view.say(f"{step}: {self._session.titles()[step]}")
        engine.budget = 1
        engine.place()
        engine.budget = 0
        with interrupts_of(engine) as interrupts:
            while engine.running or (any(engine.asking()) and engine.busy):
                engine.pump(None, interrupts.descriptor)
                if interrupts.take():
                    engine.give(inputs.StopStep(step))
        self._session.tell_failure(step)

    def _continue(self) -> None:
        """Steps whose values are all there now need not wait any more."""
        engine, known = self._session.engine, self._session.values
        for step in engine.waiting():
            names = engine.snapshot.steps[step].awaits
            if all(name in known for name in names):
                engine.give(inputs.ContinueStep(step, {name: known[name] for name in names}))

    def _retry(self) -> None:
        """A step that failed is what is next, with the values that were set meanwhile."""
        engine, known = self._session.engine, self._session.values
        for step in list(self._failed())[:1]:
            used = values_used(engine.plan.steps[step].definition)
            values = {name: known[name] for name in used if name in known}
            refused = engine.give(inputs.RetryStep(step, values))
            if refused is not None:
                self._session.view.say(f"{refused.message} {refused.hint}")

    def _failed(self) -> Iterator[str]:
        steps = self._session.engine.snapshot.steps
        return (name for name in self._session.engine.plan.order if steps[name].state in STEP_RETRYABLE)

    def _tell_missing(self, names: list[str]) -> None:
        document, view = self._session.document, self._session.view
        for name in dict.fromkeys(names):
            call = "set_data" if document.data_named(name) is not None else "set_placeholder"
            view.say(f"“{name}” is missing: {described(document, name)}")
            view.say(f'  workflow.{call}("{name}", …), then workflow.next()')
