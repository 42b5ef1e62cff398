"""Folders of versions that no row names: what a finish had moved into its place when its process was killed."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from backend.apps.assets.models import DatasetVersion, ModelVersion
from backend.apps.assets.services.folders import relative_to_home

KEPT_SECONDS = 86_400.0
"""Between the move and the commit lie moments; a day also covers a clock that was set wrong."""


def unnamed_folders() -> list[str]:
    """`models/<model>/<version>` and `datasets/<dataset>/<version>`, old enough, and nobody's."""
    old = [relative_to_home(folder) for folder in _folders() if _age(folder) > KEPT_SECONDS]
    named = {
        folder
        for rows in (ModelVersion.objects, DatasetVersion.objects)
        for folder in rows.filter(folder__in=old).values_list("folder", flat=True)
    }
    return [folder for folder in old if folder not in named]


def unnamed_folder_remove(folder: str) -> bool:
    """Asked again: a row that came meanwhile keeps it."""
    if any(rows.filter(folder=folder).exists() for rows in (ModelVersion.objects, DatasetVersion.objects)):
        return False
    path = Path(settings.PIPELOOM_HOME) / folder
    shutil.rmtree(path, ignore_errors=True)
    return not path.exists()


def _folders() -> Iterator[Path]:
    for name in ("models", "datasets"):
        for folder in (Path(settings.PIPELOOM_HOME) / name).glob("*/*"):
            if _is_key(folder.name) and _is_key(folder.parent.name) and folder.is_dir() and not folder.is_symlink():
                yield folder


def _is_key(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def _age(folder: Path) -> float:
    try:
        return time.time() - folder.stat().st_ctime
    except OSError:
        return 0.0
