"""References: one-key objects that stand where a value could stand.

`{"$parameter": "epochs"}` and so on. Every key that begins with `$` is ours, so a value can never be mistaken for a
reference; `{"$literal": …}` lets an object through that looks like one. A reference is replaced once: what it is
replaced by is never read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from backend.domain.design.document import Step
from backend.domain.problems import pointer

LITERAL: Final = "$literal"


@dataclass(frozen=True, slots=True)
class ParameterReference:
    name: str


@dataclass(frozen=True, slots=True)
class DataReference:
    name: str


@dataclass(frozen=True, slots=True)
class OutputReference:
    step: str
    output: str


@dataclass(frozen=True, slots=True)
class StorageReference:
    """A path below a storage. None for a flag means: as the storage says."""

    name: str
    path: str = ""
    with_execution_id: bool | None = None
    create_dir: bool | None = None


@dataclass(frozen=True, slots=True)
class MetricReference:
    step: str
    output: str
    key: str


@dataclass(frozen=True, slots=True)
class AnyOfReference:
    """The selector: the first output whose step has really run."""

    options: tuple[OutputReference, ...]


@dataclass(frozen=True, slots=True)
class SystemReference:
    """Something that only the run knows. Which names there are is not documented by the source."""

    name: str


Reference = (
    ParameterReference
    | DataReference
    | OutputReference
    | StorageReference
    | MetricReference
    | AnyOfReference
    | SystemReference
)
SYSTEM_VARIABLES: Final = ("execution_id", "workflow_name", "step_name")


@dataclass(frozen=True, slots=True)
class Malformed:
    """An object in the reserved namespace that is no reference. `place` is below the object."""

    key: str
    place: tuple[str | int, ...] = ()


class Unset:
    """What a reference to a placeholder without a value is replaced by; whatever holds it leaves the entry out."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()


def is_reserved(value: object) -> bool:
    """Whether the value is in our namespace: a reference, a literal escape, or a mistake."""
    return isinstance(value, dict) and any(isinstance(key, str) and key.startswith("$") for key in value)


def is_literal(value: object) -> bool:
    return isinstance(value, dict) and len(value) == 1 and LITERAL in value


def as_reference(value: Any) -> Reference | Malformed | None:
    """The reference that a value is; None for any other value, also for an escaped literal."""
    if not is_reserved(value) or is_literal(value):
        return None
    key = next(key for key in value if isinstance(key, str) and key.startswith("$"))
    read = _READERS.get(key)
    if len(value) != 1 or read is None:
        return Malformed(key)
    return read(value[key])


def references_within(value: Any) -> Iterator[tuple[tuple[str | int, ...], Reference | Malformed]]:
    """Every reference at or under a value, with its path from there, in document order. Literals are not entered."""
    stack: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while stack:
        path, part = stack.pop()
        if isinstance(part, dict):
            if is_literal(part):
                continue
            reference = as_reference(part)
            if reference is not None:
                yield path, reference
            else:
                stack.extend(((*path, key), part[key]) for key in reversed(part))
        elif isinstance(part, (list, tuple)):
            stack.extend(((*path, index), part[index]) for index in range(len(part) - 1, -1, -1))


def references_in(step: Step) -> Iterator[tuple[str, Reference]]:
    """Every well-formed reference of a step, with a pointer relative to the step; options of a selector as well."""
    parts: list[tuple[tuple[str | int, ...], Any]] = [
        (("inputs", index, "data"), given.data) for index, given in enumerate(step.inputs)
    ]
    parts += [(("outputs", index, "config"), output.config) for index, output in enumerate(step.outputs)]
    parts.append((("properties",), step.properties))
    for index, condition in enumerate(step.policy.skip_conditions):
        parts.append((("policy", "skip_conditions", index, "left"), condition.left))
        parts.append((("policy", "skip_conditions", index, "right"), condition.right))
    for start, value in parts:
        for path, reference in references_within(value):
            if isinstance(reference, AnyOfReference):
                for index, option in enumerate(reference.options):
                    yield pointer(*start, *path, "$any_of", index), option
            if not isinstance(reference, Malformed):
                yield pointer(*start, *path), reference


def resolve(value: Any, lookup: Callable[[Reference], Any]) -> Any:
    """The value with every reference replaced by what `lookup` says of it. Where that is UNSET, the entry of the object
    or list is left out; at the top, UNSET itself comes back. Depth is bounded by the document's."""
    if isinstance(value, dict):
        if is_literal(value):
            return value[LITERAL]
        reference = as_reference(value)
        if isinstance(reference, Malformed):
            raise ValueError(f"{reference.key} is no reference; check the document first")  # noqa: TRY004 - a value
        if reference is not None:
            return lookup(reference)
        members = ((key, resolve(member, lookup)) for key, member in value.items())
        return {key: member for key, member in members if member is not UNSET}
    if isinstance(value, (list, tuple)):
        entries = (resolve(entry, lookup) for entry in value)
        return [entry for entry in entries if entry is not UNSET]
    return value


def _name(read: Callable[[str], Reference], key: str) -> Callable[[Any], Reference | Malformed]:
    return lambda body: read(body) if isinstance(body, str) else Malformed(key)


def _output(body: Any) -> OutputReference | Malformed:
    texts = _texts(body, ("step", "output"))
    return OutputReference(*texts) if texts else Malformed("$output")


def _metric(body: Any) -> MetricReference | Malformed:
    texts = _texts(body, ("step", "output", "key"))
    return MetricReference(*texts) if texts else Malformed("$metric")


def _texts(body: Any, keys: tuple[str, ...]) -> list[str] | None:
    if not isinstance(body, dict) or set(body) != set(keys):
        return None
    texts = [body[key] for key in keys]
    return texts if all(isinstance(text, str) for text in texts) else None


def _storage(body: Any) -> StorageReference | Malformed:
    malformed = Malformed("$storage")
    if not isinstance(body, dict) or "name" not in body:
        return malformed
    if not set(body) <= {"name", "path", "with_execution_id", "create_dir"}:
        return malformed
    flags = [body.get("with_execution_id"), body.get("create_dir")]
    texts_fit = isinstance(body["name"], str) and isinstance(body.get("path", ""), str)
    if not texts_fit or not all(flag is None or isinstance(flag, bool) for flag in flags):
        return malformed
    return StorageReference(body["name"], body.get("path", ""), *flags)


def _any_of(body: Any) -> AnyOfReference | Malformed:
    if not isinstance(body, list) or not body:
        return Malformed("$any_of")
    options: list[OutputReference] = []
    for index, entry in enumerate(body):
        option = as_reference(entry)
        if not isinstance(option, OutputReference):
            return Malformed("$any_of", ("$any_of", index))
        options.append(option)
    return AnyOfReference(tuple(options))


_READERS: Mapping[str, Callable[[Any], Reference | Malformed]] = {
    "$parameter": _name(ParameterReference, "$parameter"),
    "$data": _name(DataReference, "$data"),
    "$output": _output,
    "$storage": _storage,
    "$metric": _metric,
    "$any_of": _any_of,
    "$system": _name(SystemReference, "$system"),
}
EXAMPLES: Mapping[str, str] = {
    "$parameter": '{"$parameter": "epochs"}',
    "$data": '{"$data": "raw"}',
    "$output": '{"$output": {"step": "train", "output": "model"}}',
    "$storage": '{"$storage": {"name": "runs", "path": "train/"}}',
    "$metric": '{"$metric": {"step": "train", "output": "metrics", "key": "accuracy"}}',
    "$any_of": '{"$any_of": [{"$output": {"step": "a", "output": "model"}}]}',
    "$system": '{"$system": "execution_id"}',
}
"""What each looks like, alone in its object."""

REFERENCE_KEYS: tuple[str, ...] = (*_READERS, LITERAL)
