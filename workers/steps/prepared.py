"""What the launcher needs to start a step: exact program, arguments, environment, folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from backend.domain.run.messages import StepOrder

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ORDER_VARIABLE = "PIPELOOM_STEP_ORDER"
# Of the server's environment only what describes the machine: no addresses, no passwords, no proxies.
_PASSED_ON = ("TZ", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "NVIDIA_VISIBLE_DEVICES")


@dataclass(frozen=True, slots=True)
class Prepared:
    argv: list[str]
    environment: dict[str, str]
    cwd: str


def base_environment(order: StepOrder) -> dict[str, str]:
    """What every step process finds, whatever its kind."""
    temporary = Path(order.attempt_dir, "tmp")
    machine = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        **machine,
        "PATH": PATH,
        "HOME": str(temporary),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        ORDER_VARIABLE: str(Path(order.attempt_dir, "order.json")),
        "PIPELOOM_RUN": order.run,
    }
