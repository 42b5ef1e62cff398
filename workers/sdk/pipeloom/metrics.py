"""Write metrics.json from a running program; Pipeloom draws it while the program goes on.

    from pipeloom import metrics

    metrics.log(loss=0.31, accuracy=0.92)
    metrics.line_chart("loss curve", x=[1, 2, 3], y={"train": [0.9, 0.5, 0.3], "held out": [1.0, 0.6, 0.4]})

Inside a step the file is the one that the workflow declares, outside it is ./metrics.json. It is replaced as a whole,
so a reader never sees half of it; what is written in `with metrics.together():` appears together. The first call
writes at once, calls that follow quickly are written together within a tenth of a second: a training loop may call
as often as it likes. The last ones are written when the program ends or forks, or by `metrics.flush()`.
Arrays and numbers of numpy, torch and the like may be passed as they are.

Standard library only, and old syntax (annotations are never evaluated): this loads in whatever Python your step
runs in.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import math
import os
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeloom import context

MAX_BYTES = 1_048_576
FILE_NAME = "metrics.json"
PAUSE_SECONDS = 0.1
"""Between two writes of a file: nobody is shown more than that."""
LATENESS_SECONDS = 0.03
"""How long the thread waits for a call that writes by itself: a thread costs a busy loop more than writing does."""
MOST_OF_THE_TIME = 40
"""Writing a large file takes its time; so many times that long nothing is written again."""


class MetricsFile:
    """The metrics of one file, in the order in which their keys were first written."""

    def __init__(self, path: str) -> None:
        self.path = Path(path).absolute()
        self._items: dict[str, dict[str, Any]] = {}
        self._held = 0
        self._dirty = False
        self._later = False
        self._due = 0.0
        self._locks_new()

    def _locks_new(self) -> None:
        self._lock = threading.RLock()
        self._writing = threading.RLock()

    def log(self, **values: Any) -> None:
        """Single numbers, by name. Conditions of the workflow can read them."""
        made = {
            key: {"key": key, "title": key, "type": "float", "data": {"value": _plain(value)}}
            for key, value in values.items()
        }
        with self._lock:
            self._items.update(made)
            now = self._changed()
        if now:
            self.flush()

    def line_chart(
        self, key: str, x: Sequence[Any], y: Mapping[str, Sequence[Any]], x_title: str = "epoch", title: str = ""
    ) -> None:
        """Curves over one x axis: y maps the name of each curve to its values."""
        self._put(key, title or key, "line chart", _axes(x, y, x_title))

    def histogram(
        self, key: str, x: Sequence[Any], y: Mapping[str, Sequence[Any]], x_title: str = "", title: str = ""
    ) -> None:
        """Bars: x are the names or positions, y maps the name of each row of bars to their heights."""
        self._put(key, title or key, "histogram", _axes(x, y, x_title))

    def confusion_matrix(self, key: str, labels: Sequence[Any], counts: Sequence[Any], title: str = "") -> None:
        """counts[i][j]: how often class j was taken for class i. Rows are predictions, columns are labels."""
        names = [str(name) for name in _plain(labels)]
        rows, columns = {"title": "predictions", "value": names}, {"title": "labels", "value": names}
        self._put(key, title or key, "table", {"cell_value": _plain(counts), "col_labels": columns, "row_labels": rows})

    def table(self, key: str, values: Mapping[str, Any], title: str = "") -> None:
        """One row of named values, numbers or texts."""
        row = [_plain(value) for value in values.values()]
        self._put(key, title or key, "one-dimensional-table", {"cell_value": [row], "labels": list(values)})

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """What is written in the block appears in the file together."""
        now = False
        try:
            with self._lock:
                self._held += 1
                try:
                    yield
                finally:
                    self._held -= 1
                    now = self._changed()
        finally:
            if now:
                self.flush()

    def flush(self) -> None:
        """Write now what has not been written yet."""
        with self._writing:
            with self._lock:
                if not self._dirty or self._held:
                    return
                self._dirty = False
                items = list(self._items.values())
            begun = time.monotonic()
            try:
                self._write(items)
            except OSError as error:
                warnings.warn(f"{self.path} cannot be written: {error}", stacklevel=2)
            ended = time.monotonic()
            self._due = ended + max(PAUSE_SECONDS, MOST_OF_THE_TIME * (ended - begun))

    def _changed(self) -> bool:
        """Whether it is to be written now; by whoever asked, once the lock is free. The thread writes only what no
        other call follows."""
        self._dirty = True
        if self._held:
            return False
        if time.monotonic() >= self._due:
            return True
        self._later = self._later or _writer.write_at(self, self._due + LATENESS_SECONDS)
        return not self._later

    def _late(self) -> None:
        """For the thread: write what still waits, or look again when it may be written."""
        with self._lock:
            again = self._dirty and time.monotonic() < self._due
            self._later = again and _writer.write_at(self, self._due + LATENESS_SECONDS)
            waits = self._dirty and not self._later and not self._held
        if waits:
            self.flush()

    def _put(self, key: str, title: str, kind: str, data: dict[str, Any]) -> None:
        with self._lock:
            self._items[key] = {"key": key, "title": title, "type": kind, "data": data}
            now = self._changed()
        if now:
            self.flush()

    def _write(self, items: list[dict[str, Any]]) -> None:
        encoded = json.dumps(items, allow_nan=False, separators=(",", ":")).encode()
        if len(encoded) > MAX_BYTES:
            message = f"{self.path} would have {len(encoded)} bytes; Pipeloom shows at most {MAX_BYTES}: not replaced"
            warnings.warn(message, stacklevel=5)
            return
        unfinished = f"{self.path}.{os.getpid()}.part"
        try:
            _written(unfinished, encoded)
        except FileNotFoundError:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _written(unfinished, encoded)
        os.replace(unfinished, self.path)  # noqa: PTH105 - ten times a second


def _written(path: str, encoded: bytes) -> None:
    with open(path, "wb") as new:
        new.write(encoded)


class _Writer:
    """One thread for all files of this process: it writes each when its time has come."""

    def __init__(self) -> None:
        self._waiting: dict[MetricsFile, float] = {}
        self._told = threading.Condition()
        self._thread: threading.Thread | None = None

    def write_at(self, file: MetricsFile, due: float) -> bool:
        """False when there is no thread to be had, as at the end of a program."""
        with self._told:
            if self._thread is None:
                thread = threading.Thread(target=self._work, name="pipeloom-metrics", daemon=True)
                try:
                    thread.start()
                except RuntimeError:
                    return False
                self._thread = thread
                _flush_before_a_child_ends()
            self._waiting[file] = due
            self._told.notify()
            return True

    def _work(self) -> None:
        while True:
            with self._told:
                while not self._waiting:
                    self._told.wait()
                file, due = min(self._waiting.items(), key=lambda each: each[1])
                left = due - time.monotonic()
                if left > 0:
                    self._told.wait(left)
                    continue
                del self._waiting[file]
            file._late()


def _axes(x: Any, y: Mapping[str, Any], x_title: str) -> dict[str, Any]:
    return {
        "x_axis": [{"title": x_title, "value": _plain(x)}],
        "y_axis": [{"title": name, "value": _plain(values)} for name, values in y.items()],
    }


def _plain(value: Any) -> Any:
    """Numbers, texts and lists of them; what is not finite becomes null, because JSON has no word for it."""
    if type(value) is float:
        return value if math.isfinite(value) else None
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (str, bool, int)) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if hasattr(value, "__float__"):
        return _plain(float(value))
    return [_plain(part) for part in value]


_files: dict[str, MetricsFile] = {}
_found: dict[tuple[str, str, str | None], MetricsFile] = {}
_writer = _Writer()


def file(output: str | None = None) -> MetricsFile:
    """The metrics file of an output; without a name the first that the workflow declares, or ./metrics.json."""
    order = os.environ.get(context.ORDER_VARIABLE, "")
    key = (order, "" if order else os.getcwd(), output)  # noqa: PTH109 - asked at every call
    found = _found.get(key)
    if found is None or str(found.path) not in _files:
        found = _found[key] = _opened(output)
    return found


def _opened(output: str | None) -> MetricsFile:
    targets: list[context.MetricsTarget] = context.current().metrics
    paths = [target.path for target in targets if output in (None, target.output)]
    if targets and not paths:
        known = ", ".join(sorted({target.output for target in targets}))
        raise KeyError(f"no metrics output is called {output!r}; there are: {known}")
    path = str(Path(paths[0] if paths else FILE_NAME).absolute())
    return _files.setdefault(path, MetricsFile(path))


def flush() -> None:
    """Write now what has not been written yet, in all files."""
    for each in list(_files.values()):
        each.flush()


def _flush_before_a_child_ends() -> None:
    """Children of `multiprocessing` do not come to what is done at exit."""
    ending = sys.modules.get("multiprocessing.util")
    if ending is not None:
        ending.Finalize(None, flush, exitpriority=10)


def _new_in_child() -> None:
    """Threads do not come along, and whoever held a lock in the parent will never give it back here."""
    global _writer  # noqa: PLW0603 - there is one, and it stayed behind
    _writer = _Writer()
    for each in _files.values():
        each._later = False
        each._locks_new()


# Registered first, so done last: after whatever the program itself still logs then.
atexit.register(flush)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=flush, after_in_child=_new_in_child)


def log(**values: Any) -> None:
    file().log(**values)


def line_chart(
    key: str, x: Sequence[Any], y: Mapping[str, Sequence[Any]], x_title: str = "epoch", title: str = ""
) -> None:
    file().line_chart(key, x, y, x_title, title)


def histogram(key: str, x: Sequence[Any], y: Mapping[str, Sequence[Any]], x_title: str = "", title: str = "") -> None:
    file().histogram(key, x, y, x_title, title)


def confusion_matrix(key: str, labels: Sequence[Any], counts: Sequence[Any], title: str = "") -> None:
    file().confusion_matrix(key, labels, counts, title)


def table(key: str, values: Mapping[str, Any], title: str = "") -> None:
    file().table(key, values, title)


def together() -> contextlib.AbstractContextManager[None]:
    return file().together()
