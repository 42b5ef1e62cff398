"""What needs Django before the product starts: migrations, first user, engines, the sign-in link.

Done by `manage.py prepare` in a process of its own, so that `up` itself never loads the application.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from backend.config.embedded.console import Console
from backend.config.embedded.identity import spawn_argv
from backend.config.embedded.problems import SetupError
from backend.config.embedded.product import ROOT, environment
from backend.config.embedded.supervisor import Supervisor
from backend.config.engine_build import BuiltEngine, engine_found

ENGINE_NAME, ENGINE_VERSION = "digits", "1"
ENGINE_REQUIREMENTS = ROOT / "workers" / "samples" / "digits" / "requirements.txt"


class Helper:
    """A short process; its output goes to files, so it can never block on a full pipe."""

    def __init__(self, supervisor: Supervisor, argv: list[str]) -> None:
        self._supervisor = supervisor
        self._out = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._err = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._process = subprocess.Popen(
            spawn_argv(argv),
            stdin=subprocess.DEVNULL,
            stdout=self._out,
            stderr=self._err,
            cwd=ROOT,
            env=environment("command"),
            start_new_session=True,
        )
        supervisor.helpers.add(self._process.pid)

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def finish(self) -> tuple[int, str, str]:
        while self.running:
            self._supervisor.pause(0.05)
        self._supervisor.helpers.discard(self._process.pid)
        texts = []
        for stream in (self._out, self._err):
            stream.seek(0)
            texts.append(stream.read())
            stream.close()
        return self._process.returncode, texts[0], texts[1]


def prepare(supervisor: Supervisor, engine: "EngineBuild") -> str:
    """Migrate if needed, make the first user, register what is built; returns the sign-in path."""
    with supervisor.console.step("checking the database"):
        told = _prepare(supervisor, engine.registrable())
    if told["migrated"]:
        supervisor.console.done(f"applied {told['migrated']} migrations")
    return str(told["link"])


def _prepare(supervisor: Supervisor, engine: BuiltEngine | None) -> dict[str, Any]:
    argv = [sys.executable, "manage.py", "prepare"]
    if engine is not None:
        argv += ["--engine", json.dumps(asdict(engine))]
    status, out, err = Helper(supervisor, argv).finish()
    if status != 0:
        tail = "\n".join(f"    {line}" for line in err.strip().splitlines()[-8:])
        raise SetupError(
            f"The database could not be prepared; `manage.py prepare` said:\n{tail}\n"
            f"  The database's own log is {supervisor.home.logs / 'postgres.log'}."
        )
    told: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return told


def sign_in_path() -> str:
    """A new link for the instance that already runs with this home."""
    argv = [sys.executable, "manage.py", "prepare", "--link-only"]
    done = subprocess.run(argv, cwd=ROOT, env=environment("command"), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SetupError(f"The running Pipeloom gave no sign-in link ({last}). Stop it with Ctrl-C and start it again.")
    return str(json.loads(done.stdout.strip().splitlines()[-1])["link"])


class EngineBuild:
    """The sample's engine, built beside the rest of the set-up when it is missing."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._helper: Helper | None = None
        self._found: BuiltEngine | None = None
        home = supervisor.home.path
        if not ENGINE_REQUIREMENTS.is_file():
            return
        self._found = engine_found(home, ENGINE_NAME, ENGINE_VERSION, ENGINE_REQUIREMENTS)
        if self._found is None:
            supervisor.console.note("building the sample's engine (numpy, scikit-learn, pillow) meanwhile")
            argv = [sys.executable, "-m", "backend.config.engine_build", str(home)]
            self._helper = Helper(supervisor, [*argv, ENGINE_NAME, ENGINE_VERSION, str(Path(ENGINE_REQUIREMENTS))])

    def registrable(self) -> BuiltEngine | None:
        return self._found

    def finish(self, console: Console) -> str | None:
        """Wait for the build and register it. Without it the product works, only the sample does not."""
        if self._helper is None:
            return None
        with console.step("building the sample's engine"):
            status, out, err = self._helper.finish()
        if status != 0:
            console.warn(f"the sample's engine could not be built: {err.strip()}")
            return None
        built = BuiltEngine(**json.loads(out.strip().splitlines()[-1]))
        return str(_prepare(self._supervisor, built)["link"])
