"""mrs_job: runs a Spark program on a cluster."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, JsonValue

from backend.domain.steps.base import InputRule, OutputPort, OutputRule, StepKind, Strictly, type_of_tuple
from backend.domain.steps.job import ObsOutput
from backend.domain.steps.words import ARGUMENT_PATTERN, FilePath


class MrsParameter(Strictly):
    name: Annotated[str, Field(min_length=1, max_length=128, pattern=ARGUMENT_PATTERN)] = Field(
        description="`run_args` for the cluster, `app_args` for the program."
    )
    value: JsonValue = Field(json_schema_extra={"x-may-be-unset": True}, description="Parted by commas.")


class MrsAlgorithm(Strictly):
    boot_file: FilePath = Field(description="The program to start.")
    parameters: Annotated[tuple[MrsParameter, ...], type_of_tuple] = ()


class MrsProperties(Strictly):
    algorithm: MrsAlgorithm
    cluster_id: str = Field("", max_length=128, description="The cluster that runs it.")


MRS_JOB = StepKind(
    name="mrs_job",
    version=1,
    title="Spark job",
    description="Runs a Spark program on a cluster.",
    executes="server",
    properties=MrsProperties,
    inputs=InputRule(frozenset({"dataset_version", "obs"}), at_most=None),
    outputs=OutputRule((OutputPort("obs", ObsOutput, "obs"),), at_most=None),
)
