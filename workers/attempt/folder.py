"""The attempt's folder: made before the step starts, known to be ours, removed long after."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from pathlib import Path
from typing import BinaryIO

from backend.domain.problems import problem
from backend.domain.run.messages import StepOrder
from workers.attempt.outputs import Tick
from workers.steps.failure import StepFailure

HOST_FILE = "host"
"""Names the worker host that the attempt belongs to: two hosts of one installation may share a machine."""
FIXED_FILES = (HOST_FILE, "order.json", "log")

_BULKY = ("work", "tmp", "storages", "outputs", "inputs")


def folder_prepare(order: StepOrder, host: str, tick: Tick) -> None:
    """Everything the step finds when it starts. What goes wrong here is the host's fault and said so."""
    try:
        root = Path(order.attempt_dir)
        for folder in (root, root / "tmp", Path(order.work_dir), *_output_folders(order)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(root / HOST_FILE, host)
        if order.code:
            _copy_code(order.code.dir, order.code.boot_file, order.work_dir, tick)
        write_private(root / "order.json", order.model_dump_json())
    except OSError as error:
        raise StepFailure(problem("step.preparation", error=_said(error))) from error


def _output_folders(order: StepOrder) -> list[Path]:
    """An output whose path ends in a slash is a folder; of a file, and of a metrics file, the folder around it."""
    outputs = [
        Path(each.path) if each.path.endswith("/") else Path(each.path).parent for each in order.outputs.values()
    ]
    return outputs + [Path(each.path).parent for each in order.metrics]


def _copy_code(source: str, boot_file: str, work_dir: str, tick: Tick) -> None:
    """Copied, so that an edit during the run changes nothing, and what the program writes beside itself is its own."""
    if not Path(source).is_dir():
        raise StepFailure(problem("step.input_missing", input="code", where=source))

    def copy(file: str, target: str) -> None:
        tick()
        shutil.copy2(file, target, follow_symlinks=False)

    leave_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(source, work_dir, symlinks=True, dirs_exist_ok=True, ignore=leave_out, copy_function=copy)
    if boot_file and not Path(work_dir, boot_file).is_file():
        raise StepFailure(problem("step.code_missing", file=boot_file))


def folder_clear(root: Path) -> None:
    """Remove what a step leaves behind, once its results have moved to their places. Log, order and report stay."""
    for name in _BULKY:
        shutil.rmtree(root / name, ignore_errors=True)


def open_left_behind(path: str | Path) -> BinaryIO:
    """A file in a folder in which a stranger could do anything: a link there could lead out of it, and opening a pipe
    would wait for ever. OSError for both."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a file", str(path))
    return os.fdopen(descriptor, "rb")


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, for this user only."""
    temporary = path.with_name(f".{path.name}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
    temporary.replace(path)


def _said(error: OSError) -> str:
    if isinstance(error, shutil.Error):
        return str(error.args[0][0][2]) if error.args and error.args[0] else "copying failed"
    return f"{error.strerror} ({error.filename})" if error.filename else str(error)
