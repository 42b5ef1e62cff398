"""G13: a backup made under load becomes an installation of its own, whose every run is sound and comes to its end."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pipeloom.client import Client

from backend.config.backup import DUMP, FILES, FORMAT, MARKER
from tests.harness.inspector import Inspector
from tests.harness.leases import LEASES
from tests.harness.live_stack import REPOSITORY, LiveStack, StackStarter, clean_environment
from tests.soak import workflows

LOAD = (workflows.training, workflows.outputs, workflows.fan, workflows.asking)


def restore(folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "restore", str(folder), "--home", str(home)],
        cwd=REPOSITORY,
        env=clean_environment(home),
        capture_output=True,
        text=True,
        timeout=120,
    )


def under_load(stack: LiveStack, client: Client) -> list[str]:
    """One run that has registered a model, one whose step runs until a gate opens, and several on their way."""
    made = {make: client.workflow_create(make())["id"] for make in LOAD}
    first = client.run_start(made[workflows.training])["id"]
    stack.until(lambda: client.run(first)["state"] == "completed", "a model is registered", 120)
    gated = workflows.document(
        "Gated", workflows.job("waits", 'echo "$PIPELOOM_STEP_ORDER"; while ! test -e "$0"; do sleep 0.1; done')
    )
    gated["steps"][0]["properties"]["algorithm"]["command"].append(str(gate(stack)))
    waiting = client.run_start(client.workflow_create(gated)["id"])["id"]
    stack.until(lambda: client.snapshot(waiting).steps["waits"]["state"] == "running", "a step runs")
    return [first, waiting, *(client.run_start(made[make])["id"] for make in LOAD)]


def gate(stack: LiveStack) -> Path:
    return stack.home.parent / "gate"


@pytest.mark.timeout(400)
def test_g13_it_restores_a_backup_made_under_load(live_stack_factory: StackStarter, tmp_path: Path) -> None:
    old = live_stack_factory(workers=2, env=LEASES)
    client = Client(old.url, old.token)
    runs = under_load(old, client)
    folder = tmp_path / "backup"
    told = old.manage("backup", str(folder))
    assert "the database and" in told
    before = client.snapshot(runs[1]).steps["waits"]
    assert before["state"] == "running"

    home = tmp_path / "restored"
    done = restore(folder, home)
    assert done.returncode == 0, done.stderr
    assert restore(folder, home).returncode != 0, "an existing home is left alone"
    new = live_stack_factory(home=home, workers=2, env=LEASES)
    again = Client(new.url, old.token)
    inspector = Inspector(new.environment)
    try:
        new.until(lambda: len(again.snapshot(runs[1]).steps["waits"]["host"] or "") > 0, "the step begins again")
        gate(old).touch()
        answer_all(again, runs)
        for run in runs:
            new.until(lambda run=run: finished(again, run), f"run {run} has ended", 120)
        inspector.invariants()
        inspector.ask("whole")
        assert_no_trace_of(home, old.home)
        step = again.snapshot(runs[1]).steps["waits"]
        assert (step["state"], step["attempts"], step["lost"]) == ("completed", 2, 1)
        (lost, good) = inspector.attempts(runs[1], "waits")
        assert (lost["reason"]["code"], good["state"]) == ("order.restored", "succeeded")
        assert again.run(runs[0])["state"] == "completed"
        assert b"epoch 8" in again.log(runs[0], "train")
    finally:
        inspector.close()
    # The old world has not noticed anything.
    old.until(lambda: client.run(runs[1])["state"] == "completed", "the old run ends")
    undisturbed = client.snapshot(runs[1]).steps["waits"]
    assert (undisturbed["attempts"], undisturbed["lost"]) == (1, 0)


def answer_all(client: Client, runs: list[str]) -> None:
    for run in runs:
        for name, step in client.snapshot(run).steps.items():
            if step["state"] == "wait_inputs":
                client.step_action(run, name, "continue", values={"later": 1})


def finished(client: Client, run: str) -> Any:
    answer_all(client, [run])
    return client.run(run)["state"] in ("completed", "abnormal")


def assert_no_trace_of(home: Path, old: Path) -> None:
    """Nothing that is used leads back to the other home."""
    for path in (home / "datasets").rglob("*.jsonl"):
        assert os.fsencode(old) not in path.read_bytes()


def test_half_a_restore_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    (folder / FILES).mkdir(parents=True)
    (folder / DUMP).write_bytes(b"PGDMP and then nothing that makes sense")
    about = {"format": FORMAT, "home": "/somewhere", "files": 0, "outside": []}
    (folder / MARKER).write_text(json.dumps(about))
    done = restore(folder, tmp_path / "home")
    assert done.returncode != 0
    assert "pg_restore failed" in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_backup_that_was_not_finished_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    (folder / "home").mkdir(parents=True)
    done = restore(folder, tmp_path / "home")
    assert done.returncode != 0
    assert "never finished" in done.stderr
    assert not (tmp_path / "home").exists()
    shutil.rmtree(folder)
