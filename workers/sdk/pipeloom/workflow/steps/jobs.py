"""Jobs: their algorithms, what they run on, what they write. Spark jobs, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from pipeloom.workflow.made import UNSET, Made
from pipeloom.workflow.steps.base import Step, StepInput, StepOutput
from pipeloom.workflow.values import Placeholder

SHELL = ("/bin/sh", "-c")
"""A command that is one text is for a shell; the document keeps a program and its arguments."""


class JobTypeEnum(Enum):
    """The names are not documented by the source."""

    JOB = "job"
    FEDERATED_POOL_JOB = "federated_pool_job"
    EDGE_JOB = "edge_job"
    HETERO_JOB = "hetero_job"
    MRS_JOB = "mrs_job"
    AUTOSEARCH_JOB = "autosearch_job"
    DIAG_JOB = "diag_job"
    VISUALIZATION_JOB = "visualization_job"


@dataclass(eq=False)
class AlgorithmParameters(Made):
    """Reaches the script as `--name=value`. A value that is not listed is the algorithm's own default."""

    name: str
    value: Any


@dataclass(eq=False)
class JobEngine(Made):
    """A name with a version, an id, or an image: `organisation/name:tag`."""

    engine_name: Any = UNSET
    engine_version: Any = UNSET
    engine_id: Any = UNSET
    image_url: Any = UNSET


@dataclass(eq=False, kw_only=True)
class BaseAlgorithm(Made):
    """Code with a boot file on an engine, or with a command. `command` is one text for a shell, or a list."""

    id: Any = UNSET
    subscription_id: Any = UNSET
    item_version_id: Any = UNSET
    code_dir: Any = UNSET
    boot_file: Any = UNSET
    command: Any = UNSET
    engine: Any = UNSET
    parameters: Any = UNSET
    environments: Any = UNSET

    json_names: ClassVar[dict[str, str]] = {"id": "algorithm_id"}
    lists = frozenset({"parameters"})

    def given(self) -> Iterator[tuple[str, Any]]:
        for key, value in super().given():
            shell = key == "command" and isinstance(value, (str, Placeholder))
            yield key, [*SHELL, value] if shell else value


@dataclass(eq=False)
class Algorithm(Made):
    """One that was saved."""

    algorithm_id: Any
    parameters: Any = UNSET

    lists = frozenset({"parameters"})


@dataclass(eq=False)
class AIGalleryAlgorithm(Made):
    """One that was subscribed in the gallery; `item_version_id` is an id or a number like 10.0.0."""

    subscription_id: Any
    item_version_id: Any
    parameters: Any = UNSET

    lists = frozenset({"parameters"})


@dataclass(eq=False)
class JobResource(Made):
    """`flavor` is a placeholder or `{"flavor_id": …}`; `flavor_id` is the older way to say the same."""

    flavor: Any = UNSET
    flavor_id: Any = UNSET
    node_count: Any = UNSET
    policy: Any = UNSET
    pool_id: Any = UNSET

    def given(self) -> Iterator[tuple[str, Any]]:
        for key, value in super().given():
            if key == "flavor_id" and self.flavor is not UNSET:
                raise self.refuse("Give either flavor or flavor_id.")
            yield ("flavor", {"flavor_id": value}) if key == "flavor_id" else (key, value)


@dataclass(eq=False)
class LogExportPath(Made):
    obs_url: Any
    host_path: Any = UNSET


@dataclass(eq=False)
class JobSpec(Made):
    resource: Any = UNSET
    log_export_path: Any = UNSET


@dataclass(eq=False)
class JobMetadata(Made):
    """How the cloud names the job; kept, not used."""

    name: Any = UNSET
    workspace_id: Any = UNSET
    description: Any = UNSET
    annotations: Any = UNSET


@dataclass(eq=False)
class JobInput(StepInput):
    """Its name is the script's argument."""


@dataclass(eq=False)
class JobOutput(StepOutput):
    """Exactly one of the three configurations."""

    obs_config: Any = UNSET
    model_config: Any = UNSET
    metrics_config: Any = UNSET

    def form(self, step: Step) -> tuple[str, Any]:
        ways = {"obs": self.obs_config, "model": self.model_config, "metrics": self.metrics_config}
        given = [(type_, config) for type_, config in ways.items() if config is not UNSET and config is not None]
        if len(given) != 1:
            raise self.refuse(f"“{self.name}” needs exactly one of obs_config, model_config and metrics_config.")
        return given[0]


@dataclass(eq=False, kw_only=True)
class JobStep(Step):
    """`job_type` and `metadata` say what sort of job the cloud makes of it."""

    kind = "job"
    own = ("algorithm", "spec", "metadata", "job_type")

    algorithm: Any = UNSET
    spec: Any = UNSET
    metadata: Any = UNSET
    job_type: Any = UNSET

    def properties_given(self) -> Any:
        given = super().properties_given()
        if given is self.properties:
            return given
        return {"kind" if key == "job_type" else key: value for key, value in given.items()}


@dataclass(eq=False)
class MrsJobAlgorithm(Made):
    """`run_args` and `app_args` are parted by commas."""

    boot_file: Any
    parameters: Any = UNSET

    lists = frozenset({"parameters"})


@dataclass(eq=False)
class MrsJobInput(StepInput):
    """What the Spark program reads."""


@dataclass(eq=False)
class MrsJobOutput(StepOutput):
    obs_config: Any

    def form(self, step: Step) -> tuple[str, Any]:
        return "obs", self.obs_config


@dataclass(eq=False, kw_only=True)
class MrsJobStep(Step):
    kind = "mrs_job"
    own = ("mrs_algorithm", "cluster_id")

    mrs_algorithm: Any = UNSET
    cluster_id: Any = UNSET

    def properties_given(self) -> Any:
        given = super().properties_given()
        if given is self.properties:
            return given
        return {"algorithm" if key == "mrs_algorithm" else key: value for key, value in given.items()}
