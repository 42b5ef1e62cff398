"""A model version is a copy with hashes, and what the model says about itself."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from backend.domain.run.messages import ModelEffect
from tests.unit.workers.orders import order
from workers.steps import model
from workers.steps.failure import StepFailure


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    folder = tmp_path / "trained"
    (folder / "layers").mkdir(parents=True)
    (folder / "weights").write_bytes(b"w" * 3_000_000)
    (folder / "layers" / "one").write_bytes(b"1")
    return folder


def register(tmp_path: Path, source: Path | None, **config: Any) -> tuple[ModelEffect, Path]:
    out = tmp_path / "out"
    inputs = {} if source is None else {"model": {"type": "obs", "path": str(source), "logical": "/default/trained/"}}
    made = order(
        tmp_path,
        kind="model",
        inputs=inputs,
        outputs={"model": {"type": "model", "path": f"{out}/", "config": {"model_name": "reader", **config}}},
    )
    result = model.carry_out(made)
    (effect,) = result.effects
    assert isinstance(effect, ModelEffect)
    assert result.outputs["model"].files == effect.files
    return effect, out


def test_it_copies_every_file_with_its_hash(tmp_path: Path, trained: Path) -> None:
    effect, out = register(tmp_path, trained, model_type="PyTorch", model_version="1.2.3")
    assert [file.path for file in effect.files] == ["layers/one", "weights"]
    for file in effect.files:
        copied = (out / file.path).read_bytes()
        assert copied == (trained / file.path).read_bytes()
        assert (file.size, file.sha256) == (len(copied), hashlib.sha256(copied).hexdigest())
    assert (effect.name, effect.version, effect.model_type) == ("reader", "1.2.3", "PyTorch")


def test_it_leaves_the_version_to_the_server_when_none_is_given(tmp_path: Path, trained: Path) -> None:
    assert register(tmp_path, trained)[0].version is None


@pytest.mark.parametrize("place", ["config.json", "model/config.json"])
def test_it_reads_what_the_model_says_about_itself(tmp_path: Path, trained: Path, place: str) -> None:
    (trained / place).parent.mkdir(exist_ok=True)
    (trained / place).write_text('{"labels": ["a"]}')
    assert register(tmp_path, trained)[0].config == {"labels": ["a"]}


@pytest.mark.parametrize("text", ["{", "[]", '{"a": NaN}', "[" * 10_000, '{"a": "' + "x" * (2 << 20) + '"}'])
def test_it_registers_a_model_whose_config_is_no_good_without_it(tmp_path: Path, trained: Path, text: str) -> None:
    (trained / "config.json").write_text(text)
    effect, _ = register(tmp_path, trained)
    assert effect.config == {}
    assert "config.json" in {file.path for file in effect.files}


def test_it_copies_links_inside_the_folder_and_refuses_those_that_leave_it(tmp_path: Path, trained: Path) -> None:
    (trained / "same").symlink_to("weights")
    _, out = register(tmp_path, trained)
    assert not (out / "same").is_symlink()
    assert (out / "same").stat().st_size == 3_000_000
    (trained / "secret").symlink_to("/etc/passwd")
    with pytest.raises(StepFailure) as failure:
        register(tmp_path / "again", trained)
    assert failure.value.problem.code == "step.output_link"


def test_it_refuses_what_is_no_file(tmp_path: Path, trained: Path) -> None:
    os.mkfifo(trained / "pipe")
    with pytest.raises(StepFailure) as failure:
        register(tmp_path, trained)
    assert failure.value.problem.code == "step.input_changed"


def test_it_takes_a_single_file_and_refuses_an_empty_folder(tmp_path: Path, trained: Path) -> None:
    assert [file.path for file in register(tmp_path, trained / "weights")[0].files] == ["weights"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(StepFailure) as failure:
        register(tmp_path, tmp_path / "empty")
    assert failure.value.problem.code == "step.model_empty"


def test_it_registers_a_model_that_has_no_files(tmp_path: Path) -> None:
    assert register(tmp_path, None)[0].files == []
