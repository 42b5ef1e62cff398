"""Conditions, and the step that chooses between two branches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from pipeloom.workflow.data import Consumption
from pipeloom.workflow.made import UNSET, Made, Path, Writer, listed
from pipeloom.workflow.policy import names_of
from pipeloom.workflow.steps.base import Step


class ConditionTypeEnum(Enum):
    """NOT means “is not equal”. There is no AND: a list of conditions holds when all of them hold."""

    EQ = "EQ"
    GT = "GT"
    GTE = "GTE"
    IN = "IN"
    LT = "LT"
    LTE = "LTE"
    NOT = "NOT"
    OR = "OR"


@dataclass(eq=False)
class MetricInfo(Made):
    """A number that a job wrote among its metrics.

    `input_data` is the `as_input()` of a JobOutput with metrics_config (or with a metric_file); `json_key` is the
    `key` of an entry of type “float”: only those can be read. A missing or other entry fails the step that asks.
    """

    input_data: Any
    json_key: str

    def written(self, into: Writer, path: Path) -> Any:
        if not isinstance(self.input_data, Consumption):
            raise self.refuse('input_data is an output of a job: job_step.outputs["metrics"].as_input().')
        source = self.input_data
        return {"$metric": {"step": source.step.name, "output": source.output, "key": self.json_key}}


@dataclass(eq=False)
class Condition(Made):
    """Compares `left` with `right` by `condition_type`, a ConditionTypeEnum.

    A side is an int, float, str or bool, a list (on the right of IN), a Placeholder, a MetricInfo, or another
    Condition. OR takes conditions, or True and False.
    """

    condition_type: Any
    left: Any
    right: Any

    json_names: ClassVar[dict[str, str]] = {"condition_type": "type"}


@dataclass(eq=False, kw_only=True)
class ConditionStep(Step):
    """Chooses between two branches.

    `conditions` is one or a list, of which all must hold; then the steps of `if_then_steps` may run and those of
    `else_then_steps` are skipped, otherwise the other way round. Both name steps (objects are taken, too), which
    depend on this one. A step that hangs on skipped steps alone is skipped as well. It has no inputs, outputs and
    `properties`.
    """

    kind = "condition"
    own = ("conditions", "if_then_steps", "else_then_steps")

    conditions: Any = UNSET
    if_then_steps: Any = UNSET
    else_then_steps: Any = UNSET

    def properties_given(self) -> Any:
        given = super().properties_given()
        if given is self.properties:
            return given
        branches = {key: names_of(given[key], self) for key in ("if_then_steps", "else_then_steps") if key in given}
        held = {"conditions": listed(given["conditions"])} if "conditions" in given else {}
        return {**held, **branches}
