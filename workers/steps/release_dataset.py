"""release_dataset: an immutable list of the labelled samples, each marked for training or evaluation.

The split is the same for the same samples and seed, label by label: where a sample comes in its label's order depends
on its own name and the seed alone, so that adding samples moves few of the others.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from backend.domain.problems import problem
from backend.domain.run.messages import DatasetVersionEffect, OrderOutput, Split, StepOrder
from workers.steps.failure import StepFailure
from workers.steps.result import Result, say

TRAIN, EVAL = "TRAIN", "EVAL"
_FILES = {TRAIN: "train.jsonl", EVAL: "eval.jsonl"}


def carry_out(order: StepOrder) -> Result:
    name, output = next(iter(order.outputs.items()))
    source = next(iter(order.inputs.values()))
    samples = Path(str(order.context["samples"]))
    config = output.config
    ratio, seed = _ratio(config), int(str(config.get("seed") or 0))
    usages, unlabelled = usages_of(
        _lines(samples), ratio=ratio, seed=seed, keep_marks=config.get("remove_sample_usage") is False
    )
    if not usages:
        raise StepFailure(problem("step.nothing_to_release", unlabelled=unlabelled))
    counts = _write(samples, usages, output)
    counts["unlabelled"] = unlabelled
    _summarise(counts)
    effect = DatasetVersionEffect(
        output=name,
        dataset=str(source.data["dataset"]),
        name=_text(config.get("version_name")),
        folder=output.path,
        counts=counts,
        split=Split(ratio=float(ratio), seed=seed),
    )
    return Result([effect])


def _text(value: object) -> str | None:
    return str(value) if value else None


def _ratio(config: dict[str, Any]) -> Decimal:
    """Exactly as written: 0.1 of 30 samples are three, which a binary fraction does not promise."""
    text = str(config.get("train_evaluate_sample_ratio") or "1.00")
    try:
        ratio = Decimal(text)
    except InvalidOperation:
        ratio = Decimal(-1)
    if not ratio.is_finite() or not 0 <= ratio <= 1:
        raise StepFailure(problem("step.split_ratio", ratio=text))
    return ratio


def _lines(samples: Path) -> Iterator[dict[str, Any]]:
    with open(samples, encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def usages_of(
    samples: Iterator[dict[str, Any]], *, ratio: Decimal, seed: int, keep_marks: bool
) -> tuple[dict[int, str], int]:
    """The usage of each labelled sample by its position, and how many have no label.

    Marks that are kept stay out of the split: only the others are shared out.
    """
    usages: dict[int, str] = {}
    groups: dict[str, list[tuple[bytes, int]]] = {}
    unlabelled = 0
    for index, sample in enumerate(samples):
        if not sample["labels"]:
            unlabelled += 1
        elif keep_marks and sample.get("usage") in _FILES:
            usages[index] = sample["usage"]
        else:
            rank = hashlib.sha256(f"{seed}\0{sample['path']}".encode()).digest()[:12]
            groups.setdefault("\0".join(sorted(sample["labels"])), []).append((rank, index))
    for group in groups.values():
        train = share(len(group), ratio)
        for position, (_, index) in enumerate(sorted(group)):
            usages[index] = TRAIN if position < train else EVAL
    return usages, unlabelled


def share(count: int, ratio: Decimal) -> int:
    """How many of a label train. A real split leaves at least one on either side where there are two."""
    train = int((count * ratio).to_integral_value(ROUND_HALF_UP))
    if count >= 2 and 0 < ratio < 1:
        return min(max(train, 1), count - 1)
    return train


def _write(samples: Path, usages: dict[int, str], output: OrderOutput) -> dict[str, Any]:
    folder = Path(output.path)
    folder.mkdir(parents=True, exist_ok=True)
    task = str(output.config.get("label_task_type") or "IMAGE_CLASSIFICATION")
    totals, labels = Counter[str](), dict[str, Counter[str]]()
    with ExitStack() as files:
        names = {"all": "manifest.jsonl", **_FILES}
        opened = {key: files.enter_context(open(folder / name, "w", encoding="utf-8")) for key, name in names.items()}
        for index, sample in enumerate(_lines(samples)):
            usage = usages.get(index)
            if usage is None:
                continue
            line = json.dumps(manifest_line(sample, usage, task), ensure_ascii=False, separators=(",", ":")) + "\n"
            opened["all"].write(line)
            opened[usage].write(line)
            totals[usage] += 1
            for label in sample["labels"]:
                labels.setdefault(label, Counter())[usage] += 1
    by_label = {label: {"train": found[TRAIN], "eval": found[EVAL]} for label, found in sorted(labels.items())}
    return {"total": totals.total(), "train": totals[TRAIN], "eval": totals[EVAL], "labels": by_label}


def manifest_line(sample: dict[str, Any], usage: str, task: str) -> dict[str, Any]:
    kind = f"modelarts/{task.lower()}"
    return {
        "id": hashlib.sha256(sample["path"].encode()).hexdigest()[:32],
        "source": sample["source"],
        "usage": usage,
        "sha256": sample["sha256"],
        "annotation": [
            {"type": kind, "name": label, "property": {}, "annotated-by": "human"} for label in sample["labels"]
        ],
    }


def _summarise(counts: dict[str, Any]) -> None:
    say(f"{counts['total']} samples: {counts['train']} to train, {counts['eval']} to evaluate")
    for label, found in counts["labels"].items():
        say(f"  {label}: {found['train']} + {found['eval']}")
    if counts["unlabelled"]:
        say(f"{counts['unlabelled']} without a label left out")
