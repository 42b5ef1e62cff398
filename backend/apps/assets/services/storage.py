"""Which folders a project's paths lead to."""

from django.conf import settings
from django.db import IntegrityError, transaction

from backend.apps.accounts.models import Project
from backend.apps.assets.models import StorageRoot
from backend.apps.assets.selectors import storage_rows
from backend.shared.storage import Root, Roots

DEFAULT = "default"
FIRST_FOLDER = "storage/default"


def storage_roots(*, project: Project) -> Roots:
    """The storages of the project by name: its own, and the shared ones whose names it does not use itself."""
    storage_ensure_default(project=project)
    rows = sorted(storage_rows(project), key=lambda row: row.project_id is not None)
    return Roots([Root(row.name, row.path, row.read_only) for row in {row.name: row for row in rows}.values()])


def storage_ensure_default(*, project: Project) -> None:
    """Every project has its own `default`, so that nobody reads another's files by a path.

    The first project of an installation gets the folder that people find on the disk by its name.
    """
    found = StorageRoot.objects.filter(project=project, name=DEFAULT).first()
    if found is None:
        found = _made(project)
    found.path.mkdir(parents=True, exist_ok=True)


def _made(project: Project) -> StorageRoot:
    first = Project.objects.order_by("pk").values_list("pk", flat=True).first()
    folders = [f"storage/{project.pk}"]
    if first == project.pk:
        folders.insert(0, FIRST_FOLDER)
    for folder in folders:
        try:
            with transaction.atomic():
                return StorageRoot.objects.create(project=project, name=DEFAULT, folder=folder)
        except IntegrityError:
            # Either somebody made it at the same moment, or the folder belongs to an earlier first project.
            made = StorageRoot.objects.filter(project=project, name=DEFAULT).first()
            if made is not None:
                return made
    raise RuntimeError(f"no folder is free for the storage of project {project.pk} in {settings.PIPELOOM_HOME}")


def storage_root_create(
    *, name: str, folder: str, project: Project | None = None, read_only: bool = False
) -> StorageRoot:
    """A further storage; without a project it is shared by all."""
    row = StorageRoot.objects.create(name=name, folder=folder, project=project, read_only=read_only)
    row.path.mkdir(parents=True, exist_ok=True)
    return row
