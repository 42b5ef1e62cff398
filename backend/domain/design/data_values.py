"""The objects that stand for data: which fields they have for each type, and what they can be used as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel, Field, ValidationError

from backend.domain.design.document import Data
from backend.domain.design.schema import schema_of
from backend.domain.design.validation import problems_of
from backend.domain.design.value_types import path_problems
from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.base import DataType, Strictly
from backend.domain.steps.words import DatasetName, ModelName, Path, VersionName


class ObsValue(Strictly):
    obs_path: Path


class DatasetValue(Strictly):
    dataset_name: DatasetName
    version_name: VersionName | None = None


class LabelTaskValue(Strictly):
    dataset_name: DatasetName
    task_name: str = Field(min_length=1, max_length=100)


class ImageValue(Strictly):
    swr_path: str = Field(min_length=1, max_length=512)


class ModelValue(Strictly):
    model_name: ModelName
    model_version: str | None = Field(None, min_length=1, max_length=32)


class ServiceValue(Strictly):
    service_id: str = Field(min_length=1, max_length=64)


class GalleryModelValue(Strictly):
    """A model that was subscribed in the gallery. Its fields are not documented by the source."""

    subscription_id: str = Field(min_length=1, max_length=128)
    version_num: str | None = Field(None, min_length=1, max_length=64)


DATA_VALUES: Final[Mapping[str, type[BaseModel]]] = {
    "obs": ObsValue,
    "dataset": DatasetValue,
    "label_task": LabelTaskValue,
    "swr": ImageValue,
    "model_list": ModelValue,
    "service": ServiceValue,
    "gallery_model": GalleryModelValue,
}

_CARRIED: Final[Mapping[str, frozenset[DataType]]] = {
    "obs": frozenset({"obs"}),
    "label_task": frozenset({"label_task"}),
    "swr": frozenset({"swr"}),
    "model_list": frozenset({"model"}),
    "service": frozenset({"service"}),
    "gallery_model": frozenset({"model"}),
}


def data_problems(type_: str, value: Mapping[str, Any], path: str, object_type: str | None) -> Iterator[Problem]:
    """What is wrong with a data object of a type; `path` points at the object."""
    model = DATA_VALUES.get(type_)
    if model is None:
        return
    wrong: list[Problem] = []
    if type_ == "obs" and isinstance(value.get("obs_path"), str):
        wrong = list(path_problems(value["obs_path"], path + "/obs_path", object_type))
    told = {each.path for each in wrong}
    try:
        model.model_validate(value)
    except ValidationError as error:
        found = problems_of(error, schema_of(model), where=lambda inner: path + pointer(*inner))
        yield from (each for each in found if each.path not in told)
    yield from wrong


def data_value_problems(data: Data, value: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """The same for what stands for data of the document: a selector takes any of its types."""
    if data.type != "data_selector":
        yield from data_problems(data.type, value, path, data.object_type)
        return
    chosen = type_of_data(value)
    if chosen is None or (data.data_type_list and chosen not in data.data_type_list):
        allowed = ", ".join(data.data_type_list)
        yield problem("value.not_selectable", path, name=data.name, found=chosen or "nothing known", allowed=allowed)
    else:
        yield from data_problems(chosen, value, path, None)


def data_carries(data: Data) -> frozenset[DataType]:
    """What some data of the document can be used as, as far as that is settled."""
    fixed = data.default if data.placeholder else data.value
    if data.type != "data_selector":
        return carried_by(data.type, fixed)
    # A selector is used only where the script takes each of its types; which version it is, is chosen on the form.
    return frozenset(carried for type_ in data.data_type_list for carried in carried_by(type_, None))


def carried_by(type_: str, value: Mapping[str, Any] | None) -> frozenset[DataType]:
    """What data of a type can be used as. While a dataset is still to be chosen, it may come with a version or not."""
    if type_ != "dataset":
        return _CARRIED.get(type_, frozenset())
    if value is None:
        return frozenset({"dataset", "dataset_version"})
    return frozenset({"dataset_version"}) if value.get("version_name") else frozenset({"dataset"})


def type_of_data(value: Mapping[str, Any]) -> str | None:
    """The type of a data object that is written directly at an input: the one with its fields."""
    keys = value.keys()
    if "task_name" in keys:
        return "label_task"
    for type_, model in DATA_VALUES.items():
        first = next(iter(model.model_fields))
        if first in keys:
            return type_
    return None
