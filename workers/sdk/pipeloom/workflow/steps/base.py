"""What all steps share: names, inputs, outputs, policy and the steps before them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from pipeloom.workflow.data import Consumption
from pipeloom.workflow.made import UNSET, Made, Path, Writer, kind_told, listed
from pipeloom.workflow.policy import Named, names_of

DATA: Final = 'Give wf.data.OBSPath(obs_path="/bucket/folder/"), a placeholder of wf.data, or an output\'s as_input().'
"""What an input takes."""


@dataclass(eq=False)
class StepPolicy(Made):
    """How a step is run.

    `poll_interval_seconds` (default 1) and `max_execution_minutes` (default 10,080, seven days; then the step ends as
    timeout) are numbers, or numbers as texts. `skip_conditions` is a Condition or a list: when all hold, the step is
    skipped. `reuse=False`, Pipeloom's own: its earlier results are never taken over by themselves.
    """

    poll_interval_seconds: Any = UNSET
    max_execution_minutes: Any = UNSET
    skip_conditions: Any = UNSET
    reuse: Any = UNSET

    lists = frozenset({"skip_conditions"})

    def written(self, into: Writer, path: Path) -> Any:
        made = super().written(into, path)
        for key in ("poll_interval_seconds", "max_execution_minutes"):
            if isinstance(made.get(key), str):
                made[key] = self._number(made[key], key)
        return made

    def _number(self, text: str, key: str) -> float:
        try:
            number = float(text)
        except ValueError:
            raise self.refuse(f"{key} is a number, not “{text}”.") from None
        return int(number) if number.is_integer() else number


@dataclass(eq=False)
class StepInput(Made):
    """Something that a step takes: `data`, under the `name` by which its code knows it."""

    name: str
    data: Any

    def written(self, into: Writer, path: Path) -> Any:
        if isinstance(self.data, StepOutput):
            raise self.refuse(f"“{self.name}” takes what an output gives, not the output: write .as_input() behind it.")
        if isinstance(self.data, (Named, StepInput)):
            raise self.refuse(f"“{self.name}” takes data, not {kind_told(self.data)}. {DATA}")
        return super().written(into, path)


@dataclass(eq=False)
class StepOutput(Made, ABC):
    """Something that a step makes, under a `name`."""

    name: str

    def __post_init__(self) -> None:
        super().__post_init__()
        self.step: Step | None = None

    def as_input(self) -> Consumption:
        """What a later step's input, a selector or a MetricInfo takes. The later step must come after this one by its
        `depend_steps`."""
        if self.step is None:
            raise self.refuse(f"The output “{self.name}” belongs to no step yet.")
        return Consumption(self.step, self.name)

    @abstractmethod
    def form(self, step: Step) -> tuple[str, Any]:
        """Its type, and its configuration."""

    def written(self, into: Writer, path: Path) -> Any:
        if self.step is None:
            raise self.refuse(f"The output “{self.name}” belongs to no step.")
        type_, config = self.form(self.step)
        made = {"name": self.name, "type": type_}
        return made if config is UNSET or config is None else {**made, "config": into.value(config, (*path, "config"))}


@dataclass(eq=False)
class Output(StepOutput):
    """An output of any `type`, configured by hand in `config`, a dict. Pipeloom's own."""

    type: str
    config: Any = UNSET

    def form(self, step: Step) -> tuple[str, Any]:
        return self.type, self.config


class Outputs(Mapping[str, StepOutput]):
    """The outputs of a step by name."""

    def __init__(self, step: Step, outputs: list[StepOutput], given: bool) -> None:
        self.step = step
        self.all = outputs
        self.given = given

    def __getitem__(self, name: str) -> StepOutput:
        found = next((each for each in self.all if each.name == name), None)
        if found is None:
            known = ", ".join(map(str, self)) or "none"
            raise self.step.refuse(f"The step “{self.step.name}” has no output “{name}”; it has: {known}.")
        return found

    def __iter__(self) -> Iterator[str]:
        return (each.name for each in self.all)

    def __len__(self) -> int:
        return len(self.all)


@dataclass(eq=False, kw_only=True)
class Step(Named):
    """Base of all kinds.

    `name`: an English letter, then letters, digits, “_” and “-”, 64 in all; unique in the workflow. `inputs` and
    `outputs` are one or a list, each with a name of its own. `title` (default: the name) is what the canvas shows,
    `description` is shown with it. `policy` is a StepPolicy. `depend_steps`, one step or a list, decides the order; a
    step whose output is taken must be among them, or before one of them. `properties` can always be given as in the
    document, which is Pipeloom's own.
    """

    kind: ClassVar[str]
    own: ClassVar[tuple[str, ...]] = ()
    """Fields that the document keeps among the step's properties."""
    takes: ClassVar[type[StepInput]] = StepInput
    makes: ClassVar[type[Any]] = StepOutput
    """What inputs and outputs are written as; the plain StepInput and Output are good for every kind."""

    inputs: Any = UNSET
    outputs: Any = UNSET
    properties: Any = UNSET
    title: Any = UNSET
    description: Any = UNSET
    policy: Any = UNSET
    depend_steps: Any = UNSET

    def __post_init__(self) -> None:
        super().__post_init__()
        for given in listed(self.inputs):
            if isinstance(given, StepInput) and type(given) is not StepInput and not isinstance(given, self.takes):
                raise given.refuse(self._belongs_elsewhere(given, "input", self.takes))
        made = listed(self.outputs)
        for output in made:
            if not isinstance(output, StepOutput):
                raise self.refuse(f"An output of “{self.name}” is {kind_told(output)}, not an output object.")
            if not isinstance(output, (self.makes, Output)):
                raise output.refuse(self._belongs_elsewhere(output, "output", self.makes))
            if output.step is not None:
                raise output.refuse(f"The output “{output.name}” belongs to the step “{output.step.name}” already.")
            output.step = self
        self.outputs = Outputs(self, made, self.outputs is not UNSET and self.outputs is not None)

    def _belongs_elsewhere(self, made: Any, what: str, right: type[Any]) -> str:
        return f"“{made.name}” is {kind_told(made)}. Write {right.__name__} for an {what} of the step “{self.name}”."

    def kind_name(self) -> str:
        """The kind of step, as the document says it."""
        return self.kind

    def written(self, into: Writer, path: Path) -> Any:
        made: dict[str, Any] = {"name": self.name, "kind": self.kind_name()}
        for key in ("title", "description"):
            if getattr(self, key) is not UNSET and getattr(self, key) is not None:
                made[key] = into.plain(getattr(self, key), (*path, key))
        if self.inputs is not UNSET and self.inputs is not None:
            made["inputs"] = into.value(listed(self.inputs), (*path, "inputs"))
        if self.outputs.given:
            made["outputs"] = into.value(self.outputs.all, (*path, "outputs"))
        properties = self.properties_given()
        if properties is not UNSET and properties is not None:
            made["properties"] = into.value(properties, (*path, "properties"))
        if self.policy is not UNSET and self.policy is not None:
            made["policy"] = into.value(self.policy, (*path, "policy"))
        if self.depend_steps is not UNSET and self.depend_steps is not None:
            made["depends_on"] = names_of(self.depend_steps, self)
        return made

    def properties_given(self) -> Any:
        """What the document keeps among its properties; ProgramError if they are given in two ways."""
        own = {key: getattr(self, key) for key in self.own}
        given = {key: value for key, value in own.items() if value is not UNSET and value is not None}
        if given and self.properties is not UNSET and self.properties is not None:
            raise self.refuse(f"Give either properties or {', '.join(given)}.")
        return given or self.properties


@dataclass(eq=False, kw_only=True)
class OtherStep(Step):
    """A step of a kind that has no class of its own, `step_kind`. Pipeloom's own."""

    step_kind: str

    def kind_name(self) -> str:
        return self.step_kind
