"""From a program to a server: a version under the workflow's name, and a run of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.domain.design.load import parse_document
from backend.domain.design.values import check_values
from backend.domain.problems import pointer
from pipeloom.client.errors import PipeloomError, ProblemError
from pipeloom.session import Session
from pipeloom.workflow.compiler import line_at
from pipeloom.workflow.made import Line, ProgramError, Raw, line_of_program, listed

_NAMED_LISTS = ("parameters", "data", "storages")


class ServerRefusedError(ProgramError):
    """The server did not do it; `error` is what it said."""

    def __init__(self, line: Line | None, message: str, error: PipeloomError) -> None:
        super().__init__(line, message)
        self.error = error


@dataclass(frozen=True, slots=True)
class Release:
    """A `version` of the `workflow` (its id) of that `name`, to be seen at `url`; `created`: the workflow is new.
    `missing` has to be given before a run can start; `draft_kept`: the draft holds edits that no version has."""

    workflow: str
    name: str
    version: int
    url: str
    created: bool
    draft_kept: bool
    missing: tuple[str, ...]

    def __str__(self) -> str:
        told = [f"Released {self.name} as version {self.version}: {self.url}"]
        if self.draft_kept:
            told.append("Its draft was edited in the browser since, and was left as it is.")
        if self.missing:
            told.append(f"To be given before it can start: {', '.join(self.missing)}.")
        return "\n".join(told)


@dataclass(frozen=True, slots=True)
class Started:
    """A run of a `release` that has begun: its id, `run`, and its `number` in the workflow, to be seen at `url`;
    `pipeloom watch` shows it."""

    release: Release
    run: str
    number: int
    url: str

    def __str__(self) -> str:
        return f"{self.release}\nStarted run {self.number}: {self.url}"


@dataclass(frozen=True, slots=True)
class Offered:
    """A `version` in the gallery under a `title`; `content_id` names what it is a version of, `visibility` is
    "private", "group" or "public"."""

    content_id: str
    version: str
    title: str
    visibility: str

    def __str__(self) -> str:
        return f"Offered {self.title} {self.version} in the gallery ({self.visibility}): {self.content_id}"


@dataclass(frozen=True, slots=True)
class Publisher:
    """`lines` says where in the program each part of the document was made."""

    document: Raw
    lines: Mapping[str, Line]
    session: Session
    line: Line | None

    def missing(self) -> list[str]:
        """What has no default and must have a value, in the order of the document."""
        parsed, _ = parse_document(self.document)
        problems = check_values(parsed, {}) if parsed else []
        names = [str(each.params["name"]) for each in problems if each.code == "value.missing"]
        places = {name: at for at, name in enumerate(_names(self.document))}
        return sorted(names, key=lambda name: places.get(name, 0))

    def refuse_missing(self) -> None:
        """A run that nobody is asked for starts with what the program says."""
        missing = self.missing()
        if missing:
            told = "\n".join(f"  {self._at(name)}“{name}” has no default" for name in missing)
            raise ProgramError(self.line, f"Everything needs a default to be run at once:\n{told}")

    def release(self) -> Release:
        try:
            return self._release()
        except PipeloomError as error:
            raise self._refused(error) from None

    def release_and_run(self) -> Started:
        self.refuse_missing()
        try:
            released = self._release()
            run = self.session.client.run_start(released.workflow, version=released.version)
        except PipeloomError as error:
            raise self._refused(error) from None
        url = f"{self.session.client.api.url}/runs/{run['id']}"
        return Started(released, str(run["id"]), int(run["number"]), url)

    def offer(self, content_id: str | None, **given: Any) -> Offered:
        """`given`: what the address takes; what is not set is left to the server."""
        more = {key: value for key, value in given.items() if value}
        try:
            client = self.session.client
            if content_id:
                told = client.offer_version(content_id, self.document, **more)
            else:
                project = self.session.project()
                told = client.offer(self.document, **more, **({"project": project} if project else {}))
        except PipeloomError as error:
            raise self._refused(error) from None
        asset = told["asset"]
        return Offered(str(asset["id"]), str(told["version"]), str(asset["title"]), str(asset["sharing"]))

    def _release(self) -> Release:
        client = self.session.client
        told = client.publish(self.document, project=self.session.project())
        workflow, version = told["workflow"], told["version"]
        return Release(
            workflow=workflow["id"],
            name=workflow["name"],
            version=version["number"],
            url=f"{client.api.url}/workflows/{workflow['id']}",
            created=told["created"],
            draft_kept=told["draft_kept"],
            missing=tuple(self.missing()),
        )

    def _refused(self, error: PipeloomError) -> ServerRefusedError:
        if not isinstance(error, ProblemError):
            return ServerRefusedError(self.line, str(error), error)
        told = [
            f"  {self._place(each)}{each.get('message')} {each.get('hint') or ''}".rstrip() for each in error.problems
        ]
        return ServerRefusedError(self.line, "\n".join([f"{error.message} ({error.code})", *told]), error)

    def _place(self, told: Mapping[str, Any]) -> str:
        path = str(told.get("path") or "")
        if path.startswith("/values/"):
            return self._at(path.split("/")[2])
        line = line_at(dict(self.lines), path)[1] if path else None
        return f"{line}: " if line else f"{path}: " if path else ""

    def _at(self, name: str) -> str:
        found = (self.lines.get(place) for place, known in _places(self.document) if known == name)
        line = next((each for each in found if each), None)
        return f"{line}: " if line else ""


def _names(document: Raw) -> list[str]:
    return [name for _, name in _places(document)]


def _places(document: Raw) -> Iterator[tuple[str, str]]:
    for key in _NAMED_LISTS:
        for at, each in enumerate(document.get(key, ())):
            yield pointer(key, at), str(each.get("name"))


def whitelist(change: str, content_id: str, version: str, users: Any, session: Session | None) -> None:
    """`change` is add or remove."""
    if session is not None and not isinstance(session, Session):
        raise ProgramError(line_of_program(), f"session is a Session, not {type(session).__name__}.")
    try:
        (session or Session()).client.whitelist(content_id, version, **{change: listed(users)})
    except PipeloomError as error:
        raise ServerRefusedError(line_of_program(), str(error), error) from None
