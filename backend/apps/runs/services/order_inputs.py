"""The inputs of a step: folders, files, datasets and their versions, models, each found on this disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.apps.assets.models import DatasetVersion, ModelVersion
from backend.apps.assets.selectors import dataset_get, dataset_version_get
from backend.apps.runs.services.order_values import ProjectAssets, Values
from backend.domain.design.document import Step
from backend.domain.design.references import (
    UNSET,
    AnyOfReference,
    OutputReference,
    as_reference,
    resolve,
)
from backend.domain.problems import problem
from backend.domain.run.messages import OrderInput
from backend.domain.steps.registry import kind_of
from backend.shared.errors import ProductError


@dataclass(slots=True)
class InputReader:
    """Reads all inputs of one step; an input without a value is left out."""

    step: Step
    values: Values
    assets: ProjectAssets
    folder: Path

    def read(self) -> dict[str, OrderInput]:
        found = {given.name: self._input(given.name, given.data) for given in self.step.inputs}
        return {name: each for name, each in found.items() if each is not None}

    def _input(self, name: str, data: Any) -> OrderInput | None:
        reference = as_reference(data)
        if isinstance(reference, OutputReference | AnyOfReference):
            return self._from_output(name, self.values.output(reference))
        value = resolve(data, self.values.lookup)
        if value is UNSET or value is None:
            return None
        if isinstance(value, str):
            return self._from_place(value)
        if isinstance(value, Mapping) and isinstance(value.get("obs_path"), str):
            return self._from_place(value["obs_path"])
        if isinstance(value, Mapping) and isinstance(value.get("dataset_name"), str):
            return self._from_dataset(name, value)
        raise ProductError.of(problem("order.input_form", step=self.step.name, input=name))

    def _from_output(self, name: str, output: Mapping[str, Any]) -> OrderInput:
        if output["type"] == "obs":
            return self._from_place(output["logical"])
        data = output.get("data", {})
        if output["type"] == "model":
            model: ModelVersion = ModelVersion.objects.seen().get(pk=data["version"])
            return OrderInput(type="model", path=f"{model.path}/", logical=output.get("logical", ""), data=data)
        if "version" in data and not self._takes_datasets():
            version: DatasetVersion = DatasetVersion.objects.seen().select_related("dataset").get(pk=data["version"])
            return self._version(version)
        return self._whole(name, data["dataset"], data["dataset_name"])

    def _from_place(self, text: str) -> OrderInput:
        """Refused when nothing is there: a step must not begin on data that does not exist."""
        folder = self.assets.roots.stat(text).kind == "directory"
        ending = "/" if folder else ""
        return OrderInput(
            type="obs", path=f"{self.assets.roots.local(text)}{ending}", logical=text.rstrip("/") + ending
        )

    def _from_dataset(self, name: str, value: Mapping[str, Any]) -> OrderInput:
        if self._takes_datasets():
            dataset = dataset_get(project=self.assets.project, name=value["dataset_name"])
            return self._whole(name, str(dataset.pk), dataset.name)
        found = dataset_version_get(
            project=self.assets.project, name=value["dataset_name"], version=value.get("version_name") or None
        )
        return self._version(found)

    def _takes_datasets(self) -> bool:
        kind = kind_of(self.step.kind)
        return kind is not None and "dataset" in kind.inputs.accepts

    def _version(self, version: DatasetVersion) -> OrderInput:
        data = {
            "dataset": str(version.dataset_id),
            "dataset_name": version.dataset.name,
            "version": str(version.pk),
            "version_name": version.name,
        }
        return OrderInput(type="dataset", path=f"{version.path}/", data=data)

    def _whole(self, name: str, dataset: str, dataset_name: str) -> OrderInput:
        """A dataset as such is rows, not a folder: its samples come as a file beside the order."""
        data = {"dataset": dataset, "dataset_name": dataset_name}
        return OrderInput(type="dataset", path=f"{self.folder / 'inputs' / name}/", data=data)
