"""Something to look at on every page: runs that ended in every way, one that goes on, long names in two languages."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.harness.live_stack import REPOSITORY, LiveStack

SAMPLE = REPOSITORY / "workers" / "samples" / "digits" / "workflow.json"
OVER = {"completed", "stopped", "abnormal"}
LONG_NAME = "Quarterly churn forecast with class-balanced resampling EU-2"
LONG_CHINESE = "季度客户流失预测与类别均衡重采样以及特征重要性分析流水线第二版"
NOTES = "/default/notes/"
RARE = "0 0/30 0-6 ? JAN,JUL MON,WED"
# One more than there are cores here, so that one waits.
CROWD = [f"export_{number}" for number in range(1, max(3, os.cpu_count() or 1) + 1)]
LAST_IN_LINE = CROWD[-1]
FILES: dict[str, bytes] = {
    "readme.md": "# 说明\n\nWhat lies here, and why.\n".encode(),
    "scores.csv": b"epoch,training,held out\n"
    + b"".join(b"%d,%.4f,%.4f\n" % (n, 1 / n, 1.2 / n) for n in range(1, 60)),
    "lines.jsonl": b"".join(b'{"path": "images/%d.png", "label": "%d"}\n' % (n, n % 10) for n in range(40)),
    "settings.json": json.dumps({"model": {"layers": [256, 10], "rate": 0.003}, "labels": list("0123456789")}).encode(),
    "weights.bin": bytes(range(256)) * 64,
    "empty.txt": b"",
    "a-rather-long-file-name-that-somebody-made-from-a-timestamp-2026-11-20T13-45-00-and-a-hash-9f86d0818.log": b"ok\n",
    "一个非常非常长的中文文件名用来检查表格里面的文字会不会被截断或者重叠.txt": "好\n".encode(),
}


IMAGES = (
    {"name": "vision/resnet:2.1", "reference": "registry.example.org:5000/vision/resnet:2.1-cu128"},
    {"name": "nlp/" + "a-rather-long-name-" * 4 + "of-an-image:1", "description": LONG_NAME + LONG_CHINESE},
    {"name": "base/python:3.12", "digest": "sha256:" + "5e" * 32, "description": LONG_CHINESE},
)


@dataclass
class World:
    """Ids by what they show."""

    client: httpx.Client
    stack: LiveStack
    ids: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """There is a run called “live”, as long as anybody looks: training, and waiting for an answer."""
        self.run("live", "crowded", {"epochs": 5000})
        try:
            self.step_is("live", "train", "running")
            self.step_is("live", "publish", "wait_inputs")
            yield
        finally:
            self.stop("live")

    def stop(self, name: str) -> None:
        self.client.post(f"/api/runs/{self.ids[name]}/actions/", json={"action": "stop"})
        assert self.over(name) == "stopped"

    def over(self, name: str) -> str:
        run = f"/api/runs/{self.ids[name]}/"
        return str(self.stack.until(lambda: self._ended(run), f"the end of the run “{name}”", 300))

    def _ended(self, run: str) -> str | None:
        state = self.client.get(run).json()["state"]
        return state if state in OVER else None

    def workflow(self, name: str, document: dict[str, Any]) -> str:
        made = self.client.post("/api/workflows/", json={"name": document["name"], "document": document})
        assert made.status_code == 201, made.text
        self.ids[name] = made.json()["id"]
        return self.ids[name]

    def run(self, name: str, workflow: str, values: dict[str, Any] | None = None) -> str:
        made = self.client.post(f"/api/workflows/{self.ids[workflow]}/runs/", json={"values": values or {}})
        assert made.status_code == 201, made.text
        self.ids[name] = made.json()["id"]
        return self.ids[name]

    def step_is(self, run: str, step: str, *states: str) -> None:
        url = f"/api/runs/{self.ids[run]}/snapshot/"
        self.stack.until(
            lambda: self.client.get(url).json()["steps"][step]["state"] in states, f"{run}: {step} is {states}", 120
        )


def command(name: str, words: list[str], *after: str, **more: Any) -> dict[str, Any]:
    step = {"id": f"s-{name}", "name": name, "kind": "job", "depends_on": list(after)}
    return {**step, "properties": {"algorithm": {"command": words}}, **more}


def placed(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """Three beside each other, as many rows as it takes."""
    return {"nodes": {each["id"]: {"x": at % 3 * 320, "y": at // 3 * 220} for at, each in enumerate(steps)}}


def troubled() -> dict[str, Any]:
    """A step fails, one is skipped with what comes after it, one cannot begin: and the run says why."""
    steps = [
        command("prepare", ["echo", "prepared 1,204 rows"], title="Prepare the table"),
        command("evaluate", ["sh", "-c", "echo reading; echo 'KeyError: tenure_bucket' >&2; exit 3"], "prepare"),
        command("report", ["echo", "never"], "evaluate", title="Write the report"),
        command(
            "extra",
            ["echo", "never"],
            "prepare",
            title="Only with extras",
            policy={"skip_conditions": [{"type": "EQ", "left": {"$parameter": "extras"}, "right": False}]},
        ),
        command("after_extra", ["echo", "after"], "extra", title="After the extras"),
    ]
    extras = {"id": "p-extras", "name": "extras", "type": "BOOL", "default": False, "description": "Do more."}
    return {"schema": 1, "name": LONG_NAME, "parameters": [extras], "steps": steps, "layout": placed(steps)}


def crowded(sample: dict[str, Any]) -> dict[str, Any]:
    """The sample, trained for as long as anybody looks; a question that waits; more steps than there are cores."""
    document = {**sample, "name": LONG_CHINESE, "description": "训练一个小型神经网络，同时等待操作员确认目标分支。"}
    asked = {"id": "p-branch", "name": "branch", "type": "STR", "delay": True, "description": "Where to publish."}
    waiting = command("publish", ["echo", "published"], title="Publish")
    waiting["properties"]["algorithm"]["parameters"] = [{"name": "branch", "value": {"$parameter": "branch"}}]
    crowd = [command(each, ["sleep", "3600"], "release", title=each.replace("_", " ").capitalize()) for each in CROWD]
    document["parameters"] = [*sample["parameters"], asked]
    document["steps"] = [*sample["steps"], waiting, *crowd]
    nodes = {**sample["layout"]["nodes"]}
    nodes.update({each["id"]: {"x": at * 320, "y": 780} for at, each in enumerate([waiting, *crowd])})
    document["layout"] = {"nodes": nodes}
    return document


def world_make(stack: LiveStack, client: httpx.Client) -> World:
    world = World(client, stack)
    sample = json.loads(Path(SAMPLE).read_text())
    listed = client.get("/api/workflows/", params={"search": "Handwritten"}).json()["items"]
    world.ids["workflow"] = listed[-1]["id"]
    world.run("run", "workflow", {"epochs": 6, "min_accuracy": 0})
    world.workflow("troubled", troubled())
    world.run("failed", "troubled")
    world.workflow("empty", {"schema": 1, "name": "Nothing yet", "steps": []})
    world.workflow("wrong", wrong(sample))
    for name, content in FILES.items():
        made = client.put("/api/storage/file/", params={"path": NOTES + name}, content=content)
        assert made.status_code in {201, 409}, made.text
    client.post("/api/storage/folders/", json={"path": NOTES + "empty/"})
    for image in IMAGES:
        assert client.post("/api/images/", json=image).status_code == 201
    assert world.over("run") == "completed"
    assert world.over("failed") == "abnormal"
    world.ids["dataset"] = client.get("/api/datasets/").json()["items"][0]["id"]
    world.ids["model"] = client.get("/api/models/").json()["items"][0]["id"]
    world.ids["project"] = client.get("/api/me/").json()["projects"][0]["project"]
    client.post(f"/api/projects/{world.ids['project']}/invitations/", json={"role": "operator", "note": LONG_NAME})
    world.workflow("crowded", crowded(sample))
    world.run("stopped", "crowded", {"epochs": 5000})
    world.step_is("stopped", "train", "running")
    world.stop("stopped")
    told(world)
    scheduled(world)
    offered(world, sample)
    return world


def scheduled(world: World) -> None:
    """What starts by itself, with names as long as they get."""
    for workflow, values in (("workflow", {"epochs": 6, "min_accuracy": 0}), ("troubled", {})):
        path = f"/api/workflows/{world.ids[workflow]}/"
        assert world.client.post(f"{path}release/", json={"name": "1.0.0"}).status_code == 201
        for name, cron, zone in ((LONG_CHINESE, "0 30 6 ? * MON-FRI", "Europe/Berlin"), (LONG_NAME, RARE, "UTC")):
            body = {"name": name, "cron": cron, "timezone": zone, "values": values}
            made = world.client.post(f"{path}schedules/", json=body)
            assert made.status_code == 201, made.text
    world.client.patch(f"/api/schedules/{made.json()['id']}/", json={"enabled": False})


def offered(world: World, sample: dict[str, Any]) -> None:
    """Something in the gallery that named people see, with a version more."""
    body = {"document": sample, "title": LONG_NAME, "sharing": "group", "users": ["anna", "night-shift"]}
    made = world.client.post("/api/gallery/assets/", json={**body, "description": LONG_CHINESE}).json()
    world.ids["offer"] = made["asset"]["id"]
    world.client.post(f"/api/gallery/assets/{world.ids['offer']}/versions/", json={"document": sample})


def told(world: World) -> None:
    """A topic with every kind of channel, of which some work; and news of the run that failed."""
    topic = world.client.post("/api/topics/", json={"name": LONG_CHINESE}).json()["id"]
    for kind, address in (("mail", "night-shift@example.org"), ("webhook", "https://hooks.invalid/" + "deep/" * 20)):
        added = world.client.post(f"/api/topics/{topic}/channels/", json={"kind": kind, "address": address})
        assert added.status_code == 201, added.text
    world.client.post(f"/api/topics/{topic}/test/", json={})
    for run in ("failed", "run"):
        world.client.post("/api/subscriptions/", json={"run": world.ids[run]})
    unread = "/api/notifications/?state=open"
    world.stack.until(lambda: world.client.get(unread).json()["unread"] >= 3, "the news of two runs and a test", 60)


def wrong(sample: dict[str, Any]) -> dict[str, Any]:
    """A draft with something to correct in every second step."""
    document = json.loads(json.dumps(sample))
    document["name"] = "To be corrected"
    document["steps"][0]["properties"]["dataset_name"] = {"$parameter": "dataset"}
    document["steps"][1]["outputs"][0]["config"]["train_evaluate_sample_ratio"] = "eighty"
    document["steps"][3]["inputs"][0]["data"] = {"$output": {"step": "trian", "output": "train_url"}}
    return dict(document)
