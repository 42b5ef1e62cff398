"""Datasets: making, labeling, importing and releasing them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from pipeloom.workflow.data import Consumption, LabelTask, LabelTaskPlaceholder
from pipeloom.workflow.made import UNSET, Made, listed
from pipeloom.workflow.steps.base import Step, StepInput, StepOutput


class AnnotationFormatEnum(Enum):
    MA_IMAGENET_V1 = "MA_IMAGENET_V1"
    MA_IMAGE_CLASSIFICATION_V1 = "MA_IMAGE_CLASSIFICATION_V1"
    MA_PASCAL_VOC_V1 = "MA_PASCAL_VOC_V1"
    YOLO = "YOLO"
    MA_IMAGE_SEGMENTATION_V1 = "MA_IMAGE_SEGMENTATION_V1"
    MA_TEXT_CLASSIFICATION_COMBINE_V1 = "MA_TEXT_CLASSIFICATION_COMBINE_V1"
    MA_TEXT_CLASSIFICATION_V1 = "MA_TEXT_CLASSIFICATION_V1"
    MA_AUDIO_CLASSIFICATION_DIR_V1 = "MA_AUDIO_CLASSIFICATION_DIR_V1"


class ImportTypeEnum(Enum):
    DIR = "DIR"
    MANIFEST = "MANIFEST"


class DataOriginTypeEnum(Enum):
    """The names are not documented by the source."""

    OBS = "OBS"
    DWS = "DWS"
    DLI = "DLI"
    RDS = "RDS"
    MRS = "MRS"
    AI_GALLERY = "AI_GALLERY"
    INFERENCE = "INFERENCE"


class LabelTypeEnum(Enum):
    """The names are not documented by the source."""

    IMAGE_CLASSIFICATION = "IMAGE_CLASSIFICATION"
    OBJECT_DETECTION = "OBJECT_DETECTION"
    IMAGE_SEGMENTATION = "IMAGE_SEGMENTATION"
    TEXT_CLASSIFICATION = "TEXT_CLASSIFICATION"
    NAMED_ENTITY = "NAMED_ENTITY"
    TRIPLE_RELATION = "TRIPLE_RELATION"
    TRIPLE_ENTITY = "TRIPLE_ENTITY"
    AUDIO_CLASSIFICATION = "AUDIO_CLASSIFICATION"
    SPEECH_CONTENT = "SPEECH_CONTENT"
    SPEECH_SEGMENTATION = "SPEECH_SEGMENTATION"
    VIDEO_ANNOTATION = "VIDEO_ANNOTATION"


# ----------------------------------------------------------------------------------------------------- annotations


@dataclass(eq=False)
class Label(Made):
    name: Any
    property: Any = UNSET
    type: Any = UNSET
    attributes: Any = UNSET

    lists = frozenset({"attributes"})


@dataclass(eq=False)
class LabelFormat(Made):
    label_type: Any = UNSET
    text_label_separator: Any = UNSET
    text_sample_separator: Any = UNSET


@dataclass(eq=False)
class AnnotationFormatParameters(Made):
    """Not documented by the source; the fields are those of the product's own import."""

    difficult_only: Any = UNSET
    included_labels: Any = UNSET
    label_separator: Any = UNSET
    sample_label_separator: Any = UNSET

    lists = frozenset({"included_labels"})


@dataclass(eq=False)
class AnnotationFormatConfig(Made):
    format_name: Any
    scene: Any = UNSET
    parameters: Any = UNSET


@dataclass(eq=False)
class ImportConfig(Made):
    import_annotations: Any = UNSET
    import_type: Any = UNSET
    annotation_format_config: Any = UNSET

    lists = frozenset({"annotation_format_config"})


# ---------------------------------------------------------------------------------------------------------- making


@dataclass(eq=False)
class SchemaField(Made):
    """A column of a table. Partly not documented by the source."""

    name: Any
    type: Any
    schema_id: Any = UNSET
    description: Any = UNSET


@dataclass(eq=False)
class DatasetProperties(Made):
    """A dataset of that name is taken if there is one, else made."""

    dataset_name: Any
    dataset_format: Any = UNSET
    data_type: Any = UNSET
    description: Any = UNSET
    import_data: Any = UNSET
    work_path_type: Any = UNSET
    import_config: Any = UNSET
    schema: Any = UNSET

    lists = frozenset({"schema"})


@dataclass(eq=False)
class CreateDatasetInput(StepInput):
    """The folder with the files."""


@dataclass(eq=False)
class CreateDatasetOutput(StepOutput):
    config: Any

    def form(self, step: Step) -> tuple[str, Any]:
        return "dataset", self.config


@dataclass(eq=False, kw_only=True)
class CreateDatasetStep(Step):
    kind = "create_dataset"


# -------------------------------------------------------------------------------------------------------- labeling


@dataclass(eq=False)
class LabelTaskProperties(Made):
    """`task_name` is needed when the input is a dataset."""

    task_type: Any
    task_name: Any = UNSET
    labels: Any = UNSET
    properties: Any = UNSET
    auto_sync_dataset: Any = UNSET
    content_labeling: Any = UNSET
    description: Any = UNSET

    lists = frozenset({"labels"})


@dataclass(eq=False)
class LabelingInput(StepInput):
    """A dataset or a label task."""


@dataclass(eq=False)
class LabelingOutput(StepOutput):
    """`config` is Pipeloom's own and not needed."""

    config: Any = UNSET

    def form(self, step: Step) -> tuple[str, Any]:
        return "label_task", self.config


@dataclass(eq=False, kw_only=True)
class LabelingStep(Step):
    kind = "labeling"


# ---------------------------------------------------------------------------------------------- importing into one


@dataclass(eq=False)
class ImportDataInfo(Made):
    """What follows `import_samples` is as in the product's own import."""

    annotation_format_config: Any = UNSET
    excluded_labels: Any = UNSET
    import_annotated: Any = UNSET
    import_annotations: Any = UNSET
    import_samples: Any = UNSET
    import_type: Any = UNSET
    included_labels: Any = UNSET
    label_format: Any = UNSET
    with_column_header: Any = UNSET
    difficult_only: Any = UNSET
    final_annotation: Any = UNSET
    import_folder: Any = UNSET
    import_origin: Any = UNSET

    lists = frozenset({"annotation_format_config", "excluded_labels", "included_labels"})


@dataclass(eq=False)
class DatasetImportInput(StepInput):
    """One is what is imported into, another where it comes from."""


@dataclass(eq=False)
class DatasetImportOutput(StepOutput):
    """What was imported into; a label task where the step takes one."""

    config: Any = UNSET

    def form(self, step: Step) -> tuple[str, Any]:
        labeled = any(_is_label_task(given) for given in listed(step.inputs))
        return "label_task" if labeled else "dataset", self.config


@dataclass(eq=False, kw_only=True)
class DatasetImportStep(Step):
    kind = "dataset_import"


def _is_label_task(given: Any) -> bool:
    data = given.data if isinstance(given, StepInput) else None
    if not isinstance(data, Consumption):
        return isinstance(data, (LabelTask, LabelTaskPlaceholder))
    source = data.step.outputs[data.output]
    return bool(source.form(data.step)[0] == "label_task")


# ------------------------------------------------------------------------------------------------------- releasing


@dataclass(eq=False)
class ReleaseDatasetInput(StepInput):
    """A dataset or a label task."""


@dataclass(eq=False)
class ReleaseDatasetOutput(StepOutput):
    """A version of the dataset."""

    dataset_version_config: Any = UNSET

    def form(self, step: Step) -> tuple[str, Any]:
        return "dataset", self.dataset_version_config


@dataclass(eq=False, kw_only=True)
class ReleaseDatasetStep(Step):
    kind = "release_dataset"
