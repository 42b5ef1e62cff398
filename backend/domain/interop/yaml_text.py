"""Reads YAML as the JSON that it could have been: plain data, bounded, nothing that refers or builds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NoReturn

import yaml

from backend.domain.problems import problem
from backend.domain.untrusted_json import UntrustedJson, parse_untrusted_json

MOST_DOCUMENTS: Final = 10
_STANDARD: Final = "tag:yaml.org,2002:"
_NO_JSON: Final = ("binary", "omap", "pairs", "set", "timestamp")


class _Plain(yaml.SafeLoader):
    """Dates stay texts, as they are in JSON; a key that stands twice is a mistake, as it is there."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        found = super().construct_mapping(node, deep=deep)
        if len(found) != len(node.value):
            keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
            twice = ", ".join(f"“{key}”" for key, count in keys.items() if count > 1)
            raise ValueError(f"keys stand twice in what begins in line {node.start_mark.line + 1}: {twice}")
        return found

    def refuse(self, node: yaml.Node) -> NoReturn:
        """What YAML knows and JSON does not."""
        word = node.tag.removeprefix(_STANDARD)
        raise ValueError(
            f"line {node.start_mark.line + 1} holds a value with the tag “{word}”, which JSON has no form for"
        )


_Plain.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] != f"{_STANDARD}timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _name in _NO_JSON:
    _Plain.add_constructor(f"{_STANDARD}{_name}", _Plain.refuse)
# What begins with “!” of its own, and every tag that nobody has heard of.
_Plain.add_constructor(None, _Plain.refuse)


def parse_untrusted_yaml(data: bytes, *, max_depth: int, max_items: int) -> Any:
    """The value of the text; of several documents the first counts, further ones stand under its key `documents`.

    Raises UntrustedJson, whose problem says in which line something is that cannot be read.
    """
    try:
        # Looked through before anything is built: an alias can mean a billion things, and depth is a stack.
        _refuse_bombs(yaml.parse(data, Loader=yaml.SafeLoader), max_depth, max_items)
        listed = list(yaml.load_all(data, Loader=_Plain))
        first = listed[0] if listed else None
        found = {**first, "documents": listed[1:]} if len(listed) > 1 and isinstance(first, dict) else first
        text = json.dumps(found).encode()
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        place = f" in line {at.line + 1}, column {at.column + 1}" if at else ""
        raise _unreadable(f"{error.problem or error.context}{place}") from None
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise _unreadable(str(error).splitlines()[0] if str(error) else type(error).__name__) from None
    return parse_untrusted_json(text, max_bytes=len(text), max_depth=max_depth, max_items=max_items)


def _unreadable(reason: str) -> UntrustedJson:
    return UntrustedJson(problem("yaml.unreadable", reason=reason))


def _refuse_bombs(events: Iterator[yaml.Event], max_depth: int, max_items: int) -> None:
    depth = documents = 0
    for items, event in enumerate(events):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            place = f", as in line {event.start_mark.line + 1}" if event.start_mark else ""
            raise ValueError(f"anchors and aliases are not read{place}")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > max_depth or items > max_items or documents > MOST_DOCUMENTS:
            raise ValueError("it is too deep, or holds too much")
