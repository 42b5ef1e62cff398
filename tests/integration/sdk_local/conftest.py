"""A folder of its own for each test, with data, an algorithm and a labelled dataset that was released."""

from __future__ import annotations

import os
import shutil
import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pipeloom import local
from pipeloom import workflow as wf
from pipeloom.local.home import VARIABLE

PROGRAM = '''"""Writes down what it was given, and metrics where it is told to."""

import json, os, sys
from pathlib import Path

from pipeloom import context, metrics

given = dict(each[2:].split("=", 1) for each in sys.argv[1:])
told = context.current()
print("given", json.dumps(given, sort_keys=True))
if told.metrics:
    metrics.log(accuracy=float(given.get("accuracy", 0.8)))
    metrics.line_chart("loss", x=[1, 2, 3], y={"train": [3.0, 2.0, 1.0]})
    metrics.histogram("sizes", x=["s", "m"], y={"count": [4, 5]})
    metrics.confusion_matrix("mistakes", ["a", "<b>"], [[5, 1], [0, 6]])
    metrics.table("service", {"samples": 10, "p99": 0.5})
for name, folder in told.outputs.items():
    Path(folder, "given.json").write_text(json.dumps(given))
if "fail" in given.get("parameter_name", ""):
    raise SystemExit("asked to fail")
'''


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, by a run of its own, and copied for every test."""
    folder = tmp_path_factory.mktemp("furnished")
    before, where = os.environ.get(VARIABLE), Path.cwd()
    os.environ[VARIABLE] = str(folder / "home")
    os.chdir(folder)
    try:
        _furnish(folder)
    finally:
        os.chdir(where)
        os.environ.pop(VARIABLE) if before is None else os.environ.update({VARIABLE: before})
    return folder


@pytest.fixture
def here(furnished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder in which the test's program is started."""
    folder = tmp_path / "here"
    shutil.copytree(furnished, folder, symlinks=True)
    monkeypatch.setenv(VARIABLE, str(folder / "home"))
    monkeypatch.chdir(folder)
    yield folder
    assert not list(folder.glob("home/**/tmp")), "an attempt has left its temporary folder"


def _furnish(folder: Path) -> None:
    (folder / "code").mkdir()
    (folder / "code" / "job.py").write_text(PROGRAM)
    (folder / "fake_code_dir").mkdir()
    (folder / "fake_code_dir" / "fake_boot_file").write_text(PROGRAM)
    for id_ in ("subscription_id", "algorithm_id"):
        local.add_algorithm(id_, code_dir="code", boot_file="job.py", parameters={"depth": 3, "parameter_name": "own"})
    local.add_engine("fake_engine_name", "fake_engine_version", sys.executable)
    images = folder / "home" / "storage" / "default" / "images"
    for label in ("cat", "dog"):
        (images / label).mkdir(parents=True)
        for number in range(5):
            (images / label / f"{number}.png").write_bytes(_png(label, number))
    made = _labelled().run()
    assert made is not None
    assert made.ok, {name: (step.reason, step.tail()) for name, step in made.items()}


def _labelled() -> wf.Workflow:
    create = wf.steps.CreateDatasetStep(
        name="create",
        inputs=wf.steps.CreateDatasetInput(name="images", data=wf.data.OBSPath("/default/images/")),
        outputs=wf.steps.CreateDatasetOutput(name="dataset", config=wf.data.OBSOutputConfig("/default/datasets/")),
        properties=wf.steps.DatasetProperties(
            dataset_name="animals",
            data_type=wf.data.DataTypeEnum.IMAGE,
            import_config=wf.steps.ImportConfig(
                annotation_format_config=wf.steps.AnnotationFormatConfig(
                    format_name=wf.steps.AnnotationFormatEnum.MA_IMAGENET_V1,
                    scene=wf.data.LabelTaskTypeEnum.IMAGE_CLASSIFICATION,
                )
            ),
        ),
    )
    release = wf.steps.ReleaseDatasetStep(
        name="release",
        inputs=wf.steps.ReleaseDatasetInput(name="dataset", data=create.outputs["dataset"].as_input()),
        outputs=wf.steps.ReleaseDatasetOutput(
            name="version",
            dataset_version_config=wf.data.DatasetVersionConfig(
                label_task_type=wf.data.LabelTaskTypeEnum.IMAGE_CLASSIFICATION, train_evaluate_sample_ratio="0.8"
            ),
        ),
        depend_steps=create,
    )
    return wf.Workflow(name="animals", desc="", steps=[create, release])


def _png(label: str, number: int) -> bytes:
    """A picture of two by two points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + bytes([number * 40, len(label) * 20, 7]) * 2 for _ in range(2))
    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    parts: Any = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
