"""A split that is stratified, repeatable and exactly as large as was asked for."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.run.messages import DatasetVersionEffect
from tests.unit.workers.orders import order
from workers.steps import release_dataset
from workers.steps.failure import StepFailure
from workers.steps.release_dataset import EVAL, TRAIN, share, usages_of


def sample(number: int, label: str | None, usage: str = "") -> dict[str, Any]:
    path = f"/default/{label}/{number}.png"
    labels = [label] if label else []
    return {"path": path, "source": f"/disk{path}", "sha256": "0" * 64, "labels": labels, "usage": usage}


def release(tmp_path: Path, samples: list[dict[str, Any]], **config: Any) -> tuple[DatasetVersionEffect, Path]:
    listed = tmp_path / "samples.jsonl"
    listed.write_text("".join(json.dumps(each) + "\n" for each in samples))
    out = tmp_path / "out"
    made = order(
        tmp_path,
        kind="release_dataset",
        inputs={"dataset": {"type": "dataset", "path": "/", "data": {"dataset": "d1"}}},
        outputs={"version": {"type": "dataset", "path": f"{out}/", "config": config}},
        context={"samples": str(listed)},
    )
    (effect,) = release_dataset.carry_out(made).effects
    assert isinstance(effect, DatasetVersionEffect)
    return effect, out


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_it_splits_every_label_by_the_same_ratio(tmp_path: Path) -> None:
    samples = [sample(n, label) for label, count in (("cat", 10), ("dog", 50)) for n in range(count)]
    effect, out = release(tmp_path, samples, train_evaluate_sample_ratio="0.8")
    assert effect.counts == {
        "total": 60,
        "train": 48,
        "eval": 12,
        "unlabelled": 0,
        "labels": {"cat": {"train": 8, "eval": 2}, "dog": {"train": 40, "eval": 10}},
    }
    train, evaluation = lines(out / "train.jsonl"), lines(out / "eval.jsonl")
    assert {line["usage"] for line in train} == {TRAIN}
    assert {line["usage"] for line in evaluation} == {EVAL}
    assert {line["source"] for line in train} | {line["source"] for line in evaluation} == {
        s["source"] for s in samples
    }
    assert [line["source"] for line in lines(out / "manifest.jsonl")] == [each["source"] for each in samples]
    assert train[0]["annotation"][0]["name"] in ("cat", "dog")
    assert train[0]["annotation"][0]["type"] == "modelarts/image_classification"


def test_it_splits_the_same_samples_the_same_way_and_others_with_another_seed(tmp_path: Path) -> None:
    samples = [sample(n, "cat") for n in range(40)]
    split = {}
    for seed in (0, 0, 1):
        _, out = release(tmp_path, samples, train_evaluate_sample_ratio="0.5", seed=seed)
        split.setdefault(seed, []).append((out / "eval.jsonl").read_bytes())
    assert split[0][0] == split[0][1]
    assert split[0][0] != split[1][0]


@pytest.mark.parametrize(("ratio", "train"), [("0", 0), ("1.00", 7), ("1", 7), ("0.5", 4), ("0.01", 1), ("0.99", 6)])
def test_it_takes_ratios_as_written_and_leaves_no_side_empty_by_rounding(
    tmp_path: Path, ratio: str, train: int
) -> None:
    effect, _ = release(tmp_path, [sample(n, "cat") for n in range(7)], train_evaluate_sample_ratio=ratio)
    assert (effect.counts["train"], effect.counts["eval"]) == (train, 7 - train)


def test_it_counts_in_decimals() -> None:
    assert share(30, Decimal("0.1")) == 3
    assert share(1000, Decimal("0.285")) == 285


@pytest.mark.parametrize("ratio", ["-0.1", "1.01", "NaN", "Infinity", "eighty", "0,8"])
def test_it_refuses_what_is_no_ratio(tmp_path: Path, ratio: str) -> None:
    with pytest.raises(StepFailure) as failure:
        release(tmp_path, [sample(1, "cat")], train_evaluate_sample_ratio=ratio)
    assert failure.value.problem.code == "step.split_ratio"


def test_it_leaves_out_samples_without_a_label_and_says_how_many(tmp_path: Path) -> None:
    effect, _ = release(tmp_path, [sample(1, "cat"), sample(2, None), sample(3, None)])
    assert (effect.counts["total"], effect.counts["unlabelled"]) == (1, 2)
    with pytest.raises(StepFailure) as failure:
        release(tmp_path, [sample(2, None)])
    assert failure.value.problem.code == "step.nothing_to_release"


def test_it_keeps_earlier_marks_only_where_asked_to(tmp_path: Path) -> None:
    samples = [sample(n, "cat", EVAL) for n in range(6)] + [sample(n, "cat") for n in range(6, 10)]
    kept, _ = release(tmp_path, samples, train_evaluate_sample_ratio="0.5", remove_sample_usage=False)
    assert (kept.counts["train"], kept.counts["eval"]) == (2, 8)
    fresh, _ = release(tmp_path, samples, train_evaluate_sample_ratio="0.5", remove_sample_usage=True)
    assert (fresh.counts["train"], fresh.counts["eval"]) == (5, 5)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 999)), unique=True, min_size=1, max_size=80),
    st.integers(0, 100),
    st.integers(0, 3),
)
def test_it_gives_each_sample_one_usage_and_each_label_its_share(
    given_samples: list[tuple[str, int]], percent: int, seed: int
) -> None:
    ratio = Decimal(percent) / 100
    samples = [sample(number, label) for label, number in given_samples]
    usages, unlabelled = usages_of(iter(samples), ratio=ratio, seed=seed, keep_marks=False)
    assert sorted(usages) == list(range(len(samples)))
    assert unlabelled == 0
    sizes = Counter(label for label, _ in given_samples)
    trains = Counter(samples[index]["labels"][0] for index, usage in usages.items() if usage == TRAIN)
    assert all(trains[label] == share(size, ratio) for label, size in sizes.items())


@given(st.integers(0, 10_000), st.integers(0, 100))
def test_it_is_never_off_by_more_than_one(count: int, percent: int) -> None:
    ratio = Decimal(percent) / 100
    assert abs(share(count, ratio) - count * ratio) <= 1
    assert 0 <= share(count, ratio) <= count


def test_it_moves_few_samples_when_some_are_added(tmp_path: Path) -> None:
    before = [sample(n, "cat") for n in range(100)]
    after = [*before, *(sample(n, "cat") for n in range(100, 110))]
    found = [usages_of(iter(each), ratio=Decimal("0.8"), seed=0, keep_marks=False)[0] for each in (before, after)]
    moved = sum(found[0][index] != found[1][index] for index in range(100))
    assert moved <= 10
