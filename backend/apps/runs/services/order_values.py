"""References of a step, replaced by what they stand for in this run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from backend.apps.accounts.models import Project
from backend.apps.assets.services import storage_roots
from backend.domain.problems import Problem
from backend.domain.run.step_values import StepValues
from backend.shared.errors import ProductError
from backend.shared.storage import Roots


class ProjectAssets:
    """The project of a run and its storages, read when a step first names a place; many steps name none."""

    def __init__(self, project_id: UUID) -> None:
        self.project_id = project_id

    @cached_property
    def project(self) -> Project:
        return Project.objects.get(pk=self.project_id)

    @cached_property
    def roots(self) -> Roots:
        return storage_roots(project=self.project)

    @property
    def roots_were_read(self) -> bool:
        """Whether anything named a place in a storage until now."""
        return "roots" in self.__dict__


@dataclass(slots=True)
class Values(StepValues):
    """Those of a step of a run in the database, whose places lie in the storages of its project."""

    assets: ProjectAssets

    def local(self, place: str) -> str:
        return str(self.assets.roots.local(place))

    def refused(self, found: Problem) -> Exception:
        return ProductError.of(found)
