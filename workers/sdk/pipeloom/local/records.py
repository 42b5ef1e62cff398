"""What is kept of runs on this machine: experiments, each with its runs, their events, metrics and logs.

experiments/<id>/experiment.json
experiments/<id>/<number>/run.json       document, values, state, and each step's last state
experiments/<id>/<number>/events.jsonl   every fact, in its order
experiments/<id>/<number>/metrics.json   the last metrics of each step
experiments/<id>/<number>/attempts/<step>-<n>/log, order.json
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from backend.domain.design.document import Document
from backend.domain.design.load import parse_document
from backend.domain.problems import problem
from backend.domain.run.events import Event, event_as_json
from backend.domain.run.reuse import Earlier, made_from
from backend.domain.run.snapshot import RunSnapshot, StepSnapshot, snapshot_as_json, step_from_json
from backend.domain.run.states import StepState
from pipeloom.local.home import Home, read_json, write_json
from workers.sandbox import boxes, processes
from workers.sandbox.container_engine import client_environment, find

Json = dict[str, Any]
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_EXPERIMENT: Final = "experiment.json"
RUN_FILE: Final = "run.json"
_OWNER: Final = "owner.json"
BULKY: Final = ("work", "tmp", "storages", "outputs", "inputs")
"""What an attempt leaves behind that is of no use once it has ended."""
LOST: Final = "lost"
"""Instead of the state of a run whose program died before its end."""


class RunRecord(NamedTuple):
    """One run as it is listed."""

    experiment_id: str
    number: int
    run: str
    workflow: str
    state: str
    created_at: str
    folder: Path


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where one run is written while it goes on."""

    experiment_id: str
    number: int
    path: Path

    def started(self, raw: Json, snapshot: RunSnapshot) -> None:
        owner = {"boot": processes.boot_id(), "pid": os.getpid(), "start": processes.start_time(os.getpid())}
        write_json(self.path / _OWNER, owner)
        write_json(self.path / "document.json", raw)
        self.saved(snapshot)

    def over(self) -> None:
        (self.path / _OWNER).unlink(missing_ok=True)

    def event(self, event: Event) -> None:
        with open(self.path / "events.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps(event_as_json(event), ensure_ascii=False) + "\n")

    def saved(self, snapshot: RunSnapshot) -> None:
        write_json(self.path / RUN_FILE, {"number": self.number, **snapshot_as_json(snapshot)})

    def metrics(self, metrics: Mapping[str, list[Json]]) -> None:
        write_json(self.path / "metrics.json", metrics)


def experiment_named(experiment_id: str | None, workflow: str) -> str:
    """The id under which runs are kept together; a new one where none is given. Nothing is made yet."""
    if experiment_id is None:
        return f"{_as_id(workflow)}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    if not _ID.fullmatch(experiment_id):
        raise ValueError(f"“{experiment_id}” cannot be the id of an experiment: use letters, digits, “.”, “_” and “-”.")
    return experiment_id


def run_folder(home: Home, experiment_id: str, workflow: str) -> RunFolder:
    """The next one of the experiment. Two programs at the same moment get two."""
    folder = home.root / "experiments" / experiment_id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if read_json(folder / _EXPERIMENT) is None:
        about = {"id": experiment_id, "workflow": workflow, "created_at": datetime.now(UTC).isoformat()}
        write_json(folder / _EXPERIMENT, about)
    number = max(_numbers(folder), default=0) + 1
    while True:
        try:
            (folder / str(number)).mkdir(mode=0o700)
        except FileExistsError:
            number += 1
        else:
            return RunFolder(experiment_id, number, folder / str(number))


def experiment_inside(experiment_id: str, step: str) -> str:
    """Where the runs that a step is are kept together: beside those that they are inside of."""
    return f"{experiment_id[:80]}.{_as_id(step)[:40]}"


def records(home: Home, experiment_id: str | None = None) -> list[RunRecord]:
    """All runs, or those of one experiment, in the order in which they began."""
    tops = sorted((home.root / "experiments").glob("*")) if experiment_id is None else []
    names = [experiment_id] if experiment_id is not None else [each.name for each in tops]
    found = [record for name in names for record in _of_experiment(home, name)]
    return sorted(found, key=lambda each: (each.created_at, each.number))


def sweep(home: Home) -> None:
    """Take away what programs that died have left in their attempts."""
    for owner in (home.root / "experiments").glob(f"*/*/{_OWNER}"):
        if _died(owner):
            for attempt in (owner.parent / "attempts").glob("*"):
                attempt_clear(attempt)
                _box_end(home, attempt)


def _box_end(home: Home, attempt: Path) -> None:
    """Of a step in a container whose program, and all that it had started, was killed."""
    token = str((read_json(attempt / "order.json") or {}).get("token", ""))
    mark = boxes.mark_of(home.root, token)
    found = find(os.environ).engine if token and mark.exists() else None
    if found is not None:
        boxes.box_end(found.program, boxes.box_name(token), mark, client_environment(os.environ))


def attempt_clear(folder: Path) -> None:
    """Log, order and report stay."""
    for name in BULKY:
        shutil.rmtree(folder / name, ignore_errors=True)


def _died(owner: Path) -> bool:
    told = read_json(owner)
    if told is None:
        return False
    return bool(told["boot"] != processes.boot_id() or processes.start_time(told["pid"]) != told["start"])


def earlier(home: Home, experiment_id: str) -> dict[str, Earlier]:
    """Of each step the last time that it was begun in this experiment."""
    found: dict[str, Earlier] = {}
    top = home.root / "experiments" / experiment_id
    for number in sorted(_numbers(top)):
        raw, run = read_json(top / str(number) / "document.json"), read_json(top / str(number) / RUN_FILE)
        document = parse_document(raw)[0] if raw else None
        if document is not None and run is not None:
            found.update(_steps_of(home, document, run))
    return found


def _steps_of(home: Home, document: Document, run: Json) -> Iterator[tuple[str, Earlier]]:
    steps = {name: step_from_json(each) for name, each in run["steps"].items()}
    ran_in = {name: step.reused["run"] if step.reused else run["run"] for name, step in steps.items()}
    for name, step in steps.items():
        definition = document.step(name)
        begun = step.attempts > 0 or step.state is StepState.COMPLETED
        if definition is None or step.reused is not None or not begun:
            continue
        used = {producer: ran_in[producer] for producer in made_from(definition, step.chosen) if producer in ran_in}
        yield (
            name,
            Earlier(
                run=run["run"],
                number=run["number"],
                state=step.state,
                document=document,
                values=run["fields"]["values"],
                outputs=step.outputs,
                floats=step.floats,
                chosen=step.chosen,
                made_from=used,
                spoilt=_gone(home, name, run["number"], step),
            ),
        )


def _gone(home: Home, name: str, number: int, step: StepSnapshot) -> Any:
    for made in step.outputs.values():
        place = made.get("logical")
        if made["type"] == "obs" and place and not home.local(place).exists():
            return problem("run.reuse_gone", step=name, number=number, place=place)
    return None


def _of_experiment(home: Home, experiment_id: str) -> Iterator[RunRecord]:
    top = home.root / "experiments" / experiment_id
    about = read_json(top / _EXPERIMENT) or {}
    for number in _numbers(top):
        run = read_json(top / str(number) / RUN_FILE)
        if run is not None:
            fields = run["fields"]
            state = LOST if _died(top / str(number) / _OWNER) else fields["state"]
            facts = (state, fields["created_at"] or "", top / str(number))
            yield RunRecord(experiment_id, number, run["run"], about.get("workflow", ""), *facts)


def _numbers(top: Path) -> list[int]:
    return [int(each.name) for each in top.glob("*") if each.name.isdigit()]


def _as_id(text: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")
    return plain[:80] or "workflow"
