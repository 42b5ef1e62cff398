"""What a user's program writes with pipeloom.metrics is what Pipeloom reads, and loads in any Python."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pipeloom import context, metrics

from backend.domain.metrics import floats, parse_metrics

SDK = Path(metrics.__file__).parents[1]


@pytest.fixture(autouse=True)
def by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The program runs in an empty folder, outside Pipeloom."""
    monkeypatch.delenv(context.ORDER_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    yield
    metrics._files.clear()


class Array:
    """Like an array of numpy or torch: it knows how to become a list."""

    def __init__(self, *values: Any) -> None:
        self.values = list(values)

    def tolist(self) -> list[Any]:
        return self.values


def written(path: str = "metrics.json") -> tuple[Any, ...]:
    metrics.flush()
    return seen(path)


def seen(path: str = "metrics.json") -> tuple[Any, ...]:
    """What a reader finds who does not know when it is written."""
    parsed = parse_metrics(Path(path).read_bytes())
    assert parsed.problems == ()
    return parsed.items


def write_all_five(curve: list[float]) -> None:
    with metrics.together():
        metrics.log(accuracy=0.9, loss=float("nan"))
        metrics.line_chart("loss by epoch", Array(1, 2), {"train": curve, "held out": Array(0.4, float("inf"))})
        metrics.histogram("recall", ["a", "b"], {"recall": [0.5, 1]}, x_title="digit")
        metrics.confusion_matrix("confusion", ["a", "b"], Array([1, 2], [3, 4]), title="Confusion")
        metrics.table("summary", {"name": "net", "seconds": 1.5})


def test_it_writes_all_five_types_beside_the_program() -> None:
    write_all_five([0.5, 0.3])
    items = written()
    assert [item["type"] for item in items] == [
        "float",
        "float",
        "line chart",
        "histogram",
        "table",
        "one-dimensional-table",
    ]
    assert floats(items) == {"accuracy": 0.9}
    assert items[2]["data"]["y_axis"][1] == {"title": "held out", "value": [0.4, None]}
    assert items[4]["data"]["row_labels"]["title"] == "predictions"
    assert [path.name for path in Path.cwd().iterdir()] == ["metrics.json"]


def test_it_keeps_the_place_of_a_metric_that_is_written_again() -> None:
    metrics.log(a=1, b=2)
    metrics.log(a=3)
    assert floats(written()) == {"a": 3, "b": 2}
    assert [item["key"] for item in written()] == ["a", "b"]


def test_it_never_shows_half_a_file() -> None:
    """Every look while another thread writes as fast as it can finds a whole file."""
    metrics.log(step=0)
    done = threading.Event()

    def write() -> None:
        for step in range(100):
            metrics.line_chart("curve", list(range(step)), {"y": list(range(step))})
            metrics.flush()
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    looks = 0
    while not done.is_set():
        seen()
        looks += 1
    writer.join()
    assert looks
    assert len(written()[1]["data"]["y_axis"][0]["value"]) == 99


def test_it_leaves_the_last_file_when_the_next_would_be_too_large() -> None:
    def written_at_once() -> None:
        metrics.line_chart("long", list(range(300_000)), {"y": [0] * 300_000})
        metrics.file().flush()

    metrics.log(a=1)
    with pytest.warns(UserWarning, match="not replaced"):
        written_at_once()
    assert floats(written()) == {"a": 1}


def test_it_writes_where_the_order_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = {
        "run": "r",
        "workflow": "digits",
        "step": "train",
        "attempt": 2,
        "parameters": {"epochs": 3},
        "inputs": {"data_url": {"type": "dataset", "path": "/data/"}},
        "outputs": {"train_url": {"type": "obs", "path": "/out/"}, "later": {"type": "model", "path": None}},
        "metrics": [
            {"output": "first", "path": str(tmp_path / "deep" / "m.json")},
            {"output": "second", "path": str(tmp_path / "second.json")},
        ],
        "devices": ["GPU-1"],
        "work_dir": "/work-dir",
    }
    (tmp_path / "order.json").write_text(json.dumps(order))
    monkeypatch.setenv(context.ORDER_VARIABLE, str(tmp_path / "order.json"))
    metrics.log(loss=1)
    metrics.file("second").log(loss=2)
    assert floats(written("deep/m.json")) == {"loss": 1}
    assert floats(written("second.json")) == {"loss": 2}
    with pytest.raises(KeyError, match="first, second"):
        metrics.file("third")
    here = context.current()
    assert (here.inside, here.step, here.attempt, here.parameters) == (True, "train", 2, {"epochs": 3})
    assert (here.inputs, here.outputs) == ({"data_url": "/data/"}, {"train_url": "/out/"})
    assert (here.devices, here.work_dir) == (["GPU-1"], "/work-dir")


def test_it_knows_that_it_runs_by_hand(tmp_path: Path) -> None:
    here = context.current()
    assert (here.inside, here.inputs, here.devices, here.work_dir) == (False, {}, [], str(tmp_path))


def test_it_loads_with_the_standard_library_alone() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pipeloom import context, metrics; metrics.log(a=1); "
        "print(context.current().inside)"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program, str(SDK)], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("False\n", 0), done.stderr
    assert floats(written()) == {"a": 1}


def test_it_writes_what_follows_quickly_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first call at once, a thousand more in far fewer writes, and the last of them without being asked."""
    writes: list[int] = []
    write = metrics.MetricsFile._write

    def counted(self: metrics.MetricsFile, items: list[dict[str, Any]]) -> None:
        write(self, items)
        writes.append(len(items))

    monkeypatch.setattr(metrics.MetricsFile, "_write", counted)
    metrics.log(step=0)
    assert seen()[0]["data"]["value"] == 0

    for step in range(1, 1001):
        metrics.log(step=step)
    deadline = time.monotonic() + 30
    while seen()[0]["data"]["value"] != 1000:
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
    assert len(writes) < 500


ENDINGS = {
    "exit": "for step in range(100): metrics.log(step=step)",
    "error": "for step in range(100): metrics.log(step=step)\nraise SystemExit(3)",
    "at exit": "import atexit\natexit.register(lambda: [metrics.log(step=step) for step in range(100)])",
    "child": "import multiprocessing as m\ndef work():\n    for step in range(100): metrics.log(step=step)\n"
    "metrics.log(step=-1)\nchild = m.get_context('fork').Process(target=work)\nchild.start(); child.join()",
    "fork": "import os\nfor step in range(100): metrics.log(step=step)\n"
    "if os.fork() == 0: os._exit(0)\nos.wait()\nos._exit(0)",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_writes_the_last_ones_when_the_program_ends(ending: str, tmp_path: Path) -> None:
    program = f"import sys\nsys.path.insert(0, {str(SDK)!r})\nfrom pipeloom import metrics\n{ENDINGS[ending]}\n"

    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (3 if ending == "error" else 0, "")
    assert seen(str(tmp_path / "metrics.json"))[0]["data"]["value"] == 99


def test_it_goes_on_when_the_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "metrics.json").mkdir()

    with pytest.warns(UserWarning, match=r"metrics\.json cannot be written"):
        metrics.log(loss=1.0)


def test_it_says_what_a_step_was_given(tmp_path: Path) -> None:
    """With one import, in a Python that has nothing else."""
    order = {"step": "train", "run": "r", "parameters": {"epochs": 3}, "devices": ["GPU-1"]}
    order |= {"inputs": {"data_url": {"path": "/data/"}}, "outputs": {"train_url": {"path": "/out/"}}}
    (tmp_path / "order.json").write_text(json.dumps(order))
    program = (
        f"import sys; sys.path.insert(0, {str(SDK)!r}); import pipeloom; given = pipeloom.context();"
        "print(given.inside, given.step, given.parameters, given.inputs, given.outputs, given.devices);"
        "pipeloom.metrics.log(loss=1); print(hasattr(pipeloom, 'nothing'))"
    )

    told = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        env={"PIPELOOM_STEP_ORDER": str(tmp_path / "order.json")}, cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip

    assert told.stderr == ""
    assert told.stdout.splitlines() == [
        "True train {'epochs': 3} {'data_url': '/data/'} {'train_url': '/out/'} ['GPU-1']",
        "False",
    ]
