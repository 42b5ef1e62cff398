"""G10, G12: hostile words through every text field, hostile paths into storages, patterns that explode, archives and
pickles, and what must not happen by looking at any of it."""

import io
import json
import pickle
import re
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.people import Api
from tests.integration.api.table import TABLE, address
from tests.integration.api.world import World, world_create
from tests.integration.security.hostile import PATHS, PATTERNS, SCRIPT, TEXTS, WINDOWS

REPOSITORY = Path(__file__).resolve().parents[3]
CONTRACT = json.loads((REPOSITORY / "backend" / "contract" / "openapi.json").read_text())
pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.PIPELOOM_HOME = tmp_path / "home"
    return tmp_path / "home"


@pytest.fixture
def world(db: None, home: Path) -> World:
    return world_create(home)


@pytest.fixture
def author(world: World) -> Api:
    return world.people.api("manager")


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = CONTRACT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def text_fields() -> Iterator[tuple[str, str]]:
    """Every free text that a request's JSON can carry, from the description of the API itself."""
    for path, item in CONTRACT["paths"].items():
        for method, operation in item.items():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                for name, raw in _resolved(content["schema"]).get("properties", {}).items():
                    field = _resolved(raw)
                    inner = _resolved(field.get("items", {})) if field.get("type") == "array" else field
                    kinds = inner.get("type")
                    is_text = kinds == "string" or (isinstance(kinds, list) and "string" in kinds)
                    if is_text and not {"enum", "format"} & set(inner):
                        yield f"{method.upper()} {path}", name


FIELDS = sorted(set(text_fields()))


def test_it_finds_the_text_fields() -> None:
    assert len(FIELDS) >= 20
    assert ("POST /api/workflows/{id}/release/", "notes") in FIELDS


@pytest.mark.parametrize(("route", "name"), FIELDS, ids=str)
def test_g10_it_keeps_hostile_words_as_they_are_or_refuses_them(
    route: str, name: str, world: World, author: Api
) -> None:
    """No error of ours, and what is answered is JSON that says exactly what was written."""
    method, path = route.split(" ")
    row = TABLE[route]
    for text in TEXTS:
        body = dict(row.body(world)) if callable(row.body) else {}
        listed = isinstance(body.get(name), list) or name in ("labels", "steps")
        body[name] = [text] if listed else text

        answer = author.call(method, address(path, row, world), body)

        assert answer.status_code < 500, (text, answer.content[:300])
        if answer.headers.get("Content-Type", "").startswith("application/"):
            assert answer.headers["Content-Type"] in ("application/json", "application/problem+json")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            found = answer.json()
            if answer.status_code < 300 and isinstance(found, dict) and isinstance(found.get(name), str):
                assert found[name] in (text, text.strip()), text


@pytest.mark.parametrize("path", PATHS)
def test_g10_it_lets_no_path_out_of_a_storage(path: str, world: World, author: Api, home: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("outside")
    (home / "storage" / "secret").write_text("outside")
    before = _tree(tmp_path)
    query = {"project": world.project, "path": path}

    answers = [
        author.client.get("/api/storage/file/", query, headers=author.headers),
        author.client.get("/api/storage/entries/", query, headers=author.headers),
        author.call("POST", f"/api/storage/folders/?project={world.project}", {"path": path}),
        author.call("PATCH", f"/api/storage/entry/?project={world.project}&path=/default/a.txt", {"path": path}),
    ]

    for answer in answers:
        content = b"".join(answer)
        assert answer.status_code < 500
        assert b"outside" not in content
        assert b"root:x:" not in content
    outside = {each for each in _tree(tmp_path) - before if not each.startswith("home/storage/")}
    assert outside == set(), "nothing was made outside the storages"
    assert (tmp_path / "secret").read_text() == "outside"


def _tree(top: Path) -> set[str]:
    return {str(path.relative_to(top)) for path in top.rglob("*")}


@pytest.mark.parametrize("name", [*WINDOWS, *(text.replace("/", "") for text in TEXTS if "\x1b" not in text)])
def test_g10_it_serves_files_of_any_name_as_files_only(name: str, world: World, author: Api) -> None:
    path = f"/default/{name}.html"
    query = f"project={world.project}"
    put = author.client.put(
        f"/api/storage/file/?{query}", SCRIPT.encode(), content_type="application/octet-stream",
        query_params={"project": world.project, "path": path}, headers=author.headers,
    )  # fmt: skip
    assert put.status_code in (201, 422), put.content
    if put.status_code == 422:
        return
    answer = author.client.get("/api/storage/file/", {"project": world.project, "path": path}, headers=author.headers)

    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"[\r\n\x00-\x1f]", answer.headers["Content-Disposition"])


def _evil_archives() -> dict[str, bytes]:
    zipped, tarred, links = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../slip.txt", "slipped")
        archive.writestr("bomb", b"\0" * 10_000_000)
    with tarfile.open(fileobj=tarred, mode="w:gz") as archive:
        member = tarfile.TarInfo("/../slip.txt")
        member.size = 7
        archive.addfile(member, io.BytesIO(b"slipped"))
    with tarfile.open(fileobj=links, mode="w") as archive:
        link = tarfile.TarInfo("out")
        link.type, link.linkname = tarfile.SYMTYPE, "/"
        archive.addfile(link)
        archive.addfile(tarfile.TarInfo("out/slip.txt"))
    return {"slip.zip": zipped.getvalue(), "slip.tar.gz": tarred.getvalue(), "links.tar": links.getvalue()}


class _Pwn:
    def __reduce__(self) -> Any:
        return (Path.touch, (Path("/tmp/pwned-by-pickle"),))


@pytest.mark.parametrize("name", [*_evil_archives(), "model.pkl"])
def test_g10_it_unpacks_no_archive_and_opens_no_pickle(
    name: str, world: World, author: Api, home: Path, tmp_path: Path
) -> None:
    """There is no address that takes an archive: what looks like one is a file like any other."""
    content = _evil_archives().get(name) or pickle.dumps(_Pwn())
    query = {"project": world.project, "path": f"/default/{name}"}
    Path("/tmp/pwned-by-pickle").unlink(missing_ok=True)

    put = author.client.put(
        "/api/storage/file/", content, content_type="application/zip", query_params=query, headers=author.headers
    )
    got = author.client.get("/api/storage/file/", query, headers=author.headers)
    listed = author.client.get(
        "/api/storage/entries/", {"project": world.project, "path": "/default/"}, headers=author.headers
    )
    imported = author.client.post(
        f"/api/workflows/import/?project={world.project}", content, content_type="application/json",
        headers=author.headers,
    )  # fmt: skip

    assert put.status_code == 201
    assert b"".join(got) == content
    assert name in [each["name"] for each in listed.json()["items"]]
    assert imported.status_code in (400, 422)
    assert not list(tmp_path.rglob("slip.txt"))
    assert not Path("/tmp/pwned-by-pickle").exists()


def test_g10_it_has_no_code_that_could_unpack_or_unpickle() -> None:
    """Server and trusted worker alike: what is not imported cannot be reached."""
    words = (
        r"^\s*(import|from) (pickle|shelve|marshal|dill|joblib|tarfile)\b",
        r"\b(eval|exec)\(",
        r"shell=True",
        r"yaml\.load\(",
        r"unpack_archive|extractall",
    )
    places = ["backend", "workers/agent", "workers/sandbox", "workers/tasks.py", "workers/app.py"]
    argv = ["git", "grep", "-nE", "|".join(words), "--", *places]
    listed = subprocess.run(argv, cwd=REPOSITORY, capture_output=True, text=True)

    assert listed.stdout == ""


@pytest.mark.parametrize("pattern", PATTERNS)
def test_g10_it_searches_for_patterns_as_words(pattern: str, world: World, author: Api) -> None:
    """What somebody types into a search is no expression: it takes no longer than any other word."""

    def seconds(word: str) -> float:
        began = time.perf_counter()
        for path in ("workflows", "runs", "datasets", "models"):
            assert author.client.get(f"/api/{path}/", {"search": word}, headers=author.headers).status_code in (
                200,
                422,
            )
        return time.perf_counter() - began

    seconds("a" * len(pattern))
    plain = min(seconds("a" * len(pattern)) for _ in range(3))

    assert min(seconds(pattern) for _ in range(3)) < 20 * plain


WATCH = """
import os, sys
started, imported = [], []
def hook(event, args):
    if event in ('subprocess.Popen', 'os.system', 'os.exec', 'os.posix_spawn', 'os.spawn', 'os.fork'):
        started.append((event, str(args)[:200]))
    if event in ('compile', 'exec') and watching:
        imported.append((event, str(args)[:200]))
    if event == 'import' and watching:
        imported.append((event, args[0]))
watching = False
import json
from backend.domain.design.check import check
from backend.domain.design.load import parse_document
from backend.domain.design.canonical import document_hash
hostile = json.loads(sys.stdin.read())
check(hostile), parse_document(hostile), document_hash(hostile)
sys.addaudithook(hook)
watching = True
for _ in range(3):
    check(hostile)
    parse_document(hostile)
    document_hash(hostile)
watching = False
print(json.dumps({'started': started, 'imported': imported}))
"""


def hostile_document() -> dict[str, Any]:
    """Whatever a field takes that a program could be talked into running."""
    steps = [
        {
            "id": f"s{number}",
            "name": f"s{number}",
            "kind": "job",
            "title": text[:128],
            "description": text,
            "properties": {
                "algorithm": {
                    "command": ["sh", "-c", text.replace("\x00", "")],
                    "code_dir": "/default/code/",
                    "boot_file": "__init__.py",
                    "parameters": [{"name": "p", "value": text}],
                    "environments": {"LD_PRELOAD": text, "PYTHONSTARTUP": text},
                }
            },
        }
        for number, text in enumerate(TEXTS)
    ]
    return {"schema": 1, "name": "hostile", "description": SCRIPT, "steps": steps}


def test_g12_it_starts_no_process_and_imports_nothing_by_looking_at_a_document() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCH],
        input=json.dumps(hostile_document()),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"started": [], "imported": []}


def test_g12_it_starts_no_process_when_a_workflow_is_saved_checked_planned_exported_and_copied(
    world: World, author: Api
) -> None:
    started: list[str] = []

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if watching and event in {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn"}:
            started.append(f"{event} {args}"[:200])

    watching = False
    sys.addaudithook(hook)
    document = hostile_document()
    watching = True
    assert author.post("/api/workflows/check/", document).status_code == 200
    made = author.post(f"/api/workflows/import/?project={world.project}", document)
    assert made.status_code == 201, made.content
    one = f"/api/workflows/{made.json()['workflow']['id']}/"
    answers = [
        author.get(one),
        author.get(f"{one}draft/"),
        author.get(f"{one}export/"),
        author.get(f"{one}versions/"),
        author.post(f"{one}copy/", {}),
        author.post(f"{one}plan/", {}),
    ]
    watching = False

    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert started == []
    assert answers[1].json()["document"]["steps"][0]["title"] == SCRIPT
