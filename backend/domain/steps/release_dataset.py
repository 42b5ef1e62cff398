"""release_dataset: freezes a dataset as a version, split into training and evaluation samples."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from backend.domain.steps.base import InputRule, Nothing, OutputPort, OutputRule, StepKind, Strictly
from backend.domain.steps.words import RATIO_PATTERN, LabelTaskType, VersionName

Ratio = Annotated[str, Field(pattern=RATIO_PATTERN)]


class DatasetVersionOutput(Strictly):
    version_name: VersionName | None = Field(None, description="Leave out to count on from V001.")
    version_format: Literal["Default", "CarbonData", "CSV"] = "Default"
    train_evaluate_sample_ratio: Ratio = Field("1.00", description="A text: “0.8” trains on 80 % of each label.")
    clear_hard_property: bool = Field(True, description="Forget which samples were marked as hard.")
    remove_sample_usage: bool = Field(True, description="Forget earlier train and evaluation marks.")
    label_task_type: LabelTaskType | None = Field(None, description="Needed when the input is a dataset.")
    seed: int = Field(0, ge=0, description="The same seed splits the same samples the same way.")


RELEASE_DATASET = StepKind(
    name="release_dataset",
    version=1,
    title="Release dataset",
    description="Freezes a dataset as a version, split into training and evaluation samples.",
    executes="server",
    properties=Nothing,
    inputs=InputRule(frozenset({"dataset", "label_task"}), at_least=1, at_most=1),
    outputs=OutputRule((OutputPort("dataset", DatasetVersionOutput, "dataset_version"),), at_least=1, at_most=1),
)
