"""Container images that a job names: which one, as far as that is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.domain.design.references import UNSET, ParameterReference, Reference, resolve


def uses_image(algorithm: object) -> bool:
    """Of a job's own algorithm, or of the definition of one that it names by an id."""
    engine = algorithm.get("engine") if isinstance(algorithm, Mapping) else None
    return isinstance(engine, Mapping) and engine.get("image_url") is not None


def named_image(properties: Mapping[str, Any], values: Mapping[str, Any]) -> str | None:
    """None of a job without one, or where the value that names it is not known yet."""

    def lookup(reference: Reference) -> Any:
        return values.get(reference.name, UNSET) if isinstance(reference, ParameterReference) else UNSET

    algorithm = properties.get("algorithm")
    if not isinstance(algorithm, Mapping) or not uses_image(algorithm):
        return None
    found = resolve(algorithm["engine"]["image_url"], lookup)
    return found if isinstance(found, str) else None
