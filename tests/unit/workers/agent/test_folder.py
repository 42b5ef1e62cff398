"""What is read in the folder of an attempt, in which the step could do anything."""

import os
from pathlib import Path

import pytest

from workers.attempt.folder import open_left_behind


def test_it_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "host").write_text("gpu-a")
    with open_left_behind(tmp_path / "host") as file:
        assert file.read() == b"gpu-a"


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_it_opens_nothing_else_and_never_waits(tmp_path: Path, kind: str) -> None:
    """The host reads these files every two seconds: a pipe in their place would stop it for good."""
    (tmp_path / "secret").write_text("gpu-a")
    make = {"pipe": os.mkfifo, "folder": os.mkdir, "link": lambda path: path.symlink_to(tmp_path / "secret")}[kind]
    make(tmp_path / "host")
    with pytest.raises(OSError):
        open_left_behind(tmp_path / "host")
