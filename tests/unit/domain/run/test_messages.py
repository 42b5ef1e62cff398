"""The shapes that cross process borders."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from backend.domain.run.messages import FRAME, FactFrame, StepOrder, StepReport, export

AT = "2026-01-01T12:00:00Z"
REPORT: dict[str, Any] = {
    "version": 1,
    "token": "t",
    "outcome": "succeeded",
    "exit_code": 0,
    "signal": None,
    "reason": None,
    "outputs": {"out": {"files": [{"path": "model.bin", "size": 3, "sha256": "ab"}], "bytes": 3, "count": 1}},
    "floats": {"metrics": {"accuracy": 0.9}},
    "effects": [
        {
            "type": "dataset",
            "output": "dataset",
            "name": "digits",
            "data_type": "IMAGE",
            "description": "",
            "label_task_type": "IMAGE_CLASSIFICATION",
            "samples": "samples.jsonl",
            "reused": False,
        },
        {
            "type": "dataset_version",
            "output": "version",
            "dataset": "7",
            "name": None,
            "folder": "outputs/version/",
            "counts": {"TRAIN": 8, "EVAL": 2},
            "split": {"ratio": 0.8, "seed": 1},
        },
        {
            "type": "model",
            "output": "model",
            "name": "digits",
            "version": None,
            "model_type": "Scikit_Learn",
            "folder": "outputs/model/",
            "files": [],
            "config": {},
        },
    ],
    "usage": {"seconds": 1.5, "max_rss_mb": 20, "cpu_seconds": 1.0},
}
ORDER: dict[str, Any] = {
    "version": 1,
    "token": "t",
    "run": "r",
    "run_number": 1,
    "workflow": "digits",
    "step": "train",
    "kind": "job",
    "attempt": 1,
    "inputs": {"data_url": {"type": "dataset", "path": "/x/", "logical": "", "data": {"id": "1"}}},
    "outputs": {"out": {"type": "obs", "path": "/a/", "logical": "/default/o/", "target": "/x/o/", "config": {}}},
    "metrics": [{"output": "metrics", "path": "/a/m.json", "logical": "", "realtime": True, "visualization": True}],
    "code": {"dir": "/c/", "boot_file": "train.py"},
    "engine": {"name": "e", "version": "1", "interpreter": "/e/bin/python"},
    "attempt_dir": "/a/",
    "work_dir": "/a/work/",
    "log_path": "/a/log",
    "report_path": "/a/report.json",
    "devices": ["gpu-0"],
    "timeout_seconds": 60,
    "sdk_path": "/sdk",
}


def test_it_reads_a_report_and_says_the_same_again() -> None:
    assert StepReport.model_validate(REPORT).model_dump(mode="json") == REPORT


def test_it_reads_an_order() -> None:
    order = StepOrder.model_validate(ORDER)

    assert (order.task, order.tasks, order.grace_seconds, order.argv) == (0, 1, 10, None)
    assert StepOrder.model_validate_json(order.model_dump_json()) == order


@pytest.mark.parametrize(
    "change", [{"outcome": "fine"}, {"extra": 1}, {"version": 2}, {"effects": [{"type": "unheard-of", "output": "x"}]}]
)
def test_it_refuses_a_report_in_another_form(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        StepReport.model_validate({**REPORT, **change})


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "step_started", "run": "r", "seq": 3, "at": AT, "step": "a", "data": {"token": "t"}},
        {"type": "metrics", "run": "r", "step": "a", "attempt": "t", "output": "m", "path": "p", "rev": 1, "at": AT},
        {"type": "log_grew", "run": "r", "step": "a", "attempt": "t", "size": 10},
        {"type": "worker", "host": "h", "online": True},
        {"type": "ping"},
        {"type": "resync", "run": "r", "seq": 9},
    ],
)
def test_it_tells_frames_apart_by_their_type(frame: dict[str, Any]) -> None:
    read = FRAME.validate_python(frame)

    assert read.type == frame["type"]
    assert isinstance(read, FactFrame) == ("data" in frame)


def test_it_refuses_a_frame_of_no_known_type() -> None:
    with pytest.raises(ValidationError):
        FRAME.validate_python({"type": "step_exploded", "run": "r", "seq": 3, "at": AT})


def test_it_exports_one_definition_a_message_with_all_its_references() -> None:
    schema = export()

    text = str(schema)
    assert {"StepOrder", "StepReport", "Frame", "FactFrame", "ModelEffect"} <= schema["$defs"].keys()
    for name in {part.split("'")[0] for part in text.split("#/$defs/")[1:]}:
        assert name in schema["$defs"]
    assert export() == schema
