"""job: runs user code, a boot file on an engine or a command, with inputs, outputs and live metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, JsonValue

from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.base import InputRule, OutputPort, OutputRule, StepKind, Strictly, Texts, type_of_tuple
from backend.domain.steps.words import ARGUMENT_PATTERN, ENVIRONMENT_PATTERN, FilePath, Path

EnvironmentName = Annotated[str, Field(pattern=ENVIRONMENT_PATTERN)]
ArgumentName = Annotated[str, Field(min_length=1, max_length=128, pattern=ARGUMENT_PATTERN)]


class Engine(Strictly):
    engine_name: str = Field(min_length=1, max_length=64)
    engine_version: str = Field(min_length=1, max_length=64)


class AlgorithmParameter(Strictly):
    name: ArgumentName = Field(description="Reaches the script as --name=value.")
    value: JsonValue = Field(
        json_schema_extra={"x-may-be-unset": True},
        description="A constant, or a placeholder; one without a value is left out.",
    )


class Algorithm(Strictly):
    code_dir: Path | None = Field(None, description="The folder that holds the code.")
    boot_file: FilePath | None = Field(None, description="The script to start, inside the code folder.")
    command: Annotated[Texts | None, Field(min_length=1)] = Field(
        None, description="A program and its arguments, one text each; no shell reads them."
    )
    engine: Engine | None = Field(None, description="The environment in which the code runs.")
    parameters: Annotated[tuple[AlgorithmParameter, ...], type_of_tuple] = ()
    environments: dict[EnvironmentName, str] = Field(
        default_factory=dict, max_length=100, description="Environment variables."
    )


class Flavor(Strictly):
    flavor_id: str = Field(min_length=1, max_length=128, json_schema_extra={"x-format": "flavor"})


class JobResource(Strictly):
    flavor: Flavor | None = Field(None, json_schema_extra={"x-format": "train_flavor"}, description="What it runs on.")
    node_count: int = Field(1, ge=1, le=1000)


class JobSpec(Strictly):
    resource: JobResource = JobResource()


class JobProperties(Strictly):
    algorithm: Algorithm
    spec: JobSpec = JobSpec()


class ObsOutput(Strictly):
    obs_path: Path = Field(description="The folder in which the result is kept.")


class MetricsOutput(Strictly):
    metric_files: Annotated[tuple[FilePath, ...], type_of_tuple] = Field(
        min_length=1, max_length=100, description="The metrics.json files that the script writes."
    )
    realtime_visualization: bool = Field(False, description="Draw them while the step runs.")
    visualization: bool = Field(True, description="Draw them as a node of their own.")


def job_rules(properties: Mapping[str, Any]) -> Iterator[Problem]:
    """Either a boot file in a code folder on an engine, or a command; and nothing named twice."""
    algorithm = properties.get("algorithm")
    if not isinstance(algorithm, Mapping) or any(key.startswith("$") for key in algorithm):
        return
    given = {key for key in ("code_dir", "boot_file", "command", "engine") if algorithm.get(key) is not None}
    if "command" in given and "boot_file" in given:
        yield problem("document.command_and_boot_file", pointer("algorithm", "command"))
    elif "command" not in given:
        for needed in ("code_dir", "boot_file", "engine"):
            if needed not in given:
                yield problem("document.job_incomplete", pointer("algorithm"), field=needed)
    yield from _boot_file(algorithm.get("code_dir"), algorithm.get("boot_file"))
    yield from _repeated_names(algorithm.get("parameters"))


def _boot_file(code_dir: object, boot_file: object) -> Iterator[Problem]:
    if not isinstance(boot_file, str):
        return
    path = pointer("algorithm", "boot_file")
    if ".." in boot_file.split("/"):
        yield problem("document.boot_file_outside", path, boot_file=boot_file, code_dir=str(code_dir))
    elif (
        isinstance(code_dir, str) and boot_file.startswith("/") and not boot_file.startswith(code_dir.rstrip("/") + "/")
    ):
        yield problem("document.boot_file_outside", path, boot_file=boot_file, code_dir=code_dir)


def _repeated_names(parameters: object) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, parameter in enumerate(parameters if isinstance(parameters, list) else ()):
        name = parameter.get("name") if isinstance(parameter, Mapping) else None
        if isinstance(name, str):
            if name in seen:
                yield problem("document.duplicate_argument", pointer("algorithm", "parameters", index), name=name)
            seen.add(name)


JOB = StepKind(
    name="job",
    version=1,
    title="Job",
    description="Runs your own code: a script on an engine, or a command.",
    executes="engine",
    properties=JobProperties,
    inputs=InputRule(frozenset({"dataset_version", "obs", "model"}), at_most=None),
    outputs=OutputRule((OutputPort("obs", ObsOutput, "obs"), OutputPort("metrics", MetricsOutput, None)), at_most=None),
    rules=job_rules,
)
