"""Folders of versions are kept relative to the home, which a person may move."""

from pathlib import Path

from django.conf import settings

from backend.apps.assets.models import StorageRoot


def relative_to_home(folder: str | Path) -> str:
    path, home = Path(folder), Path(settings.PIPELOOM_HOME)
    return str(path.relative_to(home)) if path.is_relative_to(home) else str(path)


def folders_outside(home: Path) -> list[str]:
    """Storages that an administrator has put elsewhere: whoever copies the home has to copy them too."""
    found = {str(root.path) for root in StorageRoot.objects.all() if not root.path.is_relative_to(home)}
    return sorted(found)
