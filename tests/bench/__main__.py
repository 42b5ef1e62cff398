"""Measure, and print one table: `make bench`, `make bench ARGS="--quick"`, `--json FILE`."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import drawn, metrics_loop, product
from tests.bench.figures import Figure, as_json, table
from tests.harness.live_stack import REPOSITORY, LiveStack, stack_start


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--quick",
        action="store_true",
        help="fewer repetitions, 20 drawn points instead of 200, no chain of 1,000, no 10,000 steps",
    )
    parser.add_argument("--json", metavar="FILE", help="write the figures there as JSON, too (- for standard output)")
    options = parser.parse_args()
    # It helped this process to find the SDK; the product is measured as it starts without.
    os.environ.pop("PYTHONPATH", None)
    figures = list(measured(quick=options.quick))
    host = {"cpus": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    encoded = as_json(figures, host)
    if options.json == "-":
        sys.stdout.write(encoded + "\n")
        return
    if options.json:
        Path(options.json).write_text(encoded)
    sys.stdout.write(f"{table(figures)}\n\nNo-op steps, {host['cpus']} CPUs, load {host['load']:.1f}, Python ")
    sys.stdout.write(f"{host['python']}. Compare ratios, not milliseconds.\n")


def measured(*, quick: bool) -> Iterator[Figure]:
    times, repeats = (50, 2) if quick else (200, 5)
    yield from told("check", product.checks([1_000] if quick else [1_000, 10_000], repeats))
    yield from told("metrics in a loop", metrics_loop.cost(repeats * 3))
    with stack() as running:
        yield from told("idle memory", product.memory(running))
        yield from told("floors", floors(running, times))
        runs = product.Runs(running)
        yield from told("trigger", product.trigger(runs, 10 if quick else 30))
        yield from told("chains", product.chains(runs, [10, 100] if quick else [10, 100, 1_000], repeats))
        yield from told("fan out", product.fan_out(runs, 100, repeats))
        yield from told("events", product.event_to_socket(runs, 200))
        yield from told("points", drawn.file_to_point(running, runs, 20 if quick else 200))


def told(what: str, figures: Iterator[Figure]) -> list[Figure]:
    begin = time.monotonic()
    taken = list(figures)
    sys.stderr.write(f"  {what} ({time.monotonic() - begin:.1f} s)\n")
    return taken


@contextmanager
def stack() -> Iterator[LiveStack]:
    with tempfile.TemporaryDirectory(prefix="pipeloom-bench-") as folder:
        running = stack_start(Path(folder) / "home", workers=os.cpu_count() or 1)
        try:
            yield running
        finally:
            running.end()


def floors(running: LiveStack, times: int) -> Iterator[Figure]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.floors", str(times)],
        cwd=REPOSITORY,
        env=running.environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    entries: list[dict[str, Any]] = json.loads(done.stdout)
    yield from (Figure(**entry) for entry in entries)


if __name__ == "__main__":
    main()
