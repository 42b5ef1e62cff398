"""What `pipeloom.metrics` costs a training loop that calls it a thousand times a second."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from tests.bench.figures import Figure, spread
from tests.harness.live_stack import REPOSITORY

CALLS = 1_000
LOOP = """
import sys, time
from pipeloom import metrics

def work():
    # Busy for as long as one step of a training loop, on the processor as such a step is.
    total, begun = 0.0, time.perf_counter()
    for number in range(amount):
        total += number * 0.5
    return total

amount = 1_000
# Of processor time, which others on this machine do not make longer.
begun = time.process_time()
for _ in range(500):
    work()
amount = max(1, round(amount * 0.001 / ((time.process_time() - begun) / 500)))

def loop(calls, log):
    begun, used = time.perf_counter(), time.process_time()
    for step in range(calls):
        loss = work()
        if log:
            metrics.log(loss=loss, step=step)
    return (time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000

for turn in range(int(sys.argv[2])):
    # In turns, so that whatever else the machine does hits both alike.
    print(*loop(int(sys.argv[1]), False), *loop(int(sys.argv[1]), True))
"""


def cost(repeats: int) -> Iterator[Figure]:
    """The loop with a call in each of its steps, against the same loop without."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "workers" / "sdk")}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", LOOP, str(CALLS), str(repeats)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    turns = [[float(each) for each in line.split()] for line in done.stdout.splitlines()]
    names = ("loop of 1,000 steps", "CPU of that loop")
    for at, name in enumerate(names):
        yield spread(name, [turn[at] for turn in turns])
        logged = [turn[at + 2] for turn in turns]
        yield spread(f"{name}, logging each", logged, floor=name, note="goal 1.05")
