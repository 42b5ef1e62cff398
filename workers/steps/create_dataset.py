"""create_dataset: the files of a folder become samples, where they lie; class folders become labels."""

from __future__ import annotations

import json
import mimetypes
from collections import Counter
from pathlib import Path
from typing import Any

from backend.domain.problems import problem
from backend.domain.run.messages import DatasetEffect, OrderInput, StepOrder
from workers.steps.failure import StepFailure
from workers.steps.result import Result, say
from workers.steps.scan import Found, LeftOut, NotASample, judge_image, scan

CLASS_FOLDERS = "MA_IMAGENET_V1"
SAMPLES = "samples.jsonl"
_PROGRESS = 5_000
# What a dataset of one type takes, by the beginning of the media type that the file's name stands for.
_TAKEN = {"TEXT": ("text/", "application/json"), "AUDIO": ("audio/",), "VIDEO": ("video/",), "TABULAR": ("text/csv",)}


def carry_out(order: StepOrder) -> Result:
    """An existing dataset of that name is taken as it is: its samples may have been worked on."""
    existing = order.context.get("existing")
    effect = _reused(order, existing) if isinstance(existing, dict) else _created(order)
    return Result([effect])


def _reused(order: StepOrder, existing: dict[str, Any]) -> DatasetEffect:
    name, wanted = str(order.properties["dataset_name"]), _data_type(order)
    if existing.get("data_type", wanted) != wanted:
        found = problem("step.dataset_differs", name=name, found=existing["data_type"], expected=wanted)
        raise StepFailure(found)
    say(f"The dataset “{name}” exists already and is used as it is; the folder is not read.")
    return _effect(order, samples="", reused=True, label_task_type=None)


def _created(order: StepOrder) -> DatasetEffect:
    _, source = next(iter(order.inputs.items()))
    folder = _folder(order)
    task = _label_task_type(order)
    left_out, labels = LeftOut(), Counter[str]()
    path = Path(order.attempt_dir, SAMPLES)
    count = 0
    with open(path, "w", encoding="utf-8") as file:
        for found in scan(folder, judge=_judge_of(_data_type(order)), left_out=left_out):
            label = _class_of(found) if task else None
            labels.update([label] if label else [])
            file.write(json.dumps(_sample(source, found, label), ensure_ascii=False) + "\n")
            count += 1
            if count % _PROGRESS == 0:
                say(f"{count} samples so far")
    _summarise(count, labels, left_out)
    if count == 0:
        raise _nothing_found(source, left_out)
    return _effect(order, samples=SAMPLES, reused=False, label_task_type=task)


def _folder(order: StepOrder) -> Path:
    name, source = next(iter(order.inputs.items()))
    folder = Path(source.path)
    if not folder.exists():
        raise StepFailure(problem("step.input_missing", input=name, where=source.logical))
    if not folder.is_dir():
        raise StepFailure(problem("step.not_a_folder", input=name))
    return folder


def _data_type(order: StepOrder) -> str:
    return str(order.properties.get("data_type") or "FREE_FORMAT")


def _label_task_type(order: StepOrder) -> str | None:
    """None: the samples come without labels."""
    settings = order.properties.get("import_config")
    if not isinstance(settings, dict) or not settings.get("import_annotations", True):
        return None
    formats = settings.get("annotation_format_config")
    if not isinstance(formats, list) or not formats or not isinstance(formats[0], dict):
        return None
    first = formats[0]
    if first.get("format_name") != CLASS_FOLDERS:
        raise StepFailure(problem("step.import_format", format=str(first.get("format_name"))))
    return str(first.get("scene") or "IMAGE_CLASSIFICATION")


def _judge_of(data_type: str) -> Any:
    if data_type == "IMAGE":
        return judge_image

    def judge(name: str, size: int, first: bytes) -> str:
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        taken = _TAKEN.get(data_type)
        if taken and not media_type.startswith(taken):
            raise NotASample(f"not of the type {data_type}")
        return media_type

    return judge


def _class_of(found: Found) -> str | None:
    """The last folder is the label; what lies beside the class folders has none."""
    folder = found.path.rpartition("/")[0]
    return folder.rpartition("/")[2] or None


def _sample(source: OrderInput, found: Found, label: str | None) -> dict[str, Any]:
    return {
        "path": f"{source.logical.rstrip('/')}/{found.path}",
        "size": found.size,
        "sha256": found.sha256,
        "media_type": found.media_type,
        "labels": [label] if label else [],
        "usage": "",
    }


def _summarise(count: int, labels: Counter[str], left_out: LeftOut) -> None:
    say(f"{count} samples" + (f" with {len(labels)} labels" if labels else ""))
    for label, number in sorted(labels.items()):
        say(f"  {label}: {number}")
    for line in left_out.lines():
        say(line)


def _nothing_found(source: OrderInput, left_out: LeftOut) -> StepFailure:
    example = next(left_out.lines(), "")
    shown = f": {example}" if example else ""
    return StepFailure(problem("step.no_samples", where=source.logical, skipped=left_out.total, example=shown))


def _effect(order: StepOrder, *, samples: str, reused: bool, label_task_type: str | None) -> DatasetEffect:
    return DatasetEffect(
        output=next(iter(order.outputs)),
        name=str(order.properties["dataset_name"]),
        data_type=_data_type(order),
        description=str(order.properties.get("description") or ""),
        label_task_type=label_task_type,
        samples=samples,
        reused=reused,
    )
