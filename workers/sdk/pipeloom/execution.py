"""Runs a program with the compatible packages on its path, and takes them away again."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Final

from pipeloom.client.errors import PipeloomError
from pipeloom.workflow.made import Line, ProgramError, did_you_mean
from pipeloom.workflow.program import Recorder, recording
from pipeloom.workflow.running import CheckEndsHere

COMPATIBLE: Final = str(Path(__file__).resolve().parent / "_compat")
_NAMES: Final = tuple(sorted(each.name for each in Path(COMPATIBLE).iterdir() if (each / "__init__.py").is_file()))
"""The packages that are put on the path: whatever lies there."""


class ProgramFailed(Exception):  # noqa: N818 - the name says what happened
    """The program itself went wrong; the message is its own traceback, without what ran it."""


def execute(program: str, *, check_only: bool, arguments: Sequence[str] = ()) -> Recorder:
    """The workflows that the program made. ProgramError, OSError on the program itself and SystemExit come through;
    whatever else the program raises is a ProgramFailed."""
    folder, before = str(Path(program).resolve().parent), sys.argv
    with compatible_packages(), recording(check_only=check_only) as recorder:
        sys.path.insert(0, folder)
        sys.argv = [program, *arguments]
        try:
            _run(program)
        finally:
            sys.argv = before
            sys.path.remove(folder)
    return recorder


def _run(program: str) -> None:
    with open(program, "rb") as file:
        source = file.read()
    try:
        # `os` is there without an import, as in the notebooks that these programs were published from.
        given = {"__name__": "__main__", "__file__": program, "os": os}
        exec(compile(source, program, "exec"), given)  # noqa: S102 - asked to
    except CheckEndsHere:
        return
    except ProgramError:
        raise
    except PipeloomError as error:
        raise ProgramError(_line(error, program), str(error)) from None
    except AttributeError as error:
        misspelt = _misspelt(error, program)
        raise _failed(error) if misspelt is None else misspelt from error
    except Exception as error:
        raise _failed(error) from error


def _failed(error: Exception) -> ProgramFailed:
    inside = error.__traceback__.tb_next if error.__traceback__ else None
    return ProgramFailed("".join(traceback.format_exception(type(error), error, inside)).rstrip())


def _misspelt(error: AttributeError, program: str) -> ProgramError | None:
    """A name that none of our objects has, at the line that asked for it."""
    owner, line = error.obj, _line(error, program)
    kind = owner if isinstance(owner, (ModuleType, type)) else type(owner)
    home = kind.__name__ if isinstance(kind, ModuleType) else kind.__module__
    if line is None or not home.startswith(("pipeloom.", "modelarts.")):
        return None
    known = [name for name in dir(owner) if not name.startswith("_")]
    called = kind.__name__.rpartition(".")[2]
    return ProgramError(line, f"{called} has no “{error.name}”.{did_you_mean(str(error.name), known)}")


def _line(error: BaseException, program: str) -> Line | None:
    """The innermost line of the program on the way to the error."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((Line(each.filename, each.lineno or 0) for each in reversed(frames) if each.filename == program), None)


@contextmanager
def compatible_packages() -> Iterator[None]:
    """Before everything else on the path; modules that were loaded under these names are put aside and come back."""
    aside = _taken()
    sys.path.insert(0, COMPATIBLE)
    try:
        yield
    finally:
        sys.path.remove(COMPATIBLE)
        _taken()
        sys.modules.update(aside)


def _taken() -> dict[str, ModuleType]:
    ours = [name for name in sys.modules if name.partition(".")[0] in _NAMES]
    return {name: sys.modules.pop(name) for name in ours}
