"""What the product costs: steps, triggers, events, checks, memory."""

import gc
import json
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import psutil
from pipeloom.client import Client, Follower

from backend.domain.design.check import check
from tests.bench import documents
from tests.bench.figures import Figure, spread
from tests.harness.live_stack import LiveStack

RUN_SECONDS = 600.0


class Runs:
    """Starts runs and waits for them with as little noise as can be: one small request every 50 ms."""

    def __init__(self, stack: LiveStack) -> None:
        self.client = Client(stack.url, stack.token)
        self._workflows: dict[str, str] = {}

    def workflow(self, document: Mapping[str, Any]) -> str:
        name = document["name"]
        if name not in self._workflows:
            self._workflows[name] = self.client.workflow_create(document)["id"]
        return self._workflows[name]

    def completed(self, document: Mapping[str, Any]) -> str:
        run = str(self.client.run_start(self.workflow(document))["id"])
        state = self.ended(run)
        if state != "completed":
            raise RuntimeError(f"a run of “{document['name']}” ended as {state}")
        return run

    def ended(self, run: str) -> str:
        """Waits for the end; how it was."""
        deadline = time.monotonic() + RUN_SECONDS
        for update in self.client.follow(run):
            if update.view.state in ("completed", "stopped", "abnormal"):
                return update.view.state
            if time.monotonic() > deadline:
                break
        raise RuntimeError(f"run {run} did not end within {RUN_SECONDS:.0f} s")

    def seconds(self, run: str) -> float:
        """From the start of the run to its end, by the database's clock."""
        told = self.client.snapshot(run).run
        return (moment(told["finished_at"]) - moment(told["started_at"])).total_seconds()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def chains(runs: Runs, lengths: list[int], repeats: int) -> Iterator[Figure]:
    for length in lengths:
        document = documents.chain(length)
        per_step = [
            runs.seconds(runs.completed(document)) * 1000 / length for _ in range(repeats if length < 500 else 1)
        ]
        more = {"floor": "spawn python -S -E", "note": "per no-op step, isolated and durable"}
        yield spread(f"chain of {length}, a step", per_step, **more)


def fan_out(runs: Runs, width: int, repeats: int) -> Iterator[Figure]:
    document = documents.fan_out(width)
    taken = [runs.seconds(runs.completed(document)) * 1000 / (width + 2) for _ in range(repeats)]
    figure = spread(f"1→{width}→1, a step", taken, floor="spawn python -S -E")
    yield figure
    yield Figure(f"1→{width}→1, steps a second", 1000 / figure.value, "/s", n=repeats)


def trigger(runs: Runs, times: int) -> Iterator[Figure]:
    """From just before the request to the first instruction of the user's program, by this host's clock."""
    workflow = runs.workflow(documents.clock())
    runs.completed(documents.clock())
    taken = []
    for _ in range(times):
        before = time.time()
        run = runs.client.run_start(workflow)["id"]
        for _update in runs.client.follow(run):
            pass
        taken.append((float(runs.client.log(run, "clock").split()[0]) - before) * 1000)
    yield spread("API request → first user code", taken, floor="spawn python -S -E")


def event_to_socket(runs: Runs, least: int) -> Iterator[Figure]:
    """From the time that the event's transaction began to the frame in a client's hands."""
    document = documents.chain(least // 3)
    run = runs.client.run_start(runs.workflow(document))["id"]
    taken = []
    for update in Follower(runs.client.api, run).updates():
        arrived = time.time()
        frame = update.frame
        if frame is not None and update.transport == "socket" and "seq" in frame:
            taken.append((arrived - moment(frame["at"]).timestamp()) * 1000)
    yield spread("event → socket", taken, floor="websocket echo", note="while a chain runs")


def checks(sizes: list[int], repeats: int) -> Iterator[Figure]:
    """CPU time, so that neighbours do not count."""
    for size in sizes:
        document = documents.checked(size)
        encoded = json.dumps(document)
        floor = f"json.loads of {size} steps"
        problems = check(document)
        if problems:
            raise RuntimeError(f"the document to check is not valid: {problems[0]}")
        yield spread(floor, [cpu(lambda encoded=encoded: json.loads(encoded)) for _ in range(repeats)])
        taken = [cpu(lambda document=document: check(document)) for _ in range(repeats)]
        yield spread(f"check of {size} steps", taken, floor=floor)


def cpu(action: Any) -> float:
    gc.collect()
    begin = time.process_time()
    action()
    return (time.process_time() - begin) * 1000


def memory(stack: LiveStack, names: tuple[str, ...] = ("web", "reconciler", "worker")) -> Iterator[Figure]:
    """Proportional set size: shared pages are divided among those who share them."""
    total = 0.0
    pids = stack.pids
    for name in names:
        first = psutil.Process(pids[name])
        family = [first, *first.children(recursive=True)]
        size = sum(process.memory_full_info().pss for process in family) / 2**20
        total += size
        yield Figure(f"idle memory (PSS), {name}", size, "MiB", n=len(family))
    yield Figure("idle memory (PSS), together", total, "MiB", n=len(names), note="without PostgreSQL and Redis")
