"""Where a run without a server finds and leaves things: one folder, beside the program or wherever it is told to be.

storage/<name>/…         what `/<name>/…` means; a link there makes a folder from anywhere a storage
datasets/ models/        what steps registered
experiments/             the records of all runs
settings.json            engines and algorithms that were made known here
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from backend.domain.problems import Problem, problem
from backend.domain.untrusted_json import UntrustedJson, parse_untrusted_json

VARIABLE: Final = "PIPELOOM_LOCAL_HOME"
_DEFAULT: Final = ".pipeloom-local"
_PRIVATE: Final = ".pipeloom-"
_LARGEST: Final = 64 << 20


class LocalError(Exception):
    """Something that a run on this machine cannot do, as a problem."""

    def __init__(self, found: Problem) -> None:
        super().__init__(f"{found.message} {found.hint}".rstrip())
        self.problem = found


class Home:
    """Paths are logical (`/storage/folder/file`) wherever they are texts, and of this machine where they are Paths."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def prepared(self) -> Home:
        for name in ("storage/default", "datasets", "models", "experiments"):
            (self.root / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    @property
    def storages(self) -> Path:
        return self.root / "storage"

    def local(self, place: str) -> Path:
        """Where a logical path is, whether or not anything is there."""
        name, *parts = _parts(place)
        folder = self.storages / name
        if not folder.is_dir():
            known = ", ".join(f"/{each.name}/" for each in sorted(self.storages.iterdir()))
            raise LocalError(problem("storage.unknown_root", name=f"{name}” in “{self.storages}", known=known))
        return folder.resolve().joinpath(*parts)

    def existing(self, place: str) -> Path:
        """The same of what must be there: a step must not begin on data that does not exist."""
        found = self.local(place)
        if not found.exists():
            raise LocalError(problem("storage.missing", place=f"{place} ({found})"))
        return found

    # ------------------------------------------------------------------------------------------ settings

    def settings(self) -> dict[str, Any]:
        return read_json(self.root / "settings.json") or {}

    def settings_write(self, settings: Mapping[str, Any]) -> None:
        self.prepared()
        write_json(self.root / "settings.json", settings)


def home_of_environment() -> Home:
    """`PIPELOOM_LOCAL_HOME`, else a folder beside which the program was started."""
    return Home(Path(os.environ.get(VARIABLE) or _DEFAULT).resolve())


def _parts(place: str) -> list[str]:
    parts = place.strip("/").split("/")
    if not place.startswith("/") or not all(parts) or any(part in (".", "..") for part in parts):
        raise LocalError(problem("storage.path_form", place=place, reason="it is not /storage/folder/file"))
    return parts


def read_json(path: Path) -> dict[str, Any] | None:
    """None where there is nothing, or nothing that we wrote."""
    try:
        found = parse_untrusted_json(path.read_bytes(), max_bytes=_LARGEST)
    except (OSError, UntrustedJson):
        return None
    return found if isinstance(found, dict) else None


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Whole or not at all, whatever happens meanwhile."""
    new = path.with_name(f"{_PRIVATE}{secrets.token_hex(8)}.new")
    new.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
    new.replace(path)


def put_in_place(source: Path, target: Path) -> None:
    """By one rename: whoever reads sees the old tree or the new one. An older one is removed at the end."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = target.with_name(f"{_PRIVATE}{secrets.token_hex(8)}.old")
    there = target.exists() or target.is_symlink()
    if there:
        target.rename(old)
    try:
        shutil.move(source, target)
    except OSError:
        if there:
            old.rename(target)
        raise
    if old.is_dir() and not old.is_symlink():
        shutil.rmtree(old)
    elif there:
        old.unlink()
