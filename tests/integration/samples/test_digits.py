"""The sample really trains on its real data, as a program that anybody can run by hand, in its own engine."""

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from backend.config.engine_build import BuiltEngine
from backend.domain.metrics import TYPES, floats, parse_metrics
from tests.harness.live_stack import REPOSITORY

DIGITS = REPOSITORY / "workers" / "samples" / "digits"


def run(engine: BuiltEngine, *argv: str | Path) -> str:
    """In an empty environment, as a step process is."""
    done = subprocess.run(
        [engine.interpreter, *map(str, argv)],
        env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def images(sample_engine: BuiltEngine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("digits") / "images"
    run(sample_engine, DIGITS / "make_data.py", folder)
    return folder


def split(images: Path, folder: Path, ratio: float) -> None:
    """A dataset version as the release step writes it: JSON Lines with absolute sources, split in every class."""
    chance = random.Random(0)
    lines: dict[str, list[dict[str, Any]]] = {"train": [], "eval": []}
    for label in sorted(images.iterdir()):
        sources = sorted(label.iterdir())
        chance.shuffle(sources)
        for index, source in enumerate(sources):
            usage = "train" if index < ratio * len(sources) else "eval"
            annotation = [{"type": "modelarts/image_classification", "name": label.name}]
            lines[usage].append({"source": str(source), "usage": usage.upper(), "annotation": annotation})
    folder.mkdir()
    for usage, entries in lines.items():
        (folder / f"{usage}.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in entries))


def test_it_writes_the_1797_digits_in_class_folders_once(sample_engine: BuiltEngine, images: Path) -> None:
    assert sorted(path.name for path in images.iterdir()) == list("0123456789")
    pictures = list(images.glob("*/*.png"))
    assert len(pictures) == 1797
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures)
    before = images.stat().st_mtime_ns
    assert "already" in run(sample_engine, DIGITS / "make_data.py", images)
    assert images.stat().st_mtime_ns == before
    assert [path.name for path in images.parent.iterdir()] == ["images"]


def test_it_reads_more_than_95_percent_of_the_held_out_digits(
    sample_engine: BuiltEngine, images: Path, tmp_path: Path
) -> None:
    split(images, tmp_path / "version", 0.8)
    out = tmp_path / "out"
    said = run(sample_engine, DIGITS / "code" / "train.py", f"--data_url={tmp_path}/version/", f"--train_url={out}/")
    parsed = parse_metrics((out / "metrics.json").read_bytes())
    assert parsed.problems == ()
    assert {item["type"] for item in parsed.items} == set(TYPES)
    assert floats(parsed.items)["accuracy"] > 0.95
    items = {item["key"]: item["data"] for item in parsed.items}
    epochs = items["loss by epoch"]["x_axis"][0]["value"]
    assert epochs == list(range(1, 31))
    assert said.count("epoch ") == len(epochs)
    cells = items["confusion matrix"]["cell_value"]
    held_out = sum(map(sum, cells))
    assert held_out == len((tmp_path / "version" / "eval.jsonl").read_text().splitlines())
    right = sum(cells[index][index] for index in range(10))
    assert right / held_out == pytest.approx(floats(parsed.items)["accuracy"], abs=1e-4)
    config = json.loads((out / "config.json").read_text())
    assert config["labels"] == list("0123456789")
    assert sorted(path.name for path in out.iterdir()) == ["config.json", "metrics.json", "model.npz"]


def test_it_counts_predictions_in_rows_and_labels_in_columns(sample_engine: BuiltEngine) -> None:
    program = (
        "import sys, json; sys.path.insert(0, sys.argv[1]); import numpy as np; from digits import report; "
        "history = [{'train_loss': 1, 'loss': 1, 'accuracy': 0.5, 'seconds': 1}]; "
        "items = report(np.array(['a', 'b']), np.array(['a', 'a']), np.array(['a', 'b']), history); "
        "print(json.dumps(items))"
    )
    items = json.loads(run(sample_engine, "-c", program, DIGITS / "code"))
    assert parse_metrics(json.dumps(items).encode()).problems == ()
    table = next(item["data"] for item in items if item["type"] == "table")
    assert table["cell_value"] == [[1, 0], [1, 0]], "an a that was read as b stands in row b, column a"
    assert (table["row_labels"]["title"], table["col_labels"]["title"]) == ("predictions", "labels")


def test_it_has_one_set_of_arguments_and_metrics_for_both_scripts() -> None:
    """The torch script is not run here: torch is large and not installed by default."""
    sources = [(DIGITS / "code" / name).read_text() for name in ("train.py", "train_torch.py")]
    options = [
        sorted(line.split('"')[1] for line in source.splitlines() if "add_argument(" in line) for source in sources
    ]
    assert options[0] == options[1]
    for source in sources:
        compile(source, "train", "exec")
        assert "report(classes, truth, guesses, history)" in source
