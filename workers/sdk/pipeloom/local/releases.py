"""Releases of other workflows, for steps that run them: made known on this machine, else those of the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from backend.domain.design.document import Document
from backend.domain.design.load import parse_document
from backend.domain.design.nested import Release
from backend.domain.design.nesting import Found, nesting_problems
from backend.domain.problems import Problem, problem
from pipeloom.client import Client, CredentialsError, PipeloomError
from pipeloom.local.home import Home, read_json, write_json

Json = dict[str, Any]
_OWN = "it was not made known here"


@dataclass(slots=True)
class Releases:
    """Each is looked up once for a run and all that is inside it."""

    home: Home
    _known: dict[Release, Json | None] = field(default_factory=dict)
    _why: dict[Release, str] = field(default_factory=dict)

    def document(self, release: Release) -> Json | None:
        if release not in self._known:
            here = read_json(_file(self.home, release))
            self._known[release] = here if here is not None else self._of_server(release)
        return self._known[release]

    def problems(self, document: Document, levels: int) -> list[Problem]:
        """What keeps steps from running other workflows, by the rules of the server; a name means one workflow."""
        found = nesting_problems(document, find=self._found, outermost=document.name, levels=levels)
        return [self._told(each) for each in found]

    def _found(self, release: Release) -> Found | None:
        raw = self.document(release)
        document = parse_document(raw)[0] if raw is not None else None
        return None if document is None else Found(release[0], release, release[0], document)

    def _told(self, found: Problem) -> Problem:
        if found.code != "nested.unknown_release":
            return found
        name, version = found.params["workflow"], found.params["version"]
        why = self._why.get((name, version), _OWN)
        return problem("run.release_not_here", found.path, workflow=name, version=version, why=why)

    def _of_server(self, release: Release) -> Json | None:
        name, version = release
        try:
            client = Client()
        except CredentialsError:
            self._why[release] = f"{_OWN}, and nobody is signed in to a server"
            return None
        try:
            row = client.workflow_named(name)
            found = client.api.get(f"workflows/{row['id']}/versions/{version}/") if row else None
        except PipeloomError as error:
            self._why[release] = f"{_OWN}, and {client.api.url} says: {error}"
            return None
        finally:
            client.close()
        if found is None or not found.get("released_at"):
            self._why[release] = f"{_OWN}, and {client.api.url} has no such release"
            return None
        return dict(found["document"])


def release_keep(home: Home, name: str, version: int, raw: Json) -> None:
    """A release never changes: another workflow under the same number is refused."""
    file = _file(home.prepared(), (name, version))
    before = read_json(file)
    if before is not None and before != raw:
        raise ValueError(f"Release {version} of “{name}” is known here and is another: take the next number.")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_json(file, raw)


def _file(home: Home, release: Release) -> Path:
    """Any name is one folder of its own."""
    return home.root / "workflows" / quote(release[0], safe=" ") / f"{release[1]}.json"
