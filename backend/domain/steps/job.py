"""job: runs user code, a boot file on an engine or a command, with inputs, outputs and live metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.base import InputRule, OutputPort, OutputRule, StepKind, Strictly, Texts, type_of_tuple
from backend.domain.steps.model import ModelOutput, model_output_rules
from backend.domain.steps.words import (
    ARGUMENT_PATTERN,
    ENVIRONMENT_PATTERN,
    WORD_PATTERN,
    FileBelow,
    FilePath,
    Image,
    Path,
    PathInside,
)

EnvironmentName = Annotated[str, Field(pattern=ENVIRONMENT_PATTERN)]
ArgumentName = Annotated[str, Field(min_length=1, max_length=128, pattern=ARGUMENT_PATTERN)]


class Engine(Strictly):
    """One of: a name with a version, the id of an engine, or a container image."""

    engine_name: str | None = Field(None, min_length=1, max_length=64)
    engine_version: str | None = Field(None, min_length=1, max_length=64)
    engine_id: str | None = Field(None, min_length=1, max_length=128)
    image_url: Image | None = None


class AlgorithmParameter(Strictly):
    name: ArgumentName = Field(description="Reaches the script as --name=value.")
    value: JsonValue = Field(
        json_schema_extra={"x-may-be-unset": True},
        description="A constant, or a placeholder; one without a value is left out.",
    )


class Algorithm(Strictly):
    """Four kinds: subscribed in the gallery, saved, code with a boot file on an engine, code with a command."""

    subscription_id: str | None = Field(None, min_length=1, max_length=128, description="Of a subscribed algorithm.")
    item_version_id: str | None = Field(
        None, min_length=1, max_length=128, description="Its version: an id, or a number like 10.0.0."
    )
    algorithm_id: str | None = Field(None, min_length=1, max_length=128, description="Of a saved algorithm.")
    code_dir: Path | None = Field(None, description="The folder that holds the code.")
    boot_file: PathInside | None = Field(None, description="The script to start, inside the code folder.")
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
    policy: Literal["regular"] = Field("regular", description="How the cloud places it; kept, not used.")
    pool_id: str | None = Field(None, min_length=1, max_length=128, description="A pool of its own.")


class LogExportPath(Strictly):
    obs_url: Path
    host_path: str = Field("", max_length=1024)


class JobSpec(Strictly):
    resource: JobResource = JobResource()
    log_export_path: LogExportPath | None = Field(None, description="Where its log is kept, too.")


class JobMetadata(Strictly):
    """How the cloud names the job. Kept, not used: here a job has the name of its step and of its run."""

    name: str | None = Field(None, min_length=1, max_length=64, pattern=WORD_PATTERN)
    workspace_id: str | None = Field(None, max_length=64)
    description: str = Field("", max_length=256)
    annotations: dict[str, str] = Field(default_factory=dict)


JobType = Literal[
    "job",
    "federated_pool_job",
    "edge_job",
    "hetero_job",
    "mrs_job",
    "autosearch_job",
    "diag_job",
    "visualization_job",
]


class JobProperties(Strictly):
    algorithm: Algorithm
    spec: JobSpec = JobSpec()
    kind: JobType = Field("job", description="What sort of job the cloud makes of it.")
    metadata: JobMetadata = JobMetadata()


class ObsOutput(Strictly):
    """That `metric_file` names a file below `obs_path`, and means what a metrics output of that file would with nothing
    else said of it (drawn, and not before the step ends), is not documented by the source."""

    obs_path: Path = Field(description="The folder in which the result is kept.")
    metric_file: FileBelow | None = Field(None, description="A file in it that holds metrics, like metrics.json.")


class MetricsOutput(Strictly):
    metric_files: Annotated[tuple[FilePath, ...], type_of_tuple] = Field(
        min_length=1, max_length=100, description="The metrics.json files that the script writes."
    )
    realtime_visualization: bool = Field(False, description="Draw them while the step runs.")
    visualization: bool = Field(True, description="Draw them as a node of their own.")


ENGINE_WAYS = (("engine_name", "engine_version"), ("engine_id",), ("image_url",))


def job_rules(properties: Mapping[str, Any]) -> Iterator[Problem]:
    """Either a boot file in a code folder on an engine, or a command; and nothing named twice."""
    algorithm = properties.get("algorithm")
    if not isinstance(algorithm, Mapping) or any(key.startswith("$") for key in algorithm):
        return
    given = {key for key, value in algorithm.items() if value is not None}
    yield from _engine(algorithm.get("engine"))
    yield from _repeated_names(algorithm.get("parameters"))
    known = [key for key in ("subscription_id", "algorithm_id") if key in given]
    if known:
        yield from _known_algorithm(given, known)
        return
    if "item_version_id" in given:
        yield problem("document.version_without_subscription", pointer("algorithm", "item_version_id"))
    if "command" in given and "boot_file" in given:
        yield problem("document.command_and_boot_file", pointer("algorithm", "command"))
    elif "command" not in given:
        for needed in ("code_dir", "boot_file", "engine"):
            if needed not in given:
                yield problem("document.job_incomplete", pointer("algorithm"), field=needed)
    yield from _boot_file(algorithm.get("code_dir"), algorithm.get("boot_file"))


def _known_algorithm(given: set[str], known: list[str]) -> Iterator[Problem]:
    """A subscribed or saved algorithm brings its own code and engine."""
    others = [key for key in ("algorithm_id", "code_dir", "boot_file", "command", "engine") if key in given]
    for other in others:
        if other != known[0]:
            yield problem("document.algorithm_mixed", pointer("algorithm", other), one=known[0], other=other)
    if "subscription_id" in given and "item_version_id" not in given:
        yield problem("document.missing", pointer("algorithm"), field="item_version_id")


def _engine(engine: object) -> Iterator[Problem]:
    if not isinstance(engine, Mapping) or any(key.startswith("$") for key in engine):
        return
    ways = [way for way in ENGINE_WAYS if any(engine.get(key) is not None for key in way)]
    if len(ways) != 1 or any(engine.get(key) is None for key in ways[0]):
        yield problem("document.engine_incomplete", pointer("algorithm", "engine"))


def _boot_file(code_dir: object, boot_file: object) -> Iterator[Problem]:
    code, boot = _place(code_dir), _place(boot_file)
    if boot is None:
        return
    path, above = pointer("algorithm", "boot_file"), code[1].strip("/") if code else ""
    parts = boot[1].removeprefix("./").removeprefix("/").split("/")
    outside = "\\" in boot[1] or any(part in ("", ".", "..") for part in parts)
    if code is not None and (boot[0] or boot[1].startswith("/")):
        same = boot[0] == code[0] and (boot[0] != "" or code[1].startswith("/"))
        outside = outside or not same or (above != "" and not boot[1].strip("/").startswith(above + "/"))
    if outside:
        yield problem("document.boot_file_outside", path, boot_file=boot[1], code_dir=code[1] if code else "")


def boot_file_inside(code_dir: str, boot_file: str) -> str:
    """Its path from the code folder on: a boot file may be written with its folder before it, or without."""
    folder = code_dir.removeprefix("./").rstrip("/") + "/"
    return boot_file.removeprefix("./").removeprefix(folder)


def _place(value: object) -> tuple[str, str] | None:
    """A storage and a path in it; no storage for a path as such, None where it is not known before the run."""
    if isinstance(value, str):
        return "", value
    body = value.get("$storage") if isinstance(value, Mapping) else None
    if not isinstance(body, Mapping) or not isinstance(body.get("name"), str):
        return None
    path = body.get("path", "")
    return (body["name"], path) if isinstance(path, str) else None


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
    outputs=OutputRule(
        (
            OutputPort("obs", ObsOutput, "obs"),
            OutputPort("metrics", MetricsOutput, None),
            OutputPort("model", ModelOutput, "model", model_output_rules),
        ),
        at_most=None,
    ),
    rules=job_rules,
)
