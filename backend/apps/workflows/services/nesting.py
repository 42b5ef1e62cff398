"""Workflows inside workflows: which release a step runs, and that nothing leads back to where it began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from backend.apps.accounts.models import Project, Role, User
from backend.apps.workflows.models import WorkflowVersion
from backend.domain.design.document import Document, Step
from backend.domain.design.load import parse_document
from backend.domain.design.nested import Release, is_nested, nested_problems, release_of
from backend.domain.problems import Problem, pointer, problem
from backend.domain.steps.workflow import MOST_LEVELS


def release_found(*, project: Project, release: Release, user: User | None) -> WorkflowVersion | None:
    """The version that a step runs: a release of the same project, as far as this person may run it. Nobody: the
    engine itself."""
    rows: QuerySet[WorkflowVersion] = WorkflowVersion.objects.all()
    if user is not None:
        rows = WorkflowVersion.objects.for_user(user, Role.OPERATOR)
    name, number = release
    return (
        rows.filter(
            workflow__project=project,
            workflow__name=name,
            workflow__deleted_at__isnull=True,
            number=number,
            released_at__isnull=False,
        )
        .select_related("workflow")
        .first()
    )


def nesting_problems(
    *, project: Project, workflow_id: UUID | None, document: Document, user: User | None, levels: int = 1
) -> list[Problem]:
    """Everything that keeps the steps of a workflow that run other workflows from doing so. `levels` says how many are
    inside each other already, this one among them."""
    nested = [(index, step) for index, step in enumerate(document.steps) if is_nested(step)]
    walk = _Walk(project, user, workflow_id)
    return [found for index, step in nested for found in walk.problems(document, step, pointer("steps", index), levels)]


@dataclass(frozen=True, slots=True)
class _Inside:
    """What a version holds: how many levels, its own among them, and the names that lead to each workflow."""

    levels: int
    ways: dict[UUID, tuple[str, ...]]


_TOO_DEEP = _Inside(MOST_LEVELS + 1, {})


@dataclass(slots=True)
class _Walk:
    project: Project
    user: User | None
    outermost: UUID | None
    known: dict[UUID, _Inside] = field(default_factory=dict)
    found: dict[Release, tuple[WorkflowVersion, Document] | None] = field(default_factory=dict)

    def problems(self, outer: Document, step: Step, path: str, levels: int) -> Iterator[Problem]:
        release = release_of(step)
        if release is None:
            return
        at = path + pointer("properties", "release")
        inner = self.release(release)
        if inner is None:
            yield problem("nested.unknown_release", at, workflow=release[0], version=release[1])
            return
        version, document = inner
        inside = self.inside(version, document, MOST_LEVELS)
        way = inside.ways.get(self.outermost) if self.outermost else None
        if way is not None:
            yield problem("nested.cycle", at, workflow=release[0], chain=" → ".join(way))
        elif inside.levels + levels > MOST_LEVELS:
            yield problem("nested.too_deep", at, workflow=release[0], limit=MOST_LEVELS)
        for found in nested_problems(outer, step, document):
            yield Problem(found.code, path + found.path, found.params, found.message, found.hint, found.severity)

    def release(self, release: Release) -> tuple[WorkflowVersion, Document] | None:
        if release not in self.found:
            version = release_found(project=self.project, release=release, user=self.user)
            document = parse_document(version.document)[0] if version is not None else None
            self.found[release] = (version, document) if version is not None and document is not None else None
        return self.found[release]

    def inside(self, version: WorkflowVersion, document: Document, left: int) -> _Inside:
        """Each version is looked at once, however many lead to it; `left` ends what never would."""
        if version.pk in self.known:
            return self.known[version.pk]
        if left == 0:
            return _TOO_DEEP
        name = version.workflow.name
        levels, ways = 0, {version.workflow_id: (name,)}
        for step in document.steps:
            release = release_of(step) if is_nested(step) else None
            inner = self.release(release) if release else None
            if inner is not None:
                deeper = self.inside(*inner, left - 1)
                levels = max(levels, deeper.levels)
                for workflow, way in deeper.ways.items():
                    ways.setdefault(workflow, (name, *way))
        self.known[version.pk] = _Inside(levels + 1, ways)
        return self.known[version.pk]
