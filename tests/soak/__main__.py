"""`make soak ARGS="--minutes N --seed S"`: random faults over many runs on a real stack, and what became of them.

Everything lies in one folder (`--folder`, default `.cache/soak/`). Ctrl-C ends it in order; the same command goes on
where it stopped, runs in mid-course included. Exit status 1: a promise was broken.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from backend.config.embedded.home import write_private
from backend.config.embedded.processes import await_end, descendants
from tests.harness.inspector import Inspector
from tests.harness.leases import LEASES
from tests.harness.live_stack import REPOSITORY, LiveStack, stack_start
from tests.soak.driver import Driver
from tests.soak.faults import FAULTS, Ground, choose
from tests.soak.figures import Figures, folder_mb
from tests.soak.summary import summary
from workers.sandbox import processes

GENTLE = {"PIPELOOM_HEARTBEAT_SECONDS": "1", "PIPELOOM_FENCE_SECONDS": "6", "PIPELOOM_LEASE_SECONDS": "9"}
"""A machine that has much else to do must not look like one that has died."""
SAMPLE_SECONDS = 5.0
CHECK_SECONDS = 5.0
PARTS = ("web", "reconciler", "redis", "postgres")
CALM_SECONDS = 200.0
"""After the faults every run must end by then."""


class Soak:
    """One soak, which may be carried on by several calls."""

    def __init__(self, folder: Path, minutes: float, seed: int, spared: Sequence[str] = ()) -> None:
        self.folder, self.seconds, self.seed, self.spared = folder, minutes * 60, seed, sorted(spared)
        self.state_file = folder / "state.json"
        self.violations: list[str] = []
        self.fired: Counter[str] = Counter()
        self.idle: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.figures = Figures()
        self.elapsed = 0.0
        self.parts = 0
        self.ended: list[str] = []
        self._load()
        self.parts += 1
        self.rng = random.Random(f"{self.seed} {self.parts}")
        self.points = folder / "points"
        self.points.mkdir(parents=True, exist_ok=True)
        for left in self.points.iterdir():
            left.unlink()

    # ------------------------------------------------------------------------------------------ state

    def _load(self) -> None:
        if not self.state_file.exists():
            return
        raw = json.loads(self.state_file.read_text())
        if raw["over"] or raw["seed"] != self.seed or raw.get("spared", []) != self.spared:
            shutil.rmtree(self.folder)
            return
        self.violations, self.elapsed, self.parts, self.ended = (
            raw["violations"],
            raw["elapsed"],
            raw["parts"],
            raw["ended"],
        )
        self.fired, self.idle, self.counts = (Counter(raw[name]) for name in ("fired", "idle", "counts"))
        self.figures.take(raw["figures"])
        say(f"going on at {self.elapsed / 60:.1f} of {self.seconds / 60:.0f} minutes")

    def save(self, *, over: bool) -> None:
        raw: dict[str, Any] = {
            name: getattr(self, name) for name in ("seed", "spared", "violations", "elapsed", "parts", "ended")
        }
        raw |= {name: dict(getattr(self, name)) for name in ("fired", "idle", "counts")}
        write_private(self.state_file, json.dumps({**raw, "figures": self.figures.as_json(), "over": over}))

    # ------------------------------------------------------------------------------------------ running

    def run(self) -> bool:
        """True when it came to its end; False when somebody interrupted it."""
        self.stack = self._start()
        inspector = Inspector(self.stack.environment)
        driver = Driver(self.stack, self._token(), self.rng, self.violations, counts=self.counts, ended=self.ended)
        try:
            until(driver.prepare, "the workflows are there")
            driver.adopt(inspector.ask("open"))
            self._shake(driver, inspector)
            self._calm_down(driver, inspector)
        except KeyboardInterrupt:
            return False
        finally:
            driver.close()
            inspector.close()
            self.save(over=False)
            self._stop()
        return True

    def _start(self, port: int = 0) -> LiveStack:
        environment = {
            **LEASES,
            **GENTLE,
            "PIPELOOM_FAILPOINT_FOLDER": str(self.points),
            "PIPELOOM_KEEP_ATTEMPTS_SECONDS": "60",
        }
        return stack_start(self.folder / "home", workers=3, port=port, env=environment)

    def _token(self) -> str:
        file = self.folder / "token"
        if not file.exists():
            write_private(file, self.stack.token)
        return file.read_text()

    def _stop(self) -> None:
        with suppress(AssertionError):
            self.stack.stop()
        self.stack.end()

    def _shake(self, driver: Driver, inspector: Inspector) -> None:
        begun, before = time.monotonic(), self.elapsed
        fault_at = sample_at = check_at = begun + 5
        ground = Ground(self.stack, self.points, self.rng)
        while self.elapsed < self.seconds:
            now = time.monotonic()
            self.elapsed = before + now - begun
            driver.turn()
            if now >= fault_at:
                self._fault(ground, driver)
                fault_at = time.monotonic() + self.rng.uniform(3, 12)
            if now >= check_at:
                self._check(driver, inspector)
                check_at = time.monotonic() + CHECK_SECONDS
            if now >= sample_at:
                self._sample(inspector)
                sample_at = time.monotonic() + SAMPLE_SECONDS
                self.save(over=False)
            time.sleep(0.1)

    def _fault(self, ground: Ground, driver: Driver) -> None:
        name = choose(self.rng, self.spared)
        told = FAULTS[name][0](ground)
        (self.fired if told else self.idle)[name] += 1
        say(f"{self.elapsed / 60:5.1f} min  {name}: {told or 'nothing to do it to'}; {len(driver.live)} runs open")
        if ground.up_killed:
            ground.up_killed = False
            port = int(self.stack.url.rsplit(":", 1)[1])
            left = await_end(descendants(ground.stack.process.pid), 60)
            if left:
                self.violations.append(f"processes outlived `up`: {left}")
            self.stack.end()
            self.stack = ground.stack = driver.stack = self._start(port)

    def _check(self, driver: Driver, inspector: Inspector) -> None:
        fresh, driver.fresh = driver.fresh, []
        runs = [*fresh, *(live.run for live in driver.live)]
        self._holds(lambda: inspector.invariants(runs))
        self._holds(lambda: self._assert_no_overlap(inspector))

    def _holds(self, check: Any) -> None:
        try:
            check()
        except AssertionError as error:
            self.violations.append(str(error)[:2000])
            say(f"VIOLATION: {error}")

    def _assert_no_overlap(self, inspector: Inspector) -> None:
        """I2: no two attempts of one step have processes at the same time."""
        bearers = processes.bearers()
        owners = inspector.ask("owners", tokens=list(bearers))
        seen: dict[str, str] = {}
        for token, owner in owners.items():
            other = seen.setdefault(owner, token)
            assert other == token, f"I2: attempts {other} and {token} of {owner} run at the same time: {bearers}"

    def _sample(self, inspector: Inspector) -> None:
        home = self.folder / "home"
        sizes = {
            "attempt folders MB": folder_mb(home / "attempts"),
            "replaced outputs MB": folder_mb(home / "replaced"),
            "storage MB": folder_mb(home / "storage"),
            "logs MB": folder_mb(home / "logs"),
        }
        try:
            rows = inspector.ask("rows")
        except AssertionError:
            rows = None
        self.figures.sample(self.elapsed, self.stack.process.pid, rows, sizes)

    def _calm_down(self, driver: Driver, inspector: Inspector) -> None:
        """No faults any more: all must end, and nothing may be left."""
        say("no more faults; waiting for the runs that are open")
        deadline = time.monotonic() + CALM_SECONDS
        while driver.live and time.monotonic() < deadline:
            driver.turn(start=False)
            time.sleep(0.2)
        self.violations += [f"I4: run {live.run} ({live.name}) has not ended" for live in driver.live]
        self._holds(inspector.invariants)
        self._holds(lambda: inspector.ask("outbox"))
        self._holds(lambda: inspector.ask("whole"))
        self._holds(lambda: self._assert_nothing_left(inspector))
        for trace in inspector.ask("quarantined"):
            self.violations.append(f"a run was quarantined: {trace[-1500:]}")

    def _assert_nothing_left(self, inspector: Inspector) -> None:
        """I7, and leases of nobody."""
        tokens = set(inspector.ask("tokens"))
        until(lambda: not tokens & processes.bearers().keys(), "no process bears a token (I7)", 20)
        rows = inspector.ask("rows")
        held = {name: rows[name] for name in ("runs_lease", "runs_devicelease") if rows[name]}
        assert not held, f"leases of nobody: {held}"


def until(condition: Any, what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.1)


def say(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--folder", type=Path, default=REPOSITORY / ".cache" / "soak")
    spare = "end nothing that this part runs in, to see whether it grows; may be repeated"
    parser.add_argument("--spare", action="append", default=[], metavar="PART", choices=PARTS, help=spare)
    options = parser.parse_args()
    folder = options.folder.resolve()
    state = folder / "state.json"
    seed = options.seed
    if seed is None:
        seed = json.loads(state.read_text())["seed"] if state.exists() else secrets.randbits(31)
    say(f"seed {seed}, {options.minutes:g} minutes, in {os.path.relpath(folder)}")
    soak = Soak(folder, options.minutes, seed, options.spare)
    over = soak.run()
    soak.save(over=over)
    text = summary(soak)
    say(text)
    (folder / "summary.txt").write_text(text + "\n")
    if not over:
        say("interrupted; the same command goes on from here")
        return 130
    return 1 if soak.violations else 0


if __name__ == "__main__":
    sys.exit(main())
