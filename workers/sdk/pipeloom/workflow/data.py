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
    IMAGE = "IMAGE"
    TEXT = "TEXT"
    AUDIO = "AUDIO"
    TABULAR = "TABULAR"
    VIDEO = "VIDEO"
    FREE_FORMAT = "FREE_FORMAT"


class LabelTaskTypeEnum(Enum):
    """All names but the first are not documented by the source."""

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
    """Jobs need the version; labeling and releasing must not have one."""

    dataset_name: Any
    version_name: Any = UNSET


@dataclass(eq=False)
class LabelTask(Made):
    dataset_name: Any
    task_name: Any


@dataclass(eq=False)
class OBSPath(Made):
    """`/bucket/folder/`, a file, or what a storage's `join` gives. A folder ends with “/”."""

    obs_path: Any


@dataclass(eq=False)
class ServiceData(Made):
    """A service that is there. Its field is not documented by the source."""

    service_id: Any


@dataclass(eq=False)
class SWRImage(Made):
    """A container image, `organisation/name:tag`. The name of its field is not documented by the source."""

    swr_path: Any


@dataclass(eq=False)
class GalleryModel(Made):
    """A model that was subscribed in the gallery. Its fields are not documented by the source."""

    subscription_id: Any
    version_num: Any = UNSET


@dataclass(eq=False)
class ModelData(Made):
    """A registered model. Its fields are not documented by the source."""

    model_name: Any
    model_version: Any = UNSET


@dataclass(eq=False)
class FixedData(Made):
    """Data of the workflow that is the same in every run and shown under a name. Pipeloom's own; what is written at an
    input directly needs no name."""

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
        return {**_definition(self, into), "placeholder": False}


# ---------------------------------------------------------------------------------------------------- placeholders


@dataclass(eq=False)
class DataCondition(Made):
    """What the chosen data must be. Pipeloom's own name for what the wire calls a condition of a data requirement."""

    attribute: str
    value: Any
    operator: Any = UNSET


@dataclass(eq=False)
class DataPlaceholder(Made):
    """Data that whoever starts a run chooses, or, with `delay`, whoever continues it."""

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
        return {"type": self.type, **_definition(self, into)}


@dataclass(eq=False)
class DatasetPlaceholder(DataPlaceholder):
    type = "dataset"


@dataclass(eq=False)
class OBSPlaceholder(DataPlaceholder):
    """`object_type` is “directory” or “file”."""

    type = "obs"


@dataclass(eq=False)
class LabelTaskPlaceholder(DataPlaceholder):
    type = "label_task"


@dataclass(eq=False)
class SWRImagePlaceholder(DataPlaceholder):
    type = "swr"


@dataclass(eq=False)
class GalleryModelPlaceholder(DataPlaceholder):
    """Pipeloom's own."""

    type = "gallery_model"


@dataclass(eq=False)
class ServiceUpdatePlaceholder(DataPlaceholder):
    type = "service"


@dataclass(eq=False)
class ServiceInputPlaceholder(DataPlaceholder):
    """A version of a model; `model_name` narrows the choice to that model."""

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
    """One of several types of data, chosen when a run is started. Only for jobs."""

    type = "data_selector"


def _definition(data: Made, into: Writer) -> dict[str, Any]:
    # A rule about the data may name a placeholder; nothing else here may.
    ruled = {key: into.value(value, ()) for key, value in data.given() if key == "conditions"}
    return {**definition(data, into), **ruled}


# ------------------------------------------------------------------------------------------------------ outputs


@dataclass(eq=False)
class Consumption(Made):
    """What `step.outputs["name"].as_input()` gives."""

    step: Any
    output: str

    def written(self, into: Writer, path: Path) -> Any:
        return {"$output": {"step": self.step.name, "output": self.output}}


@dataclass(eq=False)
class DataConsumptionSelector(Made):
    """The first of several outputs whose step has really run."""

    data_list: Any

    lists = frozenset({"data_list"})

    def written(self, into: Writer, path: Path) -> Any:
        return {"$any_of": into.value(dict(self.given())["data_list"], (*path, "$any_of"))}


@dataclass(eq=False)
class OBSOutputConfig(Made):
    """`metric_file` is a file with metrics below `obs_path`. Not documented by the source: it means what a JobOutput
    with metrics_config of that file would, and can be read by conditions alike."""

    obs_path: Any
    metric_file: Any = UNSET


@dataclass(eq=False)
class MetricsConfig(Made):
    metric_files: Any
    realtime_visualization: Any = UNSET
    visualization: Any = UNSET

    lists = frozenset({"metric_files"})


@dataclass(eq=False)
class DatasetVersionConfig(Made):
    """`label_task_type` is needed when the input is a dataset. `seed` is Pipeloom's own."""

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
    """The settings of somebody else's service. Not documented by the source."""

    config_file: Any
