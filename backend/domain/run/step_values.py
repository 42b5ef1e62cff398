"""What the references of one step stand for in one run: values, places in storages, outputs of the steps before it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
from backend.domain.design.storages import storage_path
from backend.domain.problems import Problem, problem
from backend.domain.run.snapshot import RunSnapshot


class UnresolvedError(LookupError):
    """A reference that stands for nothing in this run."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found


@dataclass(slots=True)
class StepValues(ABC):
    """Looks references up, for one step of one run. Paths stay logical here, as a person writes them."""

    document: Document
    snapshot: RunSnapshot
    step: str

    def resolved(self, value: Any) -> Any:
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

    @abstractmethod
    def local(self, place: str) -> str:
        """Where a logical place is on this machine."""

    def refused(self, found: Problem) -> Exception:
        """The error that tells of the problem."""
        return UnresolvedError(found)

    def storage_path(self, reference: StorageReference) -> str:
        """`<root>[/<run id>]/<path>`; two attempts of a run mean the same place, two runs do not."""
        storage = self.document.storage(reference.name)
        root = self.snapshot.values.get(reference.name)
        if storage is None or not isinstance(root, str):
            raise self.refused(problem("value.missing", "/values/" + reference.name, name=reference.name))
        return storage_path(root, reference, storage, self.snapshot.run_id)

    def output(self, reference: OutputReference | AnyOfReference) -> Mapping[str, Any]:
        """What the named output became when its step finished."""
        if isinstance(reference, AnyOfReference):
            reference = self.chosen(reference)
        found = self.snapshot.steps[reference.step].outputs.get(reference.output)
        if found is None:
            raise self.refused(
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

    def _lookup_local(self, reference: Reference) -> Any:
        found = self.lookup(reference)
        if isinstance(found, Mapping) and set(found) == {"obs_path"}:
            found = found["obs_path"]
        if isinstance(found, str) and self._is_place(reference):
            ending = "/" if found.endswith("/") else ""
            return f"{self.local(found)}{ending}"
        return found

    def _is_place(self, reference: Reference) -> bool:
        if isinstance(reference, ParameterReference):
            parameter = self.document.parameter(reference.name)
            return parameter is not None and parameter.format == "obs"
        return not isinstance(reference, MetricReference | SystemReference)

    def _system(self, name: str) -> str:
        known = {
            "execution_id": self.snapshot.run_id,
            "workflow_name": self.document.name,
            "step_name": self.step,
        }
        return known[name]

    def _metric(self, reference: MetricReference) -> Any:
        return self.snapshot.steps[reference.step].floats.get(reference.output, {}).get(reference.key, UNSET)
