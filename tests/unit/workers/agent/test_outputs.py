"""A manifest of what a stranger's program left behind, and what of it is refused."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from backend.domain.run.messages import ReportOutput
from tests.unit.workers.orders import order
from workers.attempt.outputs import outputs_collect
from workers.steps.failure import StepFailure


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "attempt" / "out"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "b").write_bytes(b"two" * 1_000_000)
    (folder / "deep" / "er" / "a").write_bytes(b"one")
    return folder


def collect(tmp_path: Path, path: str, tick: Any = lambda: None) -> ReportOutput:
    made = order(tmp_path, outputs={"train_url": {"type": "obs", "path": path}})
    return outputs_collect(made, tick)["train_url"]


def refused(tmp_path: Path, out: Path) -> str:
    with pytest.raises(StepFailure) as failure:
        collect(tmp_path, f"{out}/")
    assert "train_url" in failure.value.problem.message
    return failure.value.problem.code


def test_it_lists_every_file_with_size_and_hash(tmp_path: Path, out: Path) -> None:
    found = collect(tmp_path, f"{out}/")
    assert [(file.path, file.size) for file in found.files] == [("b", 3_000_000), ("deep/er/a", 3)]
    assert found.files[1].sha256 == hashlib.sha256(b"one").hexdigest()
    assert (found.bytes, found.count) == (3_000_003, 2)


def test_it_lists_a_single_file(tmp_path: Path, out: Path) -> None:
    assert [file.path for file in collect(tmp_path, str(out / "b")).files] == ["b"]


def test_it_gives_others_a_turn_while_it_reads_a_large_file(tmp_path: Path, out: Path) -> None:
    turns: list[int] = []
    collect(tmp_path, f"{out}/", lambda: turns.append(1))
    assert len(turns) >= 3


def test_it_keeps_relative_links_inside_the_output(tmp_path: Path, out: Path) -> None:
    (out / "latest").symlink_to("deep/er/a")
    (out / "deep" / "up").symlink_to("../b")
    assert collect(tmp_path, f"{out}/").count == 2


@pytest.mark.parametrize("target", ["/etc/passwd", "../../secret", "deep/../../x", "..", "deep/er/../../../x"])
def test_it_refuses_links_that_lead_out(tmp_path: Path, out: Path, target: str) -> None:
    (out / "link").symlink_to(target)
    assert refused(tmp_path, out) == "step.output_link"


def test_it_refuses_an_output_below_a_link(tmp_path: Path, out: Path) -> None:
    (tmp_path / "elsewhere" / "secrets").mkdir(parents=True)
    (out.parent / "storage").symlink_to(tmp_path / "elsewhere")
    assert refused(tmp_path, out.parent / "storage" / "secrets") == "step.output_link"


def test_it_refuses_a_link_that_leads_out_through_another(tmp_path: Path, out: Path) -> None:
    (out / "deep" / "one").symlink_to("two")
    (out / "deep" / "two").symlink_to(str(tmp_path))
    assert refused(tmp_path, out) == "step.output_link"


def test_it_refuses_an_absolute_link_into_itself_because_the_folder_moves(tmp_path: Path, out: Path) -> None:
    (out / "link").symlink_to(out / "b")
    assert refused(tmp_path, out) == "step.output_link"


def test_it_refuses_pipes(tmp_path: Path, out: Path) -> None:
    os.mkfifo(out / "pipe")
    assert refused(tmp_path, out) == "step.output_special"


def test_it_refuses_an_output_that_was_removed_or_replaced(tmp_path: Path, out: Path) -> None:
    assert refused(tmp_path, out.parent / "missing") == "step.output_missing"
    assert refused(tmp_path, out / "b") == "step.output_missing"
    (out.parent / "link").symlink_to(out)
    assert refused(tmp_path, out.parent / "link") == "step.output_missing"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("name", ["b", "deep"])
def test_it_says_what_cannot_be_read(tmp_path: Path, out: Path, name: str) -> None:
    (out / name).chmod(0)
    try:
        assert refused(tmp_path, out) == "step.output_unreadable"
    finally:
        (out / name).chmod(0o700)
