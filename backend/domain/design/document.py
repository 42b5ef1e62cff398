"""The workflow document: what the user draws, as one JSON value.

Values that may hold a reference (`inputs[].data`, `outputs[].config`, `properties`) stay JSON here; what they may say
is checked per kind of step. `id` and `layout` serve the drawing and the comparison of versions; they mean nothing to a
run.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, JsonValue

from backend.domain.design.limits import LONGEST_TIMEOUT_MINUTES
from backend.domain.steps.base import OutputType, Strictly, Texts, type_of_tuple
from backend.domain.steps.condition import Condition
from backend.domain.steps.words import WORD_PATTERN, WORKFLOW_NAME_PATTERN, Name, Path

SCHEMA = 1
"""Version of the document's form. Optional additions do not raise it."""

ParameterType = Literal["INT", "STR", "BOOL", "FLOAT", "ENUM", "JSON", "LIST"]
PARAMETER_TYPES: tuple[str, ...] = get_args(ParameterType)
ParameterFormat = Literal["obs", "flavor", "train_flavor", "swr", "pacific", "str", "int", "float", "bool"]
PARAMETER_FORMATS: tuple[str, ...] = get_args(ParameterFormat)
DataPlaceholderType = Literal[
    "obs", "dataset", "label_task", "swr", "model_list", "service", "gallery_model", "data_selector"
]
SelectableType = Literal["dataset", "obs", "label_task", "swr", "model_list"]

JsonObject = dict[str, JsonValue]
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=WORD_PATTERN)]
Title = Annotated[str, Field(max_length=128)]
Description = Annotated[str, Field(max_length=4096)]
WorkflowName = Annotated[str, Field(pattern=WORKFLOW_NAME_PATTERN)]


class Parameter(Strictly):
    """A placeholder: a value that is asked for before the run, or, with `delay`, when a step needs it. `constraint`
    narrows flavors and numbers; `example` is shown beside the field."""

    id: Id
    name: Name
    title: Title = ""
    type: ParameterType
    format: ParameterFormat | None = None
    default: JsonValue = None
    enum: Annotated[tuple[JsonValue, ...], type_of_tuple, Field(max_length=1000)] = ()
    required: bool = True
    delay: bool = False
    description: Description = ""
    constraint: JsonObject = Field(default_factory=dict)
    example: JsonValue = None

    @property
    def has_default(self) -> bool:
        """An absent default is no default; a default of null, 0, "" or false is one."""
        return "default" in self.model_fields_set


class DataCondition(Strictly):
    """What the chosen data must be, for example a model of one name. `value` may be a `$parameter`."""

    attribute: Annotated[str, Field(min_length=1, max_length=64)]
    operator: Literal["equal"] = "equal"
    value: JsonValue


class Data(Strictly):
    """Data that a step takes: fixed (`value`), or a placeholder with perhaps a `default`. A `data_selector` lets
    whoever runs the workflow choose among `data_type_list`."""

    id: Id
    name: Name
    type: DataPlaceholderType
    placeholder: bool = True
    object_type: Literal["directory", "file"] = "directory"
    default: JsonObject | None = None
    value: JsonObject | None = None
    delay: bool = False
    required: bool = True
    description: Description = ""
    conditions: Annotated[tuple[DataCondition, ...], type_of_tuple, Field(max_length=100)] = ()
    data_type_list: Annotated[tuple[SelectableType, ...], type_of_tuple] = ()

    @property
    def has_default(self) -> bool:
        return self.default is not None


class Storage(Strictly):
    """A root under which steps write. Whoever runs the workflow may give another one than the default."""

    name: Name
    title: Title = ""
    description: Description = ""
    create_dir: bool = False
    with_execution_id: bool = False
    default: Path | None = None


class Input(Strictly):
    name: Name
    data: JsonValue


class Output(Strictly):
    name: Name
    type: OutputType
    config: JsonObject = Field(default_factory=dict)


class Policy(Strictly):
    poll_interval_seconds: float = Field(1, gt=0, le=86_400)
    max_execution_minutes: float = Field(10_080, gt=0, le=LONGEST_TIMEOUT_MINUTES)
    skip_conditions: Annotated[tuple[Condition, ...], type_of_tuple, Field(max_length=100)] = ()
    reuse: bool = True
    """Whether an earlier result may be taken over where a run takes results over by itself; false: it runs anew."""


class Step(Strictly):
    id: Id
    name: Name
    kind: str
    title: Title = ""
    description: Description = ""
    inputs: Annotated[tuple[Input, ...], type_of_tuple] = ()
    outputs: Annotated[tuple[Output, ...], type_of_tuple] = ()
    properties: JsonObject = Field(default_factory=dict)
    policy: Policy = Policy()
    depends_on: Texts = ()

    @property
    def shown_title(self) -> str:
        return self.title or self.name

    def output(self, name: str) -> Output | None:
        return next((output for output in self.outputs if output.name == name), None)


class Group(Strictly):
    """Steps under one name: a scene is run by itself, a subgraph is folded on the canvas."""

    id: Id
    name: Annotated[str, Field(min_length=1, max_length=64)]
    steps: Texts = ()
    description: Description = ""


class Note(Strictly):
    id: Id
    text: Annotated[str, Field(max_length=10_000)] = ""


class Position(Strictly):
    x: float
    y: float


class Layout(Strictly):
    """Where things are drawn, and which subgraphs are folded, by id. Unknown ids do no harm."""

    nodes: dict[str, Position] = Field(default_factory=dict)
    folded: dict[str, bool] = Field(default_factory=dict)


class Document(Strictly):
    schema_: Literal[1] = Field(alias="schema")
    name: WorkflowName
    description: Description = ""
    parameters: Annotated[tuple[Parameter, ...], type_of_tuple] = ()
    data: Annotated[tuple[Data, ...], type_of_tuple] = ()
    storages: Annotated[tuple[Storage, ...], type_of_tuple] = ()
    steps: Annotated[tuple[Step, ...], type_of_tuple] = ()
    scenes: Annotated[tuple[Group, ...], type_of_tuple] = ()
    subgraphs: Annotated[tuple[Group, ...], type_of_tuple] = ()
    notes: Annotated[tuple[Note, ...], type_of_tuple] = ()
    layout: Layout = Layout()

    def step(self, name: str) -> Step | None:
        return self._steps_by_name.get(name)

    def parameter(self, name: str) -> Parameter | None:
        return self._parameters_by_name.get(name)

    def data_named(self, name: str) -> Data | None:
        return next((data for data in self.data if data.name == name), None)

    def storage(self, name: str) -> Storage | None:
        return next((storage for storage in self.storages if storage.name == name), None)

    def replaced(self, **lists: Any) -> Document:
        """The same with other steps, parameters or data. A plain copy would go on looking among the old ones."""
        made = self.model_copy(update=lists)
        for kept in ("_steps_by_name", "_parameters_by_name"):
            made.__dict__.pop(kept, None)
        return made

    # Asked once a reference, so a search through thousands of steps each time would be quadratic.
    @cached_property
    def _steps_by_name(self) -> dict[str, Step]:
        return {step.name: step for step in reversed(self.steps)}

    @cached_property
    def _parameters_by_name(self) -> dict[str, Parameter]:
        return {parameter.name: parameter for parameter in reversed(self.parameters)}
