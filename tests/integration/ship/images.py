"""What docker/ says, read by real parsers: the Dockerfile's stages, the compose file with its variables filled in."""

import re
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from dockerfile_parse import DockerfileParser

REPOSITORY = Path(__file__).resolve().parents[3]
DOCKER = REPOSITORY / "docker"
APPLICATION = "/opt/pipeloom"
_VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?::-(?P<default>[^}]*))?\}")


@dataclass
class Stage:
    """`copies`: (from which stage or None for the context, sources, target)."""

    name: str
    base: str
    environment: dict[str, str] = field(default_factory=dict)
    copies: list[tuple[str | None, list[str], str]] = field(default_factory=list)
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def said(self, instruction: str) -> str | None:
        """The last of its kind."""
        found = [value for name, value in self.instructions if name == instruction]
        return found[-1] if found else None


@cache
def stages() -> dict[str, Stage]:
    parser = DockerfileParser(fileobj=BytesIO((DOCKER / "Dockerfile").read_bytes()))
    arguments: dict[str, str] = {}
    found: dict[str, Stage] = {}
    stage: Stage | None = None
    folder = ""
    for each in parser.structure:
        name, value = each["instruction"], each["value"]
        if name == "ARG" and stage is None:
            key, _, default = value.partition("=")
            arguments[key] = default
        elif name == "FROM":
            base, _, alias = value.partition(" AS ")
            base = re.sub(r"\$\{(\w+)\}", lambda match: arguments[match[1]], base)
            above = found.get(base)
            stage = found[alias] = Stage(alias, base)
            if above:
                stage.environment, stage.copies = dict(above.environment), list(above.copies)
                stage.instructions = list(above.instructions)
        elif name != "COMMENT" and stage is not None:
            stage.instructions.append((name, value))
            if name == "WORKDIR":
                folder = value
            elif name == "ENV":
                words = re.findall(r'(\w+)=("[^"]*"|\S+)', value)
                stage.environment.update({key: word.strip('"') for key, word in words})
            elif name == "COPY":
                stage.copies.append(_copy(value, folder))
    return found


def _copy(value: str, folder: str) -> tuple[str | None, list[str], str]:
    words = value.split()
    source = None
    while words[0].startswith("--"):
        option, _, given = words.pop(0).partition("=")
        source = given if option == "--from" else source
    *sources, target = words
    return source, sources, target if target.startswith("/") else f"{folder}/{target.removeprefix('./')}"


@cache
def compose(**given: str) -> dict[str, Any]:
    """With variables filled in as docker compose does: from `given`, else by their defaults."""

    def fill(match: re.Match[str]) -> str:
        return given.get(match["name"], match["default"] or "")

    text = _VARIABLE.sub(fill, (DOCKER / "compose.yaml").read_text())
    read: dict[str, Any] = yaml.safe_load(text.replace("$$", "$"))
    return read


def stage_of(service: dict[str, Any]) -> Stage | None:
    build = service.get("build")
    return stages()[build["target"]] if build else None


def environment_of(name: str) -> dict[str, str]:
    """What the process of a service finds: the image's, and the service's over it."""
    service = compose()["services"][name]
    stage = stage_of(service)
    told = {**(stage.environment if stage else {}), **service.get("environment", {})}
    return {key: str(value) for key, value in told.items()}
