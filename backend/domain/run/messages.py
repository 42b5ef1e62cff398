"""What crosses a process border: the order and report of a step process, and the frames of the live stream.

pydantic is the only source of these shapes; `export()` is what the generated contract is written from.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter
from pydantic.json_schema import models_json_schema


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReasonMessage(Message):
    """Why something ended or waits: `code` and `params` to translate, `message` and `hint` in English."""

    code: str
    params: dict[str, JsonValue] = Field(default_factory=dict)
    message: str
    hint: str = ""
    log_offset: int | None = None


# ---------------------------------------------------------------------------------------------- the order of a step


class OrderInput(Message):
    type: Literal["obs", "dataset", "model"]
    path: str
    """Absolute and local; folders end with a slash."""
    logical: str = ""
    data: dict[str, JsonValue] = Field(default_factory=dict)


class OrderOutput(Message):
    type: Literal["obs", "dataset", "model"]
    path: str
    """Absolute and local, inside the attempt's folder: the step writes here."""
    logical: str = ""
    target: str = ""
    """Absolute final place. Only the trusted agent moves `path` there, when it commits the result."""
    config: dict[str, JsonValue] = Field(default_factory=dict)


class OrderMetrics(Message):
    output: str
    path: str
    logical: str = ""
    realtime: bool = False
    visualization: bool = True


class OrderCode(Message):
    dir: str
    boot_file: str = ""
    """Relative to `dir`; empty where a command says what to start."""


class OrderEngine(Message):
    name: str
    version: str
    interpreter: str


class OrderImage(Message):
    name: str
    """As the program says it."""
    reference: str
    """What the container engine of the host is told."""


class StepOrder(Message):
    """Everything a step process is told. It holds no secret."""

    version: Literal[1] = 1
    token: str
    run: str
    run_number: int
    workflow: str
    step: str
    title: str = ""
    kind: str
    attempt: int
    task: int = 0
    tasks: int = 1
    properties: dict[str, JsonValue] = Field(default_factory=dict)
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    inputs: dict[str, OrderInput] = Field(default_factory=dict)
    outputs: dict[str, OrderOutput] = Field(default_factory=dict)
    metrics: list[OrderMetrics] = Field(default_factory=list)
    code: OrderCode | None = None
    argv: list[str] | None = None
    engine: OrderEngine | None = None
    image: OrderImage | None = None
    """Instead of an engine: the step runs in a container."""
    environment: dict[str, str] = Field(default_factory=dict)
    attempt_dir: str
    work_dir: str
    log_path: str
    report_path: str
    devices: list[str] = Field(default_factory=list)
    cpu: float = 1.0
    memory_mb: int = 0
    timeout_seconds: int
    grace_seconds: int = 10
    sdk_path: str
    readable: list[str] = Field(default_factory=list)
    """Folders of the installation that this step needs; those of other projects are out of its reach."""
    context: dict[str, JsonValue] = Field(default_factory=dict)


# --------------------------------------------------------------------------------------------- the report of a step


class ReportFile(Message):
    path: str
    size: int = Field(ge=0)
    sha256: str


class ReportOutput(Message):
    files: list[ReportFile] = Field(default_factory=list)
    bytes: int = 0
    count: int = 0


class DatasetEffect(Message):
    """Register a dataset. `samples` is a file in the attempt's folder: JSON Lines
    {path, size, sha256, media_type, labels, usage}."""

    type: Literal["dataset"] = "dataset"
    output: str
    name: str
    data_type: str
    description: str = ""
    label_task_type: str | None = None
    samples: str
    reused: bool = False


class Split(Message):
    ratio: float
    seed: int


class DatasetVersionEffect(Message):
    """Register an immutable version of a dataset from a folder the step wrote."""

    type: Literal["dataset_version"] = "dataset_version"
    output: str
    dataset: str
    name: str | None = None
    folder: str
    counts: dict[str, JsonValue] = Field(default_factory=dict)
    split: Split | None = None


class ModelEffect(Message):
    """Register a version of a model."""

    type: Literal["model"] = "model"
    output: str
    name: str
    version: str | None = None
    model_type: str
    folder: str
    files: list[ReportFile] = Field(default_factory=list)
    config: dict[str, JsonValue] = Field(default_factory=dict)


Effect = Annotated[DatasetEffect | DatasetVersionEffect | ModelEffect, Field(discriminator="type")]


class Usage(Message):
    seconds: float = 0.0
    max_rss_mb: float | None = None
    cpu_seconds: float | None = None


class StepReport(Message):
    """Everything a step process says about how it went."""

    version: Literal[1] = 1
    token: str
    outcome: Literal["succeeded", "failed", "cancelled", "timeout"]
    exit_code: int | None = None
    signal: int | None = None
    reason: ReasonMessage | None = None
    outputs: dict[str, ReportOutput] = Field(default_factory=dict)
    floats: dict[str, dict[str, float]] = Field(default_factory=dict)
    effects: list[Effect] = Field(default_factory=list)
    usage: Usage = Field(default_factory=Usage)


# ------------------------------------------------------------------------------------------------- the live stream


class FactFrame(Message):
    """One numbered event of a run. `seq` is dense: a gap means that something was missed."""

    type: Literal[
        "run_created",
        "run_started",
        "run_stop_requested",
        "run_finished",
        "step_ready",
        "step_waiting",
        "step_dispatched",
        "step_started",
        "step_finished",
        "step_skipped",
        "step_reused",
        "step_retried",
        "step_continued",
        "step_stop_requested",
        "attempt_lost",
        "outputs_promoted",
        "condition_evaluated",
    ]
    run: str
    seq: int = Field(ge=1)
    at: datetime
    step: str | None = None
    data: dict[str, JsonValue] = Field(default_factory=dict)


class MetricsFrame(Message):
    """A metrics file changed. `rev` is dense per attempt, output and path; a `delta` builds on the rev before it."""

    type: Literal["metrics"] = "metrics"
    run: str
    step: str
    attempt: str
    output: str
    path: str
    rev: int = Field(ge=0)
    at: datetime
    delta: JsonValue = None
    value: JsonValue = None
    problem: JsonValue = None


class LogGrewFrame(Message):
    type: Literal["log_grew"] = "log_grew"
    run: str
    step: str
    attempt: str
    size: int = Field(ge=0)


class WorkerFrame(Message):
    """A host came, went or changed."""

    type: Literal["worker"] = "worker"
    host: str
    online: bool
    data: dict[str, JsonValue] = Field(default_factory=dict)


class PingFrame(Message):
    type: Literal["ping"] = "ping"
    at: datetime | None = None
    seq: int | None = None


class ResyncFrame(Message):
    """The reader's number is of no use: take the snapshot again and go on from `seq`."""

    type: Literal["resync"] = "resync"
    run: str
    seq: int = Field(ge=0)


Frame = Annotated[
    FactFrame | MetricsFrame | LogGrewFrame | WorkerFrame | PingFrame | ResyncFrame, Field(discriminator="type")
]
FRAME: TypeAdapter[Frame] = TypeAdapter(Frame)


def export() -> dict[str, Any]:
    """The JSON Schema of every message, for contract/messages.json."""
    models: tuple[type[Message], ...] = (
        StepOrder,
        StepReport,
        FactFrame,
        MetricsFrame,
        LogGrewFrame,
        WorkerFrame,
        PingFrame,
        ResyncFrame,
    )
    _, schema = models_json_schema(
        [(model, "serialization") for model in models], ref_template="#/$defs/{model}", title="Pipeloom messages"
    )
    frames = ("FactFrame", "MetricsFrame", "LogGrewFrame", "WorkerFrame", "PingFrame", "ResyncFrame")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$defs"]["Frame"] = {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in frames]}
    return schema
