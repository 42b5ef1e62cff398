"""create_dataset: makes a dataset of the files in a folder, or takes the existing one of that name."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from backend.domain.steps.annotations import AnnotationFormatConfigs
from backend.domain.steps.base import InputRule, OutputPort, OutputRule, StepKind, Strictly, type_of_tuple
from backend.domain.steps.words import DataKind, DatasetName, Path


class ImportConfig(Strictly):
    import_annotations: bool = Field(True, description="Take the labels over, too.")
    import_type: Literal["DIR", "MANIFEST"] = Field("DIR", description="The source is a folder, or a manifest file.")
    annotation_format_config: AnnotationFormatConfigs = Field(
        (), description="Needed when the data is labelled already."
    )


class SchemaField(Strictly):
    """A column of a table. Partly not documented by the source."""

    name: str = Field(min_length=1, max_length=256)
    type: str = Field(min_length=1, max_length=64)
    schema_id: int | None = None
    description: str = ""


class CreateDatasetProperties(Strictly):
    dataset_name: DatasetName = Field(description="An existing dataset of this name is taken, else one is made.")
    dataset_format: Literal[0, 1] = Field(0, description="0: files. 1: a table.")
    data_type: DataKind = Field("FREE_FORMAT", description="What the files are.")
    description: str = Field("", max_length=256)
    import_config: ImportConfig | None = Field(None, description="How to read labels; leave out for unlabelled data.")
    import_data: bool = Field(False, description="Of tables: take the rows over at once.")
    work_path_type: Literal[0] = Field(0, description="0: a folder in a storage.")
    schema_: Annotated[tuple[SchemaField, ...], type_of_tuple] = Field(
        (), alias="schema", description="Of tables: the columns."
    )


class DatasetOutput(Strictly):
    obs_path: Path = Field(description="Where the dataset keeps its own files.")


CREATE_DATASET = StepKind(
    name="create_dataset",
    version=1,
    title="Create dataset",
    description="Makes a dataset of the files in a folder, with their labels where there are any.",
    executes="server",
    properties=CreateDatasetProperties,
    inputs=InputRule(frozenset({"obs"}), at_least=1, at_most=1),
    outputs=OutputRule((OutputPort("dataset", DatasetOutput, "dataset"),), at_least=1, at_most=1),
)
