"""What a finished attempt leaves: every file of every output with its size and hash, or the reason why it is refused.

The folder belonged to a stranger until a moment ago: it is walked by descriptors, and no link is followed out of it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Container, Iterator
from pathlib import Path

from backend.domain.problems import problem
from backend.domain.run.messages import ReportFile, ReportOutput, StepOrder
from workers.steps.failure import StepFailure

CHUNK = 1 << 20
Tick = Callable[[], None]
"""Called between chunks: hashing may take longer than a lease."""

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def outputs_collect(order: StepOrder, tick: Tick, *, apart_from: Container[str] = ()) -> dict[str, ReportOutput]:
    """Raises StepFailure at the first thing that cannot be kept."""
    wanted = {name: each for name, each in order.outputs.items() if name not in apart_from}
    own = Path(order.attempt_dir)
    return {name: _output(name, each.path, own, tick) for name, each in wanted.items()}


def _output(name: str, path: str, own: Path, tick: Tick) -> ReportOutput:
    top = Path(path)
    if top.parent.resolve() != own.resolve() / top.parent.relative_to(own):
        raise StepFailure(problem("step.output_link", output=name, file=top.name))
    mode = _mode(top)
    if mode is None or stat.S_ISDIR(mode) != path.endswith("/"):
        raise StepFailure(problem("step.output_missing", output=name))
    if stat.S_ISDIR(mode):
        files = sorted(_files(name, top, tick), key=lambda file: file.path)
    else:
        files = [_hashed(name, str(top.parent), top.name, top.name, tick)]
    return ReportOutput(files=files, bytes=sum(file.size for file in files), count=len(files))


def _mode(path: Path) -> int | None:
    try:
        return path.lstat().st_mode
    except OSError:
        return None


def _files(name: str, top: Path, tick: Tick) -> Iterator[ReportFile]:
    for base, folders, files, descriptor in os.fwalk(top, follow_symlinks=False, onerror=_raise(name, top)):
        above = os.path.relpath(base, top)
        for entry in [*folders, *files]:
            path = entry if above == "." else f"{above}/{entry}"
            mode = os.stat(entry, dir_fd=descriptor, follow_symlinks=False).st_mode
            if stat.S_ISLNK(mode):
                _check_link(name, top, base, path, os.readlink(entry, dir_fd=descriptor))
            elif stat.S_ISREG(mode):
                yield _hashed(name, descriptor, entry, path, tick)
            elif not stat.S_ISDIR(mode):
                raise StepFailure(problem("step.output_special", output=name, file=path))


def _raise(name: str, top: Path) -> Callable[[OSError], None]:
    def raise_it(error: OSError) -> None:
        file = os.path.relpath(error.filename or top, top)
        raise StepFailure(problem("step.output_unreadable", output=name, file=file, error=error.strerror))

    return raise_it


def _check_link(name: str, top: Path, base: str, path: str, target: str) -> None:
    """Inside the same tree a relative link survives the move to the final place; any other would dangle or leak."""
    lands = os.path.normpath(os.path.join(os.path.relpath(base, top), target))  # noqa: PTH118
    if target.startswith("/") or lands == ".." or lands.startswith("../"):
        raise StepFailure(problem("step.output_link", output=name, file=path))
    if not os.path.realpath(Path(base, target)).startswith(f"{os.path.realpath(top)}/"):
        raise StepFailure(problem("step.output_link", output=name, file=path))


def _hashed(name: str, folder: int | str, entry: str, path: str, tick: Tick) -> ReportFile:
    digest, size = hashlib.sha256(), 0
    try:
        where = {"dir_fd": folder} if isinstance(folder, int) else {}
        opened = os.open(entry if where else Path(str(folder), entry), _READ, **where)
        with os.fdopen(opened, "rb", buffering=0) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                tick()
    except OSError as error:
        raise StepFailure(problem("step.output_unreadable", output=name, file=path, error=error.strerror)) from error
    return ReportFile(path=path, size=size, sha256=digest.hexdigest())
