"""model: registers a folder as a new version of a model."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backend.domain.steps.base import InputRule, Nothing, OutputPort, OutputRule, StepKind, Strictly
from backend.domain.steps.words import MODEL_VERSION_PATTERN, PLAIN_PATTERN, ModelName, ModelType

ModelVersionName = Annotated[str, Field(pattern=MODEL_VERSION_PATTERN)]


class ModelOutput(Strictly):
    model_type: ModelType = "TensorFlow"
    model_name: ModelName = Field(description="A new name makes a model, a known one gets another version.")
    model_version: ModelVersionName | None = Field(None, description="Like 1.0.2; leave out to count on.")
    runtime: str = Field("", max_length=128)
    description: str = Field("", max_length=100, pattern=PLAIN_PATTERN)


MODEL = StepKind(
    name="model",
    version=1,
    title="Register model",
    description="Keeps a folder as a new version of a model, with where it came from.",
    executes="server",
    properties=Nothing,
    inputs=InputRule(frozenset({"obs", "swr", "model"}), at_most=1),
    outputs=OutputRule((OutputPort("model", ModelOutput, "model"),), at_least=1, at_most=1),
)
