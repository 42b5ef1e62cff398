"""service: puts a model into service, or a new version of it into a service that is there."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from backend.domain.steps.base import InputRule, Nothing, OutputPort, OutputRule, StepKind, Strictly
from backend.domain.steps.words import PLAIN_PATTERN, FilePath, ServiceName


class ServiceOutput(Strictly):
    infer_type: Literal["real-time", "batch", "edge"] = Field("real-time", description="Answers at once, or works off.")
    service_name: ServiceName | None = Field(None, description="Leave out to have a name made.")
    description: str = Field("", max_length=100, pattern=PLAIN_PATTERN)
    vpc_id: str = Field("", max_length=64, description="Of the cloud only; kept, not used.")
    subnet_network_id: str = Field("", max_length=64, description="Of the cloud only; kept, not used.")
    security_group_id: str = Field("", max_length=64, description="Of the cloud only; kept, not used.")
    cluster_id: str = Field("", max_length=64, description="Of the cloud only; kept, not used.")
    additional_properties: dict[str, JsonValue] = Field(default_factory=dict)


class ServiceContent(Strictly):
    """TripartiteServiceConfig: the settings of somebody else's service. Not documented by the source."""

    config_file: FilePath = Field(description="The file with its settings.")


SERVICE = StepKind(
    name="service",
    version=1,
    title="Deploy service",
    description="Puts a version of a model into service, or into a service that is there.",
    executes="server",
    properties=Nothing,
    inputs=InputRule(frozenset({"model", "service"}), at_most=2),
    outputs=OutputRule(
        (OutputPort("service", ServiceOutput, "service"), OutputPort("service_content", ServiceContent, None)),
        at_least=1,
        at_most=1,
    ),
)
