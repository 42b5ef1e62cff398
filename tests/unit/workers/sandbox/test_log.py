"""A step's log: kept within its limits, without secrets, and never in the step's way."""

import os
import time
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.workers.sandbox.launched import Launched
from workers.sandbox.log import HIDDEN, LONGEST_LINE, LineCutter, LogFile, Redactor, Ring

# The full gigabyte in CI; a developer's machine has better things to do.
FLOOD_BYTES = int(
    os.environ.get("PIPELOOM_TEST_LOG_BYTES", str(1_000_000_000 if os.environ.get("CI") else 100_000_000))
)
SECRETS = ["sesame", "sesame-street", "open:sesame", "aaaa"]


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in pairwise(places)]


@given(
    st.lists(st.sampled_from([*SECRETS, "sesam", "street", "-", "a", "aa", "\n", "open:", "x"]), max_size=30),
    st.lists(st.integers(0, 1000), max_size=20),
)
def test_it_hides_secrets_however_they_are_split(words: list[str], cuts: list[int]) -> None:
    data = "".join(words).encode()
    redactor = Redactor(SECRETS)
    written = b"".join(redactor.feed(piece) for piece in pieces(data, cuts)) + redactor.flush()
    for secret in SECRETS:
        assert secret.encode() not in written
    if not any(secret in "".join(words) for secret in SECRETS):
        assert written == data


def test_it_passes_on_at_once_what_cannot_be_a_secret() -> None:
    redactor = Redactor(["sesame"])
    assert redactor.feed(b"epoch 1\n") == b"epoch 1\n"
    assert redactor.feed(b"loss ses") == b"loss "
    assert redactor.feed(b"sion\n") == b"session\n"


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=10), st.integers(3, 50))
def test_it_cuts_long_lines_and_loses_nothing(data: bytes, cuts: list[int], longest: int) -> None:
    cutter = LineCutter(longest)
    written = b"".join(cutter.feed(piece) for piece in pieces(data, cuts))
    whole = LineCutter(longest).feed(data)
    assert written == whole
    assert max(len(line) for line in whole.replace(b"\r", b"\n").split(b"\n")) <= longest
    kept = iter(whole)
    assert all(byte in kept for byte in data)  # the same bytes in the same order, with line ends put in
    assert len(whole) - len(data) == whole.count(b"\n") - data.count(b"\n")


@given(st.lists(st.binary(max_size=50), max_size=40), st.integers(1, 100))
def test_it_keeps_the_end_of_what_was_fed(parts: list[bytes], size: int) -> None:
    ring = Ring(size)
    for part in parts:
        ring.feed(part)
    everything = b"".join(parts)
    kept = ring.take()
    assert everything.endswith(kept)
    assert ring.dropped + len(kept) == len(everything)
    if len(everything) <= size:
        assert kept == everything


def test_it_goes_on_when_the_disk_is_full() -> None:
    log = LogFile("/dev/full", head=100, tail=100)
    for _ in range(100):
        log.feed(b"line\n" * 100)
    log.close()
    assert log.error is not None
    assert "No space left" in log.error


def test_it_keeps_head_and_tail_of_a_flood_and_does_not_hold_the_step_up(tmp_path: Path, level: str) -> None:
    program = (
        "import os, time\n"
        "line = b'%015d\\n'\n"
        "block = b'x' * 1023 + b'\\n'\n"
        f"left = {FLOOD_BYTES}\n"
        "os.write(1, b'the beginning\\n')\n"
        "while left > 0: left -= os.write(1, block * 256)\n"
        "os.write(1, b'the end\\n')\n"
    )
    limits = {"log_head": 1_000_000, "log_tail": 100_000}
    with Launched(tmp_path, program, level=level, limits=limits) as launched:
        ended = launched.wait(150)
    text = launched.log_path.read_bytes()
    assert ended["code"] == 0
    assert text.startswith(b"the beginning\n")
    assert text.endswith(b"the end\n")
    assert f"{ended['log']['dropped']} bytes left out".encode() in text
    assert 1_090_000 < len(text) < 1_110_000
    assert ended["log"]["size"] == len(text)


def test_it_tells_that_the_log_grew_at_most_ten_times_a_second(tmp_path: Path) -> None:
    program = "import time\nfor i in range(200): print(i); time.sleep(0.005)"
    begun = time.monotonic()
    with Launched(tmp_path, program) as launched:
        launched.wait()
    notices = [event["size"] for event in launched.events if event["event"] == "log"]
    assert 2 <= len(notices) <= (time.monotonic() - begun) * 10 + 2
    assert notices == sorted(set(notices))


def test_it_keeps_binary_output_colours_and_progress_bars_as_they_are(tmp_path: Path) -> None:
    data = bytes(range(256)) + b"\x1b[31mred\x1b[0m\n" + b"".join(b"\r%3d %%" % n for n in range(101)) + b"\xff\xfe\n"
    (tmp_path / "data").write_bytes(data)
    with Launched(tmp_path, argv=["/bin/cat", str(tmp_path / "data")]) as launched:
        launched.wait()
    assert launched.log_path.read_bytes() == data


def test_it_cuts_a_line_that_never_ends(tmp_path: Path) -> None:
    program = "import os\nfor _ in range(20): os.write(1, b'x' * 100_000)"
    with Launched(tmp_path, program) as launched:
        launched.wait()
    lines = launched.log_path.read_bytes().split(b"\n")
    assert max(map(len, lines)) == LONGEST_LINE
    assert sum(map(len, lines)) == 2_000_000


def test_it_hides_a_secret_that_is_written_in_two_parts(tmp_path: Path) -> None:
    program = "import os, time\nos.write(1, b'password: ses'); time.sleep(0.3); os.write(2, b'ame!\\n')"
    with Launched(tmp_path, program, secrets=["sesame"]) as launched:
        launched.wait()
    assert launched.log_path.read_bytes() == b"password: " + HIDDEN + b"!\n"


def test_it_drains_while_the_agent_does_not_listen(tmp_path: Path) -> None:
    """Nobody reads the launcher's events here, and far more is written than all pipes together can hold."""
    program = "import os\nfor _ in range(3000): os.write(1, (b'x' * 1000 + b'\\n') * 10)\nopen('done', 'w')"
    with Launched(tmp_path, program) as launched:
        deadline = time.monotonic() + 30
        while not (launched.root / "done").exists():
            assert time.monotonic() < deadline
            os.sched_yield()
        launched.wait()
    assert launched.log_path.stat().st_size == 3000 * 10_010


def test_it_says_why_a_log_cannot_be_written(tmp_path: Path) -> None:
    with Launched(tmp_path, "print('x')", log_path=str(tmp_path / "nowhere" / "log")) as launched:
        ended = launched.wait()
    assert ended["reason"] == "not_started"
    assert "No such file" in ended["error"]


def test_it_does_not_write_a_log_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("precious")
    (tmp_path / "log").symlink_to(tmp_path / "elsewhere")
    with Launched(tmp_path, "print('x')", log_path=str(tmp_path / "log")) as launched:
        assert launched.wait()["reason"] == "not_started"
    assert (tmp_path / "elsewhere").read_text() == "precious"
