"""Algorithms that a job names by an id: which one it names, and the job with what stands behind the name filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from backend.domain.design.references import UNSET, ParameterReference, Reference, resolve

_NAMING: Final = ("subscription_id", "item_version_id", "algorithm_id")


class NamedAlgorithm(NamedTuple):
    """A saved algorithm has no version; a subscribed one is named with it."""

    id: str
    version: str
    key: str
    """The field of the job that says so."""

    def __str__(self) -> str:
        return f"{self.id} {self.version}" if self.version else self.id


def named_algorithm(properties: Mapping[str, Any], values: Mapping[str, Any]) -> NamedAlgorithm | None:
    """None of a job that brings its own code, or where a value that names it is not known yet."""

    def lookup(reference: Reference) -> Any:
        return values.get(reference.name, UNSET) if isinstance(reference, ParameterReference) else UNSET

    algorithm = properties.get("algorithm")
    if not isinstance(algorithm, Mapping):
        return None
    said = {key: resolve(algorithm.get(key), lookup) for key in _NAMING}
    if isinstance(said["subscription_id"], str):
        version = said["item_version_id"]
        return NamedAlgorithm(said["subscription_id"], version if isinstance(version, str) else "", "subscription_id")
    if isinstance(said["algorithm_id"], str):
        return NamedAlgorithm(said["algorithm_id"], "", "algorithm_id")
    return None


def with_algorithm(properties: Mapping[str, Any], definition: Mapping[str, Any]) -> dict[str, Any]:
    """The job as if it had brought the code itself. Values that it does not list are the algorithm's own."""
    own = properties["algorithm"]
    environments = {**definition.get("environments", {}), **own.get("environments", {})}
    parameters = _merged(definition.get("parameters", ()), own.get("parameters", ()))
    filled = {**own, **definition, "parameters": parameters, "environments": environments}
    return {**properties, "algorithm": filled}


def _merged(defaults: Sequence[Mapping[str, Any]], given: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """In the algorithm's order; what only the job lists comes last."""
    listed = {each["name"]: each for each in given}
    known = [listed.pop(each["name"], each) for each in defaults]
    return [*known, *listed.values()]
