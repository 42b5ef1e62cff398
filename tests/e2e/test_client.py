"""The Python client against the running product, over connections that break all the time."""

import copy
import random
from typing import Any
from urllib.parse import urlsplit

import pytest
from pipeloom.client import Client, Follower, ProblemError, RunView
from pipeloom.client.view import UNTOUCHED

from tests.bench.documents import chain, step
from tests.e2e.cutting_proxy import CuttingProxy
from tests.harness.live_stack import LiveStack

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def client(live_stack: LiveStack) -> Client:
    return Client(live_stack.url, live_stack.token)


def facts(view: RunView) -> tuple[Any, ...]:
    """What frames decide; titles, queue and the like come with snapshots only."""
    run = {name: view.run[name] for name in ("state", "stop_requested", "values", "started_at", "finished_at")}
    steps = {name: {field: step[field] for field in UNTOUCHED} for name, step in view.steps.items()}
    return view.seq, run, steps


def followed(follower: Follower) -> tuple[RunView, list[int]]:
    """The view before it was fetched as a whole at the end, and the numbers of all facts folded in, in order."""
    numbers: list[int] = []
    before, last = RunView(""), RunView("")
    for update in follower.updates():
        if update.frame is not None:
            numbers += [update.frame["seq"]] if "seq" in update.frame else []
        before, last = last, copy.deepcopy(update.view)
    return before, numbers


@pytest.mark.parametrize("sockets", [True, False], ids=["socket", "long poll"])
def test_it_ends_where_the_server_is(client: Client, sockets: bool) -> None:
    document = {**chain(5), "name": f"Followed {sockets}"}
    workflow = client.workflow_create(document)
    run = client.run_start(workflow["id"])
    view, _ = followed(Follower(client.api, run["id"], sockets=sockets))
    assert view.state == "completed"
    assert facts(view) == facts(client.snapshot(run["id"]))


@pytest.mark.timeout(600)
def test_it_misses_and_repeats_nothing_when_connections_are_cut_200_times(
    client: Client, live_stack: LiveStack, rng: random.Random
) -> None:
    workflow = client.workflow_create({**chain(60), "name": "Cut off"})
    port = urlsplit(live_stack.url).port
    assert port
    cuts = 0
    while cuts < 200:
        run = client.run_start(workflow["id"])
        with CuttingProxy(port, rng) as proxy:
            follower = Follower(Client(proxy.url, live_stack.token).api, run["id"])
            view, numbers = followed(follower)
            cuts += proxy.cuts
        assert numbers == sorted(set(numbers)), "no fact is folded in twice, or out of order"
        assert facts(view) == facts(client.snapshot(run["id"]))


def test_it_reads_the_log_from_any_byte(client: Client) -> None:
    document = {"schema": 1, "name": "Speaks", "steps": [step("speak", [], ["printf", "one two three"])]}
    run = client.run_start(client.workflow_create(document)["id"])
    list(client.follow(run["id"]))
    whole = client.log(run["id"], "speak")
    assert whole.endswith(b"one two three")
    assert client.log(run["id"], "speak", len(whole) - 5) == b"three"
    assert client.log(run["id"], "speak", len(whole)) == b""


def test_it_stops_and_repeats_a_run(client: Client) -> None:
    document = {"schema": 1, "name": "Sleeps", "steps": [step("sleep", [], ["sleep", "60"])]}
    run = client.run_start(client.workflow_create(document)["id"])
    for update in client.follow(run["id"]):
        if update.view.step("sleep")["state"] == "running":
            client.run_action(run["id"], "stop")
    assert client.run(run["id"])["state"] == "stopped"
    again = client.run_action(run["id"], "rerun")["run"]
    assert again["origin_run"] == run["id"]
    client.run_action(again["id"], "stop")
    *_, last = client.follow(again["id"])
    assert last.view.state == "stopped"


def test_it_is_told_problems_with_pointers(client: Client) -> None:
    document = {**chain(2), "name": "Broken"}
    document["steps"][1]["depends_on"] = ["nobody"]
    problems = client.check(document)
    assert [found["path"] for found in problems] == ["/steps/1/depends_on/0"]
    workflow = client.workflow_create(document)
    with pytest.raises(ProblemError, match="/steps/1/depends_on/0"):
        client.run_start(workflow["id"])
    with pytest.raises(ProblemError) as missing:
        client.run("018f0000-0000-7000-8000-000000000000")
    assert missing.value.status == 404
