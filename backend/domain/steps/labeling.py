"""labeling: makes a label task, or takes one, and waits until people have labelled its samples."""

from __future__ import annotations

from pydantic import Field, JsonValue

from backend.domain.steps.annotations import Labels
from backend.domain.steps.base import InputRule, Nothing, OutputPort, OutputRule, StepKind, Strictly
from backend.domain.steps.words import PLAIN_TEXT_PATTERN, LabelTaskType, TaskName


class LabelingProperties(Strictly):
    task_type: LabelTaskType = Field(description="What the labels are for.")
    task_name: TaskName | None = Field(
        None,
        description="An existing task of this name is taken, else one is made; needed for a dataset.",
    )
    labels: Labels = Field((), description="The labels that people can choose from.")
    properties: dict[str, JsonValue] = Field(default_factory=dict)
    auto_sync_dataset: bool = Field(True, description="Labels go into the dataset by themselves.")
    content_labeling: bool = Field(True, description="Of speech: what is said is written down, too.")
    description: str = Field("", max_length=256, pattern=PLAIN_TEXT_PATTERN)


LABELING = StepKind(
    name="labeling",
    version=1,
    title="Label data",
    description="Gives samples to people to be labelled, and waits until they have done it.",
    executes="server",
    properties=LabelingProperties,
    inputs=InputRule(frozenset({"dataset", "label_task"}), at_least=1, at_most=1),
    outputs=OutputRule((OutputPort("label_task", Nothing, "label_task"),), at_least=1, at_most=1),
)
