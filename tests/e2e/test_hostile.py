"""G10 in a browser: words that would run as a script, in every text that a person or a program can leave, shown on
every page that shows it. No dialog, nothing of theirs ran, no rule of a page was broken, and the words can be read."""

import base64
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Dialog, Page

from tests.harness.browser import Visitor
from tests.harness.live_stack import LiveStack
from tests.integration.security.hostile import MARK, SCRIPT

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]
WATCH = """
window.__broken = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.__broken.push(event.violatedDirective + ' ' + event.blockedURI);
});
"""
# What the words would have become. Of our own pages none has such a thing.
BORN = """() => [...document.querySelectorAll('[onerror],[onload],img[src="x"],iframe,a[href^="javascript:"]')]
  .map((each) => each.outerHTML.slice(0, 200))"""
SEEN = """(words) => {
  const texts = [...document.querySelectorAll('input,textarea')].map((each) => each.value);
  texts.push(document.body.innerText);
  for (const each of document.querySelectorAll('svg text')) texts.push(each.textContent);
  return texts.some((text) => text.includes(words));
}"""
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# In a file's name, where no slash can be.
NAME = f"<img src=x onerror=window.__{MARK}=1><b>{MARK}"
PROGRAM = f"""
from pipeloom import metrics
words = {SCRIPT!r}
print(words)
print("\\x1b]8;;javascript:window.__{MARK}=1\\x1b\\\\" + words + "\\x1b]8;;\\x1b\\\\ \\x1b[31mred\\x1b[0m", flush=True)
with metrics.together():
    metrics.line_chart("curve", x=[1, 2, 3], y={{words: [1, 2, 3], "second " + words: [3, 2, 1]}}, x_title=words, title=words)
    metrics.histogram("bars", x=[words, "b" + words], y={{words: [1, 2]}}, x_title=words, title=words)
    metrics.confusion_matrix("matrix", labels=[words, "other"], counts=[[1, 2], [3, 4]], title=words)
    metrics.table("table", values={{words: words}}, title=words)
raise SystemExit(words)
"""  # noqa: E501


def step(name: str, words: list[str], **more: Any) -> dict[str, Any]:
    base = {"id": f"s-{name}", "name": name, "kind": "job", "title": SCRIPT, "description": SCRIPT}
    return {**base, "depends_on": [], "properties": {"algorithm": {"command": words}}, **more}


def document() -> dict[str, Any]:
    file = {"$storage": {"name": "kept", "path": "drawn/metrics.json", "create_dir": False}}
    config = {"metric_files": [file], "realtime_visualization": True, "visualization": True}
    drawn = step("drawn", [sys.executable, "-c", PROGRAM], outputs=[{"name": "m", "type": "metrics", "config": config}])
    waits = step("waits", ["echo"])
    waits["properties"]["algorithm"]["parameters"] = [{"name": "v", "value": {"$parameter": "late"}}]
    storage = {
        "name": "kept", "title": SCRIPT, "description": SCRIPT, "default": "/default/runs/", "create_dir": True,
        "with_execution_id": True,
    }  # fmt: skip
    return {
        "schema": 1,
        "name": "Hostile",
        "description": SCRIPT,
        "parameters": [
            {"id": "p1", "name": "asked", "type": "STR", "default": SCRIPT, "description": SCRIPT},
            {"id": "p2", "name": "late", "type": "STR", "delay": True, "description": SCRIPT},
        ],
        "storages": [storage],
        "steps": [drawn, waits],
        "notes": [{"id": "n1", "text": SCRIPT}],
        "layout": {"nodes": {"s-drawn": {"x": 40, "y": 40}, "s-waits": {"x": 400, "y": 40}}},
    }


MAKES = f"""
import pathlib, sys
folder = pathlib.Path(sys.argv[-1].split("=", 1)[1])
folder.mkdir(parents=True, exist_ok=True)
(folder / {NAME!r}).write_text("x")
"""


def assets() -> dict[str, Any]:
    """A dataset whose label is such a word, a version of it, and a model with such a file."""

    def storage(path: str) -> dict[str, Any]:
        return {"obs_path": {"$storage": {"name": "kept", "path": path}}}

    labelled = {"format_name": "MA_IMAGENET_V1", "scene": "IMAGE_CLASSIFICATION"}
    created = {
        "dataset_name": "hostile", "dataset_format": 0, "data_type": "IMAGE", "description": SCRIPT,
        "import_config": {"import_annotations": True, "import_type": "DIR", "annotation_format_config": [labelled]},
    }  # fmt: skip
    made = [{"name": "out", "type": "obs", "config": storage("made/")}]
    registered = {"model_type": "Scikit_Learn", "model_name": "hostile", "runtime": SCRIPT}

    def after(name: str, output: str) -> list[dict[str, Any]]:
        return [{"name": "given", "data": {"$output": {"step": name, "output": output}}}]

    steps = [
        step("create", [], kind="create_dataset", properties=created,
             inputs=[{"name": "images", "data": {"$data": "images"}}],
             outputs=[{"name": "dataset", "type": "dataset", "config": storage("dataset/")}]),
        step("release", [], kind="release_dataset", properties={}, depends_on=["create"],
             inputs=after("create", "dataset"),
             outputs=[{"name": "version", "type": "dataset", "config": {"label_task_type": "IMAGE_CLASSIFICATION"}}]),
        step("make", [sys.executable, "-c", MAKES], outputs=made),
        step("register", [], kind="model", properties={}, depends_on=["make"], inputs=after("make", "out"),
             outputs=[{"name": "model", "type": "model", "config": registered}]),
    ]  # fmt: skip
    images = {"id": "d1", "name": "images", "type": "obs", "placeholder": False, "object_type": "directory"}
    return {
        **document(),
        "name": "Hostile assets",
        "parameters": [],
        "data": [{**images, "value": {"obs_path": "/default/hostile-classes/"}}],
        "steps": steps,
        "layout": {"nodes": {}},
    }


def _assets_made(live_stack: LiveStack, client: httpx.Client) -> dict[str, str]:
    for number in range(4):
        _put(client, f"/default/hostile-classes/{NAME}/{number}.png", PIXEL)
    workflow = _made(client.post("/api/workflows/", json={"name": "Hostile assets", "document": assets()}))
    run = _made(client.post(f"/api/workflows/{workflow}/runs/", json={}))
    live_stack.until(lambda: client.get(f"/api/runs/{run}/").json()["finished_at"], "the run ends", 180)
    snapshot = client.get(f"/api/runs/{run}/snapshot/").json()
    assert snapshot["run"]["state"] == "completed", snapshot["steps"]
    found = {}
    for kind in ("datasets", "models"):
        items = client.get(f"/api/{kind}/", params={"limit": 200}).json()["items"]
        found[kind.removesuffix("s")] = next(each["id"] for each in items if each["name"] == "hostile")
    return {**found, "assets": run}


@pytest.fixture(scope="module")
def ids(live_stack: LiveStack) -> Iterator[dict[str, str]]:
    """One of everything that can hold words, and where to find it."""
    with live_stack.client() as client:
        client.patch("/api/me/", json={"display_name": SCRIPT}).raise_for_status()
        client.post("/api/tokens/", json={"name": SCRIPT}).raise_for_status()
        client.post("/api/projects/", json={"name": SCRIPT}).raise_for_status()
        for kind, content in (("html", SCRIPT.encode()), ("png", PIXEL), ("md", SCRIPT.encode())):
            _put(client, f"/default/hostile/{NAME}.{kind}", content)
        workflow = _made(client.post("/api/workflows/", json={"name": "Hostile", "document": document()}))
        notes = {"name": SCRIPT, "notes": SCRIPT}
        client.post(f"/api/workflows/{workflow}/release/", json=notes).raise_for_status()
        wanted = {"values": {"asked": SCRIPT}, "name": SCRIPT, "labels": [SCRIPT]}
        run = _made(client.post(f"/api/workflows/{workflow}/runs/", json=wanted))
        snapshot = f"/api/runs/{run}/snapshot/"
        live_stack.until(lambda: _state(client, snapshot) == "failed", "the step ends", 120)
        metrics = client.get(snapshot).json()["metrics"]
        assert len(metrics[0]["value"]) == 4, metrics
        yield {"workflow": workflow, "run": run, **_assets_made(live_stack, client)}
        # Other tests meet the same person.
        client.patch("/api/me/", json={"display_name": ""}).raise_for_status()


def _state(client: httpx.Client, snapshot: str) -> str:
    return str(client.get(snapshot).json()["steps"]["drawn"]["state"])


def _made(answer: httpx.Response) -> str:
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _put(client: httpx.Client, path: str, content: bytes) -> None:
    kind = {"Content-Type": "application/octet-stream"}
    client.put("/api/storage/file/", params={"path": path}, content=content, headers=kind).raise_for_status()


PAGES = {
    "/": False,
    "/workflows/{workflow}": True,
    "/workflows/{workflow}?run={run}": True,
    "/workflows/{workflow}?tab=runs": True,
    "/runs": True,
    "/runs/{run}": True,
    "/runs/{run}?step=drawn": True,
    "/runs/{run}?tab=metrics": True,
    "/runs/{run}?tab=timeline": True,
    "/runs/{run}?tab=logs&step=drawn": True,
    "/runs/{run}?tab=outputs&step=drawn": False,
    "/runs/{run}?tab=values": True,
    "/todo": True,
    "/storage": False,
    "/storage?path=/default/hostile/": False,
    "/datasets": False,
    "/datasets/{dataset}": True,
    "/models": False,
    "/models/{model}": True,
    "/runs/{assets}?tab=outputs&step=create": False,
    "/runs/{assets}?tab=outputs&step=register": False,
    "/hosts": False,
    "/gallery": False,
    "/parts": False,
    "/account": False,
    "/projects": False,
}
"""Where the words as a whole must be readable; elsewhere that nothing of them runs is all there is to see."""


@pytest.fixture
def dialogs() -> list[str]:
    return []


@pytest.fixture
def guarded(visitor: Visitor, dialogs: list[str]) -> Page:
    page = visitor.page()
    page.context.add_init_script(WATCH)

    def refuse(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    return page


def test_it_runs_nothing_of_what_was_written_and_shows_it_as_it_is(
    guarded: Page, ids: dict[str, str], dialogs: list[str]
) -> None:
    faults: list[str] = []
    for pattern, readable in PAGES.items():
        guarded.goto(pattern.format(**ids), wait_until="load")
        guarded.locator("main, [role=main], #root > *").first.wait_for()
        if readable:
            try:
                guarded.wait_for_function(SEEN, arg=SCRIPT, timeout=15_000)
            except Exception as error:  # noqa: BLE001 - all pages are looked at before anything is said
                faults.append(f"{pattern}: the words cannot be read ({type(error).__name__})")
        guarded.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found = guarded.evaluate(BORN) + guarded.evaluate("() => window.__broken")
        if guarded.evaluate(f"() => window.__{MARK}"):
            found.append("a script ran")
        faults += [f"{pattern}: {each}" for each in found]
    assert dialogs == []
    assert faults == []


def test_it_gives_files_to_the_browser_as_files(guarded: Page, ids: dict[str, str]) -> None:
    """Opened at their own address, where a page of somebody else's words would act as its reader."""
    answer = guarded.request.get("/api/storage/file/", params={"path": f"/default/hostile/{NAME}.html"})

    assert answer.status == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
