"""What `docker`, `systemctl`, `install` and `setpriv` are in the tests of README's commands: they read the same files
as the real ones and start what those say, as this user, on this machine. Whatever they do not know they refuse.

What they cannot show: images that are built, rights that are taken away, users that are changed.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.integration.ship.images import compose
from tests.integration.ship.installation import Installation

PROGRAMS = ("docker", "systemctl", "install", "setpriv")
GROUND = "PIPELOOM_TEST_GROUND"
"""Names the file with what belongs where on this machine."""
RAN = "/usr/local/bin:/usr/bin:/bin"
SETUP_SECONDS = 600.0


@dataclass(frozen=True)
class Ground:
    """`units` is where unit files are copied to; `pids` notes what goes on running."""

    folder: Path
    units: Path
    replaced: dict[str, str]
    ports: dict[str, int]

    @property
    def pids(self) -> Path:
        return self.folder / "pids"

    def write(self, file: Path) -> None:
        raw = {"folder": str(self.folder), "units": str(self.units), "replaced": self.replaced, "ports": self.ports}
        file.write_text(json.dumps(raw))

    def here(self, value: str) -> str:
        for theirs, ours in self.replaced.items():
            value = value.replace(theirs, ours)
        return value

    def note(self, process: subprocess.Popen[Any]) -> None:
        with open(self.pids, "a") as file:
            file.write(f"{process.pid}\n")


def ground() -> Ground:
    raw = json.loads(Path(os.environ[GROUND]).read_text())
    return Ground(Path(raw["folder"]), Path(raw["units"]), raw["replaced"], raw["ports"])


def stand_ins_write(folder: Path, repository: Path) -> None:
    """Programs of these names, to be put first on PATH."""
    folder.mkdir()
    for name in PROGRAMS:
        script = folder / name
        words = [sys.executable, "-m", "tests.integration.ship.stand_ins", name]
        script.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(repository))} exec {shlex.join(words)} "$@"\n')
        script.chmod(0o755)


def docker(words: list[str]) -> None:
    assert words[:3] == ["compose", "-f", "docker/compose.yaml"], words
    place = ground()
    product = Installation(place.folder, place.replaced, place.ports)
    verb, rest = words[3], words[4:]
    if verb == "exec":
        service, program, *argv = rest
        assert (service in compose()["services"], program) == (True, "docker/entrypoint.sh")
        sys.stdout.write(product.run(service, *argv))
        return
    assert (verb, set(rest)) == ("up", {"-d", "--build", "--wait"}), words
    services = compose()["services"]
    ours = {name: each for name, each in services.items() if each.get("build") and not each.get("profiles")}
    first = {
        name
        for each in ours.values()
        for name, how in each["depends_on"].items()
        if how["condition"] == "service_completed_successfully"
    }
    for name in first:
        sys.stdout.write(product.run(name, *ours[name]["command"]))
    for name in ours.keys() - first:
        product.start(name)
        place.note(product.processes[name])
    for name in product.processes:
        product.until(lambda name=name: product.healthy(name), f"{name} is healthy")


Unit = dict[str, list[str]]


def unit_read(file: Path) -> Unit:
    """Every value of every key, whatever its section; a key may stand there several times."""
    found: Unit = {}
    for line in file.read_text().splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def systemctl(words: list[str]) -> None:
    place = ground()
    if words == ["daemon-reload"]:
        assert all(unit_read(file) for file in place.units.iterdir())
        return
    assert words[:2] == ["enable", "--now"], words
    (wanted,) = words[2:]
    names = unit_read(place.units / wanted)["Wants"][0].split()
    units = {name: unit_read(place.units / name) for name in names}
    while units:
        # Everything that it comes after and that is to be started, is.
        ready = next(name for name, unit in units.items() if not set(unit["After"][0].split()) & units.keys())
        unit_start(place, ready, units.pop(ready))


def unit_start(place: Ground, name: str, unit: Unit) -> None:
    credentials = place.folder / "credentials" / name
    credentials.mkdir(parents=True)
    for each in unit["LoadCredential"]:
        key, _, source = each.partition(":")
        (credentials / key).write_text(Path(place.here(source)).read_text())
    environment = {"PATH": RAN}
    for file in unit["EnvironmentFile"]:
        lines = Path(place.here(file)).read_text().splitlines()
        environment |= dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    for words in unit["Environment"]:
        environment |= dict(word.replace("%d", str(credentials)).split("=", 1) for word in shlex.split(words))
    environment = {key: place.here(value) for key, value in environment.items()}
    argv = shlex.split(place.here(unit["ExecStart"][0]))
    how: dict[str, Any] = {"env": environment, "cwd": place.here(unit["WorkingDirectory"][0])}
    with open(place.folder / f"{name}.log", "ab") as log:
        how |= {"stdout": log, "stderr": log, "umask": int(unit["UMask"][0], 8)}
        if unit["Type"] == ["oneshot"]:
            subprocess.run(argv, check=True, timeout=SETUP_SECONDS, **how)
        else:
            place.note(subprocess.Popen(argv, start_new_session=True, **how))


def install(words: list[str]) -> None:
    """Folders; whose they are is as it is with the user of the test."""
    kept = [word for at, word in enumerate(words) if word not in ("-o", "-g") and words[at - 1] not in ("-o", "-g")]
    assert kept[0] == "-d", words
    os.execv("/usr/bin/install", ["install", *kept])


def setpriv(words: list[str]) -> None:
    at = next(at for at, word in enumerate(words) if not word.startswith("--"))
    assert {"--reuid=pipeloom", "--regid=pipeloom"} <= set(words[:at]), words
    os.execvp(words[at], words[at:])


def main() -> None:
    name, *words = sys.argv[1:]
    {"docker": docker, "systemctl": systemctl, "install": install, "setpriv": setpriv}[name](words)


if __name__ == "__main__":
    main()
