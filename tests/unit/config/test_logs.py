"""Logs of children stay small while the child goes on writing into the same open file."""

from pathlib import Path

from backend.config.embedded.children import log_bound


def test_it_keeps_one_older_part_and_the_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with open(log, "ab", buffering=0) as writer:
        writer.write(b"a" * 100)
        assert not log_bound(log, limit=100)
        writer.write(b"b")

        assert log_bound(log, limit=100)

        writer.write(b"c")
    assert (tmp_path / "web.log.1").read_bytes() == b"a" * 100 + b"b"
    assert log.read_bytes() == b"c"


def test_it_does_not_mind_a_log_that_is_not_there(tmp_path: Path) -> None:
    assert not log_bound(tmp_path / "nothing.log")
