"""model: registers a folder as a new version of a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.base import (
    InputRule,
    Nothing,
    OutputPort,
    OutputRule,
    StepKind,
    Strictly,
    Texts,
    type_of_tuple,
)
from backend.domain.steps.words import MODEL_VERSION_PATTERN, PLAIN_PATTERN, ModelName, ModelType, Path

ModelVersionName = Annotated[str, Field(pattern=MODEL_VERSION_PATTERN)]


class Package(Strictly):
    package_name: str = Field(min_length=1, max_length=128)
    package_version: str = Field("", max_length=64)
    restraint: Literal["EXACT", "ATLEAST", "ATMOST"] | None = None


class Dependency(Strictly):
    installer: Literal["pip"] = "pip"
    packages: Annotated[tuple[Package, ...], type_of_tuple] = ()


class TemplateInput(Strictly):
    input_id: str = Field(min_length=1, max_length=64)
    input: Path


class Template(Strictly):
    template_id: str = Field(min_length=1, max_length=64)
    template_inputs: Annotated[tuple[TemplateInput, ...], type_of_tuple] = Field(min_length=1)
    infer_format: str | None = None


class ModelOutput(Strictly):
    model_type: ModelType = "TensorFlow"
    model_name: ModelName = Field(description="A new name makes a model, a known one gets another version.")
    model_version: ModelVersionName | None = Field(None, description="Like 1.0.2; leave out to count on.")
    runtime: str = Field("", max_length=128)
    description: str = Field("", max_length=100, pattern=PLAIN_PATTERN)
    execution_code: Path | None = Field(None, description="The code that answers requests.")
    dependencies: Annotated[tuple[Dependency, ...], type_of_tuple] = Field((), description="What the code needs.")
    model_algorithm: str = Field("", max_length=36, description="What the model does, in a word.")
    install_type: Texts = Field((), description="How it can be put into service.")
    initial_config: dict[str, JsonValue] = Field(default_factory=dict)
    apis: Annotated[tuple[JsonValue, ...], type_of_tuple] = ()
    input_params: Annotated[tuple[JsonValue, ...], type_of_tuple] = ()
    output_params: Annotated[tuple[JsonValue, ...], type_of_tuple] = ()
    template: Template | None = Field(None, description="Needed when the type is Template.")


def model_output_rules(config: Mapping[str, Any]) -> Iterator[Problem]:
    if config.get("model_type") == "Template" and config.get("template") is None:
        yield problem("document.missing", "", field="template")
    elif config.get("template") is not None and config.get("model_type", "TensorFlow") != "Template":
        yield problem("document.template_unused", pointer("template"))


MODEL = StepKind(
    name="model",
    version=1,
    title="Register model",
    description="Keeps a folder as a new version of a model, with where it came from.",
    executes="server",
    properties=Nothing,
    inputs=InputRule(frozenset({"obs", "swr", "model"}), at_most=2),
    outputs=OutputRule(
        (OutputPort("model", ModelOutput, "model", model_output_rules),),
        at_least=1,
        at_most=1,
    ),
)
