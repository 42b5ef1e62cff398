"""Orders as the server writes them, for tests that need no server."""

import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from backend.domain.run.messages import StepOrder


def order(folder: Path, **more: Any) -> StepOrder:
    root = folder / "attempt"
    for name in ("work", "tmp"):
        (root / name).mkdir(parents=True, exist_ok=True)
    return StepOrder.model_validate(
        {
            "token": str(uuid4()),
            "run": "run",
            "run_number": 1,
            "workflow": "workflow",
            "step": "step",
            "kind": "job",
            "attempt": 1,
            "attempt_dir": str(root),
            "work_dir": str(root / "work"),
            "log_path": str(root / "log"),
            "report_path": str(root / "report.json"),
            "timeout_seconds": 60,
            "sdk_path": "/sdk",
            **more,
        }
    )


def engine() -> dict[str, str]:
    return {"name": "plain", "version": "1", "interpreter": sys.executable}
