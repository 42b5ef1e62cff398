"""Datasets, their versions and models as files: what a server keeps in rows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from backend.domain.problems import problem
from backend.domain.run.messages import DatasetEffect, DatasetVersionEffect, ModelEffect, StepOrder
from pipeloom.local.home import Home, LocalError, put_in_place, read_json, write_json

Json = dict[str, Any]
_DATASET: Final = "dataset.json"
_MODEL: Final = "model.json"
_SAMPLES: Final = "samples.jsonl"
_THIRD = re.compile(r"(\d+)\.(\d+)\.(\d+)")


class Assets:
    def __init__(self, home: Home) -> None:
        self._home = home

    # ------------------------------------------------------------------------------------------ datasets

    def dataset(self, name: str) -> Json | None:
        return read_json(self._dataset_folder(name) / _DATASET)

    def version(self, name: str, version: str) -> Path:
        folder = self._dataset_folder(name) / "versions" / version
        if not folder.is_dir():
            raise LocalError(problem("asset.dataset_version_unknown", dataset=name, version=version))
        return folder

    def samples_write(self, name: str, path: Path) -> None:
        """One JSON line a sample, each with `source`, where the file lies on this disk."""
        with (
            open(self._dataset_folder(name) / _SAMPLES, encoding="utf-8") as rows,
            open(path, "w", encoding="utf-8") as file,
        ):
            for row in map(json.loads, rows):
                source = str(self._home.local(row["path"]))
                file.write(json.dumps({**row, "source": source}, ensure_ascii=False) + "\n")

    def dataset_register(self, effect: DatasetEffect, order: StepOrder, origin: Json) -> Json:
        if not effect.reused:
            folder = self._dataset_folder(effect.name)
            folder.mkdir(parents=True, exist_ok=True)
            put_in_place(Path(order.attempt_dir, effect.samples), folder / _SAMPLES)
            about = {
                "name": effect.name,
                "data_type": effect.data_type,
                "description": effect.description,
                "label_task_type": effect.label_task_type,
                "origin": origin,
            }
            write_json(folder / _DATASET, about)
        data = {"dataset": effect.name, "dataset_name": effect.name, "reused": effect.reused}
        return {"type": "dataset", "logical": order.outputs[effect.output].logical, "data": data}

    def version_register(self, effect: DatasetVersionEffect, order: StepOrder, origin: Json) -> Json:
        """Versions never change: a name that is taken is refused."""
        folder = self._dataset_folder(effect.dataset) / "versions"
        folder.mkdir(parents=True, exist_ok=True)
        name = effect.name or f"V{1 + max((_number(each.name) for each in folder.glob('V*')), default=0):03d}"
        if (folder / name).exists():
            raise LocalError(problem("asset.dataset_version_exists", dataset=effect.dataset, version=name))
        made = Path(order.outputs[effect.output].path)
        split = effect.split.model_dump() if effect.split else None
        write_json(made / "version.json", {"counts": effect.counts, "split": split, "origin": origin})
        put_in_place(made, folder / name)
        data = {"dataset": effect.dataset, "dataset_name": effect.dataset, "version": name, "version_name": name}
        return {"type": "dataset", "logical": "", "data": {**data, "counts": effect.counts}}

    def _dataset_folder(self, name: str) -> Path:
        return self._home.root / "datasets" / _as_folder(name, "asset.dataset_name")

    # ------------------------------------------------------------------------------------------ models

    def model_folder(self, name: str, version: str) -> Path:
        return self._model_folder(name) / version

    def model_register(self, effect: ModelEffect, order: StepOrder, lineage: Mapping[str, Any]) -> Json:
        folder = self._model_folder(effect.name)
        folder.mkdir(parents=True, exist_ok=True)
        version = effect.version or _next_version([each.name for each in folder.iterdir()])
        if (folder / version).exists():
            raise LocalError(problem("asset.model_version_exists", model=effect.name, version=version))
        made = Path(order.outputs[effect.output].path)
        about = {
            "name": effect.name,
            "version": version,
            "model_type": effect.model_type,
            "config": effect.config,
            "files": [each.model_dump() for each in effect.files],
            "lineage": dict(lineage),
        }
        put_in_place(made, folder / version)
        write_json(folder / f"{version}.json", about)
        data = {"model": effect.name, "model_name": effect.name, "version": version, "version_name": version}
        return {"type": "model", "logical": "", "data": {**data, "model_type": effect.model_type}}

    def _model_folder(self, name: str) -> Path:
        return self._home.root / "models" / _as_folder(name, "asset.model_name")

    def models(self) -> list[Json]:
        """Every version of every model, the newest of each last."""
        files = sorted(
            (self._home.root / "models").glob("*/*.json"), key=lambda each: (each.parent.name, _third(each.stem))
        )
        return [found for each in files if (found := read_json(each)) is not None]


def _as_folder(name: str, code: str) -> str:
    """The name comes from a value of the run: it must not lead anywhere else."""
    if not name or name.startswith(".") or "/" in name or "\x00" in name:
        raise LocalError(problem(code, name=name))
    return name


def _number(name: str) -> int:
    return int(name[1:]) if name[1:].isdigit() else 0


def _third(text: str) -> tuple[int, ...]:
    found = _THIRD.fullmatch(text)
    return tuple(map(int, found.groups())) if found else (0, 0, 0)


def _next_version(taken: list[str]) -> str:
    """The last part goes on; after 99 the one before it does."""
    versions = [_third(name) for name in taken if _THIRD.fullmatch(name)]
    if not versions:
        return "0.0.1"
    major, minor, patch = max(versions)
    return f"{major}.{minor}.{patch + 1}" if patch < 99 else f"{major}.{minor + 1}.0"
