"""`wf.data`: data, fixed or to be chosen, and what outputs are configured with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from pipeloom.workflow.made import UNSET, Made, Path, Writer
from pipeloom.workflow.storage import InputStorage, OutputStorage, Storage, StoragePath
from pipeloom.workflow.values import definition

__all__ = [
    "Consumption",
    "DataCondition",
    "DataConsumptionSelector",
    "DataPlaceholder",
    "DataSelector",
    "DataTypeEnum",
    "Dataset",
    "DatasetPlaceholder",
    "DatasetTypeEnum",
    "DatasetVersionConfig",
    "FixedData",
    "GalleryModel",
    "GalleryModelPlaceholder",
    "InputStorage",
    "LabelTask",
    "LabelTaskConfig",
    "LabelTaskPlaceholder",
    "LabelTaskTypeEnum",
    "MetricsConfig",
    "ModelData",
    "OBSOutputConfig",
    "OBSPath",
    "OBSPlaceholder",
    "OutputStorage",
    "SWRImage",
    "SWRImagePlaceholder",
    "ServiceData",
    "ServiceInputPlaceholder",
    "ServiceUpdatePlaceholder",
    "Storage",
    "StoragePath",
    "TripartiteServiceConfig",
]


class DataTypeEnum(Enum):
    """What the samples of a dataset are; FREE_FORMAT, anything at all, is the default."""

    IMAGE = "IMAGE"
    TEXT = "TEXT"
    AUDIO = "AUDIO"
    TABULAR = "TABULAR"
    VIDEO = "VIDEO"
    FREE_FORMAT = "FREE_FORMAT"


class LabelTaskTypeEnum(Enum):
    """What labels are for. The source shows IMAGE_CLASSIFICATION; all other names are not documented by the source and
    stand for the codes of the wire: 0, 1, 3, 100, 101, 102, 200, 201, 202, 400, 600 and 900, in this order."""

    IMAGE_CLASSIFICATION = "IMAGE_CLASSIFICATION"
    OBJECT_DETECTION = "OBJECT_DETECTION"
    IMAGE_SEGMENTATION = "IMAGE_SEGMENTATION"
    TEXT_CLASSIFICATION = "TEXT_CLASSIFICATION"
    NAMED_ENTITY_RECOGNITION = "NAMED_ENTITY_RECOGNITION"
    TEXT_TRIPLE = "TEXT_TRIPLE"
    AUDIO_CLASSIFICATION = "AUDIO_CLASSIFICATION"
    SPEECH_CONTENT = "SPEECH_CONTENT"
    SPEECH_SEGMENTATION = "SPEECH_SEGMENTATION"
    TABLE = "TABLE"
    VIDEO_ANNOTATION = "VIDEO_ANNOTATION"
    FREE_FORMAT = "FREE_FORMAT"


DatasetTypeEnum = LabelTaskTypeEnum
"""The codes are those of the label tasks; the names are not documented by the source."""


# ------------------------------------------------------------------------------------------------------ fixed data


@dataclass(eq=False)
class Dataset(Made):
    """A dataset of the project, the same in every run.

    `dataset_name` is a text. `version_name`, like "V001", is needed by jobs, which read a version, and must not be
    given to labeling, importing and releasing, which work on the dataset itself.
    """

    dataset_name: Any
    version_name: Any = UNSET


@dataclass(eq=False)
class LabelTask(Made):
    """A label task of a dataset: `dataset_name` and `task_name`, both texts. For labeling, importing and releasing."""

    dataset_name: Any
    task_name: Any


@dataclass(eq=False)
class OBSPath(Made):
    """A path, the same in every run.

    `obs_path` is "/bucket/folder/", "/bucket/folder/file", or what a storage's `join` gives. A folder ends with “/”.
    No part of it may be “..”.
    """

    obs_path: Any


@dataclass(eq=False)
class ServiceData(Made):
    """A service that is there, to be updated. `service_id` is a text; the name of this field is not documented by the
    source."""

    service_id: Any


@dataclass(eq=False)
class SWRImage(Made):
    """A container image, for registering a model. `swr_path` is "organisation/name:tag" without the address of a
    registry; the name of this field is not documented by the source."""

    swr_path: Any


@dataclass(eq=False)
class GalleryModel(Made):
    """A model that was subscribed in the gallery, for registering a model.

    `subscription_id` is a text, `version_num` like "1.0.0". Both fields are not documented by the source.
    """

    subscription_id: Any
    version_num: Any = UNSET


@dataclass(eq=False)
class ModelData(Made):
    """A registered model, `model_name`, in the version `model_version` like "0.0.3", or else its newest. The source
    lists the class alone: its fields are not documented by the source."""

    model_name: Any
    model_version: Any = UNSET


@dataclass(eq=False)
class FixedData(Made):
    """Data of the workflow that is the same in every run and shown under a `name`. Pipeloom's own; what is written at
    an input directly needs no name.

    `type` is "dataset", "obs", "label_task", "swr", "model_list", "gallery_model" or "service", `value` the data as a
    dict. The other fields (`required`, `description`, `object_type`, `delay`, `default`, `data_type_list`,
    `conditions`) are those of a DataPlaceholder.
    """

    name: str
    type: str
    value: Any
    required: Any = UNSET
    description: Any = UNSET
    object_type: Any = UNSET
    delay: Any = UNSET
    default: Any = UNSET
    data_type_list: Any = UNSET
    conditions: Any = UNSET

    lists = frozenset({"conditions", "data_type_list"})

    def written(self, into: Writer, path: Path) -> Any:
        return {"$data": into.named("data", self, self.definition(into))}

    def definition(self, into: Writer) -> dict[str, Any]:
        """As an entry of the workflow's list of data."""
        return {**_definition(self, into), "placeholder": False}


# ---------------------------------------------------------------------------------------------------- placeholders


@dataclass(eq=False)
class DataCondition(Made):
    """What the chosen data must be: its `attribute` is equal to `value`, a constant or a placeholder. `operator` is
    "equal", the only one. Pipeloom's own name for what the wire calls a condition of a data requirement."""

    attribute: str
    value: Any
    operator: Any = UNSET


@dataclass(eq=False)
class DataPlaceholder(Made):
    """Data that whoever starts a run chooses, or, with `delay=True`, whoever continues it when a step needs it.

    `name` is unique in the workflow: an English letter, then letters, digits, “_” and “-”, 64 in all. `default` is the
    real object of the same sort. `required=False` (not with `delay`) lets it stay empty. `description` is shown on the
    form; `conditions` (DataCondition, one or a list) narrow the choice.

    The rest is what the wire keeps beside it, Pipeloom's own: `value`, what was chosen for all runs; `object_type`, of
    paths; `data_type_list`, of selectors; `placeholder=False`, data that nobody is asked for.
    """

    type: ClassVar[str]

    name: str
    default: Any = UNSET
    delay: Any = UNSET
    required: Any = UNSET
    description: Any = UNSET
    object_type: Any = UNSET
    conditions: Any = UNSET
    value: Any = UNSET
    data_type_list: Any = UNSET
    placeholder: Any = UNSET

    lists = frozenset({"conditions", "data_type_list"})

    def written(self, into: Writer, path: Path) -> Any:
        return {"$data": into.named("data", self, self.definition(into))}

    def definition(self, into: Writer) -> dict[str, Any]:
        """As an entry of the workflow's list of data."""
        return {"type": self.type, **_definition(self, into)}


@dataclass(eq=False)
class DatasetPlaceholder(DataPlaceholder):
    """A dataset to be chosen; a default is a Dataset. Whether a version is chosen, too, follows from the steps that
    take it."""

    type = "dataset"


@dataclass(eq=False)
class OBSPlaceholder(DataPlaceholder):
    """A path to be chosen; a default is an OBSPath. `object_type` is "directory" or "file", which the form keeps to;
    "file" is not documented by the source."""

    type = "obs"


@dataclass(eq=False)
class LabelTaskPlaceholder(DataPlaceholder):
    """A label task to be chosen; a default is a LabelTask. For labeling, importing and releasing."""

    type = "label_task"


@dataclass(eq=False)
class SWRImagePlaceholder(DataPlaceholder):
    """A container image to be chosen; a default is an SWRImage. For registering a model."""

    type = "swr"


@dataclass(eq=False)
class GalleryModelPlaceholder(DataPlaceholder):
    """A model of the gallery to be chosen; a default is a GalleryModel. Pipeloom's own."""

    type = "gallery_model"


@dataclass(eq=False)
class ServiceUpdatePlaceholder(DataPlaceholder):
    """A service to be chosen that is then updated; a default is a ServiceData. Only for a service step."""

    type = "service"


@dataclass(eq=False)
class ServiceInputPlaceholder(DataPlaceholder):
    """A version of a model, chosen when the run arrives at the service step. `model_name`, a text or a placeholder,
    narrows the choice to that model: as a rule, the same placeholder that names it in the ModelStep before."""

    type = "model_list"
    model_name: Any = UNSET

    def definition(self, into: Writer) -> dict[str, Any]:
        made = super().definition(into)
        name = made.pop("model_name", UNSET)
        if name is UNSET:
            return made
        rule = {"attribute": "model_name", "value": into.value(self.model_name, ())}
        return {**made, "conditions": [rule, *made.get("conditions", ())]}


@dataclass(eq=False)
class DataSelector(DataPlaceholder):
    """One of several types of data, chosen when a run is started. Only for jobs, whose code must be able to read each.

    `data_type_list` holds some of "dataset" and "obs".
    """

    type = "data_selector"


def _definition(data: Made, into: Writer) -> dict[str, Any]:
    # A rule about the data may name a placeholder; nothing else here may.
    ruled = {key: into.value(value, ()) for key, value in data.given() if key == "conditions"}
    return {**definition(data, into), **ruled}


# ------------------------------------------------------------------------------------------------------ outputs


@dataclass(eq=False)
class Consumption(Made):
    """What `step.outputs["name"].as_input()` gives: the `output` of a `step`, by its name."""

    step: Any
    output: str

    def written(self, into: Writer, path: Path) -> Any:
        return {"$output": {"step": self.step.name, "output": self.output}}


@dataclass(eq=False)
class DataConsumptionSelector(Made):
    """The first of several outputs whose step has really run; `data_list` holds what their `as_input()` gave. Chosen
    once all those steps have ended. Where several have run, taking the first is not documented by the source."""

    data_list: Any

    lists = frozenset({"data_list"})

    def written(self, into: Writer, path: Path) -> Any:
        return {"$any_of": into.value(dict(self.given())["data_list"], (*path, "$any_of"))}


@dataclass(eq=False)
class OBSOutputConfig(Made):
    """A folder that a step writes.

    `obs_path` is a path, a placeholder or what a storage's `join` gives. `metric_file`, a text or a placeholder, is a
    file with metrics below it. What that means is not documented by the source: the same as a JobOutput with
    metrics_config of that file, and conditions can read it alike.
    """

    obs_path: Any
    metric_file: Any = UNSET


@dataclass(eq=False)
class MetricsConfig(Made):
    """Files with metrics that a job writes, which are drawn and which conditions can read.

    `metric_files` is one or a list of paths, placeholders or what a storage's `join` gives; each file is a JSON array
    of at most 1 MiB. `realtime_visualization` (default False) draws them while the step runs, `visualization` (default
    True) as a node of their own.
    """

    metric_files: Any
    realtime_visualization: Any = UNSET
    visualization: Any = UNSET

    lists = frozenset({"metric_files"})


@dataclass(eq=False)
class DatasetVersionConfig(Made):
    """How a dataset is released as a version.

    `version_name`, 1 to 32 letters, digits, “_” or “-”, counts on from V001 when left out. `version_format` is
    "Default", "CarbonData" or "CSV". `train_evaluate_sample_ratio` is a text from "0" to "1" (default "1.00"): "0.8"
    trains on 80 % of each label. `clear_hard_property` and `remove_sample_usage` (both default True) forget which
    samples were hard, and earlier marks of training and evaluation. `label_task_type` is needed when the input is a
    dataset. `seed` (default 0), Pipeloom's own: the same seed splits the same samples the same way.
    """

    version_name: Any = UNSET
    version_format: Any = UNSET
    train_evaluate_sample_ratio: Any = UNSET
    clear_hard_property: Any = UNSET
    remove_sample_usage: Any = UNSET
    label_task_type: Any = UNSET
    seed: Any = UNSET


@dataclass(eq=False)
class LabelTaskConfig(Made):
    """Not documented by the source; an output of a labeling step has no settings here."""


@dataclass(eq=False)
class TripartiteServiceConfig(Made):
    """The settings of somebody else's service, in `config_file`, a path. Not documented by the source, which lists the
    name alone; on the wire it is an output of type service_content."""

    config_file: Any
