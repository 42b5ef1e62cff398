"""One call of the engine in a process of its own, which a failpoint may kill: `python -m … COMMAND [TOKEN]`."""

import os
import subprocess
import sys
from pathlib import Path

import django
from django.db import connection

REPOSITORY = Path(__file__).resolve().parents[2]


def run_process(*argv: str, failpoints: str = "", log: Path | None = None, role: str = "worker") -> int:
    """Against the database of the test that calls this; returns the exit status (-9: killed)."""
    found = connection.settings_dict
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{found['USER']}:{found['PASSWORD']}@/{found['NAME']}?host={found['HOST']}",
        "DJANGO_SETTINGS_MODULE": "backend.config.settings",
        "PIPELOOM_ROLE": role,
        "PIPELOOM_FAILPOINTS": failpoints,
        "PIPELOOM_FAILPOINT_LOG": str(log or ""),
    }
    command = [sys.executable, "-m", "tests.harness.engine_process", *argv]
    return subprocess.run(command, cwd=REPOSITORY, env=environment, timeout=60, check=False).returncode


def main(command: str, *argv: str) -> None:
    django.setup()
    # After setup: these import models.
    from backend.apps.notifications.reconcile import Messenger  # noqa: PLC0415
    from backend.apps.runs import outbox, services  # noqa: PLC0415
    from backend.apps.schedules import reconcile as schedules  # noqa: PLC0415
    from tests.harness.runs import FakeAgent, report  # noqa: PLC0415

    if command == "relay":
        outbox.relay_batch()
    elif command == "claim":
        FakeAgent().claim(argv[0])
    elif command == "tell":
        Messenger().tell_once()
    elif command == "send":
        Messenger().send_once()
    elif command == "fire":
        for due in list(schedules.due()):
            schedules.fire(due)
    elif command == "finish":
        services.attempt_finish(token=argv[0], report=report(argv[0]))


if __name__ == "__main__":
    main(*sys.argv[1:])
