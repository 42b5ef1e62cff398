"""When the watcher looks: at once at a finished file of its own, and not because of files beside it."""

import select
from pathlib import Path
from typing import Any

from workers.sandbox import metrics_file
from workers.sandbox.spec import MetricsFile
from workers.sandbox.watch import INTERVAL, Watcher

ONE = '[{"key": "loss", "title": "loss", "type": "float", "data": {"value": 1}}]'
TWO = ONE.replace("1}", "2}")


def watching(folder: Path) -> Watcher:
    """It has looked once, at nothing, at the time 0."""
    path = folder / "run" / "metrics.json"
    declared = {"output": "metrics", "path": str(path), "shown": "/default/run/metrics.json", "realtime": True}
    watcher = Watcher(str(folder), [MetricsFile(declared)], metrics_file, bad_after=1.0)
    assert watcher.changes(0.0) == []
    return watcher


def wake(watcher: Watcher) -> None:
    """As the launcher does when the kernel has something to tell."""
    assert select.select([watcher.descriptor], [], [], 20)[0], "the kernel tells"
    watcher.woken()


def value_of(updates: list[dict[str, Any]]) -> list[float]:
    return [update["value"][0]["data"]["value"] for update in updates]


def test_it_looks_at_once_at_a_file_that_was_written_beside_and_renamed(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    watcher = watching(tmp_path)
    part = tmp_path / "run" / "metrics.json.part"

    part.write_text(ONE)
    wake(watcher)
    assert watcher.changes(0.2 * INTERVAL) == []
    part.replace(tmp_path / "run" / "metrics.json")
    wake(watcher)

    assert value_of(watcher.changes(0.3 * INTERVAL)) == [1]


def test_it_is_not_woken_by_other_files(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    watcher = watching(tmp_path)
    due = watcher.due()

    for number in range(100):
        (tmp_path / "run" / f"checkpoint-{number}").write_text("weights")
    wake(watcher)

    assert watcher.due() == due


def test_it_watches_a_folder_again_that_was_made_anew(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    watcher = watching(tmp_path)
    (tmp_path / "run").rmdir()
    wake(watcher)
    assert watcher.changes(0.3 * INTERVAL) == []

    (tmp_path / "run").mkdir()
    assert watcher.changes(2 * INTERVAL) == []
    (tmp_path / "run" / "metrics.json").write_text(TWO)
    wake(watcher)

    assert value_of(watcher.changes(3.1 * INTERVAL)) == [2]
