"""`make demo`: the sample workflow from a JSON file to a registered model, through the public API alone.

Checks the document, asks for its placeholders, runs it, follows the run over a WebSocket while a real model trains on
real data, and shows where the registered model came from. Ends with 1 when any of that did not happen.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pipeloom.client import Client, PipeloomError, RunView, Update

from workers.samples.stage import StageError, stage
from workers.samples.telling import Teller, seconds_between, shown

DOCUMENT = Path(__file__).parent / "digits" / "workflow.json"
LIVE_UPDATES = 10
NAME = "Digits demo"


class DemoError(Exception):
    """The demo did not show what it should; the text says what."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__.splitlines()[0])
    parser.add_argument("document", nargs="?", type=Path, default=DOCUMENT, help="a workflow as JSON")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="the value of a placeholder")
    parser.add_argument("--yes", action="store_true", help="do not ask: take the defaults")
    parser.add_argument("--home", help="default: PIPELOOM_HOME, else .pipeloom/")
    options = parser.parse_args()
    teller = Teller()
    try:
        with stage(options.home) as here:
            teller.head(f"Pipeloom {'was started' if here.ours else 'runs'} at {here.url}")
            client = Client(here.url, here.token)
            try:
                demo(client, teller, options)
            finally:
                forget_token(client, here.token_name)
                client.close()
    except (DemoError, StageError, PipeloomError) as error:
        sys.stderr.write(f"make demo: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def demo(client: Client, teller: Teller, options: argparse.Namespace) -> None:
    document = json.loads(options.document.read_text(encoding="utf-8"))
    check(client, teller, document)
    workflow = put(client, document)
    values = ask(teller, document, dict(pair.partition("=")[::2] for pair in options.set), options.yes)
    teller.head("Plan")
    for name, step in client.plan(workflow["id"], values)["steps"].items():
        teller.state(titles(document)[name], str(step["action"]), str((step.get("reason") or {}).get("message", "")))
    run = client.run_start(workflow["id"], values)
    teller.head(f"Run {run['number']} of “{workflow['name']}”")
    watched = Watched(teller, titles(document))
    for update in client.follow(run["id"]):
        watched.take(update)
    view = watched.view
    tell_result(teller, view, titles(document))
    tell_metrics(teller, view, watched.live)
    if view.state != "completed":
        raise DemoError(f"the run ended as {view.state}")
    tell_lineage(client, teller, run["id"])
    enough(watched.live, view)


def check(client: Client, teller: Teller, document: dict[str, Any]) -> None:
    problems = client.check(document)
    errors = [found for found in problems if found["severity"] == "error"]
    for found in problems:
        teller.warn(f"{found['path'] or '/'}: {found['message']} {found['hint']}")
    if errors:
        raise DemoError(f"the workflow has {len(errors)} problems")
    teller.line(f"“{document['name']}” is valid: {len(document['steps'])} steps")


def put(client: Client, document: dict[str, Any]) -> dict[str, Any]:
    """The demo has a workflow of its own, so that nobody's edits are overwritten."""
    name = NAME if document["name"] == "Handwritten digits" else f"Demo {document['name']}"[:64]
    found = client.workflow_named(name)
    if found is None:
        return client.workflow_create(document, name)
    client.draft_save(found["id"], document, client.draft(found["id"])["revision"])
    return found


def titles(document: dict[str, Any]) -> dict[str, str]:
    return {step["name"]: step.get("title") or step["name"] for step in document["steps"]}


def ask(teller: Teller, document: dict[str, Any], given: dict[str, str], silent: bool) -> dict[str, Any]:
    """Values of placeholders: from --set, from the person at the terminal, else the document's defaults."""
    parameters = {parameter["name"]: parameter for parameter in document.get("parameters", [])}
    unknown = set(given) - set(parameters)
    if unknown:
        raise DemoError(f"there is no placeholder {min(unknown)!r}; there are: {', '.join(parameters)}")
    teller.head("Placeholders")
    values: dict[str, Any] = {}
    for name, parameter in parameters.items():
        text = given.get(name, "")
        if not text and not silent and sys.stdin.isatty() and not parameter.get("delay"):
            text = teller.ask(name, parameter.get("default"), parameter.get("description", ""))
        if text:
            values[name] = typed(parameter, text)
        teller.line(f"{name} = {values.get(name, parameter.get('default', '(not set)'))}")
    return values


def typed(parameter: dict[str, Any], text: str) -> Any:
    if parameter["type"] == "STR":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


class Watched:
    """Prints what happens and counts the metric updates that arrive while their step runs."""

    def __init__(self, teller: Teller, titles: dict[str, str]) -> None:
        self.teller = teller
        self.titles = titles
        self.view = RunView("")
        self.live: dict[str, int] = {}
        self._told: dict[str, str] = {}

    def take(self, update: Update) -> None:
        self.view = update.view
        frame = update.frame
        if frame is not None and frame["type"] == "metrics" and update.transport == "socket":
            self._metrics(frame["step"])
        for name in self.titles:
            self._step(name, update.view.step(name))

    def _step(self, name: str, step: dict[str, Any]) -> None:
        state = step["state"]
        if self._told.get(name, "init") != state:
            self._told[name] = state
            reason = (step.get("reason") or {}).get("message", "")
            self.teller.state(self.titles[name], state, str(reason))

    def _metrics(self, step: str) -> None:
        if self.view.step(step)["state"] != "running":
            return
        self.live[step] = self.live.get(step, 0) + 1
        numbers = [item for item in self.view.metrics_of(step) if item["type"] == "float"]
        told = ", ".join(f"{item['title']} {shown(item)}" for item in numbers)
        self.teller.line(f"{self.titles[step]}, live update {self.live[step]}: {told}")


def tell_result(teller: Teller, view: RunView, titles: dict[str, str]) -> None:
    teller.head(f"The run is {view.state} ({seconds_between(view.run.get('started_at'), view.run.get('finished_at'))})")
    rows = []
    for name, title in titles.items():
        step = view.step(name)
        waited = seconds_between(step["ready_at"], step["started_at"])
        rows.append([title, step["state"], waited, seconds_between(step["started_at"], step["finished_at"])])
    teller.table(["step", "state", "waited", "ran"], rows)


def tell_metrics(teller: Teller, view: RunView, live: dict[str, int]) -> None:
    for step in dict.fromkeys(key.step for key in view.metrics):
        teller.head(f"Metrics of {step} ({live.get(step, 0)} updates arrived over the socket while it ran)")
        teller.table(
            ["metric", "type", "value"],
            [[item["title"], item["type"], shown(item)] for item in view.metrics_of(step)],
        )


def tell_lineage(client: Client, teller: Teller, run: str) -> None:
    versions = [
        (model, version)
        for model in client.models()
        for version in client.model_versions(model["id"])
        if version["lineage"].get("run") == run
    ]
    if not versions:
        teller.warn("No model was registered.")
    for model, version in versions:
        lineage = version["lineage"]
        teller.head(f"Model {model['name']} {version['version']}")
        teller.line(f"← run {lineage.get('run_number', run)}, step {lineage.get('step')}")
        for dataset in lineage.get("datasets", []):
            teller.line(f"← dataset version {dataset['name']} {dataset['version']}")
        parameters = lineage.get("parameters", {})
        teller.line(f"← parameters: {', '.join(f'{name}={value}' for name, value in parameters.items())}")


def enough(live: dict[str, int], view: RunView) -> None:
    declared = {key.step for key in view.metrics}
    for step in declared:
        if live.get(step, 0) < LIVE_UPDATES:
            raise DemoError(
                f"only {live.get(step, 0)} metric updates of {step} arrived live; {LIVE_UPDATES} are needed"
            )


def forget_token(client: Client, name: str) -> None:
    """The token was for this demo alone."""
    for row in client.api.pages("tokens/"):
        if row["name"] == name:
            client.api.delete(f"tokens/{row['id']}/")


if __name__ == "__main__":
    sys.exit(main())
