"""G11: a fork bomb, a full disk, a way to the network, a change of what says whose an attempt is."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.workers.sandbox.launched import Launched, levels
from workers.sandbox.crowd import WAYS, group_make
from workers.sandbox.probe import LAUNCHER_ARGV, fences
from workers.sandbox.room import Room, used_bytes

BOMB = """
import os, signal, time
started = 0
try:
    while started < 200:
        if os.fork() == 0:
            while True:
                signal.pause()
        started += 1
except OSError as error:
    print('refused', started, error.errno)
print('started', started, flush=True)
time.sleep(60)
"""
FENCED = [level for level in levels() if level != "none"]


def test_it_ends_a_step_that_starts_processes_without_end(tmp_path: Path, level: str) -> None:
    with Launched(tmp_path, BOMB, level=level, limits={"processes": 40, "processes_by": "watched"}) as launched:
        ended = launched.wait()
        assert launched.bearers() == []
    assert ended["reason"] == "crowd"
    assert ended["limits"]["processes"] > 40


@pytest.mark.parametrize("way", [way for way in WAYS if way != "watched"])
def test_it_refuses_more_processes_where_the_kernel_counts(tmp_path: Path, level: str, way: str) -> None:
    if fences(level)["processes"] != way:
        pytest.skip(f"not how this machine limits processes at the level {level}")
    program = BOMB.replace("time.sleep(60)", "signal.alarm(0)")
    with Launched(tmp_path, program, level=level, limits={"processes": 40, "processes_by": way}) as launched:
        ended = launched.wait()
        said = launched.log()
    assert (ended["reason"], ended["code"]) == ("exit", 0)
    assert "refused" in said
    assert 20 <= int(said.split("started")[1]) <= 40


NOBODY = 65_534


def _for_nobody() -> str | None:
    """A Python that a user without any rights can run, and these sources with it."""
    for program in (sys.executable, shutil.which("python3", path="/usr/bin:/usr/local/bin")):
        argv = [program, "-I", "-S", "-c", f"open({LAUNCHER_ARGV[-1]!r}).close()"]
        try:
            if program and subprocess.run(argv, user=NOBODY, group=NOBODY, extra_groups=[]).returncode == 0:
                return program
        except OSError:
            continue
    return None


@pytest.fixture
def folder_of_nobody() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pipeloom-nobody-") as name:
        os.chown(name, NOBODY, NOBODY)
        yield Path(name)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_it_lets_the_kernel_count_where_root_is_not_the_user(folder_of_nobody: Path) -> None:
    """No kernel counts the processes of root; of whoever the product runs as for others it does."""
    program = _for_nobody()
    if program is None:
        pytest.skip("nobody may read no Python, or not these sources")
    argv = [program, "-I", "-S", "-u", "-c", BOMB.replace("time.sleep(60)", "signal.alarm(0)")]
    limits = {"processes": 40, "processes_by": "rlimit"}
    how = {"level": "namespaces", "limits": limits, "argv": argv}
    with Launched(folder_of_nobody, user=NOBODY, launcher=[program, *LAUNCHER_ARGV[1:]], **how) as launched:
        ended = launched.wait()
        said = launched.log()
    if ended["reason"] == "not_started":
        pytest.skip(f"no namespaces for users without rights here: {ended['error']}")
    assert (ended["reason"], ended["code"]) == ("exit", 0)
    assert "refused" in said
    assert 20 <= int(said.split("started")[1]) <= 40


@pytest.mark.skipif(os.geteuid() != 0, reason="about root")
def test_it_never_says_that_the_kernel_counts_for_root() -> None:
    assert {fences(level)["processes"] for level in levels()} <= {"cgroup", "watched"}


def test_it_leaves_no_control_group_behind(tmp_path: Path, level: str) -> None:
    if fences(level)["processes"] != "cgroup":
        pytest.skip("this machine has no control groups for us")
    limits = {"processes": 40, "processes_by": "cgroup"}
    with Launched(tmp_path, "open('/proc/self/cgroup').read()", level=level, limits=limits) as launched:
        launched.wait()
        left = group_make(launched.token, 1)
        left.remove()
    # Made and removed again at will: nothing of that name was there, and nobody was in it.
    assert not Path(left._path).exists()


def test_it_ends_a_step_that_fills_the_disk(tmp_path: Path, level: str) -> None:
    program = """
import time
for number in range(100):
    with open(f'file-{number}', 'wb') as file:
        file.write(b'x' * 1_000_000)
time.sleep(60)
"""
    with Launched(tmp_path, program, level=level, limits={"disk_mb": 20}) as launched:
        ended = launched.wait()
    assert ended["reason"] == "disk"
    assert ended["limits"]["disk_mb"] > 20


def test_it_stops_a_single_file_at_the_limit(tmp_path: Path, level: str) -> None:
    program = """
try:
    with open('file', 'wb') as file:
        for _ in range(100): file.write(b'x' * 1_000_000)
except OSError as error:
    print(error.errno)
"""
    with Launched(tmp_path, program, level=level, limits={"disk_mb": 20}) as launched:
        assert launched.wait()["code"] == 0
        assert int(launched.log()) == 27
    assert (tmp_path / "attempt" / "file").stat().st_size <= 20_000_000


def test_it_counts_blocks_and_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "root" / "deep").mkdir(parents=True)
    (tmp_path / "elsewhere").write_bytes(b"x" * 5_000_000)
    (tmp_path / "root" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "root" / "loop").symlink_to(tmp_path / "root")
    (tmp_path / "root" / "deep" / "real").write_bytes(b"x" * 1_000_000)
    with open(tmp_path / "root" / "sparse", "wb") as sparse:
        sparse.truncate(1 << 30)

    assert 1_000_000 <= used_bytes(str(tmp_path / "root")) < 1_200_000
    assert used_bytes(str(tmp_path / "missing")) == 0


def test_it_looks_at_the_disk_only_where_there_is_a_limit(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 1000)
    assert Room(str(tmp_path), None, 0.0).due() is None
    room = Room(str(tmp_path), 0.0001, 0.0)
    assert not room.exceeded(1.0)
    assert room.exceeded(3.0)


REWRITE = """
import json, os
def tried(act):
    try: return act() or 'done'
    except OSError as error: return 'refused'
names = ['host', 'order.json', 'log']
print(json.dumps({
    'write': [tried(lambda: open(name, 'w').close()) for name in names],
    'append': [tried(lambda: open(name, 'a').close()) for name in names],
    'unlink': [tried(lambda: os.unlink(name)) for name in names],
    'rename': [tried(lambda: os.rename('work/mine', name)) for name in names],
    'chmod': [tried(lambda: os.truncate(name, 0)) for name in names],
    'read': [tried(lambda: len(open(name).read()) and 'read') for name in names[:2]],
    'own': tried(lambda: open('work/new', 'w').close()),
}))
"""


@pytest.mark.parametrize("fence", FENCED)
def test_it_keeps_a_step_from_changing_whose_it_is_and_what_it_said(tmp_path: Path, fence: str) -> None:
    root = tmp_path / "attempt"
    (root / "work").mkdir(parents=True)
    (root / "work" / "mine").write_text("mine")
    for name in ("host", "order.json"):
        (root / name).write_text("theirs")
    fixed = {"fixed": [str(root / name) for name in ("host", "order.json", "log")]}
    with Launched(tmp_path, REWRITE, level=fence, isolation=fixed) as launched:
        assert launched.wait()["code"] == 0, launched.log()
        found = json.loads(launched.log())
    assert found["own"] == "done"
    assert found["read"] == ["read", "read"]
    refused = {outcome for act in ("write", "append", "unlink", "rename", "chmod") for outcome in found[act]}
    assert refused == {"refused"}, found
    assert (root / "host").read_text() == (root / "order.json").read_text() == "theirs"


CONNECT = """
import json, socket
def tried(act):
    try: return act() or 'done'
    except OSError: return 'refused'
own = socket.create_server(('127.0.0.1', 0))
print(json.dumps({{
    'server': tried(lambda: socket.create_connection(('127.0.0.1', {port}), timeout=5).close()),
    'metadata': tried(lambda: socket.create_connection(('169.254.169.254', 80), timeout=5).close()),
    'itself': tried(lambda: socket.create_connection(own.getsockname(), timeout=5).close()),
}}))
"""


@pytest.mark.parametrize("network", ["closed", "open"])
def test_it_closes_the_network_where_that_was_asked_for(tmp_path: Path, network: str) -> None:
    """Loopback of this machine is where its database, Redis and cloud credentials listen."""
    if not fences(levels()[0])["network"]:
        pytest.skip("this machine has no network namespaces for us")
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server,), daemon=True).start()
        program = CONNECT.format(port=server.getsockname()[1])
        with Launched(tmp_path, program, level="namespaces", isolation={"network": network}) as launched:
            assert launched.wait()["code"] == 0, launched.log()
            found = json.loads(launched.log())
    assert found["itself"] == "done"
    assert found["server"] == ("refused" if network == "closed" else "done")
    if network == "closed":
        assert found["metadata"] == "refused"


def _accept(server: socket.socket) -> None:
    try:
        server.accept()[0].close()
    except OSError:
        return


def test_it_starts_nothing_that_it_could_not_fence_off(tmp_path: Path) -> None:
    with Launched(tmp_path, "print('ran')", level="none", isolation={"network": "closed"}) as launched:
        ended = launched.wait()
    assert (ended["reason"], ended["stage"]) == ("not_started", "prepare")
    assert launched.log() == ""


def test_it_tells_how_each_limit_holds() -> None:
    for level in levels():
        found = fences(level)
        assert found["processes"] in WAYS
        assert found["files"] == (level != "none")
        assert level == "namespaces" or not found["network"]
