"""Keeps runs going on a stack: starts, stops, retries, answers and deletes them, and counts what is wrong."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.harness.live_stack import LiveStack
from tests.harness.watching import WatchingClient
from tests.soak.workflows import ALL, EXPECTED, ORDINARY

OPEN_RUNS = 6
KEPT_RUNS = 60
LONGEST_SECONDS = 240.0
"""For any run of ours, faults included; longer is a violation (I4)."""
TERMINAL = ("completed", "stopped", "abnormal")


@dataclass
class Live:
    run: str
    name: str
    begun: float
    client: WatchingClient | None
    stop_at: float | None
    retried: bool = False
    stopped: bool = False


@dataclass
class Driver:
    """`turn` does a little of everything, and never waits for long."""

    stack: LiveStack
    token: str
    rng: random.Random
    violations: list[str]
    counts: Counter[str] = field(default_factory=Counter)
    workflows: dict[str, str] = field(default_factory=dict)
    live: list[Live] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    """Ended since somebody last looked at their invariants."""

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        self._http = httpx.Client(base_url=f"{self.stack.url}/api/", headers=headers, timeout=20, trust_env=False)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """None: nobody answered, or not now. A refusal (4xx) is the answer's text."""
        try:
            answer = self._http.request(method, path, json=body)
        except httpx.HTTPError:
            self.counts["requests unanswered"] += 1
            return None
        if answer.status_code >= 500:
            self.counts[f"answers {answer.status_code}"] += 1
            return None
        if answer.is_error:
            return answer.text
        return answer.json() if answer.content else {}

    def prepare(self) -> bool:
        known = self.ask("GET", "workflows/?limit=100")
        if known is None:
            return False
        self.workflows = {each["name"]: each["id"] for each in known["items"]}
        for make in ALL:
            document = make()
            if document["name"] not in self.workflows:
                made = self.ask("POST", "workflows/", {"name": document["name"], "document": document})
                if not isinstance(made, dict):
                    return False
                self.workflows[document["name"]] = made["id"]
        return True

    def adopt(self, runs: list[str]) -> None:
        """Of an earlier part of the same soak."""
        now = time.monotonic()
        self.live += [Live(run, "?", now, None, None) for run in runs]

    def turn(self, *, start: bool = True) -> None:
        for live in list(self.live):
            self._look(live)
        while start and len(self.live) < OPEN_RUNS:
            if not self._start():
                break
        while len(self.ended) > KEPT_RUNS:
            if self.ask("DELETE", f"runs/{self.ended[0]}/") is None:
                break
            self.counts["runs deleted"] += 1
            self.ended.pop(0)

    def _start(self) -> bool:
        document = self.rng.choice(ALL)()
        found = self.ask("POST", f"workflows/{self.workflows[document['name']]}/runs/", {"values": {}})
        if not isinstance(found, dict):
            if isinstance(found, str):
                self.violations.append(f"a run of {document['name']} was refused: {found[:300]}")
            return False
        now = time.monotonic()
        client = WatchingClient(self.stack.url, self.token, found["id"]) if self.rng.random() < 0.4 else None
        stop = now + self.rng.uniform(0, 6) if self.rng.random() < 0.12 else None
        self.live.append(Live(found["id"], document["name"], now, client, stop))
        self.counts["runs started"] += 1
        return True

    def _look(self, live: Live) -> None:
        found = self.ask("GET", f"runs/{live.run}/")
        now = time.monotonic()
        if not isinstance(found, dict):
            if now - live.begun > LONGEST_SECONDS:
                self.violations.append(f"nobody tells of run {live.run} ({live.name}): {found}")
                self.live.remove(live)
            return
        if found["state"] in TERMINAL:
            self._ended(live, found)
        elif now - live.begun > LONGEST_SECONDS:
            steps = self.ask("GET", f"runs/{live.run}/snapshot/")
            told = {name: step["state"] for name, step in steps["steps"].items()} if isinstance(steps, dict) else steps
            self.violations.append(
                f"I4: run {live.run} ({live.name}) is {found['state']} after {LONGEST_SECONDS:.0f} s: {told}"
            )
            self.live.remove(live)
        elif live.stop_at is not None and now > live.stop_at and not live.stopped:
            live.stopped = self.ask("POST", f"runs/{live.run}/actions/", {"action": "stop"}) is not None
        elif live.name in ("Soak asking", "?"):
            self._answer(live)

    def _answer(self, live: Live) -> None:
        snapshot = self.ask("GET", f"runs/{live.run}/snapshot/")
        if isinstance(snapshot, dict) and any(step["state"] == "wait_inputs" for step in snapshot["steps"].values()):
            self.ask("POST", f"runs/{live.run}/steps/asks/actions/", {"action": "continue", "values": {"later": 7}})

    def _ended(self, live: Live, found: dict[str, Any]) -> None:
        if live.name == "Soak failing" and not live.retried and live.client is None and self.rng.random() < 0.3:
            live.retried = True
            if isinstance(self.ask("POST", f"runs/{live.run}/steps/bad/actions/", {"action": "retry"}), dict):
                self.counts["steps retried"] += 1
                return
        self.live.remove(live)
        self.ended.append(live.run)
        self.fresh.append(live.run)
        self.counts[f"runs {found['state']}"] += 1
        if found["state"] not in EXPECTED.get(live.name, ORDINARY):
            self.violations.append(f"run {live.run} ({live.name}) ended {found['state']}")
        if live.client is not None:
            self._assert_missed_nothing(live.run, live.client)

    def _assert_missed_nothing(self, run: str, client: WatchingClient) -> None:
        self.counts["clients"] += 1
        try:
            client.assert_missed_nothing()
        except AssertionError as error:
            self.violations.append(f"I5: the client of run {run}: {error}")
        except httpx.HTTPError:
            self.counts["clients not compared"] += 1
        finally:
            client.stop()
            self.counts["reconnections"] += max(0, client.connections - 1)
            self.counts["gaps healed"] += len(client.gaps)

    def close(self) -> None:
        for live in self.live:
            if live.client is not None:
                live.client.stop()
        self._http.close()
