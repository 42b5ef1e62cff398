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
    tell_plan(teller, client.plan(workflow["id"], values), titles(document))
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
    tell_lineage(client, teller, view)
    enough(watched.live, view)


def tell_plan(teller: Teller, plan: dict[str, Any], titles: dict[str, str]) -> None:
    teller.head("Plan")
    for name, step in plan["steps"].items():
        reason = (step["reason"] or {}).get("message", "")
        teller.state(titles[name], step["verdict"].replace("_", " "), str(reason))
    refuse(teller, plan["problems"], "the workflow cannot run with these values")


def refuse(teller: Teller, problems: list[dict[str, Any]], sentence: str) -> None:
    for found in problems:
        teller.warn(f"{found['path'] or '/'}: {found['message']} {found['hint']}")
    errors = [found for found in problems if found["severity"] == "error"]
    if errors:
        raise DemoError(f"{sentence}: {len(errors)} problem{'s' if len(errors) > 1 else ''}")


def check(client: Client, teller: Teller, document: dict[str, Any]) -> None:
    refuse(teller, client.check(document), "the workflow is not valid")
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


def tell_lineage(client: Client, teller: Teller, view: RunView) -> None:
    outputs = [output for step in view.steps.values() for output in step["outputs"].values()]
    registered = [output["data"] for output in outputs if output["type"] == "model"]
    if not registered:
        teller.warn("No model was registered.")
    for data in registered:
        version = client.model_version(data["model"], data["version_name"])
        lineage = version["lineage"]
        teller.head(f"Model {version['name']} {version['version']} ({len(version['files'])} files)")
        teller.line(f"← run {lineage['run_number']}, step {lineage['step']}")
        for step, outputs_of in lineage["metrics"].items():
            numbers = [f"{key} {value:g}" for floats in outputs_of.values() for key, value in floats.items()]
            teller.line(f"← step {step}: {', '.join(numbers)}")
        for dataset in lineage["dataset_versions"]:
            counts = ", ".join(f"{name} {count}" for name, count in dataset["counts"].items() if isinstance(count, int))
            teller.line(f"← dataset version {dataset['dataset_name']} {dataset['version_name']} ({counts})")
            teller.line(f"← dataset {dataset['dataset_name']}")
        teller.line(f"← parameters: {', '.join(told(*pair) for pair in sorted(lineage['parameters'].items()))}")


def told(name: str, value: Any) -> str:
    return f"{name}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"


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
