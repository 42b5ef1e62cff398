"""The workflow itself: what a program ends with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar

from backend.domain.design.check import check
from backend.domain.problems import Problem, pointer
from pipeloom.local.result import LocalRun
from pipeloom.session import Session
from pipeloom.workflow.compiler import Compiler, line_at
from pipeloom.workflow.made import (
    UNFIT,
    UNSET,
    Line,
    Made,
    ProgramError,
    Raw,
    kind_told,
    line_of_program,
    listed,
    why_unfit,
)
from pipeloom.workflow.policy import Policy, Subgraph
from pipeloom.workflow.publishing import Offered, Publisher, Release, Started, whitelist
from pipeloom.workflow.running import Running
from pipeloom.workflow.steps.base import DATA, Step
from pipeloom.workflow.storage import Storage


class Finding(NamedTuple):
    """A problem and the line of the program that it is about; `others` are the lines of places that it speaks of."""

    problem: Problem
    line: Line | None
    others: tuple[tuple[str, Line], ...] = ()
    part: str = ""
    """Which part of what the line makes, where it is not all of it."""

    def __str__(self) -> str:
        where = str(self.line) if self.line else self.problem.path or "(the whole)"
        word = "warning: " if self.problem.severity == "warning" else ""
        text = f"{self.problem.message} {_hint(self.problem, self.part)}"
        for place, line in self.others:
            text = text.replace(
                place, f"line {line.number}" if self.line and line.file == self.line.file else str(line)
            )
        return f"{where}: {word}{self.part + ': ' if self.part else ''}{text}"


CONDITION: Final = (
    "Give wf.steps.Condition(condition_type=…, left=…, right=…): what Python has compared already knows no values."
)
SELECTED: Final = 'Give data_list the outputs to choose among: [step.outputs["name"].as_input(), …].'


@dataclass(slots=True)
class Recorder:
    """What happened while a program ran under `pipeloom exec`."""

    check_only: bool
    workflows: list[Workflow] = field(default_factory=list)
    asked: list[tuple[Workflow, str, Line | None]] = field(default_factory=list)
    """Releases and runs that were only checked."""
    runs: list[LocalRun] = field(default_factory=list)

    def tell(self, done: object) -> None:
        """What was done on a server, for the person who ran the program."""
        print(done, flush=True)


Done = TypeVar("Done", Release, Started, Offered)
_RECORDER: ContextVar[Recorder | None] = ContextVar("pipeloom_recorder", default=None)


@contextmanager
def recording(*, check_only: bool) -> Iterator[Recorder]:
    recorder = Recorder(check_only)
    token = _RECORDER.set(recorder)
    try:
        yield recorder
    finally:
        _RECORDER.reset(token)


@dataclass(eq=False)
class Workflow(Running):
    """Steps in an order, and what they ask for.

    `name`: an English letter, then letters, digits, “_” and “-”, 64 in all; a release under a known name is that
    workflow's next version. `desc` is its description. `steps` (one or a list), `storages` (all that are used),
    `policy` (its scenes) and `session` (which server a release goes to) are as the source has them. `subgraphs`,
    `notes`, and `parameters` and `data`, which say an order of their own or add what no step uses, are Pipeloom's own.
    """

    name: Any
    desc: Any = UNSET
    steps: Any = UNSET
    storages: Any = UNSET
    policy: Any = UNSET
    session: Any = None
    subgraphs: Any = UNSET
    parameters: Any = UNSET
    data: Any = UNSET
    notes: Any = UNSET

    def __post_init__(self) -> None:
        super().__post_init__()
        recorder = _RECORDER.get()
        if recorder is not None:
            recorder.workflows.append(self)

    def document(self) -> Raw:
        """The workflow as one JSON value. Equal programs give equal documents."""
        return self._compiled()[0]

    def check(self) -> list[Finding]:
        """Everything that is wrong, each with the line that it is about."""
        raw, compiler = self._compiled()
        return [self._finding(found, compiler) for found in check(raw)]

    def release(self) -> Release | None:
        """Makes a version of it on the server, under its name: a new workflow, or the next version of the one there
        is. None where the program is only checked."""
        return None if self.only_checked("release") else _told(self.publisher().release())

    def release_and_run(self) -> Started | None:
        """A version, and a run of it with what the program says. A delayed placeholder needs no default: the run waits
        for it."""
        return None if self.only_checked("release_and_run") else _told(self.publisher().release_and_run())

    def release_to_gallery(
        self,
        content_id: str | None = None,
        version: str | None = None,
        desc: str | None = None,
        title: str | None = None,
        visibility: str | None = None,
        group_users: Any = None,
    ) -> Offered | None:
        """Offers it to others: something new (version 1.0.0), or with `content_id` its next version. `visibility` is
        private, group or public, and belongs to something new; `group_users` are names of people."""
        if self.only_checked("release_to_gallery"):
            return None
        more = {} if content_id else {"title": title, "sharing": visibility}
        told = {"version": version, "description": desc, "users": listed(group_users), **more}
        return _told(self.publisher().offer(content_id, **told))

    def publisher(self, project: str | None = None) -> Publisher:
        """Of a workflow with which nothing is wrong; a ProgramError lists what is."""
        raw, compiler = self._compiled()
        wrong = [self._finding(each, compiler) for each in check(raw) if each.severity == "error"]
        if wrong:
            told = "\n".join(f"  {each}" for each in wrong)
            raise ProgramError(line_of_program(), f"The workflow cannot be released:\n{told}")
        session = Session(project_id=project) if self.session is None else self.session
        if not isinstance(session, Session):
            raise self.refuse(f"session is a Session, not {kind_told(session)}.")
        return Publisher(raw, compiler.lines, session, line_of_program())

    def only_checked(self, what: str) -> bool:
        recorder = _RECORDER.get()
        if recorder is None or not recorder.check_only:
            return False
        recorder.asked.append((self, what, line_of_program()))
        return True

    def ran(self, run: LocalRun) -> LocalRun:
        recorder = _RECORDER.get()
        if recorder is not None:
            recorder.runs.append(run)
        return run

    def _finding(self, found: Problem, compiler: Compiler) -> Finding:
        holder, line = line_at(compiler.lines, found.path)
        part = _part(found.path.removeprefix(holder)) if line else ""
        places = [place for place in map(found.params.get, ("first", "second")) if isinstance(place, str)]
        others = ((place, line_at(compiler.lines, place)[1]) for place in places if place.startswith("/"))
        return Finding(found, line, tuple((place, other) for place, other in others if other is not None), part)

    def _compiled(self) -> tuple[Raw, Compiler]:
        """What no object knows the line of was given to the workflow itself."""
        compiler = Compiler()
        if self.line:
            compiler.lines[""] = self.line
        try:
            return self._written(compiler), compiler
        except ProgramError as error:
            raise error if error.line else self.refuse(error.message) from None
        except UNFIT as error:
            raise self.refuse(f"The workflow cannot be written: {why_unfit(error)}.") from None

    def _written(self, compiler: Compiler) -> Raw:
        raw: Raw = {"schema": 1, "name": compiler.plain(self.name, ())}
        if self.desc is not UNSET and self.desc is not None:
            raw["description"] = compiler.plain(self.desc, ())
        for made in (*listed(self.parameters), *listed(self.data)):
            compiler.value(made, ())
        parts = {
            "storages": self._each("storages", self.storages, Storage, compiler, ""),
            "steps": self._each("steps", self.steps, Step, compiler, "s"),
            "scenes": self._scenes(compiler),
            "subgraphs": self._each("subgraphs", self.subgraphs, Subgraph, compiler, "g"),
        }
        for key, list_ in compiler.lists.items():
            if list_ or getattr(self, key) is not UNSET:
                raw[key] = list_
        raw.update({key: part for key, part in parts.items() if part is not None})
        if self.notes is not UNSET:
            raw["notes"] = [
                {"id": f"n{at}", **({} if text is None else {"text": text})}
                for at, text in enumerate(listed(self.notes), 1)
            ]
        return raw

    def _each(self, key: str, given: Any, type_: type[Made], compiler: Compiler, prefix: str) -> list[Raw] | None:
        if given is UNSET or given is None:
            return None
        entries: list[Raw] = []
        for made in listed(given):
            if not isinstance(made, type_):
                raise self.refuse(f"Among {key} is {kind_told(made)}, which is no {type_.__name__}.")
            at = len(entries)
            if isinstance(made, Storage):
                raw = made.definition(compiler)
                if raw in entries:
                    continue
                if made.line:
                    compiler.lines[pointer(key, at)] = made.line
            else:
                raw = compiler.value(made, (key, at))
            entries.append({"id": f"{prefix}{at + 1}", **raw} if prefix else raw)
        return entries

    def _scenes(self, compiler: Compiler) -> list[Raw] | None:
        if self.policy is UNSET or self.policy is None:
            return None
        if not isinstance(self.policy, Policy):
            raise self.refuse(f"policy is a wf.policy.Policy, not {kind_told(self.policy)}.")
        made = compiler.value(listed(self.policy.scenes), ("scenes",))
        return [{"id": f"c{at}", **scene} for at, scene in enumerate(made, 1)]


def _hint(found: Problem, part: str) -> str:
    """What to write in a program, where a document would want something else."""
    field = part.partition("[")[0]
    if found.code == "document.wrong_type" and field in ("skip_conditions", "conditions"):
        return CONDITION
    if found.code == "document.bad_reference" and found.params.get("key") == "$any_of":
        return SELECTED
    return DATA if found.code == "document.bad_data" else found.hint


def _part(inner: str) -> str:
    """A place in the document below what a line made, as the program writes it: `parameters[0].value`."""
    words = inner.removeprefix("/properties").strip("/").replace("depends_on", "depend_steps").split("/")
    return "".join(f"[{each}]" if each.isdigit() else f".{each}" for each in words).strip(".")


def _told(done: Done) -> Done:
    recorder = _RECORDER.get()
    if recorder is not None:
        recorder.tell(done)
    return done


def add_whitelist_users(content_id: str, version_num: str, user_groups: Any, session: Any = None) -> None:
    """These people, by name, see this version of what is shared with a group."""
    if not _only_checking():
        whitelist("add", content_id, version_num, user_groups, session)


def delete_whitelist_users(content_id: str, version_num: str, user_groups: Any, session: Any = None) -> None:
    """These people see this version no more."""
    if not _only_checking():
        whitelist("remove", content_id, version_num, user_groups, session)


def _only_checking() -> bool:
    recorder = _RECORDER.get()
    return recorder is not None and recorder.check_only
