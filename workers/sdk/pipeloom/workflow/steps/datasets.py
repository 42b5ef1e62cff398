"""Datasets: making, labeling, importing and releasing them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from pipeloom.workflow.data import Consumption, LabelTask, LabelTaskPlaceholder
from pipeloom.workflow.made import UNSET, Made, listed
from pipeloom.workflow.steps.base import Step, StepInput, StepOutput


class AnnotationFormatEnum(Enum):
    """How labels lie beside samples.

    MA_IMAGENET_V1 and MA_AUDIO_CLASSIFICATION_DIR_V1: one folder a label. MA_IMAGE_CLASSIFICATION_V1: a .txt of the
    same name, one label a line. MA_PASCAL_VOC_V1 and MA_IMAGE_SEGMENTATION_V1: an .xml of the same name. YOLO:
    obj.names and lines of a class and a box. MA_TEXT_CLASSIFICATION_COMBINE_V1: text and labels in one line, parted by
    a tab. MA_TEXT_CLASSIFICATION_V1: x.txt and x_result.txt, line by line.
    """

    MA_IMAGENET_V1 = "MA_IMAGENET_V1"
    MA_IMAGE_CLASSIFICATION_V1 = "MA_IMAGE_CLASSIFICATION_V1"
    MA_PASCAL_VOC_V1 = "MA_PASCAL_VOC_V1"
    YOLO = "YOLO"
    MA_IMAGE_SEGMENTATION_V1 = "MA_IMAGE_SEGMENTATION_V1"
    MA_TEXT_CLASSIFICATION_COMBINE_V1 = "MA_TEXT_CLASSIFICATION_COMBINE_V1"
    MA_TEXT_CLASSIFICATION_V1 = "MA_TEXT_CLASSIFICATION_V1"
    MA_AUDIO_CLASSIFICATION_DIR_V1 = "MA_AUDIO_CLASSIFICATION_DIR_V1"


class ImportTypeEnum(Enum):
    """What is imported: a folder, or a manifest, which has one JSON object a line."""

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
    """A label that people can choose, or that is looked for.

    `name` is what is shown. `property` is a dict with "@modelarts:color" ("#RRGGBB"), "@modelarts:shortcut",
    "@modelarts:default_shape" and the like. `type` is a LabelTypeEnum; `attributes` are dicts of name, type ("text" or
    "select"), default_value and values.
    """

    name: Any
    property: Any = UNSET
    type: Any = UNSET
    attributes: Any = UNSET

    lists = frozenset({"attributes"})


@dataclass(eq=False)
class LabelFormat(Made):
    """How text and label are told apart. `label_type`: "0", a file x_result.txt beside x.txt, or "1" (default), the
    same file. `text_label_separator` (default ",") parts labels, `text_sample_separator` (default a tab) the text
    from them."""

    label_type: Any = UNSET
    text_label_separator: Any = UNSET
    text_sample_separator: Any = UNSET


@dataclass(eq=False)
class AnnotationFormatParameters(Made):
    """What a format can be told: `difficult_only` takes samples that are marked as hard, `included_labels` samples
    with one of these, `label_separator` parts labels and `sample_label_separator` a text from them. Not documented
    by the source; the fields are those of the product's own import."""

    difficult_only: Any = UNSET
    included_labels: Any = UNSET
    label_separator: Any = UNSET
    sample_label_separator: Any = UNSET

    lists = frozenset({"included_labels"})


@dataclass(eq=False)
class AnnotationFormatConfig(Made):
    """A format that labels are in: `format_name` is an AnnotationFormatEnum, `scene` a LabelTaskTypeEnum, `parameters`
    an AnnotationFormatParameters."""

    format_name: Any
    scene: Any = UNSET
    parameters: Any = UNSET


@dataclass(eq=False)
class ImportConfig(Made):
    """How to read the labels of data that is labelled already.

    `import_annotations` (default True; a placeholder is taken) brings the labels, `import_type` is an ImportTypeEnum
    (default DIR), `annotation_format_config` one format or a list.
    """

    import_annotations: Any = UNSET
    import_type: Any = UNSET
    annotation_format_config: Any = UNSET

    lists = frozenset({"annotation_format_config"})


# ---------------------------------------------------------------------------------------------------------- making


@dataclass(eq=False)
class SchemaField(Made):
    """A column of a table: `name`, `type`, and, if known, `schema_id` (an int) and `description`. Partly not
    documented by the source."""

    name: Any
    type: Any
    schema_id: Any = UNSET
    description: Any = UNSET


@dataclass(eq=False)
class DatasetProperties(Made):
    """The dataset that a CreateDatasetStep makes.

    `dataset_name`, a text or placeholder of 1 to 100 letters (Chinese ones, too), digits, “_” or “-”: the project's
    dataset of that name is taken if there is one, else it is made. `dataset_format`: 0 files (default), 1 a table.
    `data_type`: a DataTypeEnum. `description` has at most 256 characters. `import_config` says how labels are read. Of
    tables: `import_data` takes the rows at once, `schema` lists the columns. `work_path_type` is 0.
    """

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
    """The folder with the files: an OBSPath, an OBSPlaceholder, an output of type obs, or a selector."""


@dataclass(eq=False)
class CreateDatasetOutput(StepOutput):
    """The dataset. `config` is an OBSOutputConfig: where the dataset keeps its own files."""

    config: Any

    def form(self, step: Step) -> tuple[str, Any]:
        return "dataset", self.config


@dataclass(eq=False, kw_only=True)
class CreateDatasetStep(Step):
    """Makes a dataset of the files in a folder, or takes the one of that name. One CreateDatasetInput, one
    CreateDatasetOutput, and `properties`, a DatasetProperties."""

    kind = "create_dataset"
    takes = CreateDatasetInput
    makes = CreateDatasetOutput


# -------------------------------------------------------------------------------------------------------- labeling


@dataclass(eq=False)
class LabelTaskProperties(Made):
    """The label task of a LabelingStep.

    `task_type` is a LabelTaskTypeEnum. `task_name`, 1 to 100 letters, digits, “_” or “-”, is needed when the input is
    a dataset: a task of that name is taken, else made. `labels` can be chosen; `properties` is a dict, kept.
    `auto_sync_dataset` (default True) brings labels into the dataset by themselves; `content_labeling` (default True)
    is for speech. `description` has at most 256 characters.
    """

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
    """A Dataset without a version, a LabelTask, a placeholder of either, an output, or a selector."""


@dataclass(eq=False)
class LabelingOutput(StepOutput):
    """`config` is Pipeloom's own and not needed."""

    config: Any = UNSET

    def form(self, step: Step) -> tuple[str, Any]:
        return "label_task", self.config


@dataclass(eq=False, kw_only=True)
class LabelingStep(Step):
    """Waits until people have labelled the samples. One LabelingInput, one LabelingOutput, and `properties`, a
    LabelTaskProperties."""

    kind = "labeling"
    takes = LabelingInput
    makes = LabelingOutput


# ---------------------------------------------------------------------------------------------- importing into one


@dataclass(eq=False)
class ImportDataInfo(Made):
    """What a DatasetImportStep takes over.

    `annotation_format_config`: how labels are written. `excluded_labels`: samples with one of these are left out.
    `import_annotated` (default False): take samples that are labelled already, to be confirmed. `import_annotations`
    and `import_samples` (default True): take labels, take samples. The source's table ends here; what follows is as in
    the product's own import: `import_type`, `included_labels`, `label_format` (texts), `with_column_header` (tables,
    default False), `difficult_only` (default False), `final_annotation` (default True), `import_folder`,
    `import_origin` (a DataOriginTypeEnum).
    """

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
    """One is what is imported into, a dataset or a label task; another is where it comes from, a path."""


@dataclass(eq=False)
class DatasetImportOutput(StepOutput):
    """What was imported into; a label task where the step takes one. `config` is Pipeloom's own and not needed."""

    config: Any = UNSET

    def form(self, step: Step) -> tuple[str, Any]:
        labeled = any(_is_label_task(given) for given in listed(step.inputs))
        return "label_task" if labeled else "dataset", self.config


@dataclass(eq=False, kw_only=True)
class DatasetImportStep(Step):
    """Adds the samples of a folder to a dataset or a label task. Two DatasetImportInput, one DatasetImportOutput, and
    `properties`, an ImportDataInfo."""

    kind = "dataset_import"
    takes = DatasetImportInput
    makes = DatasetImportOutput


def _is_label_task(given: Any) -> bool:
    data = given.data if isinstance(given, StepInput) else None
    if not isinstance(data, Consumption):
        return isinstance(data, (LabelTask, LabelTaskPlaceholder))
    source = data.step.outputs[data.output]
    return bool(source.form(data.step)[0] == "label_task")


# ------------------------------------------------------------------------------------------------------- releasing


@dataclass(eq=False)
class ReleaseDatasetInput(StepInput):
    """A Dataset without a version, a LabelTask, a placeholder of either, an output, or a selector."""


@dataclass(eq=False)
class ReleaseDatasetOutput(StepOutput):
    """A version of the dataset, which jobs can take. `dataset_version_config` is a DatasetVersionConfig."""

    dataset_version_config: Any = UNSET

    def form(self, step: Step) -> tuple[str, Any]:
        return "dataset", self.dataset_version_config


@dataclass(eq=False, kw_only=True)
class ReleaseDatasetStep(Step):
    """Freezes a dataset as a version, split into training and evaluation samples. One ReleaseDatasetInput, one
    ReleaseDatasetOutput."""

    kind = "release_dataset"
    takes = ReleaseDatasetInput
    makes = ReleaseDatasetOutput
