"""`manage.py doctor` and `createtoken`: beside a running product, and without one."""

import json
import os
import signal
from pathlib import Path

import httpx
import pytest

from tests.harness.live_stack import LiveStack, StackStarter
from tests.integration.setup.machine import until


def test_it_finds_a_running_product_healthy(live_stack: LiveStack) -> None:
    told = live_stack.manage("doctor")

    for subject in ("python", "packages", "instance", "postgresql", "redis", "disk", "isolation", "gpu", "engine"):
        assert f" {subject} " in told, told
    assert "All is well." in told


def test_it_says_what_to_do_when_nothing_runs(live_stack_factory: StackStarter) -> None:
    stack = live_stack_factory(workers=0)
    assert stack.stop() == 0

    told = stack.manage("doctor", check=False)

    assert "make up" in told
    assert "need attention" in told


def test_it_names_the_child_that_does_not_run(live_stack_factory: StackStarter) -> None:
    """A record of a process that is gone: as left by a power cut within one boot."""
    stack = live_stack_factory(workers=0)
    before = json.loads((stack.home / "instance.json").read_text())
    os.kill(stack.pids["up"], signal.SIGKILL)
    stack.process.wait()
    until(lambda: not Path(f"/proc/{before['pids']['postgres']}").exists(), "PostgreSQL has gone")

    told = stack.manage("doctor", check=False)

    assert "not running: up, postgres, redis, web, reconciler" in told


def test_it_makes_a_token_that_works(live_stack: LiveStack) -> None:
    token = live_stack.manage("createtoken", "admin", "--name", "a test").strip()

    answer = httpx.get(f"{live_stack.url}/api/workflows/", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 200


def test_it_says_which_users_there_are(live_stack: LiveStack) -> None:
    with pytest.raises(AssertionError, match=r"There are: .*\badmin\b"):
        live_stack.manage("createtoken", "nobody-of-that-name")
