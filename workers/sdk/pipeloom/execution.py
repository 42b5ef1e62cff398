"""Runs a program with the compatible packages on its path, and takes them away again."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Final

from pipeloom.workflow.program import Recorder, recording

COMPATIBLE: Final = str(Path(__file__).resolve().parent / "_compat")
_NAMES: Final = ("modelarts",)


def execute(program: str, *, check_only: bool, arguments: Sequence[str] = ()) -> Recorder:
    """The workflows that the program made. What the program raises comes through."""
    folder, before = str(Path(program).resolve().parent), sys.argv
    with compatible_packages(), recording(check_only=check_only) as recorder:
        sys.path.insert(0, folder)
        sys.argv = [program, *arguments]
        try:
            runpy.run_path(program, run_name="__main__")
        finally:
            sys.argv = before
            sys.path.remove(folder)
    return recorder


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
