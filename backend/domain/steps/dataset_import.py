"""dataset_import: adds the samples of a folder to a dataset or to a label task."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backend.domain.steps.annotations import AnnotationFormatConfigs, LabelFormat, Labels
from backend.domain.steps.base import InputRule, Nothing, OutputPort, OutputRule, StepKind, Strictly

Origin = Literal["OBS", "DWS", "DLI", "RDS", "MRS", "AI_GALLERY", "INFERENCE"]
"""Where data comes from; the names are not documented by the source."""


class ImportProperties(Strictly):
    """The table of the source breaks off; what follows `import_samples` is as in the product's own import."""

    annotation_format_config: AnnotationFormatConfigs = Field((), description="How labels are written in the folder.")
    excluded_labels: Labels = Field((), description="Samples with one of these are left out.")
    import_annotated: bool = Field(False, description="Take samples that are labelled already, to be confirmed.")
    import_annotations: bool = Field(True, description="Take the labels over, too.")
    import_samples: bool = Field(True, description="Take the samples over.")
    import_type: Literal["DIR", "MANIFEST"] = Field("DIR", description="The source is a folder, or a manifest file.")
    included_labels: Labels = Field((), description="Only samples with one of these.")
    label_format: LabelFormat | None = Field(None, description="Of texts: how label and text are told apart.")
    with_column_header: bool = Field(False, description="Of tables: the first row holds names.")
    difficult_only: bool = Field(False, description="Only samples that are marked as hard.")
    final_annotation: bool = Field(True, description="Labels count as confirmed.")
    import_folder: str = Field("", max_length=1024, description="A folder of its own for what is imported.")
    import_origin: Origin = Field("OBS", description="Where the data comes from.")


DATASET_IMPORT = StepKind(
    name="dataset_import",
    version=1,
    title="Import into dataset",
    description="Adds the samples of a folder to a dataset or to a label task.",
    executes="server",
    properties=ImportProperties,
    inputs=InputRule(frozenset({"dataset", "label_task", "obs"}), at_least=2, at_most=2),
    outputs=OutputRule(
        (OutputPort("dataset", Nothing, "dataset"), OutputPort("label_task", Nothing, "label_task")),
        at_least=1,
        at_most=1,
    ),
)
