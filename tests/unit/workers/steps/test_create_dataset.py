"""Class folders into samples: what counts, what is left out, and why."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from backend.domain.run.messages import DatasetEffect, StepReport
from tests.unit.workers.orders import order
from workers.steps import create_dataset
from workers.steps.failure import StepFailure
from workers.steps.perform import perform
from workers.steps.scan import LARGEST_IMAGE, LeftOut, judge_image, scan

PNG = b"\x89PNG\r\n\x1a\n rest"
FORMATS = [{"format_name": "MA_IMAGENET_V1", "scene": "IMAGE_CLASSIFICATION"}]


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    for label in ("cat", "dog"):
        (folder / label).mkdir(parents=True)
        for number in range(3):
            (folder / label / f"{number}.png").write_bytes(PNG + label.encode() + bytes([number]))
    return folder


def make(tmp_path: Path, folder: Path, **more: Any) -> Any:
    properties = {
        "dataset_name": "pets",
        "data_type": "IMAGE",
        "import_config": {"import_annotations": True, "annotation_format_config": FORMATS},
        **more.pop("properties", {}),
    }
    return order(
        tmp_path,
        kind="create_dataset",
        properties=properties,
        inputs={"images": {"type": "obs", "path": f"{folder}/", "logical": "/default/images/"}},
        outputs={"dataset": {"type": "dataset", "path": f"{tmp_path}/attempt/outputs/dataset/"}},
        **more,
    )


def samples_of(made: Any) -> list[dict[str, Any]]:
    (effect,) = create_dataset.carry_out(made).effects
    assert isinstance(effect, DatasetEffect)
    assert not effect.reused
    return [json.loads(line) for line in Path(made.attempt_dir, effect.samples).read_text().splitlines()]


def test_it_takes_the_last_folder_as_label_and_leaves_files_where_they_are(tmp_path: Path, images: Path) -> None:
    found = samples_of(make(tmp_path, images))
    assert [(each["path"], each["labels"]) for each in found[:2]] == [
        ("/default/images/cat/0.png", ["cat"]),
        ("/default/images/cat/1.png", ["cat"]),
    ]
    assert len(found) == 6
    assert {each["media_type"] for each in found} == {"image/png"}
    assert len({each["sha256"] for each in found}) == 6


def test_it_leaves_out_what_is_no_image_and_says_why(
    tmp_path: Path, images: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (images / "cat" / "notes.txt").write_text("text")
    (images / "cat" / "fake.png").write_text("text")
    (images / "cat" / "empty.png").touch()
    (images / "cat" / ".hidden.png").write_bytes(PNG)
    (images / ".git").mkdir()
    (images / ".git" / "x.png").write_bytes(PNG)
    (images / "cat" / "link.png").symlink_to("/etc/passwd")
    os.mkfifo(images / "cat" / "pipe.png")
    with (images / "cat" / "big.png").open("wb") as file:
        file.write(PNG)
        file.truncate(LARGEST_IMAGE + 1)
    assert len(samples_of(make(tmp_path, images))) == 6
    said = capsys.readouterr().out
    for reason in ("not a JPG", "content is none", "empty", "a link", "not an ordinary file", "more than 5 MB"):
        assert f"1 left out: {reason}" in said or reason in said
    assert "hidden" not in said


def test_it_takes_an_image_of_exactly_five_megabytes(tmp_path: Path) -> None:
    (tmp_path / "big.png").write_bytes(PNG.ljust(LARGEST_IMAGE))
    assert len(list(scan(tmp_path, judge=judge_image, left_out=LeftOut()))) == 1


def test_it_finds_files_in_the_same_order_wherever_they_are_stored(tmp_path: Path) -> None:
    names = ["b/2.png", "a/10.png", "a/9.png", "c.png"]
    for name in reversed(names):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(PNG)
    found = [each.path for each in scan(tmp_path, judge=judge_image, left_out=LeftOut())]
    assert found == ["c.png", "a/10.png", "a/9.png", "b/2.png"]


def test_it_keeps_what_lies_beside_the_class_folders_without_a_label(tmp_path: Path, images: Path) -> None:
    (images / "loose.png").write_bytes(PNG)
    assert [each["labels"] for each in samples_of(make(tmp_path, images)) if "loose" in each["path"]] == [[]]


def test_it_takes_no_labels_where_none_are_asked_for(tmp_path: Path, images: Path) -> None:
    made = make(tmp_path, images, properties={"import_config": None})
    assert all(each["labels"] == [] for each in samples_of(made))


def test_it_uses_a_dataset_that_exists_and_reads_nothing(tmp_path: Path) -> None:
    existing = {"id": "1", "name": "pets", "data_type": "IMAGE"}
    (effect,) = create_dataset.carry_out(make(tmp_path, tmp_path / "missing", context={"existing": existing})).effects
    assert effect.reused


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(StepFailure) as failure:
        yield
    assert failure.value.problem.code == code


def test_it_refuses_to_mix_kinds_of_data_under_one_name(tmp_path: Path, images: Path) -> None:
    with refused("step.dataset_differs"):
        create_dataset.carry_out(make(tmp_path, images, context={"existing": {"id": "1", "data_type": "TEXT"}}))


def test_it_refuses_a_folder_without_any_image(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "readme.txt").write_text("text")
    with refused("step.no_samples"):
        create_dataset.carry_out(make(tmp_path, tmp_path / "images"))


def test_it_refuses_a_file_and_a_place_where_nothing_is(tmp_path: Path, images: Path) -> None:
    with refused("step.not_a_folder"):
        create_dataset.carry_out(make(tmp_path, images / "cat" / "0.png"))
    with refused("step.input_missing"):
        create_dataset.carry_out(make(tmp_path, tmp_path / "missing"))


def test_it_reports_a_refusal_instead_of_crashing(tmp_path: Path) -> None:
    made = make(tmp_path, tmp_path / "missing")
    perform(made)
    report = StepReport.model_validate_json(Path(made.report_path).read_text())
    assert report.outcome == "failed"
    assert report.reason is not None
    assert report.reason.code == "step.input_missing"
    assert "/default/images/" in report.reason.message
