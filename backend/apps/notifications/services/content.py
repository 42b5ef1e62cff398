"""What a message says, as data: taken down when it happens, so that a rename or a rerun later changes no message."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from backend.apps.runs import store
from backend.apps.runs.models import Event, Run, StepRun
from backend.domain.run.news import OCCASION_OF_STEP, News, Occasion

MOST_NAMED = 5
_ABNORMAL = [state.value for state, occasion in OCCASION_OF_STEP.items() if occasion is Occasion.ABNORMAL]


def content_of(run: Run, event: Event, news: News) -> dict[str, Any]:
    """`step` is where the link leads, also when the message is about the run as a whole."""
    failed = _failed(run) if news.step is None and news.occasion is Occasion.ABNORMAL else []
    step = event.step or (failed[0]["step"] if failed else None)
    return {
        "occasion": news.occasion.value,
        "state": news.state,
        "whole": news.step is None,
        "workflow": {"id": str(run.workflow_id), "name": run.workflow.name},
        "run": {"id": str(run.pk), "number": run.number, "name": run.name},
        "step": step,
        "title": _title(run, step),
        "reason": event.data.get("reason") if event.step else next((each["reason"] for each in failed), None),
        "failed": [each["title"] for each in failed],
        "awaits": list(event.data.get("awaits") or []),
        "at": event.at.isoformat(),
        "path": link(str(run.pk), step),
    }


def link(run: str, step: str | None) -> str:
    """The run's page, with the step selected."""
    return f"/runs/{run}" + (f"?step={quote(step, safe='')}" if step else "")


def _failed(run: Run) -> list[dict[str, Any]]:
    rows = StepRun.objects.filter(run=run, state__in=_ABNORMAL).order_by("position")[:MOST_NAMED]
    return [{"step": row.name, "title": _title(run, row.name), "reason": row.reason} for row in rows]


def _title(run: Run, step: str | None) -> str | None:
    if step is None:
        return None
    definition = store.document_of(run.version_id).step(step)
    return definition.shown_title if definition else step
