"""What a step process is told: every reference resolved, every logical path turned into a place on this disk.

Inputs are read where they lie. Whatever the step writes lies in the attempt's own folder, where each storage is
mirrored (`storages/<root>/<path>`), so that outputs which overlap still overlap and no two attempts share a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from backend.apps.assets.models import RegisteredModel
from backend.apps.assets.selectors import (
    algorithm_unknown,
    algorithms_named,
    dataset_find,
    engine_by_id,
    engine_get,
    image_unknown,
    images_named,
)
from backend.apps.assets.services import DEFAULT_STORAGE
from backend.apps.runs import store
from backend.apps.runs.services.order_inputs import InputReader
from backend.apps.runs.services.order_values import ProjectAssets, Values
from backend.domain.design.document import Output, Step
from backend.domain.run.algorithms import named_algorithm, with_algorithm
from backend.domain.run.messages import (
    OrderCode,
    OrderEngine,
    OrderImage,
    OrderInput,
    OrderMetrics,
    OrderOutput,
    StepOrder,
)
from backend.domain.run.metrics_files import metrics_files
from backend.domain.run.plan import resources_of
from backend.domain.steps.job import boot_file_inside
from backend.shared.clock import uuid7
from backend.shared.errors import ProductError
from backend.shared.storage import Logical, Roots, StorageError, logical_path


def attempt_folder(token: str) -> Path:
    """Everything that belongs to one attempt and to nobody else."""
    return Path(settings.PIPELOOM_HOME) / "attempts" / token


@dataclass(slots=True)
class OrderMaker:
    """Makes one order from a run in memory and the assets of its project."""

    loaded: store.Loaded
    step: Step
    token: str
    assets: ProjectAssets
    values: Values

    @property
    def roots(self) -> Roots:
        return self.assets.roots

    def make(self) -> StepOrder:
        """Raises ProductError with the reason why the step cannot begin."""
        snapshot = self.loaded.snapshot.steps[self.step.name]
        planned = store.planned(self.loaded, self.step.name)
        needs = resources_of(self.loaded.plan, planned, self.loaded.snapshot.values)
        folder = attempt_folder(self.token)
        given, context = self._with_algorithm()
        properties = self.values.resolved(given)
        inputs = InputReader(self.step, self.values, self.assets, folder).read()
        order = StepOrder(
            token=self.token,
            run=self.loaded.snapshot.run_id,
            run_number=self.loaded.about.number,
            workflow=str(self.loaded.about.workflow_id),
            step=self.step.name,
            title=self.step.shown_title,
            kind=self.step.kind,
            attempt=snapshot.attempts,
            properties=properties,
            inputs=inputs,
            outputs=self._outputs(inputs),
            metrics=self._metrics(),
            attempt_dir=str(folder),
            work_dir=str(folder / "work"),
            log_path=str(folder / "log"),
            report_path=str(folder / "report.json"),
            devices=list(snapshot.devices),
            cpu=needs.cpu,
            memory_mb=needs.memory_mb,
            timeout_seconds=planned.timeout_seconds,
            sdk_path=str(settings.BASE_DIR / "workers" / "sdk"),
            context={**self._context(properties, folder), **context},
            **self._algorithm(given, properties),
        )
        return order.model_copy(update={"readable": self._readable(inputs)})

    def _readable(self, inputs: Mapping[str, OrderInput]) -> list[str]:
        """The folders of versions that it was given, and its project's storages: where it names a place in one, or
        has a dataset, whose samples lie in them."""
        versions = [each.path.rstrip("/") for each in inputs.values() if "version" in each.data]
        uses_storages = self.assets.roots_were_read or any(each.type == "dataset" for each in inputs.values())
        storages = [str(root.path) for root in self.roots] if uses_storages else []
        return sorted({*versions, *storages})

    def _with_algorithm(self) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """The step's properties, with the code of the algorithm that it names by an id."""
        name = named_algorithm(self.step.properties, self.loaded.snapshot.values)
        if name is None:
            return self.step.properties, {}
        project = self.assets.project
        found = algorithms_named(project=project, names=[name]).get(name)
        if found is None:
            raise ProductError.of(algorithm_unknown(project=project, name=name))
        return with_algorithm(self.step.properties, found.definition), {"algorithm": str(found.pk)}

    def _algorithm(self, given: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
        algorithm = properties.get("algorithm")
        if not isinstance(algorithm, Mapping):
            return {}
        return {
            "parameters": self.values.parameters(given["algorithm"]),
            "code": self._code(algorithm),
            "argv": algorithm.get("command"),
            **self._engine(algorithm.get("engine")),
            "environment": algorithm.get("environments", {}),
        }

    def _engine(self, given: Any) -> dict[str, Any]:
        """An interpreter on the host, or an image that the project has registered."""
        if not given or given.get("image_url") is None:
            return {"engine": _engine(given)}
        name, project = given["image_url"], self.assets.project
        found = images_named(project=project, names=[name]).get(name)
        if found is None:
            raise ProductError.of(image_unknown(project=project, name=name))
        return {"image": OrderImage(name=name, reference=found.pulled)}

    def _code(self, algorithm: Mapping[str, Any]) -> OrderCode | None:
        folder = _place(algorithm.get("code_dir"))
        if not folder:
            return None
        if self.roots.stat(folder).kind != "directory":
            raise StorageError("storage.not_a_directory", place=folder)
        above = folder.rstrip("/") + "/"
        boot_file = boot_file_inside(str(algorithm.get("code_dir")), str(algorithm.get("boot_file") or ""))
        relative = boot_file_inside(folder, boot_file)
        if relative and self.roots.stat(above + relative).kind != "file":
            raise StorageError("storage.not_a_file", place=above + relative)
        return OrderCode(dir=str(self.roots.local(folder)), boot_file=relative)

    def _outputs(self, inputs: Mapping[str, Any]) -> dict[str, OrderOutput]:
        return {
            each.name: self._output(each, self.values.resolved(each.config), inputs)
            for each in self.step.outputs
            if each.type != "metrics"
        }

    def _output(self, output: Output, config: dict[str, Any], inputs: Mapping[str, Any]) -> OrderOutput:
        if output.type == "obs":
            place = logical_path(config["obs_path"].rstrip("/") + "/")
            root = self.roots.root_of(place)
            if not place.parts:
                # Its end would put what is in the storage aside; said now, and not after hours of work.
                raise StorageError("storage.path_form", place=str(place), reason="it names a whole storage")
            if root.read_only:
                raise StorageError("storage.read_only", name=root.name)
            path, target = f"{self.mirrored(place)}/", str(self.roots.local(str(place)))
            return OrderOutput(type="obs", path=path, logical=str(place), target=target, config=config)
        path = f"{attempt_folder(self.token) / 'outputs' / output.name}/"
        target = self._kept_at(output, config, inputs)
        logical = str(config.get("obs_path", ""))
        return OrderOutput(type=output.type, path=path, logical=logical, target=target, config=config)

    def _kept_at(self, output: Output, config: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
        """Versions of datasets and models lie in folders that the server names; the last part is the row's key."""
        home = Path(settings.PIPELOOM_HOME)
        if self.step.kind == "release_dataset":
            dataset = next(each.data["dataset"] for each in inputs.values() if "dataset" in each.data)
            return str(home / "datasets" / str(dataset) / str(uuid7()))
        if output.type == "model":
            known = RegisteredModel.objects.filter(project=self.assets.project, name=config["model_name"]).first()
            return str(home / "models" / str(known.pk if known else uuid7()) / str(uuid7()))
        return ""

    def mirrored(self, place: Logical) -> Path:
        """Where the attempt finds a logical place of a storage inside its own folder."""
        return attempt_folder(self.token).joinpath("storages", place.root, *place.parts)

    def _metrics(self) -> list[OrderMetrics]:
        listed = []
        for output in self.step.outputs:
            for file in metrics_files(output.type, self.values.resolved(output.config)):
                place = logical_path(file.place)
                self.roots.root_of(place)
                listed.append(
                    OrderMetrics(
                        output=output.name,
                        path=str(self.mirrored(place)),
                        logical=str(place),
                        realtime=file.realtime,
                        visualization=file.visualization,
                    )
                )
        return listed

    def _context(self, properties: Mapping[str, Any], folder: Path) -> dict[str, Any]:
        """Rows that the kind must know about and cannot read by itself."""
        if self.step.kind == "create_dataset":
            found = dataset_find(project=self.assets.project, name=properties["dataset_name"])
            return {"existing": found and {"id": str(found.pk), "name": found.name, "data_type": found.data_type}}
        if self.step.kind == "release_dataset":
            return {"samples": str(folder / "samples.jsonl")}
        return {}


def _place(code_dir: Any) -> str:
    """A folder that is named without a storage lies in the project's own."""
    text = str(code_dir or "")
    if text.startswith("/") or not text:
        return text
    return f"/{DEFAULT_STORAGE}/" + ("" if text == "." else text.removeprefix("./"))


def _engine(given: Any) -> OrderEngine | None:
    if not given:
        return None
    by_id = given.get("engine_id")
    found = engine_by_id(by_id) if by_id else engine_get(name=given["engine_name"], version=given["engine_version"])
    return OrderEngine(name=found.name, version=found.version, interpreter=found.interpreter)


def order_make(loaded: store.Loaded, step: str, token: str) -> StepOrder:
    """The order of this attempt; ProductError when it cannot be made."""
    assets = ProjectAssets(loaded.about.project_id)
    definition = store.planned(loaded, step).definition
    values = Values(store.document_of(loaded.about.version_id), loaded.snapshot, step, assets)
    return OrderMaker(loaded, definition, token, assets, values).make()
