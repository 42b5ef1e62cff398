"""Steps that run while `up` is stopped or killed: nothing of them stays, and the run ends after the next start."""

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from pipeloom.client import Client

from tests.bench.documents import chain
from tests.harness.live_stack import LiveStack, StackStarter
from tests.harness.watching import WatchingClient
from tests.integration.setup.machine import traces_of, until

# The first attempt leaves a mark and would then last for ten minutes; the second sees the mark and is done.
SCRIPT = 'test -e "$0" || { : > "$0"; exec sleep 600; }'


def workflow_with(mark: Path) -> dict[str, object]:
    document = {**chain(1), "name": "Interrupted"}
    document["steps"][0]["properties"]["algorithm"] = {"command": ["sh", "-c", SCRIPT, str(mark)]}
    return document


def stop_in_order(stack: LiveStack) -> None:
    assert stack.stop() == 0


def interrupt(stack: LiveStack) -> None:
    """Ctrl-C."""
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(90) == 0


def kill(stack: LiveStack) -> None:
    os.kill(stack.pids["up"], signal.SIGKILL)
    stack.process.wait()


def kill_everything(stack: LiveStack) -> None:
    """As a power cut: nothing of it can put anything in order."""
    family = sorted(traces_of(stack.home).processes | {stack.process.pid})
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
    stack.process.wait()


@pytest.mark.fault
@pytest.mark.timeout(400)
@pytest.mark.parametrize("end", [stop_in_order, interrupt, kill, kill_everything])
def test_it_loses_no_run_when_up_ends(
    live_stack_factory: StackStarter, tmp_path: Path, end: Callable[[LiveStack], None]
) -> None:
    mark = tmp_path / "mark"
    first = live_stack_factory(workers=1)
    client = Client(first.url, first.token)
    run = client.run_start(client.workflow_create(workflow_with(mark))["id"])
    page = WatchingClient(first.url, first.token, run["id"])
    first.until(mark.exists, "the step runs")
    assert "sleep" in names(traces_of(first.home).processes), "the search for traces sees the step"

    end(first)

    until(lambda: not traces_of(first.home).processes, "no process of this home is left, the step's included")
    second = live_stack_factory(home=first.home, workers=1, port=int(first.url.rsplit(":", 1)[1]))
    again = Client(second.url, first.token)
    second.until(lambda: again.run(run["id"])["state"] == "completed", "the run ends")
    step = next(iter(again.snapshot(run["id"]).steps.values()))
    assert (step["attempts"], step["lost"]) == (2, 1)
    page.assert_missed_nothing()
    assert page.connections >= 2, "the page has come back by itself"


def names(pids: frozenset[int]) -> set[str]:
    return {psutil.Process(pid).name() for pid in pids if psutil.pid_exists(pid)}
