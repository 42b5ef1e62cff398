"""The kinds of step that exist."""

from __future__ import annotations

from backend.domain.steps.base import StepKind
from backend.domain.steps.condition import CONDITION
from backend.domain.steps.create_dataset import CREATE_DATASET
from backend.domain.steps.dataset_import import DATASET_IMPORT
from backend.domain.steps.job import JOB
from backend.domain.steps.labeling import LABELING
from backend.domain.steps.model import MODEL
from backend.domain.steps.mrs_job import MRS_JOB
from backend.domain.steps.release_dataset import RELEASE_DATASET
from backend.domain.steps.service import SERVICE
from backend.domain.steps.workflow import WORKFLOW

KINDS: tuple[StepKind, ...] = (
    CREATE_DATASET,
    LABELING,
    DATASET_IMPORT,
    RELEASE_DATASET,
    JOB,
    CONDITION,
    MODEL,
    SERVICE,
    MRS_JOB,
    WORKFLOW,
)

_BY_NAME = {kind.name: kind for kind in KINDS}


def kind_of(name: str) -> StepKind | None:
    return _BY_NAME.get(name)
