"""Looks into the database of a running stack, from a process of its own that speaks JSON lines.

`python -m tests.harness.inspector` is that process; `Inspector` asks it. It sees one moment (a repeatable read), so
that invariants may be checked while everything goes on, and it waits for a database that is just being started again.
"""

import json
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import Error as DatabaseError
from django.db import connection, transaction

REPOSITORY = Path(__file__).resolve().parents[2]
ANSWER_SECONDS = 60.0


class Inspector:
    """`stack` is anything with `environment`; close it at the end."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.inspector"],
            cwd=REPOSITORY,
            env={**environment, "DJANGO_SETTINGS_MODULE": "backend.config.settings", "PIPELOOM_ROLE": "command"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, what: str, **about: Any) -> Any:
        """What it found; a violated invariant is an AssertionError here."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"what": what, **about}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the inspector ended with {self._process.wait()}"
        answer = json.loads(line)
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["found"]

    def invariants(self, runs: list[str] | None = None) -> None:
        self.ask("invariants", runs=runs)

    def attempts(self, run: str, step: str | None = None) -> list[dict[str, Any]]:
        return self.ask("attempts", run=run, step=step)

    def close(self) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(20)


def _answer(act: Callable[[], Any]) -> dict[str, Any]:
    deadline = time.monotonic() + ANSWER_SECONDS
    while True:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                return {"found": act()}
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
    import django  # noqa: PLC0415 - before anything that has models

    django.setup()
    from backend.apps.runs import store  # noqa: PLC0415
    from backend.apps.runs.models import Attempt, Run  # noqa: PLC0415
    from tests.harness import invariants  # noqa: PLC0415

    def check(runs: list[str] | None = None) -> int:
        keys = list(Run.objects.values_list("pk", flat=True)) if runs is None else runs
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

    known: dict[str, Callable[..., Any]] = {
        "invariants": check,
        "attempts": attempts,
        "tokens": tokens,
        "open": open_runs,
        "quarantined": quarantined,
        "rows": rows,
        "outbox": outbox,
    }
    for line in sys.stdin:
        asked = json.loads(line)
        act = known[asked.pop("what")]
        store.cache_clear()
        print(json.dumps(_answer(lambda act=act, asked=asked: act(**asked))), flush=True)


if __name__ == "__main__":
    main()
