"""Workflows as Python programs.

from pipeloom import workflow as wf

The names are those of ModelArts Workflow; what is Pipeloom's own says so. Only a release needs a server.
"""

from pipeloom.workflow import data, policy, resource, steps
from pipeloom.workflow.made import Line, ProgramError
from pipeloom.workflow.policy import Subgraph
from pipeloom.workflow.program import (
    Finding,
    Workflow,
    add_whitelist_users,
    delete_whitelist_users,
)
from pipeloom.workflow.publishing import Offered, Release, ServerRefusedError, Started
from pipeloom.workflow.steps.jobs import AIGalleryAlgorithm, Algorithm, AlgorithmParameters, BaseAlgorithm
from pipeloom.workflow.values import Literal, Placeholder, PlaceholderType, Reference, SystemEnv

workflow = Workflow
"""The name under which the source lists it."""

__all__ = [
    "AIGalleryAlgorithm",
    "Algorithm",
    "AlgorithmParameters",
    "BaseAlgorithm",
    "Finding",
    "Line",
    "Literal",
    "Offered",
    "Placeholder",
    "PlaceholderType",
    "ProgramError",
    "Reference",
    "Release",
    "ServerRefusedError",
    "Started",
    "Subgraph",
    "SystemEnv",
    "Workflow",
    "add_whitelist_users",
    "data",
    "delete_whitelist_users",
    "policy",
    "resource",
    "steps",
    "workflow",
]
