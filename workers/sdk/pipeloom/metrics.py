"""Write metrics.json from a running program; Pipeloom draws it while the program goes on.

    from pipeloom import metrics

    metrics.log(loss=0.31, accuracy=0.92)
    metrics.line_chart("loss curve", x=[1, 2, 3], y={"train": [0.9, 0.5, 0.3], "held out": [1.0, 0.6, 0.4]})

Inside a step the file is the one that the workflow declares, outside it is ./metrics.json. Every call replaces the
file as a whole, so a reader never sees half of it; several calls in `with metrics.together():` replace it once.
Arrays and numbers of numpy, torch and the like may be passed as they are.

Standard library only, and old syntax (annotations are never evaluated): this loads in whatever Python your step
runs in.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeloom import context

MAX_BYTES = 1_048_576
FILE_NAME = "metrics.json"


class MetricsFile:
    """The metrics of one file, in the order in which their keys were first written."""

    def __init__(self, path: str) -> None:
        self.path = Path(path).absolute()
        self._items: dict[str, dict[str, Any]] = {}
        self._lock = threading.RLock()
        self._held = 0

    def log(self, **values: Any) -> None:
        """Single numbers, by name. Conditions of the workflow can read them."""
        with self.together():
            for key, value in values.items():
                self._put(key, key, "float", {"value": _plain(value)})

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
        """Write the file once, at the end of the block."""
        with self._lock:
            self._held += 1
            try:
                yield
            finally:
                self._held -= 1
                if not self._held:
                    self._write()

    def _put(self, key: str, title: str, kind: str, data: dict[str, Any]) -> None:
        with self.together():
            self._items[key] = {"key": key, "title": title, "type": kind, "data": data}

    def _write(self) -> None:
        encoded = json.dumps(list(self._items.values()), allow_nan=False, separators=(",", ":")).encode()
        if len(encoded) > MAX_BYTES:
            message = f"{self.path} would have {len(encoded)} bytes; Pipeloom shows at most {MAX_BYTES}: not replaced"
            warnings.warn(message, stacklevel=5)
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        unfinished.write_bytes(encoded)
        unfinished.replace(self.path)


def _axes(x: Any, y: Mapping[str, Any], x_title: str) -> dict[str, Any]:
    return {
        "x_axis": [{"title": x_title, "value": _plain(x)}],
        "y_axis": [{"title": name, "value": _plain(values)} for name, values in y.items()],
    }


def _plain(value: Any) -> Any:
    """Numbers, texts and lists of them; what is not finite becomes null, because JSON has no word for it."""
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


def file(output: str | None = None) -> MetricsFile:
    """The metrics file of an output; without a name the first that the workflow declares, or ./metrics.json."""
    targets: list[context.MetricsTarget] = context.current().metrics
    paths = [target.path for target in targets if output in (None, target.output)]
    if targets and not paths:
        known = ", ".join(sorted({target.output for target in targets}))
        raise KeyError(f"no metrics output is called {output!r}; there are: {known}")
    path = str(Path(paths[0] if paths else FILE_NAME).absolute())
    return _files.setdefault(path, MetricsFile(path))


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
