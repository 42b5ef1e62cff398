"""The whole state of a run in one answer, with the number of the fact that it stands at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from backend.apps.runs import services, store
from backend.apps.runs.models import Attempt, Metric, Run, StepRun
from backend.apps.runs.selectors import attempt_name, attempts_reused
from backend.apps.runs.serializers.frames import metrics_frame
from backend.apps.runs.serializers.shown import reused_shown
from backend.domain.run.plan import Plan
from backend.shared.db import db_now

TRIES = 20


def run_snapshot(run_id: UUID) -> dict[str, Any]:
    """Rows and number fit together: rows of steps change only with the number, so it is read before and after."""
    for _ in range(TRIES):
        run = Run.objects.select_related("workflow", "version").get(pk=run_id)
        steps = list(StepRun.objects.filter(run_id=run_id).order_by("position"))
        if Run.objects.values_list("seq", flat=True).get(pk=run_id) == run.seq:
            break
    return {
        "run": run_json(run),
        "seq": run.seq,
        "at": db_now().isoformat(),
        "steps": steps_json(run, steps),
        "metrics": metrics_json(run_id),
        "logs": logs_json(run_id),
    }


def run_json(run: Run) -> dict[str, Any]:
    """The run itself, as lists and details show it."""
    return {
        "id": str(run.pk),
        "number": run.number,
        "name": run.name,
        "labels": run.labels,
        "workflow": {"id": str(run.workflow_id), "name": run.workflow.name},
        "version": {"id": str(run.version_id), "number": run.version.number, "name": run.version.name},
        "project": str(run.project_id),
        "state": run.state,
        "stop_requested": run.stop_requested,
        "values": run.values,
        "created_at": _iso(run.created_at),
        "started_at": _iso(run.started_at),
        "finished_at": _iso(run.finished_at),
        "duration": duration(run.started_at, run.finished_at),
        "created_by": run.created_by.username if run.created_by else None,
        "origin_run": str(run.origin_id) if run.origin_id else None,
        "parent": parent_json(run),
        "part": run.part["wanted"] if run.part else None,
        "quarantined": run.quarantined_at is not None,
    }


def parent_json(run: Run) -> dict[str, Any] | None:
    """Of a run that is a step of another one: of which."""
    above = run.parent
    if above is None:
        return None
    workflow = {"id": str(above.workflow_id), "name": above.workflow.name}
    return {"run": str(above.pk), "number": above.number, "workflow": workflow, "step": run.parent_step}


def nested_json(run_id: UUID) -> dict[str, dict[str, Any]]:
    """Of each step that runs a workflow its newest run."""
    rows = Run.objects.filter(parent=run_id).select_related("workflow").order_by("created_at", "number")
    return {
        row.parent_step: {
            "run": str(row.pk),
            "number": row.number,
            "workflow": {"id": str(row.workflow_id), "name": row.workflow.name},
            "state": row.state,
        }
        for row in rows
    }


def steps_json(run: Run, steps: list[StepRun]) -> dict[str, dict[str, Any]]:
    """Every step, in topological order."""
    plan = store.plan_of(run)
    waiting = any(step.state == "pending" for step in steps)
    queue = services.queue_reasons().reasons if waiting else {}
    nested = nested_json(run.pk) if any(each.nested for each in plan.steps.values()) else {}
    return {step.name: step_json(plan, step, queue, nested) for step in steps}


def step_json(
    plan: Plan, step: StepRun, queue: Mapping[str, Any], nested: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    """All that is stored of a step, what it is, and where in line it stands."""
    stored = store.step_columns(store.snapshot_of(step))
    for name in ("waiting_at", "ready_at", "dispatched_at", "started_at", "finished_at"):
        stored[name] = _iso(stored[name])
    planned = plan.steps[step.name]
    reason = queue.get(services.queue_key(step.run_id, step.position, step.name)) if step.state == "pending" else None
    return {
        **stored,
        "token": attempt_name(stored["token"]) if stored["token"] else None,
        "reused": reused_shown(stored["reused"]),
        "host": stored["host"] or None,
        "name": step.name,
        "kind": step.kind,
        "title": planned.definition.shown_title,
        "parents": list(planned.parents),
        "queue": queue_json(reason),
        "duration": duration(step.started_at, step.finished_at),
        "nested": nested.get(step.name),
    }


def queue_json(reason: Any) -> dict[str, Any] | None:
    """Why a step waits for a host, and its place in line."""
    if reason is None:
        return None
    said = {"code": reason.code, "params": dict(reason.params), "message": reason.message, "hint": reason.hint}
    return {"position": reason.position, "reason": said}


def metrics_json(run_id: UUID, step: str | None = None) -> list[dict[str, Any]]:
    """Every metrics file as it is now, those of older attempts first; also of results that were kept."""
    whose = Q(run_id=run_id) | Q(attempt_id__in=attempts_reused(run_id, step))
    rows = Metric.objects.filter(whose, **({"step": step} if step else {}))
    return [metrics_frame(row) for row in rows.order_by("attempt__dispatched_at", "pk")]


def logs_json(run_id: UUID) -> dict[str, dict[str, Any]]:
    """Of each step's newest attempt, how long its log is."""
    whose = Q(run_id=run_id) | Q(pk__in=attempts_reused(run_id))
    rows = Attempt.objects.filter(whose).order_by("step", "-number").distinct("step")
    return {
        step: {"attempt": attempt_name(pk), "size": size}
        for step, pk, size in rows.values_list("step", "pk", "log_size")
    }


def duration(start: Any, end: Any) -> float | None:
    """Seconds from start to end; None while either is open (a running clock is the reader's)."""
    return round((end - start).total_seconds(), 3) if start and end else None


def _iso(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()
