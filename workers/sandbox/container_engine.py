"""Which container engine this machine has, and whether it answers. As a program it prints what it found as JSON.

An engine is found anew by every worker when it starts; nothing of it is assumed, and a step only ever gets one that
has answered.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass

VARIABLE = "PIPELOOM_CONTAINER_ENGINE"
"""A program to use instead of what is found, or `none`."""
KNOWN = ("docker", "podman")
_SWITCHED_OFF = "none"
_SECONDS = 20.0
# What an engine's client needs of its surroundings; everything else of ours is none of its business.
_OWN = ("PATH", "HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "REGISTRY_AUTH_FILE", "LANG", "TZ")
_OWN_BEGINNINGS = ("DOCKER_", "CONTAINER_", "CONTAINERS_", "PODMAN_")
_PROXIES = ("http_proxy", "https_proxy", "no_proxy")


@dataclass(frozen=True, slots=True)
class ContainerEngine:
    """`rootless`: its containers have only the rights of whoever runs it, and users are numbered anew inside."""

    program: str
    kind: str
    version: str
    rootless: bool

    @property
    def shown(self) -> str:
        return f"{self.kind} {self.version}{' (rootless)' if self.rootless else ''}"


@dataclass(frozen=True, slots=True)
class Found:
    """One that answers, or why there is none."""

    engine: ContainerEngine | None
    why: str = ""


def find(environment: Mapping[str, str]) -> Found:
    """What the setting names, else the first of those on PATH that answers."""
    named = environment.get(VARIABLE, "").strip()
    if named == _SWITCHED_OFF:
        return Found(None, f"{VARIABLE} switches it off.")
    path = environment.get("PATH")
    programs = [found for name in ([named] if named else KNOWN) if (found := shutil.which(name, path=path))]
    if not programs:
        what = f"{VARIABLE} names {named}, which is no program." if named else "neither docker nor podman is on PATH."
        return Found(None, what)
    whys = []
    for program in programs:
        answer = _asked(program, client_environment(environment))
        if answer.engine is not None:
            return answer
        whys.append(f"{program} does not answer: {answer.why}")
    return Found(None, " ".join(whys))


def client_environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if name in _OWN or name.startswith(_OWN_BEGINNINGS) or name.lower() in _PROXIES
    }


def engine_to_json(engine: ContainerEngine | None) -> str:
    return json.dumps(engine and asdict(engine))


def engine_from_json(text: str | None) -> ContainerEngine | None:
    told = json.loads(text) if text else None
    return ContainerEngine(**told) if told else None


def _asked(program: str, environment: dict[str, str]) -> Found:
    try:
        # The name of the program says little: what is called docker may be podman.
        kind = "podman" if "podman" in _said([program, "--version"], environment).lower() else "docker"
        question = "{{json .Host.Security}}" if kind == "podman" else "{{json .SecurityOptions}}"
        version = "{{.Version.Version}}" if kind == "podman" else "{{.ServerVersion}}"
        told = _said([program, "info", "--format", f"{version} {question}"], environment)
    except (OSError, subprocess.SubprocessError) as error:
        return Found(None, _reason(error))
    number, _, security = told.strip().partition(" ")
    if not number:
        return Found(None, "it does not say its version.")
    return Found(ContainerEngine(program, kind, number, _is_rootless(security)))


def _is_rootless(security: str) -> bool:
    try:
        told = json.loads(security)
    except ValueError:
        return False
    return bool(told.get("rootless")) if isinstance(told, dict) else "name=rootless" in (told or ())


def _said(argv: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=True)
    return done.stdout


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        lines = error.stderr.strip().splitlines()
        return lines[-1] if lines else f"it ended with {error.returncode}."
    if isinstance(error, subprocess.TimeoutExpired):
        return f"nothing for {_SECONDS:g} seconds."
    return str(error)


def main() -> None:
    found = find(os.environ)
    told = {"engine": found.engine.shown if found.engine else None, "why": found.why}
    sys.stdout.write(json.dumps({**told, "program": found.engine.program if found.engine else None}) + "\n")


if __name__ == "__main__":
    main()
