"""The first quarter of an hour: a link on the terminal, a sample one click from running, a model that is kept."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pipeloom.client import Client, RunView
from websockets.sync.client import connect

from tests.harness.live_stack import LiveStack, StackStarter

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]
LAST = {"completed", "stopped", "abnormal"}


@pytest.fixture
def stack(live_stack_factory: StackStarter) -> LiveStack:
    return live_stack_factory()


def signed_in(stack: LiveStack) -> httpx.Client:
    """As a browser does it: look at the page behind the link, press its button, keep the cookies."""
    browser = httpx.Client(base_url=stack.url, follow_redirects=True, timeout=30, headers={"Origin": stack.url})
    path = stack.link.removeprefix(stack.url)
    assert browser.get(path).status_code == 200
    answer = browser.post(path, data={"csrfmiddlewaretoken": csrf(browser)})
    assert answer.status_code == 200
    assert browser.get("/api/me/").json()["username"] == "admin"
    browser.headers["X-CSRFToken"] = csrf(browser)
    return browser


def csrf(browser: httpx.Client) -> str:
    """The name of the cookie has the port in it: two installations on one host do not sign each other out."""
    return next(value for name, value in browser.cookies.items() if "csrf" in name)


def sample(browser: httpx.Client) -> dict[str, Any]:
    (found,) = [row for row in browser.get("/api/workflows/").json()["items"] if row["name"] == "Handwritten digits"]
    return dict(found)


def started(browser: httpx.Client, values: dict[str, Any]) -> str:
    answer = browser.post(f"/api/workflows/{sample(browser)['id']}/runs/", json={"values": values})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def watched(browser: httpx.Client, stack: LiveStack, run: str) -> Iterator[tuple[RunView, dict[str, Any]]]:
    """Over a socket with the cookies of the session and the page's own origin."""
    view = RunView.of(browser.get(f"/api/runs/{run}/snapshot/").json())
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    address = f"ws{stack.url.removeprefix('http')}/ws/runs/{run}/?after={view.seq}"
    with connect(address, additional_headers={"Cookie": cookies}, origin=stack.url, proxy=None) as socket:  # type: ignore[arg-type]
        while view.state not in LAST:
            frame = json.loads(socket.recv(60))
            view.apply(frame)
            yield view, frame


def test_it_goes_from_the_link_to_a_model_and_keeps_it_over_a_restart(
    stack: LiveStack, live_stack_factory: StackStarter
) -> None:
    browser = signed_in(stack)
    run = started(browser, {})
    live = 0
    for view, frame in watched(browser, stack, run):
        if frame["type"] == "metrics" and view.step("train")["state"] == "running":
            live += 1
    assert (view.state, live >= 10) == ("completed", True), f"{view.run} {live}"
    (model,) = browser.get("/api/models/").json()["items"]
    assert model["name"] == "handwritten-digits"
    figures = browser.get(f"/api/runs/{run}/steps/train/figures/").json()["items"]
    assert {item["figure"]["data"][0]["type"] for item in figures} == {
        "indicator",
        "scatter",
        "bar",
        "heatmap",
        "table",
    }

    assert stack.stop() == 0
    again = live_stack_factory(home=stack.home)
    assert "applied" not in again.output
    browser = signed_in(again)
    assert browser.get(f"/api/runs/{run}/").json()["state"] == "completed"
    (version,) = browser.get(f"/api/models/{model['id']}/versions/").json()["items"]
    assert version["lineage"]["run"] == run


def test_it_registers_nothing_that_is_not_good_enough(stack: LiveStack) -> None:
    """The same sample with two short epochs and an accuracy that they cannot reach."""
    client = Client(stack.url, stack.token)
    workflow = client.workflow_named("Handwritten digits")
    assert workflow
    values = {"epochs": 2, "copies": 1, "min_accuracy": 1.0}
    verdicts = {name: step["verdict"] for name, step in client.plan(workflow["id"], values)["steps"].items()}
    assert verdicts["register"] == "decided_at_run_time"
    *_, last = client.follow(client.run_start(workflow["id"], values)["id"])
    register = last.view.step("register")
    assert (last.view.state, register["state"]) == ("completed", "skipped")
    assert register["reason"]["message"]
    assert not list(client.models())
