"""Workflows for the tests that watch and act in a browser: made over the API, each step held until it is let go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import APIResponse, Page

PROGRAM = Path(__file__).with_name("gated_step.py").read_text()
NUMBERS = count(1)
Step = dict[str, Any]


@dataclass(frozen=True)
class Gated:
    """One workflow and the folder of its gates."""

    page: Page
    id: str
    name: str

    @classmethod
    def made(cls, page: Page, *steps: Step, parameters: Iterable[Mapping[str, Any]] = ()) -> Self:
        name = f"Gated {next(NUMBERS)}"
        gates = f"/default/gates/{name.replace(' ', '-')}/"
        for step in steps:
            if step["kind"] == "job":
                step["inputs"] = [{"name": "gates", "data": {"$data": "gates"}}]
        data = {
            "id": "d-gates",
            "name": "gates",
            "type": "obs",
            "object_type": "directory",
            "placeholder": False,
            "value": {"obs_path": gates},
        }
        places = {f"s-{step['name']}": {"x": 300 * at, "y": 0} for at, step in enumerate(steps)}
        document = {
            "schema": 1,
            "name": name,
            "parameters": [{"id": f"p-{each['name']}", **each} for each in parameters],
            "data": [data],
            "steps": list(steps),
            "layout": {"nodes": places},
        }
        made = cls(page, cls._post(page, "/api/workflows/", {"name": name, "document": document})["id"], name)
        made.open("folder")
        return made

    def open(self, gate: str) -> None:
        """A step that waits for it goes on."""
        path = f"/default/gates/{self.name.replace(' ', '-')}/{gate}"
        answer = self.page.request.put(
            f"/api/storage/file/?path={path}", data=b"open", headers=self._headers(self.page)
        )
        assert answer.ok, answer.text()

    def start(self, **values: Any) -> str:
        run: str = self._post(self.page, f"/api/workflows/{self.id}/runs/", {"values": values})["id"]
        return run

    def runs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.request.get(f"/api/workflows/{self.id}/runs/").json()["items"]
        return found

    @staticmethod
    def _headers(page: Page) -> dict[str, str]:
        """As the application sends them."""
        cookies = page.context.cookies()
        token = next(each["value"] for each in cookies if each["name"].startswith("pipeloom_csrf"))
        origin = page.url.split("/", 3)
        return {"X-CSRFToken": token, "Referer": f"{'/'.join(origin[:3])}/"}

    @classmethod
    def _post(cls, page: Page, path: str, body: Any) -> Any:
        answer: APIResponse = page.request.post(path, data=body, headers=cls._headers(page))
        assert answer.ok, answer.text()
        return answer.json()


def job(name: str, mode: str, after: Iterable[str] = (), **arguments: Any) -> Step:
    """A step that runs gated_step.py."""
    given = {"mode": mode, "name": name, **arguments}
    algorithm = {
        "command": ["python3", "-c", PROGRAM],
        "parameters": [{"name": key, "value": value} for key, value in given.items()],
    }
    return {
        "id": f"s-{name}",
        "name": name,
        "kind": "job",
        "properties": {"algorithm": algorithm},
        "depends_on": list(after),
    }


def train(name: str = "train", after: Iterable[str] = ()) -> Step:
    """Writes a curve while it runs, live."""
    metrics = {"metric_files": ["/default/gated/metrics.json"], "realtime_visualization": True, "visualization": True}
    return {
        **job(name, "train", after),
        "outputs": [
            {"name": "out", "type": "obs", "config": {"obs_path": "/default/gated/"}},
            {"name": "metrics", "type": "metrics", "config": metrics},
        ],
    }


def decide(name: str, parameter: str, then: list[str], otherwise: list[str], after: Iterable[str] = ()) -> Step:
    """A condition on a placeholder."""
    held = {"type": "EQ", "left": {"$parameter": parameter}, "right": True}
    properties = {"conditions": [held], "if_then_steps": then, "else_then_steps": otherwise}
    return {"id": f"s-{name}", "name": name, "kind": "condition", "properties": properties, "depends_on": list(after)}
