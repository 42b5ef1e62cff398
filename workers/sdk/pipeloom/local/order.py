"""What a step process is told, for a run on this machine: every reference resolved, every path a real one.

As on a server, inputs are read where they lie, and whatever the step writes lies in the attempt's own folder until it
has ended well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.domain.design.document import Document, Output, Step
from backend.domain.design.references import (
    UNSET,
    AnyOfReference,
    OutputReference,
    as_reference,
    resolve,
)
from backend.domain.problems import problem
from backend.domain.run.messages import OrderCode, OrderInput, OrderMetrics, OrderOutput, StepOrder
from backend.domain.run.metrics_files import metrics_files
from backend.domain.run.plan import Plan, resources_of
from backend.domain.run.snapshot import RunSnapshot
from backend.domain.run.step_values import StepValues
from backend.domain.steps.job import boot_file_inside
from backend.domain.steps.registry import kind_of
from pipeloom.local.assets import Assets
from pipeloom.local.home import Home, LocalError
from pipeloom.local.known import engine_named, engine_of, image_of

SAMPLES = "samples.jsonl"


@dataclass(slots=True)
class LocalValues(StepValues):
    home: Home

    def local(self, place: str) -> str:
        return str(self.home.local(place))


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is the same for all steps of a run. `sdk` is the folder that makes `import pipeloom.metrics` work."""

    document: Document
    plan: Plan
    home: Home
    number: int
    folder: Path
    sdk: Path


@dataclass(slots=True)
class OrderMaker:
    """Makes one order. LocalError or UnresolvedError say why the step cannot begin."""

    facts: RunFacts
    snapshot: RunSnapshot
    step: Step
    values: LocalValues
    assets: Assets
    folder: Path

    def make(self, token: str) -> StepOrder:
        state = self.snapshot.steps[self.step.name]
        needs = resources_of(self.facts.plan, self.facts.plan.steps[self.step.name], self.snapshot.values)
        properties = self.values.resolved(self.step.properties)
        inputs = self._inputs()
        return StepOrder(
            token=token,
            run=self.snapshot.run_id,
            run_number=self.facts.number,
            workflow=self.facts.document.name,
            step=self.step.name,
            title=self.step.shown_title,
            kind=self.step.kind,
            attempt=state.attempts,
            properties=properties,
            inputs=inputs,
            outputs={each.name: self._output(each) for each in self.step.outputs if each.type != "metrics"},
            metrics=self._metrics(),
            attempt_dir=str(self.folder),
            work_dir=str(self.folder / "work"),
            log_path=str(self.folder / "log"),
            report_path=str(self.folder / "report.json"),
            devices=list(state.devices),
            cpu=needs.cpu,
            memory_mb=needs.memory_mb,
            timeout_seconds=self.facts.plan.steps[self.step.name].timeout_seconds,
            sdk_path=str(self.facts.sdk),
            context=self._context(properties, inputs),
            **self._algorithm(properties),
        )

    # ------------------------------------------------------------------------------------------ inputs

    def _inputs(self) -> dict[str, OrderInput]:
        found = {given.name: self._input(given.name, given.data) for given in self.step.inputs}
        return {name: each for name, each in found.items() if each is not None}

    def _input(self, name: str, data: Any) -> OrderInput | None:
        reference = as_reference(data)
        if isinstance(reference, OutputReference | AnyOfReference):
            return self._from_output(name, self.values.output(reference))
        value = resolve(data, self.values.lookup)
        if value is UNSET or value is None:
            return None
        if isinstance(value, Mapping) and isinstance(value.get("obs_path"), str):
            value = value["obs_path"]
        if isinstance(value, str):
            return self._from_place(value)
        if isinstance(value, Mapping) and isinstance(value.get("dataset_name"), str):
            return self._dataset(name, value["dataset_name"], value.get("version_name"))
        raise LocalError(problem("order.input_form", step=self.step.name, input=name))

    def _from_output(self, name: str, output: Mapping[str, Any]) -> OrderInput:
        data = output.get("data", {})
        if output["type"] == "obs":
            return self._from_place(output["logical"])
        if output["type"] == "model":
            folder = self.assets.model_folder(data["model_name"], data["version"])
            return OrderInput(type="model", path=f"{folder}/", data=data)
        return self._dataset(name, data["dataset_name"], data.get("version"))

    def _from_place(self, text: str) -> OrderInput:
        found = self.facts.home.existing(text)
        ending = "/" if found.is_dir() else ""
        return OrderInput(type="obs", path=f"{found}{ending}", logical=text.rstrip("/") + ending)

    def _dataset(self, name: str, dataset: str, version: str | None) -> OrderInput:
        """A step that takes datasets gets its samples as a file beside the order, any other the version's folder."""
        if self.assets.dataset(dataset) is None:
            raise LocalError(problem("asset.dataset_unknown", name=dataset))
        data: dict[str, Any] = {"dataset": dataset, "dataset_name": dataset}
        kind = kind_of(self.step.kind)
        if version is None or (kind is not None and "dataset" in kind.inputs.accepts):
            return OrderInput(type="dataset", path=f"{self.folder / 'inputs' / name}/", data=data)
        path = self.assets.version(dataset, version)
        return OrderInput(type="dataset", path=f"{path}/", data={**data, "version": version, "version_name": version})

    # ------------------------------------------------------------------------------------------ outputs

    def _output(self, output: Output) -> OrderOutput:
        config = self.values.resolved(output.config)
        if output.type != "obs":
            logical = str(config.get("obs_path", ""))
            path = f"{self.folder / 'outputs' / output.name}/"
            return OrderOutput(type=output.type, path=path, logical=logical, config=config)
        place = config["obs_path"].rstrip("/") + "/"
        target = self.facts.home.local(place)
        if place.strip("/").count("/") == 0:
            # Its end would put all that is in the storage aside; said now, and not after hours of work.
            raise LocalError(problem("storage.path_form", place=place, reason="it names a whole storage"))
        return OrderOutput(
            type="obs", path=f"{self._mirrored(place)}/", logical=place, target=str(target), config=config
        )

    def _mirrored(self, place: str) -> Path:
        """Each storage again inside the attempt's own folder, so that outputs which overlap still do."""
        return self.folder / "storages" / place.strip("/")

    def _metrics(self) -> list[OrderMetrics]:
        listed = []
        for output in self.step.outputs:
            for file in metrics_files(output.type, self.values.resolved(output.config)):
                self.facts.home.local(file.place)
                # Whoever runs a program sits before it: every file is followed while it is written.
                path = str(self._mirrored(file.place))
                listed.append(OrderMetrics(output=output.name, path=path, logical=file.place, realtime=True))
        return listed

    # ------------------------------------------------------------------------------------------ the program

    def _algorithm(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        algorithm = properties.get("algorithm")
        if not isinstance(algorithm, Mapping):
            return {}
        return {
            "parameters": self.values.parameters(self.step.properties["algorithm"]),
            "code": self._code(algorithm),
            "argv": algorithm.get("command"),
            **self._engine(algorithm.get("engine") or {}),
            "environment": algorithm.get("environments", {}),
        }

    def _engine(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """A command needs none; then `python` in it is the one that runs the program."""
        if given.get("image_url") is not None:
            return {"image": image_of(self.facts.home, given["image_url"])}
        return {"engine": engine_of(self.facts.home, *engine_named(given)).order}

    def _code(self, algorithm: Mapping[str, Any]) -> OrderCode | None:
        """A folder that does not begin with “/” lies where the program was started."""
        given = algorithm.get("code_dir")
        if not given:
            return None
        folder = self.facts.home.existing(given) if given.startswith("/") else Path(given).resolve()
        if not folder.is_dir():
            raise LocalError(problem("storage.not_a_directory", place=str(folder)))
        boot_file = boot_file_inside(given, str(algorithm.get("boot_file") or ""))
        if boot_file and not (folder / boot_file).resolve().is_relative_to(folder):
            raise LocalError(problem("step.code_missing", file=boot_file))
        return OrderCode(dir=str(folder), boot_file=boot_file)

    def _context(self, properties: Mapping[str, Any], inputs: Mapping[str, OrderInput]) -> dict[str, Any]:
        if self.step.kind == "create_dataset":
            found = self.assets.dataset(str(properties["dataset_name"]))
            return {"existing": found and {"id": found["name"], "name": found["name"], "data_type": found["data_type"]}}
        if self.step.kind == "release_dataset":
            path = self.folder / SAMPLES
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.assets.samples_write(next(str(each.data["dataset_name"]) for each in inputs.values()), path)
            return {"samples": str(path)}
        return {}


def order_make(facts: RunFacts, snapshot: RunSnapshot, step: str, token: str) -> StepOrder:
    definition = facts.plan.steps[step].definition
    values = LocalValues(facts.document, snapshot, step, facts.home)
    folder = facts.folder / "attempts" / f"{step}-{snapshot.steps[step].attempts}"
    return OrderMaker(facts, snapshot, definition, values, Assets(facts.home), folder).make(token)


def sdk_folder(home: Home) -> Path:
    """A folder that holds this package and nothing else: in an engine of its own, only that may be found there."""
    folder = home.root / "sdk"
    folder.mkdir(exist_ok=True)
    package = Path(__file__).resolve().parents[1]
    link = folder / package.name
    if not link.exists() or link.resolve() != package:
        link.unlink(missing_ok=True)
        link.symlink_to(package)
    return folder
