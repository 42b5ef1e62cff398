"""Registering models and deploying services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeloom.workflow.data import TripartiteServiceConfig
from pipeloom.workflow.made import UNSET, Made
from pipeloom.workflow.steps.base import Step, StepInput, StepOutput


@dataclass(eq=False)
class TemplateInputs(Made):
    """What a template takes: `input`, a path, as its `input_id`."""

    input_id: Any
    input: Any


@dataclass(eq=False)
class Template(Made):
    """A ready-made way to serve a model: `template_id`, `template_inputs` (TemplateInputs, one or a list),
    `infer_format`."""

    template_id: Any
    template_inputs: Any
    infer_format: Any = UNSET

    lists = frozenset({"template_inputs"})


@dataclass(eq=False)
class ModelConfig(Made):
    """A version of a model as it is registered.

    `model_type`: "TensorFlow" (default), "MXNet", "Caffe", "Spark_MLlib", "Scikit_Learn", "XGBoost", "Image",
    "PyTorch", "Template" (then with `template`) or "Custom". `model_name`, 1 to 64 letters (Chinese ones, too),
    digits, “_” or “-”: a new name makes a model, a known one gets another version. `model_version`, like "1.0.2", each
    part below 100; without it the next one is taken. `runtime` and `description` (at most 100 characters) are texts,
    `execution_code` the path of the inference code. Names, versions and the runtime may be placeholders.

    The other fields are as in the product's own registry: `dependencies`, `model_algorithm`, `install_type`
    ("real-time", "batch"), `initial_config`, `apis`, `input_params` and `output_params`.
    """

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
    """An OBSPath, an SWRImage, a GalleryModel, a placeholder of one, an output of a job, or a selector."""


@dataclass(eq=False)
class ModelOutput(StepOutput):
    """The version that is registered. `model_config` is a ModelConfig."""

    model_config: Any

    def form(self, step: Step) -> tuple[str, Any]:
        return "model", self.model_config


@dataclass(eq=False, kw_only=True)
class ModelStep(Step):
    """Registers a new version of a model. Any number of ModelInput, none as well; one ModelOutput."""

    kind = "model"
    takes = ModelInput
    makes = ModelOutput


@dataclass(eq=False)
class ServiceConfig(Made):
    """How a model is served.

    `infer_type`: "real-time" (default), "batch" or "edge". `service_name`, 1 to 64 letters, digits, “_” or “-”, is
    made up when left out. `description` has at most 100 characters. `vpc_id`, `subnet_network_id`, `security_group_id`
    and `cluster_id` are of the cloud: kept, not used. `additional_properties` is a dict.
    """

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
    """A ServiceInputPlaceholder, which chooses a version of a model; with a ServiceData or ServiceUpdatePlaceholder,
    that service is updated."""


@dataclass(eq=False)
class ServiceOutput(StepOutput):
    """The service. `service_config` is a ServiceConfig, or a TripartiteServiceConfig for somebody else's."""

    service_config: Any = UNSET

    def form(self, step: Step) -> tuple[str, Any]:
        foreign = isinstance(self.service_config, TripartiteServiceConfig)
        return "service_content" if foreign else "service", self.service_config


@dataclass(eq=False, kw_only=True)
class ServiceStep(Step):
    """Puts a version of a model into service, or into a service that is there. It waits until version, flavor and
    number of instances are chosen. At most two ServiceInput, one ServiceOutput."""

    kind = "service"
    takes = ServiceInput
    makes = ServiceOutput
