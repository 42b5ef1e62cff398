"""The process behind tests/harness/inspector.py: a question a line, an answer a line, both JSON."""

import json
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import django
from django.apps import apps
from django.db import Error as DatabaseError
from django.db import connection, transaction

if __name__ == "__main__":
    django.setup()

from backend.apps.runs import store  # models can only be loaded when Django is ready
from backend.apps.runs.models import Attempt, Run
from tests.harness import invariants

ANSWER_SECONDS = 60.0


def check(runs: list[str] | None = None) -> int:
    """Those of the runs that are still there; all of them by default."""
    wanted = Run.objects.all() if runs is None else Run.objects.filter(pk__in=runs)
    keys = list(wanted.values_list("pk", flat=True))
    for key in keys:
        invariants.assert_run_invariants(key)
    invariants.assert_no_device_is_shared()
    return len(keys)


def attempts(run: str, step: str | None = None) -> list[dict[str, Any]]:
    rows = Attempt.objects.filter(run=run, **({"step": step} if step else {})).order_by("step", "number")
    found = rows.values("id", "step", "number", "state", "host", "pid", "pid_start", "reason")
    return [{**row, "id": str(row["id"])} for row in found]


def tokens() -> list[str]:
    return [str(key) for key in Attempt.objects.values_list("pk", flat=True)]


def owners(tokens: list[str]) -> dict[str, str]:
    """Of which step of which run each token is; without those that are nobody's."""
    keys = [token for token in tokens if _is_token(token)]
    rows = Attempt.objects.filter(pk__in=keys).values_list("pk", "run_id", "step")
    return {str(key): f"{run} {step}" for key, run, step in rows}


def _is_token(text: str) -> bool:
    with suppress(ValueError):
        return str(UUID(text)) == text
    return False


def open_runs() -> list[str]:
    rows = Run.objects.filter(state__in=("init", "running"), quarantined_at__isnull=True)
    return [str(key) for key in rows.values_list("pk", flat=True)]


def quarantined() -> list[str]:
    return [row.quarantine_trace for row in Run.objects.filter(quarantined_at__isnull=False)]


def rows() -> dict[str, int]:
    models = [each for name in ("runs", "assets") for each in apps.get_app_config(name).get_models()]
    return {each._meta.db_table: each._default_manager.count() for each in models}


def outbox() -> None:
    invariants.assert_outbox_is_young(15)


KNOWN: dict[str, Callable[..., Any]] = {
    "invariants": check,
    "attempts": attempts,
    "tokens": tokens,
    "owners": owners,
    "whole": invariants.assert_registered_is_whole,
    "open": open_runs,
    "quarantined": quarantined,
    "rows": rows,
    "outbox": outbox,
}


def answer(act: Callable[..., Any], about: dict[str, Any]) -> dict[str, Any]:
    deadline = time.monotonic() + ANSWER_SECONDS
    while True:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                return {"found": act(**about)}
        except DatabaseError as error:
            connection.close()
            if time.monotonic() > deadline:
                return {"error": f"the database does not answer: {error}"}
            time.sleep(0.1)
        except AssertionError as error:
            return {"error": str(error)}
        except Exception:  # noqa: BLE001 - told to whoever asked
            return {"error": traceback.format_exc()}


def main() -> None:
    for line in sys.stdin:
        about = json.loads(line)
        store.cache_clear()
        print(json.dumps(answer(KNOWN[about.pop("what")], about)), flush=True)


if __name__ == "__main__":
    main()
