"""Everything a script does with a server, one method each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeloom.client.api import Api, Json
from pipeloom.client.follow import Follower, Update
from pipeloom.client.view import RunView

Row = dict[str, Any]
Values = Mapping[str, Json]


class Client:
    """`url` and `token` default to PIPELOOM_URL and PIPELOOM_TOKEN, and those to what `pipeloom login` kept."""

    def __init__(self, url: str | None = None, token: str | None = None) -> None:
        self.api = Api(url, token)

    def close(self) -> None:
        self.api.close()

    # workflows

    def workflows(self) -> Iterator[Row]:
        return self.api.pages("workflows/")

    def workflow(self, workflow: str) -> Row:
        return _row(self.api.get(f"workflows/{workflow}/"))

    def workflow_named(self, name: str) -> Row | None:
        return next((row for row in self.api.pages("workflows/", search=name) if row["name"] == name), None)

    def workflow_create(self, document: Json, name: str | None = None) -> Row:
        return _row(self.api.post("workflows/", {"name": name or document["name"], "document": document}))

    def workflow_import(self, document: Json) -> Row:
        """`workflow` and `report`: any well-formed file becomes a draft, under a free name."""
        return _row(self.api.post("workflows/import/", document))

    def workflow_delete(self, workflow: str) -> None:
        self.api.delete(f"workflows/{workflow}/")

    def check(self, document: Json) -> list[Row]:
        """All problems of a document, each with a pointer; none when it can be run."""
        return list(self.api.post("workflows/check/", document)["problems"])

    def draft(self, workflow: str) -> Row:
        return _row(self.api.get(f"workflows/{workflow}/draft/"))

    def draft_save(self, workflow: str, document: Json, revision: int) -> Row:
        return _row(self.api.put(f"workflows/{workflow}/draft/", {"document": document, "revision": revision}))

    def release(self, workflow: str, name: str = "") -> Row:
        return _row(self.api.post(f"workflows/{workflow}/release/", {"name": name} if name else {}))

    def publish(self, document: Json, *, name: str | None = None, project: str | None = None) -> Row:
        """A new version of the workflow of this name, which is made where there is none."""
        body = {"name": name or document["name"], "document": document}
        return _row(self.api.post("workflows/publish/", {**body, **({"project": project} if project else {})}))

    def offer(self, document: Json, **more: Json) -> Row:
        """In the gallery: `title`, `version`, `description`, `sharing` (private, group, public), `users`, `project`."""
        return _row(self.api.post("gallery/assets/", {"document": document, **more}))

    def offer_version(self, asset: str, document: Json, **more: Json) -> Row:
        return _row(self.api.post(f"gallery/assets/{asset}/versions/", {"document": document, **more}))

    def offered(self) -> Iterator[Row]:
        return self.api.pages("gallery/assets/")

    def whitelist(self, asset: str, version: str, **more: Json) -> Row:
        """`add` and `remove`: names of people who see this version."""
        return _row(self.api.request("PATCH", f"gallery/assets/{asset}/versions/{version}/users/", json=more))

    def subscribe(self, asset: str, **more: Json) -> Row:
        """One's own workflow from it."""
        return _row(self.api.post(f"gallery/assets/{asset}/subscribe/", more))

    def plan(self, workflow: str, values: Values) -> Row:
        """What each step would do with these values, and why."""
        return _row(self.api.post(f"workflows/{workflow}/plan/", {"values": dict(values)}))

    # runs

    def steps_of_runs(self, workflow: str, **query: Json) -> Iterator[Row]:
        """The steps of a workflow's runs, each with the parameters of its run and its metrics; newest first."""
        return self.api.pages(f"workflows/{workflow}/step-runs/", **query)

    def run_start(self, workflow: str, values: Values | None = None, **more: Json) -> Row:
        """`version`, `steps`, `scene` …: as the address takes them."""
        return _row(self.api.post(f"workflows/{workflow}/runs/", {"values": dict(values or {}), **more}))

    def runs_of(self, workflow: str) -> Iterator[Row]:
        """Newest first."""
        return self.api.pages(f"workflows/{workflow}/runs/")

    def run(self, run: str) -> Row:
        return _row(self.api.get(f"runs/{run}/"))

    def snapshot(self, run: str) -> RunView:
        return RunView.of(self.api.get(f"runs/{run}/snapshot/"))

    def events(self, run: str, after: int = 0) -> list[Row]:
        return list(self.api.get(f"runs/{run}/events/", after=after)["events"])

    def follow(self, run: str, *, sockets: bool = True, give_up_seconds: float = 60.0) -> Iterator[Update]:
        """Every change until the run is finished; connections that break are made again."""
        return Follower(self.api, run, sockets=sockets, give_up_seconds=give_up_seconds).updates()

    def run_action(self, run: str, action: str, **more: Json) -> Json:
        """stop | rerun, with `values` where others are wanted."""
        return self.api.post(f"runs/{run}/actions/", {"action": action, **more})

    def step_action(self, run: str, step: str, action: str, **more: Json) -> Json:
        """retry | stop | continue, with `values` where the step waits for some."""
        return self.api.post(f"runs/{run}/steps/{step}/actions/", {"action": action, **more})

    def step_retry(
        self, run: str, step: str, values: Values | None = None, edit: Mapping[str, Json] | None = None
    ) -> Json:
        """Once more, in this run. `edit` holds what is otherwise of the step from now on: its `properties`, `policy`
        or `outputs`, each as the document has it and as a whole."""
        changed: dict[str, Json] = {"values": dict(values)} if values else {}
        if edit:
            changed["step"] = dict(edit)
        return self.api.post(f"runs/{run}/steps/{step}/actions/", {"action": "retry", **changed})

    def log(self, run: str, step: str, start: int = 0) -> bytes:
        return self.api.content(f"runs/{run}/steps/{step}/logs/", start)

    def outputs(self, run: str, step: str) -> Json:
        return self.api.get(f"runs/{run}/steps/{step}/outputs/")

    def figures(self, run: str, step: str) -> Json:
        return self.api.get(f"runs/{run}/steps/{step}/figures/")

    # runs by the clock

    def schedules(self, workflow: str | None = None, **query: Json) -> Iterator[Row]:
        """Of one workflow, or of all; the one that fires next comes first. `enabled`, `project`, `order` …"""
        return self.api.pages(f"workflows/{workflow}/schedules/" if workflow else "schedules/", **query)

    def schedule_create(self, workflow: str, cron: str, values: Values | None = None, **more: Json) -> Row:
        """The newest release is run at these times. `name`, `timezone`, `scene`, `on_running`, `on_failure` …"""
        body = {"cron": cron, "values": dict(values or {}), **more}
        return _row(self.api.post(f"workflows/{workflow}/schedules/", body))

    def schedule_change(self, schedule: str, **changes: Json) -> Row:
        return _row(self.api.request("PATCH", f"schedules/{schedule}/", json=changes))

    def schedule_delete(self, schedule: str) -> None:
        self.api.delete(f"schedules/{schedule}/")

    def fires(self, schedule: str) -> Iterator[Row]:
        """What came of its times, newest first."""
        return self.api.pages(f"schedules/{schedule}/fires/")

    # what steps run on

    def me(self) -> Row:
        """Whose token this is."""
        return _row(self.api.get("me/"))

    def flavors(self) -> list[Row]:
        return list(self.api.pages("flavors/"))

    def engines(self) -> list[Row]:
        return list(self.api.pages("engines/"))

    def pools(self) -> list[Row]:
        return list(self.api.pages("pools/"))

    def algorithms(self) -> Iterator[Row]:
        return self.api.pages("algorithms/")

    def algorithm_register(self, algorithm_id: str, definition: Json, version: str = "", **more: Json) -> Row:
        """Under the id that programs name: `algorithm_id`, or `subscription_id` with a version."""
        body = {"algorithm_id": algorithm_id, "version": version, "definition": definition, **more}
        return _row(self.api.post("algorithms/", body))

    def images(self) -> Iterator[Row]:
        return self.api.pages("images/")

    def image_register(self, name: str, reference: str = "", **more: Json) -> Row:
        """Under the name that programs say as `image_url`; without a reference that is what an engine pulls."""
        return _row(self.api.post("images/", {"name": name, "reference": reference, **more}))

    def image_change(self, image: str, **changes: Json) -> Row:
        return _row(self.api.request("PATCH", f"images/{image}/", json=changes))

    def image_delete(self, image: str) -> None:
        self.api.delete(f"images/{image}/")

    # what runs leave behind

    def models(self) -> Iterator[Row]:
        return self.api.pages("models/")

    def model(self, model: str) -> Row:
        return _row(self.api.get(f"models/{model}/"))

    def model_versions(self, model: str) -> Iterator[Row]:
        return self.api.pages(f"models/{model}/versions/")

    def model_version(self, model: str, version: str) -> Row:
        """With lineage and files."""
        return _row(self.api.get(f"models/{model}/versions/{version}/"))

    def datasets(self) -> Iterator[Row]:
        return self.api.pages("datasets/")


def _row(answer: Json) -> Row:
    return dict(answer)
