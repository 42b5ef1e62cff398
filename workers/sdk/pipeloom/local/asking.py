"""Values that are missing, asked for on the console one after the other, and checked like all others."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from backend.domain.design.document import Data, Document, Parameter
from backend.domain.design.value_types import ELEMENT_TYPES
from backend.domain.design.values import check_values
from backend.domain.problems import Problem, pointer

Ask = Callable[[str], str]
Say = Callable[[str], None]
_TRUE: Final = ("true", "yes", "y", "1")
_FALSE: Final = ("false", "no", "n", "0")
_FLAVORS: Final = ("flavor", "train_flavor")


class MissingValuesError(Exception):
    """Values are missing and there is nobody to ask: all of them, each with what it takes."""

    def __init__(self, document: Document, names: Sequence[str]) -> None:
        self.names = tuple(names)
        lines = [f"  {name}: {described(document, name)}" for name in names]
        told = "\n".join(lines)
        many = "A value is" if len(names) == 1 else f"{len(names)} values are"
        super().__init__(
            f"{many} missing, and there is no terminal to ask on:\n{told}\n"
            "Give them with set_placeholder(name, value) and set_data(name, data), or as defaults."
        )


def can_ask() -> bool:
    """At a terminal, or in a notebook, where input() is a field below the cell."""
    return sys.stdin is not None and (sys.stdin.isatty() or "ipykernel" in sys.modules)


def described(document: Document, name: str) -> str:
    """What a value is, in one line."""
    parameter = document.parameter(name)
    if parameter is not None:
        return " – ".join(part for part in (_type(parameter), parameter.description) if part)
    data = document.data_named(name)
    if data is not None:
        return " – ".join(part for part in (_HOW.get(data.type, data.type), data.description) if part)
    storage = document.storage(name)
    described_as = storage.description or storage.title if storage else ""
    return " – ".join(part for part in ("a folder, like /default/results/", described_as) if part)


def asked(document: Document, name: str, given: Mapping[str, Any], *, ask: Ask, say: Say) -> Any:
    """Until the answer is good. `given` are the values that are there already."""
    say(f"{name}: {described(document, name)}")
    while True:
        answer = ask(f"{name} = ").strip()
        try:
            value = read_answer(document, name, answer)
        except ValueError as wrong:
            say(f"  {wrong}")
            continue
        found = problems_of_value(document, name, value, given)
        if not found:
            return value
        for each in found:
            say(f"  {each.message} {each.hint}")


def problems_of_value(document: Document, name: str, value: Any, given: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with this one value; that others are missing is another matter."""
    place = pointer("values", name)
    found = check_values(document, {**given, name: value})
    return [each for each in found if each.path == place or each.path.startswith(place + "/")]


def read_answer(document: Document, name: str, text: str) -> Any:
    """What somebody typed, as a value of the right type. ValueError says what is wrong in a sentence."""
    if not text:
        raise ValueError("Type a value. An empty text is written as two quotation marks.")
    parameter = document.parameter(name)
    if parameter is not None:
        return _READ[parameter.type](parameter, text)
    data = document.data_named(name)
    return text if data is None else _data(data, text)


def _type(parameter: Parameter) -> str:
    if parameter.type == "ENUM":
        return "one of " + ", ".join(str(each) for each in parameter.enum)
    if parameter.format in _FLAVORS:
        return "a flavor, like cpu.1"
    if parameter.type == "LIST":
        return f"a list of {parameter.format or 'values'}, separated by commas"
    return {"INT": "a whole number", "FLOAT": "a number", "BOOL": "yes or no", "JSON": "JSON"}.get(
        parameter.type, "a path, like /default/folder/" if parameter.format == "obs" else "a text"
    )


_HOW: Final = {
    "obs": "a path, like /default/folder/",
    "dataset": "a dataset: its name, or its name and version with a blank between",
    "label_task": "a label task: the name of the dataset and that of the task",
    "swr": "a container image",
    "model_list": "a model: its name, or its name and version",
    "service": "the id of a service",
    "gallery_model": "the subscription of a model",
    "data_selector": "a path that begins with “/”, or a dataset: its name and version",
}


def _int(_: Parameter, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a whole number.") from None


def _float(_: Parameter, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"“{text}” is not a number.") from None


def _bool(_: Parameter, text: str) -> bool:
    if text.lower() not in (*_TRUE, *_FALSE):
        raise ValueError(f"“{text}” is neither yes nor no.")
    return text.lower() in _TRUE


def _text(_: Parameter, text: str) -> str:
    return "" if text == '""' else text


def _choice(parameter: Parameter, text: str) -> Any:
    """Exactly as it is written; a choice that is no text may be typed as it is shown."""
    return next((each for each in parameter.enum if str(each) == text), text)


def _json(parameter: Parameter, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        if parameter.format in _FLAVORS or "flavor" in parameter.name:
            return {"flavor_id": text}
        raise ValueError("This is not JSON: write {…} or […], with names in quotation marks.") from None


def _list(parameter: Parameter, text: str) -> Any:
    if text.startswith("["):
        return _json(parameter, text)
    read = _READ[ELEMENT_TYPES.get(parameter.format or "", "STR")]
    return [read(parameter, part.strip()) for part in text.split(",")]


_READ: Final[Mapping[str, Callable[[Parameter, str], Any]]] = {
    "INT": _int,
    "FLOAT": _float,
    "BOOL": _bool,
    "STR": _text,
    "ENUM": _choice,
    "JSON": _json,
    "LIST": _list,
}


def _data(data: Data, text: str) -> Any:
    if text.startswith("{"):
        try:
            return json.loads(text)
        except ValueError:
            raise ValueError("This is not JSON: write {…} with names in quotation marks.") from None
    if text.startswith("/") and data.type in ("obs", "data_selector"):
        return {"obs_path": text}
    type_ = "dataset" if data.type == "data_selector" else data.type
    fields = _FIELDS[type_]
    return dict(zip(fields, text.split(None, len(fields) - 1), strict=False))


_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "obs": ("obs_path",),
    "dataset": ("dataset_name", "version_name"),
    "label_task": ("dataset_name", "task_name"),
    "swr": ("swr_path",),
    "model_list": ("model_name", "model_version"),
    "service": ("service_id",),
    "gallery_model": ("subscription_id", "version_num"),
}


def missing_of(problems: Iterable[Problem]) -> list[str]:
    """In the order in which they are asked for."""
    return [str(each.params["name"]) for each in problems if each.code == "value.missing"]
