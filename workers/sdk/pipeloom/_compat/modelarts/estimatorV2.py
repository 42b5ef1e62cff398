"""`from modelarts.estimatorV2 import TrainingJob`: what answers questions. Jobs are steps of workflows here."""
# ruff: noqa: N999 - the name is the one that programs import

from pipeloom.resources import TrainingJob

__all__ = ["TrainingJob"]
