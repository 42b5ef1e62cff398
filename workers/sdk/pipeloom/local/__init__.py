"""Runs without a server: what is known on this machine, and the records of its experiments.

from pipeloom import local

local.add_engine("pytorch", "2.8", "/opt/torch/bin/python")
for record in local.experiments():
    print(record.experiment_id, record.number, record.state)
"""

from pipeloom.local.assets import Assets
from pipeloom.local.compared import ComparedRun, compared
from pipeloom.local.home import home_of_environment
from pipeloom.local.known import add_algorithm, add_engine, add_image, add_storage, add_workflow
from pipeloom.local.records import RunRecord, records
from pipeloom.local.result import LocalRun, StepResult

__all__ = [
    "ComparedRun",
    "LocalRun",
    "RunRecord",
    "StepResult",
    "add_algorithm",
    "add_engine",
    "add_image",
    "add_storage",
    "add_workflow",
    "compare",
    "experiments",
    "models",
]


def experiments(experiment_id: str | None = None) -> list[RunRecord]:
    """All runs that were made here, or those of one experiment, the oldest first."""
    return records(home_of_environment(), experiment_id)


def compare(experiment_id: str) -> list[ComparedRun]:
    """The runs of an experiment with what they ran with and what they measured, the oldest first."""
    return compared(experiments(experiment_id))


def models() -> list[dict[str, object]]:
    """Every model version that a run registered here, with its lineage."""
    return Assets(home_of_environment()).models()
