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
    """A hyper-parameter: reaches the script as `--name=value`, with its `name`.

    `value` is a constant or a placeholder, of type INT, BOOL, FLOAT or STR (ENUM, which the source uses but does not
    list, is taken, too). One that is not listed keeps the algorithm's own default. Booleans arrive as True and False.
    """

    name: str
    value: Any


@dataclass(eq=False)
class JobEngine(Made):
    """What a job runs in, said in one of three ways: `engine_name` with `engine_version`, an `engine_id`, or an
    `image_url`, which is "organisation/name:tag" without the address of a registry, or a placeholder of format
    "swr"."""

    engine_name: Any = UNSET
    engine_version: Any = UNSET
    engine_id: Any = UNSET
    image_url: Any = UNSET


@dataclass(eq=False, kw_only=True)
class BaseAlgorithm(Made):
    """Code of one's own: a boot file on an engine, or a command.

    `code_dir` is a folder, `boot_file` a script inside it; both are paths, placeholders or what a storage's `join`
    gives. `command` is one text, which a shell reads, or a list, which none does. `engine` is a JobEngine,
    `parameters` are AlgorithmParameters, `environments` a dict of at most 100 texts by name. With `subscription_id`
    and `item_version_id`, or with `id`, it is an algorithm that is known already.
    """

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
    """A saved algorithm: `algorithm_id`, and the `parameters` that differ from its own."""

    algorithm_id: Any
    parameters: Any = UNSET

    lists = frozenset({"parameters"})


@dataclass(eq=False)
class AIGalleryAlgorithm(Made):
    """An algorithm that was subscribed in the gallery: `subscription_id`, `item_version_id` (an id, or a number like
    "10.0.0"), and the `parameters` that differ from its own."""

    subscription_id: Any
    item_version_id: Any
    parameters: Any = UNSET

    lists = frozenset({"parameters"})


@dataclass(eq=False)
class JobResource(Made):
    """What a job runs on.

    `flavor` is `{"flavor_id": "…"}` or a placeholder of type JSON and format "train_flavor"; `flavor_id`, a text or a
    placeholder of type STR and format "flavor", is the older way to say the same. `node_count` is 1 to 1,000 (default
    1), `policy` "regular", `pool_id` names a pool of one's own.
    """

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
    """Where a job's log is kept, too: the folder `obs_url`. `host_path` is of the cloud: kept, not used."""

    obs_url: Any
    host_path: Any = UNSET


@dataclass(eq=False)
class JobSpec(Made):
    """What a job runs on, `resource` (JobResource), and where its log goes, `log_export_path` (LogExportPath)."""

    resource: Any = UNSET
    log_export_path: Any = UNSET


@dataclass(eq=False)
class JobMetadata(Made):
    """How the cloud names the job: `name` (1 to 64 letters, digits, “_” or “-”), `workspace_id`, `description` (at
    most 256 characters), `annotations` (texts by name). Kept, not used: here a job has the name of its step and of
    its run."""

    name: Any = UNSET
    workspace_id: Any = UNSET
    description: Any = UNSET
    annotations: Any = UNSET


@dataclass(eq=False)
class JobInput(StepInput):
    """A Dataset with a version, an OBSPath, a placeholder of either, a DataSelector, an output, or a selector of
    outputs. Its name is the script's argument: `--name=<path>`."""


@dataclass(eq=False)
class JobOutput(StepOutput):
    """What a job writes, said by exactly one of `obs_config` (OBSOutputConfig), `model_config` (ModelConfig) and
    `metrics_config` (MetricsConfig). Its name is the script's argument: `--name=<path>`."""

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
    """Runs code: training, but preparing or judging data as well.

    `algorithm` is an AIGalleryAlgorithm, an Algorithm or a BaseAlgorithm, `spec` a JobSpec; any number of JobInput and
    JobOutput. `metadata` (JobMetadata) and `job_type` (JobTypeEnum) say what sort of job the cloud makes of it.
    """

    kind = "job"
    takes = JobInput
    makes = JobOutput
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
    """A Spark program: `boot_file`, a path or a placeholder of format "obs", and `parameters`, of which `run_args` is
    for the cluster and `app_args` for the program, each one text parted by commas."""

    boot_file: Any
    parameters: Any = UNSET

    lists = frozenset({"parameters"})


@dataclass(eq=False)
class MrsJobInput(StepInput):
    """What the Spark program reads: a path, a dataset's version, a placeholder of either, or an output."""


@dataclass(eq=False)
class MrsJobOutput(StepOutput):
    """What the Spark program writes. `obs_config` is an OBSOutputConfig."""

    obs_config: Any

    def form(self, step: Step) -> tuple[str, Any]:
        return "obs", self.obs_config


@dataclass(eq=False, kw_only=True)
class MrsJobStep(Step):
    """Runs a Spark program on a cluster: `mrs_algorithm` is an MrsJobAlgorithm, `cluster_id` a text or
    a placeholder."""

    kind = "mrs_job"
    takes = MrsJobInput
    makes = MrsJobOutput
    own = ("mrs_algorithm", "cluster_id")

    mrs_algorithm: Any = UNSET
    cluster_id: Any = UNSET

    def properties_given(self) -> Any:
        given = super().properties_given()
        if given is self.properties:
            return given
        return {"algorithm" if key == "mrs_algorithm" else key: value for key, value in given.items()}
