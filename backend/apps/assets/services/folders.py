"""Folders of versions are kept relative to the home, which a person may move."""

from pathlib import Path

from django.conf import settings


def relative_to_home(folder: str | Path) -> str:
    path, home = Path(folder), Path(settings.PIPELOOM_HOME)
    return str(path.relative_to(home)) if path.is_relative_to(home) else str(path)
