"""The words of the ModelArts wire form that differ from ours."""

from __future__ import annotations

from typing import Final

from backend.domain.steps.words import LABEL_TASK_CODES, LABEL_TYPE_CODES

OPERATORS: Final = {
    "EQ": "==",
    "GT": ">",
    "GTE": ">=",
    "IN": "in",
    "LT": "<",
    "LTE": "<=",
    "NOT": "!=",
    "OR": "or",
}
OPERATORS_READ: Final = {sign: name for name, sign in OPERATORS.items()} | {name: name for name in OPERATORS}
DATA_TYPES: Final = {"model_list": "model", "gallery_model": "model"}
"""Fixed data whose type is called otherwise."""
CODED: Final = {
    "label_task_type": LABEL_TASK_CODES,
    "task_type": LABEL_TASK_CODES,
    "scene": LABEL_TASK_CODES,
}
"""Fields of properties that hold a number on the wire and a name here."""
LABEL_TYPES: Final = LABEL_TYPE_CODES
SHELL: Final = ("/bin/sh", "-c")
"""On the wire a command is one text for a shell; here it is a program and its arguments."""
WORKFLOW_KEYS: Final = frozenset(
    {"name", "description", "parameters", "data", "data_requirements", "storages", "steps", "policy", "sub_graphs"}
)
STEP_KEYS: Final = frozenset(
    {
        "name",
        "type",
        "title",
        "description",
        "inputs",
        "outputs",
        "properties",
        "policy",
        "depend_steps",
        "conditions",
        "if_then_steps",
        "else_then_steps",
    }
)
