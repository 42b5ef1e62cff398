"""Registering models and deploying services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeloom.workflow.data import TripartiteServiceConfig
from pipeloom.workflow.made import UNSET, Made
from pipeloom.workflow.steps.base import Step, StepInput, StepOutput


@dataclass(eq=False)
class TemplateInputs(Made):
    input_id: Any
    input: Any


@dataclass(eq=False)
class Template(Made):
    template_id: Any
    template_inputs: Any
    infer_format: Any = UNSET

    lists = frozenset({"template_inputs"})


@dataclass(eq=False)
class ModelConfig(Made):
    """Without `model_version` the next one is taken."""

    model_type: Any = UNSET
    model_name: Any = UNSET
    model_version: Any = UNSET
    runtime: Any = UNSET
    description: Any = UNSET
    execution_code: Any = UNSET
    dependencies: Any = UNSET
    model_algorithm: Any = UNSET
    install_type: Any = UNSET
    initial_config: Any = UNSET
    apis: Any = UNSET
    input_params: Any = UNSET
    output_params: Any = UNSET
    template: Any = UNSET

    lists = frozenset({"dependencies", "install_type", "apis", "input_params", "output_params"})


@dataclass(eq=False)
class ModelInput(StepInput):
    """A folder, an image, a model of the gallery, or an output of a job."""


@dataclass(eq=False)
class ModelOutput(StepOutput):
    model_config: Any

    def form(self, step: Step) -> tuple[str, Any]:
        return "model", self.model_config


@dataclass(eq=False, kw_only=True)
class ModelStep(Step):
    kind = "model"


@dataclass(eq=False)
class ServiceConfig(Made):
    """Without `service_name` one is made up."""

    infer_type: Any = UNSET
    service_name: Any = UNSET
    description: Any = UNSET
    vpc_id: Any = UNSET
    subnet_network_id: Any = UNSET
    security_group_id: Any = UNSET
    cluster_id: Any = UNSET
    additional_properties: Any = UNSET


@dataclass(eq=False)
class ServiceInput(StepInput):
    """A model to be chosen, or a service that is there."""


@dataclass(eq=False)
class ServiceOutput(StepOutput):
    service_config: Any = UNSET

    def form(self, step: Step) -> tuple[str, Any]:
        foreign = isinstance(self.service_config, TripartiteServiceConfig)
        return "service_content" if foreign else "service", self.service_config


@dataclass(eq=False, kw_only=True)
class ServiceStep(Step):
    kind = "service"
