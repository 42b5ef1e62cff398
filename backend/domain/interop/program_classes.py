"""Which class of `pipeloom.workflow` says what in a program. Its fields are those of the model named beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, get_args, get_origin

from pydantic import BaseModel

from backend.domain.design.data_values import DATA_VALUES
from backend.domain.design.document import DataCondition
from backend.domain.steps.annotations import AnnotationFormatConfig, AnnotationFormatParameters, Label, LabelFormat
from backend.domain.steps.create_dataset import CreateDatasetProperties, DatasetOutput, ImportConfig, SchemaField
from backend.domain.steps.dataset_import import ImportProperties
from backend.domain.steps.job import (
    AlgorithmParameter,
    Engine,
    JobMetadata,
    JobResource,
    JobSpec,
    LogExportPath,
    MetricsOutput,
    ObsOutput,
)
from backend.domain.steps.labeling import LabelingProperties
from backend.domain.steps.model import ModelOutput, Template, TemplateInput
from backend.domain.steps.mrs_job import MrsAlgorithm
from backend.domain.steps.release_dataset import DatasetVersionOutput
from backend.domain.steps.service import ServiceContent, ServiceOutput
from backend.domain.steps.words import LABEL_TASK_CODES, AnnotationFormat, DataKind


@dataclass(frozen=True, slots=True)
class Shape:
    """A class; `nested` says of which class the values of a field are."""

    name: str
    model: type[BaseModel]
    nested: Mapping[str, Shape] = field(default_factory=dict)

    def fields(self) -> dict[str, bool]:
        """The keys that it knows, and whether one has to be there."""
        return {info.alias or name: info.is_required() for name, info in self.model.model_fields.items()}

    def lists(self) -> set[str]:
        fields = self.model.model_fields.items()
        return {info.alias or name for name, info in fields if get_origin(info.annotation) is tuple}


_LABEL = Shape("wf.steps.Label", Label)
_ANNOTATIONS = Shape(
    "wf.steps.AnnotationFormatConfig",
    AnnotationFormatConfig,
    {
        "parameters": Shape(
            "wf.steps.AnnotationFormatParameters", AnnotationFormatParameters, {"included_labels": _LABEL}
        )
    },
)
_TEMPLATE = Shape("wf.steps.Template", Template, {"template_inputs": Shape("wf.steps.TemplateInputs", TemplateInput)})
ARGUMENT: Final = Shape("wf.AlgorithmParameters", AlgorithmParameter)
ENGINE: Final = Shape("wf.steps.JobEngine", Engine)
MODEL: Final = Shape("wf.steps.ModelConfig", ModelOutput, {"template": _TEMPLATE})
OBS: Final = Shape("wf.data.OBSOutputConfig", ObsOutput)
DATASET: Final = Shape("wf.data.OBSOutputConfig", DatasetOutput)
METRICS: Final = Shape("wf.data.MetricsConfig", MetricsOutput)
VERSION: Final = Shape("wf.data.DatasetVersionConfig", DatasetVersionOutput)
SERVICE: Final = Shape("wf.steps.ServiceConfig", ServiceOutput)
FOREIGN_SERVICE: Final = Shape("wf.data.TripartiteServiceConfig", ServiceContent)
CONDITION_OF_DATA: Final = Shape("wf.data.DataCondition", DataCondition)
SPARK: Final = Shape("wf.steps.MrsJobAlgorithm", MrsAlgorithm, {"parameters": ARGUMENT})

PROPERTIES: Final[Mapping[str, Shape]] = {
    "create_dataset": Shape(
        "wf.steps.DatasetProperties",
        CreateDatasetProperties,
        {
            "import_config": Shape("wf.steps.ImportConfig", ImportConfig, {"annotation_format_config": _ANNOTATIONS}),
            "schema": Shape("wf.steps.SchemaField", SchemaField),
        },
    ),
    "labeling": Shape("wf.steps.LabelTaskProperties", LabelingProperties, {"labels": _LABEL}),
    "dataset_import": Shape(
        "wf.steps.ImportDataInfo",
        ImportProperties,
        {
            "annotation_format_config": _ANNOTATIONS,
            "excluded_labels": _LABEL,
            "included_labels": _LABEL,
            "label_format": Shape("wf.steps.LabelFormat", LabelFormat),
        },
    ),
}
"""Of kinds whose properties are one object."""

OF_JOB: Final[Mapping[str, Shape]] = {
    "spec": Shape(
        "wf.steps.JobSpec",
        JobSpec,
        {
            "resource": Shape("wf.steps.JobResource", JobResource),
            "log_export_path": Shape("wf.steps.LogExportPath", LogExportPath),
        },
    ),
    "metadata": Shape("wf.steps.JobMetadata", JobMetadata),
}

STEPS: Final[Mapping[str, tuple[str, str]]] = {
    "create_dataset": ("wf.steps.CreateDatasetStep", "wf.steps.CreateDatasetInput"),
    "labeling": ("wf.steps.LabelingStep", "wf.steps.LabelingInput"),
    "dataset_import": ("wf.steps.DatasetImportStep", "wf.steps.DatasetImportInput"),
    "release_dataset": ("wf.steps.ReleaseDatasetStep", "wf.steps.ReleaseDatasetInput"),
    "job": ("wf.steps.JobStep", "wf.steps.JobInput"),
    "condition": ("wf.steps.ConditionStep", "wf.steps.StepInput"),
    "model": ("wf.steps.ModelStep", "wf.steps.ModelInput"),
    "service": ("wf.steps.ServiceStep", "wf.steps.ServiceInput"),
    "mrs_job": ("wf.steps.MrsJobStep", "wf.steps.MrsJobInput"),
}
"""A kind's step and its input."""

OWN: Final[Mapping[str, Mapping[str, str]]] = {
    "job": {"algorithm": "algorithm", "spec": "spec", "metadata": "metadata", "kind": "job_type"},
    "condition": {key: key for key in ("conditions", "if_then_steps", "else_then_steps")},
    "mrs_job": {"algorithm": "mrs_algorithm", "cluster_id": "cluster_id"},
}
"""Properties that are arguments of the step itself, with their names there."""

OUTPUTS: Final[Mapping[tuple[str, str], tuple[str, str, Shape]]] = {
    ("create_dataset", "dataset"): ("wf.steps.CreateDatasetOutput", "config", DATASET),
    ("release_dataset", "dataset"): ("wf.steps.ReleaseDatasetOutput", "dataset_version_config", VERSION),
    ("job", "obs"): ("wf.steps.JobOutput", "obs_config", OBS),
    ("job", "metrics"): ("wf.steps.JobOutput", "metrics_config", METRICS),
    ("job", "model"): ("wf.steps.JobOutput", "model_config", MODEL),
    ("mrs_job", "obs"): ("wf.steps.MrsJobOutput", "obs_config", OBS),
    ("model", "model"): ("wf.steps.ModelOutput", "model_config", MODEL),
    ("service", "service"): ("wf.steps.ServiceOutput", "service_config", SERVICE),
    ("service", "service_content"): ("wf.steps.ServiceOutput", "service_config", FOREIGN_SERVICE),
}
"""By kind of step and type of output: its class, the name of its configuration, and the class of that."""

BARE_OUTPUTS: Final[Mapping[tuple[str, str], str]] = {
    ("labeling", "label_task"): "wf.steps.LabelingOutput",
    ("release_dataset", "dataset"): "wf.steps.ReleaseDatasetOutput",
    ("service", "service"): "wf.steps.ServiceOutput",
}
"""Outputs that need no configuration."""

DATA: Final[Mapping[str, tuple[str, str]]] = {
    "obs": ("wf.data.OBSPlaceholder", "wf.data.OBSPath"),
    "dataset": ("wf.data.DatasetPlaceholder", "wf.data.Dataset"),
    "label_task": ("wf.data.LabelTaskPlaceholder", "wf.data.LabelTask"),
    "swr": ("wf.data.SWRImagePlaceholder", "wf.data.SWRImage"),
    "model_list": ("wf.data.ServiceInputPlaceholder", "wf.data.ModelData"),
    "service": ("wf.data.ServiceUpdatePlaceholder", "wf.data.ServiceData"),
    "gallery_model": ("wf.data.GalleryModelPlaceholder", "wf.data.GalleryModel"),
    "data_selector": ("wf.data.DataSelector", ""),
}
"""A type's placeholder, and the class of its values."""
DATA_SHAPES: Final = {type_: Shape(DATA[type_][1], model) for type_, model in DATA_VALUES.items()}

ENUMS: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "label_task_type": ("wf.data.LabelTaskTypeEnum", frozenset(LABEL_TASK_CODES)),
    "task_type": ("wf.data.LabelTaskTypeEnum", frozenset(LABEL_TASK_CODES)),
    "scene": ("wf.data.LabelTaskTypeEnum", frozenset(LABEL_TASK_CODES)),
    "data_type": ("wf.data.DataTypeEnum", frozenset(get_args(DataKind))),
    "format_name": ("wf.steps.AnnotationFormatEnum", frozenset(get_args(AnnotationFormat))),
}
"""Fields whose words are an enumeration in a program."""
