"""Facts as they go out: without the tokens of attempts."""

from __future__ import annotations

from typing import Any

from backend.apps.runs.selectors import attempt_name


def fact_data(kind: str, data: Any) -> Any:
    """A fact's data as it goes out."""
    if data.get("token"):
        data = {**data, "token": attempt_name(data["token"])}
    return reused_shown(data) if kind == "step_reused" else data


def reused_shown(data: Any) -> Any:
    """Where a result comes from, as far as anybody knows it."""
    return {**data, "attempt": attempt_name(data["attempt"])} if data and data.get("attempt") else data
