"""Running a workflow from its own program, without a server."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, Final

from backend.domain.design.canonical import canonical_bytes
from backend.domain.design.load import parse_document
from pipeloom.local.asking import MissingValuesError, problems_of_value
from pipeloom.local.debugging import Debugger
from pipeloom.local.home import LocalError, home_of_environment
from pipeloom.local.result import LocalRun
from pipeloom.local.runs import RefusedError, Session
from pipeloom.local.shown import view_for_here
from pipeloom.notebook.dag import dag_svg
from pipeloom.workflow.compiler import Compiler
from pipeloom.workflow.made import Made, ProgramError, Raw, line_of_program, listed
from pipeloom.workflow.policy import names_of

_REFUSALS: Final = (RefusedError, MissingValuesError, LocalError, ValueError)


class CheckEndsHere(BaseException):
    """A program that is only checked has come to where it would run: what follows needs results."""


class ValuesMissingError(ProgramError):
    """A run needs values, and there is no terminal to ask for them. `names` are all of them."""

    names: tuple[str, ...] = ()


class Running(Made, ABC):
    """The part of a workflow that runs it here. What steps write lies below `PIPELOOM_LOCAL_HOME`, where `/default/`
    is a storage; records of all runs lie there, too.
    """

    @abstractmethod
    def document(self) -> Raw: ...
    @abstractmethod
    def check(self) -> Iterable[Any]: ...
    @abstractmethod
    def only_checked(self, what: str) -> bool:
        """Whether the program is only being checked; then `what` is noted and nothing is done."""

    @abstractmethod
    def ran(self, run: LocalRun) -> LocalRun:
        """Notes how it ended, for whoever started the program."""

    def run(self, steps: Any = None, experiment_id: str | None = None) -> LocalRun:
        """All steps, or those that are named, on what others left in earlier runs of the same experiment. Values that
        are missing are asked for. Runs of one experiment are kept together; without an id, all runs of this object
        are one. A program that is only checked ends here.
        """
        if self.only_checked("run"):
            raise CheckEndsHere
        session = self._session(steps, experiment_id)
        try:
            session.fill()
            session.open()
        except _REFUSALS as refused:
            raise _told(refused) from None
        except EOFError:
            raise ProgramError(line_of_program(), "The answers ended before all values were given.") from None
        return self.ran(session.run())

    def debug(self, steps: Any = None, experiment_id: str | None = None) -> None:
        """Prepares a run in which each `next()` runs one step."""
        if self.only_checked("debug"):
            return
        before: Debugger | None = getattr(self, "_debugger", None)
        if before is not None:
            before.close()
        self._debugger = Debugger(self._session(steps, experiment_id))

    def next(self) -> LocalRun | None:
        """Runs the next step of a run that `debug()` has prepared; after a failure, that step again. Where a value is
        missing, it says what to set, and runs nothing."""
        if self.only_checked("next"):
            raise CheckEndsHere
        debugger: Debugger | None = getattr(self, "_debugger", None)
        if debugger is None:
            raise ProgramError(line_of_program(), "Call debug() first; then next() runs one step after the other.")
        try:
            return debugger.next()
        except _REFUSALS as refused:
            raise _told(refused) from None

    def set_placeholder(self, name: str, value: Any) -> None:
        """The value of a placeholder, or the folder of a storage, for `run()` and `next()`."""
        self._set(name, Compiler().plain(value, ()))

    def set_data(self, name: str, data: Any) -> None:
        """The data of a data placeholder: `Dataset(…)`, `OBSPath(…)` and the like, or a path as a text."""
        made = Compiler().value(data, ()) if isinstance(data, Made) else data
        self._set(name, {"obs_path": made} if isinstance(made, str) else made)

    def _set(self, name: str, value: Any) -> None:
        document, problems = parse_document(self.document())
        if document is None:
            raise ProgramError(line_of_program(), problems[0].message)
        try:
            canonical_bytes(value)
        except (ValueError, TypeError) as error:
            raise ProgramError(line_of_program(), f"“{name}” cannot have this value: {error}.") from None
        found = problems_of_value(document, name, value, {})
        if found:
            told = " ".join(f"{each.message} {each.hint}" for each in found)
            raise ProgramError(line_of_program(), told)
        self._values_given()[name] = value
        debugger: Debugger | None = getattr(self, "_debugger", None)
        if debugger is not None:
            debugger.set(name, value)

    def _values_given(self) -> dict[str, Any]:
        values: dict[str, Any] = self.__dict__.setdefault("_values", {})
        return values

    def _session(self, steps: Any, experiment_id: str | None) -> Session:
        wrong = [each for each in self.check() if each.problem.severity == "error"]
        if wrong:
            told = "\n".join(f"  {each}" for each in wrong)
            raise ProgramError(line_of_program(), f"The workflow cannot be run:\n{told}")
        names = None if steps is None else tuple(names_of(listed(steps), self))
        known = experiment_id or self.__dict__.get("_experiment")
        values = dict(self._values_given())
        try:
            made = Session(
                self.document(), home_of_environment(), view_for_here(), values=values, steps=names, experiment_id=known
            )
        except _REFUSALS as refused:
            raise _told(refused) from None
        self.__dict__["_experiment"] = made.experiment_id if experiment_id is None else known
        return made

    def _repr_html_(self) -> str:
        return dag_svg(self.document())


def _told(refused: Exception) -> ProgramError:
    if isinstance(refused, MissingValuesError):
        told = ValuesMissingError(line_of_program(), str(refused))
        told.names = refused.names
        return told
    return ProgramError(line_of_program(), str(refused))
