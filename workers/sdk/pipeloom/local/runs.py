"""Running a workflow in the program's own process tree: what is asked before, the run itself, and what it left."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final

from backend.domain.design.document import Document
from backend.domain.design.load import parse_document
from backend.domain.design.nested import release_of
from backend.domain.design.values import check_values, effective_values
from backend.domain.problems import Problem, pointer, problem
from backend.domain.run import inputs
from backend.domain.run.nested import nested_values
from backend.domain.run.part import Part, Wanted
from backend.domain.run.plan import Plan, make_plan, values_used
from backend.domain.run.preview import Verdict, preview
from backend.domain.run.reuse import Choice, choose, may_be_reused
from backend.domain.run.states import STEP_RESOLVED, STEP_RETRYABLE, StepState
from backend.domain.run.step_values import UnresolvedError
from pipeloom.local.asking import Ask, MissingValuesError, asked, can_ask, missing_of
from pipeloom.local.engine import Engine
from pipeloom.local.home import Home, LocalError
from pipeloom.local.interrupts import Interrupts, interrupts_of
from pipeloom.local.known import engine_named, engine_of, unknown_algorithm, with_known_algorithms
from pipeloom.local.machine import AnyFlavor, Room, flavors_in, says_its_size, this_machine
from pipeloom.local.order import LocalValues
from pipeloom.local.records import earlier, experiment_inside, experiment_named, run_folder, sweep
from pipeloom.local.releases import Releases
from pipeloom.local.result import LocalRun
from pipeloom.local.shown import Below, View, tail_of
from workers.steps.kinds import OWN_KINDS

Json = dict[str, Any]
_NOT_HERE: Final = ("run.kind_not_here", "run.part_not_here")
_HERE: Final = ("job", *OWN_KINDS)
"""What is run on this machine; conditions are decided, and run nothing."""


class RefusedError(Exception):
    """The run cannot begin: every reason, one a line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{each.message} {_hint_here(each)}".rstrip() for each in problems))


def _hint_here(found: Problem) -> str:
    """Where the browser's words would name what only the browser has."""
    if found.code == "run.needs_result":
        return f"Name “{found.params['producer']}” among the steps, too, or give the id of an experiment where it ran."
    return found.hint


@dataclass(slots=True)
class Session:
    """One run from what was asked for to its end. `values` are those that somebody gave."""

    raw: Json
    home: Home
    view: View
    values: Json = field(default_factory=dict)
    steps: tuple[str, ...] | None = None
    experiment_id: str | None = None
    ask: Ask = input
    may_ask: Callable[[], bool] = can_ask
    room: Room = field(default_factory=lambda: Room(this_machine()))
    levels: int = 1
    """How many workflows are inside each other, this one among them."""
    wanted: Wanted | None = None
    releases: Releases = field(init=False)
    document: Document = field(init=False)
    engine: Engine = field(init=False)
    _filled: Json = field(init=False)

    def __post_init__(self) -> None:
        if sys.platform != "linux":
            raise ValueError("Without a server, steps run on Linux only: their processes are kept together by it.")
        self.home.prepared()
        self.releases = Releases(self.home)
        if self.steps is not None:
            self.wanted = Wanted(self.steps, "only")
        document, problems = parse_document(self.raw)
        if document is None:
            raise RefusedError(problems)
        self.document = document
        self._fill_in_algorithms()
        self.experiment_id = experiment_named(self.experiment_id, document.name)

    # ------------------------------------------------------------------------------------------ before

    def missing(self) -> list[str]:
        """The values without which the run cannot begin, in the order in which they are asked for. Whatever else is
        wrong raises RefusedError."""
        plan, choice = self._plan()
        refused = [each for said in choice.refused.values() for each in said] if choice else []
        foreseen = preview(plan)
        for name, step in plan.steps.items():
            if step.not_here is not None and step.kind in _HERE and foreseen[name].verdict is Verdict.CANNOT:
                reason = foreseen[name].reason or {}
                refused += [step.not_here] if reason.get("code") in _NOT_HERE else []
            if (
                not step.inline
                and not step.nested
                and step.kind not in _HERE
                and foreseen[name].verdict is not Verdict.SKIP
            ):
                refused.append(problem("run.kind_not_here", "/kind", step=name, kind=step.kind))
            boxed = step.boxed and step.reuse is None and foreseen[name].verdict is not Verdict.SKIP
            if boxed and self.room.containers.engine is None:
                refused.append(problem("run.no_container_engine_here", step=name, why=self.room.containers.why))
            unknown = unknown_algorithm(self.home, step.definition.properties, plan.values)
            if unknown is not None and step.reuse is None and foreseen[name].verdict is not Verdict.SKIP:
                refused.append(unknown)
        refused += self._nesting(plan)
        wrong = check_values(self.document, self.values)
        refused += [each for each in wrong if each.code != "value.missing"]
        if refused:
            raise RefusedError(refused)
        used = {name for step in plan.steps.values() if step.reuse is None for name in values_used(step.definition)}
        return [name for name in missing_of(wrong) if name in used]

    def _nesting(self, plan: Plan) -> list[Problem]:
        """Of the steps that take part and run a workflow of their own."""
        index = {each.name: at for at, each in enumerate(self.document.steps)}
        places = {
            pointer("steps", index[name]) for name, step in plan.steps.items() if step.nested and step.reuse is None
        }
        found = self.releases.problems(self.document, self.levels) if places else []
        return [each for each in found if "/".join(each.path.split("/")[:3]) in places]

    def fill(self) -> None:
        """Ask for everything that is missing; MissingValuesError where nobody can be asked."""
        names = self.missing()
        if names and not self.may_ask():
            raise MissingValuesError(self.document, names)
        for name in names:
            self.values[name] = asked(self.document, name, self.values, ask=self.ask, say=self.view.say)
        if names:
            self.missing()

    def open(self, *, values_later: bool = False) -> None:
        """Make the run; nothing is begun yet. With `values_later` a step waits for what is missing of its values."""
        self._fill_in_algorithms()
        if values_later:
            self._delay_what_is_missing()
        plan, _ = self._plan()
        assert self.experiment_id is not None
        sweep(self.home)
        folder = run_folder(self.home, self.experiment_id, self.document.name)
        if any(each.boxed for each in plan.steps.values()):
            self.room.open_containers()
        plan = replace(plan, flavors=AnyFlavor(self.room.host))
        self.engine = Engine(
            self.document,
            plan,
            home=self.home,
            room=self.room,
            folder=folder,
            listener=self.view,
            inside=self._inside,
        )
        folder.started(self._filled, self.engine.snapshot)
        self.view.event(self.engine.snapshot, self.engine.created)
        self.view.say(f"Run {folder.number} of {folder.experiment_id}, kept in {folder.path}")
        for note in self._notes(plan):
            self.view.say(note)

    def _plan(self) -> tuple[Plan, Choice | None]:
        """Flavors mean what this machine makes of them; that is put in when the run is made."""
        part: Part | None = None
        choice: Choice | None = None
        if self.wanted is not None:
            assert self.experiment_id is not None
            wanted = self.wanted
            known = earlier(self.home, self.experiment_id)
            names = may_be_reused(self.document, wanted)
            there = {name: each for name, each in known.items() if name in names}
            choice = choose(self.document, self.values, wanted, there)
            part = choice.part
        return make_plan(self.document, self.values, flavors={}, part=part), choice

    def _inside(self, step: str) -> Engine:
        """The run that a step is. A retry keeps what the last try completed."""
        definition = self.engine.plan.steps[step].definition
        name, version = release_of(definition) or ("", 0)
        values = nested_values(LocalValues(self.engine.document, self.engine.snapshot, step, self.home), definition)
        try:
            inner = Session(
                self.releases.document((name, version)) or {},
                self.home,
                Below(self.view, step),
                values=values,
                experiment_id=experiment_inside(self.engine.folder.experiment_id, step),
                room=self.room,
                levels=self.levels + 1,
                wanted=self._going_on(step),
            )
            inner.releases = self.releases
            missing = inner.missing()
            if missing:
                raise MissingValuesError(inner.document, missing)
            inner.open()
        except (RefusedError, MissingValuesError, UnresolvedError, ValueError) as refused:
            raise LocalError(problem("nested.not_begun", workflow=name, why=str(refused))) from None
        return inner.engine

    def _going_on(self, step: str) -> Wanted | None:
        before = self.engine.begun.get(step)
        if before is None:
            return None
        steps = before.snapshot.steps
        left = (name for name in before.plan.order if steps[name].state not in STEP_RESOLVED)
        return Wanted(tuple(left), "from")

    def _notes(self, plan: Plan) -> Iterator[str]:
        """What is not as it would be on a server: engines and flavors that only servers know."""
        properties = [each.definition.properties for each in plan.steps.values() if each.reuse is None]
        algorithms = [each.get("algorithm") for each in properties]
        engines = [each.get("engine") for each in algorithms if isinstance(each, Mapping)]
        for name, version in dict.fromkeys(engine_named(each) for each in engines if isinstance(each, Mapping)):
            if name != "python" and engine_of(self.home, name, version).is_own:
                told = f"{name} {version}".strip()
                yield f"The engine “{told}” is not known here: its steps run in {sys.executable}."
        for flavor in sorted({each for each in flavors_in(plan.values.values()) if not says_its_size(each)}):
            yield f"The flavor “{flavor}” is not known here: its steps may use what this machine has."

    def _fill_in_algorithms(self) -> None:
        """Those that are named by a value are known only when all values are."""
        known = effective_values(self.document, self.values)
        self._filled = with_known_algorithms(self.home, self.raw, known)
        document, problems = parse_document(self._filled)
        if document is None:
            raise RefusedError(problems)
        self.document = document

    def _delay_what_is_missing(self) -> None:
        names = set(self.missing())
        parameters = tuple(
            each.model_copy(update={"delay": True}) if each.name in names else each for each in self.document.parameters
        )
        data = tuple(
            each.model_copy(update={"delay": True}) if each.name in names else each for each in self.document.data
        )
        self.document = self.document.replaced(parameters=parameters, data=data)

    # ------------------------------------------------------------------------------------------ the run

    def run(self) -> LocalRun:
        """To its end, whatever that is. Ctrl-C stops it as people do in the browser; once more kills."""
        self.view.begin(self.titles())
        with interrupts_of(self.engine) as interrupts:
            try:
                self.engine.start()
                self._until_it_is_over(interrupts)
            finally:
                self.engine.close()
        return self.ended()

    def titles(self) -> dict[str, str]:
        return {each.name: each.shown_title for each in self.document.steps}

    def ended(self) -> LocalRun:
        self.view.end(self.engine.snapshot)
        result = self.result()
        for name in self.engine.snapshot.steps:
            self.tell_failure(name)
        return result

    def result(self) -> LocalRun:
        return LocalRun(self.raw, self.engine)

    def _until_it_is_over(self, interrupts: Interrupts) -> None:
        engine = self.engine
        while not engine.over:
            asks, step = next(engine.asking(), (None, ""))
            if asks is not None:
                self._answer(asks, step, interrupts)
            elif engine.running:
                engine.pump(None, interrupts.descriptor)
                interrupts.obey()
            else:
                engine.pump(0)
                interrupts.obey()
                if not engine.running and not engine.over and not any(engine.asking()):
                    # Nothing can move it any more: the rest of a stopped run, or a step that nothing leads to.
                    engine.stop()

    def _answer(self, asks: Engine, step: str, interrupts: Interrupts) -> None:
        """Everybody else goes on while the question stands. The step may be one of a run inside this one."""
        names, document = asks.snapshot.steps[step].awaits, asks.document
        if not self.may_ask():
            self.view.say(str(MissingValuesError(document, names)))
            self.engine.stop()
            return
        values: Json = {}
        with self.view.silent():
            of = "" if asks is self.engine else f" of “{document.name}”"
            self.view.say(f"The step “{step}”{of} waits for input.")
            try:
                with _going_on(self.engine), interrupts.raised():
                    for name in names:
                        known = {**asks.snapshot.values, **values}
                        known = {each: known[each] for each in known if not _is_fixed(document, each)}
                        values[name] = asked(document, name, known, ask=self.ask, say=self.view.say)
            except (KeyboardInterrupt, EOFError):
                self.view.say("")
                self.engine.stop()
                return
        refused = asks.give(inputs.ContinueStep(step, values))
        if refused is not None:
            self.view.say(refused.message)
        self.engine.place()

    def tell_failure(self, name: str) -> None:
        """Why, and the end of its log; nothing of a step that did not fail."""
        step = self.engine.snapshot.steps[name]
        if step.state not in STEP_RETRYABLE - {StepState.STOPPED}:
            return
        reason = step.reason or {}
        self.view.say(f"{name} is {step.state.value}: {reason.get('message', '')} {reason.get('hint', '')}".rstrip())
        for line in tail_of(self.engine.log_of(name)):
            self.view.say(f"  | {line}")


def _is_fixed(document: Document, name: str) -> bool:
    data = document.data_named(name)
    return data is not None and not data.placeholder


@contextmanager
def _going_on(engine: Engine) -> Iterator[None]:
    """The run goes on in another thread until the block ends; the block must not touch the engine meanwhile."""
    woken, wake = os.pipe()

    def go_on() -> None:
        while not engine.pump(None, woken):
            pass

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        os.write(wake, b".")
        thread.join()
        os.close(wake)
        os.close(woken)
