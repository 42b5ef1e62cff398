"""Effects into rows: datasets, dataset versions and models that a step made.

Staged first (nobody sees them), then shown in the same transaction that finishes the step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from backend.apps.assets.services import (
    dataset_commit,
    dataset_stage,
    dataset_version_commit,
    dataset_version_stage,
    model_version_commit,
    model_version_stage,
)
from backend.apps.runs import store
from backend.apps.runs.models import Run
from backend.domain.problems import problem
from backend.domain.run.messages import (
    DatasetEffect,
    DatasetVersionEffect,
    Effect,
    ModelEffect,
    OrderOutput,
    StepOrder,
    StepReport,
)
from backend.shared.errors import ProductError

Staged = list[tuple[Effect, UUID]]


@dataclass(slots=True)
class Registrar:
    """Registers what one report asks for. The report comes from a step process: nothing in it is believed that the
    order says already."""

    run: Run
    loaded: store.Loaded
    order: StepOrder
    report: StepReport

    def stage(self) -> Staged:
        return [(each, self._stage(each)) for each in self.report.effects]

    def commit(self, staged: Staged) -> dict[str, dict[str, Any]]:
        """What each registered output became, for later steps and for people."""
        return {effect.output: self._commit(effect, key) for effect, key in staged}

    def _stage(self, effect: Effect) -> UUID:
        output = self.order.outputs.get(effect.output)
        if output is None:
            raise ProductError.of(problem("order.effect_unknown", step=self.order.step, output=effect.output))
        if isinstance(effect, DatasetEffect):
            return self._stage_dataset(effect)
        if isinstance(effect, DatasetVersionEffect):
            return self._stage_version(effect, output)
        return self._stage_model(effect, output)

    def _stage_dataset(self, effect: DatasetEffect) -> UUID:
        existing = self.order.context.get("existing")
        if isinstance(existing, Mapping):
            return UUID(str(existing["id"]))
        return dataset_stage(
            project=self.run.project,
            token=UUID(self.order.token),
            name=effect.name,
            samples=self._inside(effect.samples),
            data_type=effect.data_type,
            description=effect.description,
            label_task_type=effect.label_task_type or "",
            origin=self._origin(),
        )

    def _stage_version(self, effect: DatasetVersionEffect, output: OrderOutput) -> UUID:
        dataset = next(each.data["dataset"] for each in self.order.inputs.values() if "dataset" in each.data)
        return dataset_version_stage(
            dataset_id=UUID(str(dataset)),
            token=UUID(self.order.token),
            folder=output.target,
            name=effect.name,
            counts=effect.counts,
            split=effect.split.model_dump() if effect.split else None,
            origin=self._origin(),
            key=UUID(Path(output.target).name),
        )

    def _stage_model(self, effect: ModelEffect, output: OrderOutput) -> UUID:
        return model_version_stage(
            project=self.run.project,
            token=UUID(self.order.token),
            name=effect.name,
            version=effect.version,
            model_type=effect.model_type,
            folder=output.target,
            files=[each.model_dump() for each in effect.files],
            config=effect.config,
            runtime=str(output.config.get("runtime", "")),
            description=str(output.config.get("description", "")),
            lineage=self._lineage(),
            key=UUID(Path(output.target).name),
        )

    def _commit(self, effect: Effect, key: UUID) -> dict[str, Any]:
        logical = self.order.outputs[effect.output].logical
        if isinstance(effect, DatasetEffect):
            dataset = dataset_commit(staged=key)
            data = {"dataset": str(dataset.pk), "dataset_name": dataset.name, "reused": dataset.pk != key}
            data["reused"] = bool(self.order.context.get("existing")) or data["reused"]
            return {"type": "dataset", "logical": logical, "data": data}
        if isinstance(effect, DatasetVersionEffect):
            made = dataset_version_commit(staged=key)
            data = {"dataset": str(made.dataset_id), "dataset_name": made.dataset.name}
            data |= {"version": str(made.pk), "version_name": made.name, "counts": made.counts}
            return {"type": "dataset", "logical": "", "data": data}
        model = model_version_commit(staged=key)
        data = {"model": str(model.model_id), "model_name": model.model.name}
        data |= {"version": str(model.pk), "version_name": model.version, "model_type": model.model_type}
        return {"type": "model", "logical": "", "data": data}

    def _inside(self, text: str) -> Path:
        """A file that the step names must lie in its own folder."""
        folder = Path(self.order.attempt_dir)
        path = folder / text
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ProductError.of(problem("order.outside", step=self.order.step, place=text))
        return path

    def _origin(self) -> dict[str, Any]:
        return {"run": str(self.run.pk), "run_number": self.run.number, "step": self.order.step}

    def _lineage(self) -> dict[str, Any]:
        """Where a model came from: everything that led to this step."""
        steps = self.loaded.snapshot.steps
        before = list(self._ancestors())
        outputs = [output for name in before for output in steps[name].outputs.values()]
        datasets = [each["data"] for each in outputs if each["type"] == "dataset" and "version" in each["data"]]
        return {
            **self._origin(),
            "workflow": str(self.run.workflow_id),
            "version": str(self.run.version_id),
            "dataset_versions": datasets,
            "inputs": {name: each.logical for name, each in self.order.inputs.items()},
            "parameters": dict(self.loaded.snapshot.values),
            "metrics": {name: _plain(steps[name].floats) for name in before if steps[name].floats},
        }

    def _ancestors(self) -> Iterable[str]:
        seen: set[str] = set()
        waiting = [self.order.step]
        while waiting:
            for parent in self.loaded.plan.steps[waiting.pop()].parents:
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        return sorted(seen)


def _plain(floats: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    return {output: dict(values) for output, values in floats.items()}
