"""References of a step, replaced by what they stand for in this run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from backend.apps.accounts.models import Project
from backend.apps.assets.services import storage_roots
from backend.domain.design.document import Document
from backend.domain.design.references import (
    UNSET,
    AnyOfReference,
    DataReference,
    MetricReference,
    OutputReference,
    ParameterReference,
    Reference,
    StorageReference,
    SystemReference,
    as_reference,
    resolve,
)
from backend.domain.problems import problem
from backend.domain.run.snapshot import RunSnapshot
from backend.shared.errors import ProductError
from backend.shared.storage import Roots


class ProjectAssets:
    """The project of a run and its storages, read when a step first names a place; many steps name none."""

    def __init__(self, project_id: UUID) -> None:
        self.project_id = project_id

    @cached_property
    def project(self) -> Project:
        return Project.objects.get(pk=self.project_id)

    @cached_property
    def roots(self) -> Roots:
        return storage_roots(project=self.project)

    @property
    def roots_were_read(self) -> bool:
        """Whether anything named a place in a storage until now."""
        return "roots" in self.__dict__


@dataclass(slots=True)
class Values:
    """Looks references up, for one step of one run."""

    document: Document
    snapshot: RunSnapshot
    step: str
    assets: ProjectAssets

    def resolved(self, value: Any) -> Any:
        """With logical paths, as a person writes them."""
        found = resolve(value, self.lookup)
        return None if found is UNSET else found

    def parameters(self, algorithm: Any) -> dict[str, Any]:
        """A script's own arguments. What stands for a place in a storage becomes a path that the script can open."""
        listed = algorithm.get("parameters", ()) if isinstance(algorithm, Mapping) else ()
        found = {each["name"]: resolve(each.get("value", UNSET), self._lookup_local) for each in listed}
        return {name: value for name, value in found.items() if value is not UNSET}

    def lookup(self, reference: Reference) -> Any:
        if isinstance(reference, ParameterReference | DataReference):
            return self.snapshot.values.get(reference.name, UNSET)
        if isinstance(reference, StorageReference):
            return self.storage_path(reference)
        if isinstance(reference, MetricReference):
            return self._metric(reference)
        if isinstance(reference, SystemReference):
            return self._system(reference.name)
        return self.output(reference).get("logical", "")

    def _lookup_local(self, reference: Reference) -> Any:
        found = self.lookup(reference)
        if isinstance(found, Mapping) and set(found) == {"obs_path"}:
            found = found["obs_path"]
        if isinstance(found, str) and self._is_place(reference):
            ending = "/" if found.endswith("/") else ""
            return f"{self.assets.roots.local(found)}{ending}"
        return found

    def _is_place(self, reference: Reference) -> bool:
        if isinstance(reference, ParameterReference):
            parameter = self.document.parameter(reference.name)
            return parameter is not None and parameter.format == "obs"
        return not isinstance(reference, MetricReference | SystemReference)

    def storage_path(self, reference: StorageReference) -> str:
        """`<root>[/<run id>]/<path>`; two attempts of a run mean the same place, two runs do not."""
        storage = self.document.storage(reference.name)
        root = self.snapshot.values.get(reference.name)
        if storage is None or not isinstance(root, str):
            raise ProductError.of(problem("value.missing", "/values/" + reference.name, name=reference.name))
        own = storage.with_execution_id if reference.with_execution_id is None else reference.with_execution_id
        parts = [root.rstrip("/"), *([self.snapshot.run_id] if own else []), reference.path.lstrip("/")]
        return "/".join(parts)

    def output(self, reference: OutputReference | AnyOfReference) -> Mapping[str, Any]:
        """What the named output became when its step finished."""
        if isinstance(reference, AnyOfReference):
            reference = self.chosen(reference)
        found = self.snapshot.steps[reference.step].outputs.get(reference.output)
        if found is None:
            raise ProductError.of(
                problem("order.output_unknown", step=self.step, producer=reference.step, output=reference.output)
            )
        return dict(found)

    def chosen(self, reference: AnyOfReference) -> OutputReference:
        """The selector's entry that is valid in this run; the machine noted its place when the step became ready."""
        definition = self.document.step(self.step)
        places = self.snapshot.steps[self.step].chosen
        for given in definition.inputs if definition else ():
            if as_reference(given.data) == reference and given.name in places:
                return reference.options[places[given.name]]
        ran = (each for each in reference.options if self.snapshot.steps[each.step].outputs)
        return next(ran, reference.options[0])

    def _system(self, name: str) -> str:
        known = {
            "execution_id": self.snapshot.run_id,
            "workflow_name": self.document.name,
            "step_name": self.step,
        }
        return known[name]

    def _metric(self, reference: MetricReference) -> Any:
        return self.snapshot.steps[reference.step].floats.get(reference.output, {}).get(reference.key, UNSET)
