"""Prometheus figures: true, few, for those who may read them; and what reads them knows their names."""

import json
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from django.db import transaction
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from backend.apps.runs import services
from backend.apps.runs.reconcile import Reconciler, Rule
from backend.config.metrics.stored import Stored
from backend.shared import telemetry
from backend.shared.telemetry.serving import AddressError, serve
from tests.harness.runs import FakeAgent, chain, document, host, job, report, start, token_of

REPOSITORY = Path(__file__).resolve().parents[3]
MONITORING = REPOSITORY / "docker" / "monitoring"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}")


def read(**headers: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample of the web process's answer."""
    answer = Client().get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.content
    return samples(answer.content.decode())


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(text)
    return {(each.name, tuple(sorted(each.labels.items()))): each.value for one in families for each in one.samples}


def value(found: Any, name: str, **labels: str) -> float:
    return found.get((name, tuple(sorted(labels.items()))), 0.0)


@pytest.mark.django_db(transaction=True)
def test_it_counts_the_life_of_a_run(redis_url: str) -> None:
    before = read()
    host("alpha", cpu=1, gpus=2)
    run = start(document(job("a"), job("b", ["a"]), job("c")))
    waiting = read()
    assert value(waiting, "pipeloom_runs", state="running") == 1
    assert value(waiting, "pipeloom_steps", state="creating") == 1
    assert value(waiting, "pipeloom_queue_length") == 1
    assert value(waiting, "pipeloom_outbox_due") >= 1
    assert value(waiting, "pipeloom_cpu_slots", kind="used") == 1
    assert value(waiting, "pipeloom_gpu_slots", kind="total") == 2
    assert value(waiting, "pipeloom_hosts", state="online") == 1

    FakeAgent(outcome=lambda order: report(order.token, "failed" if order.step == "c" else "succeeded")).work()
    after = read()

    def more(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    assert more("pipeloom_steps_finished_total", state="completed") == 2
    assert more("pipeloom_steps_finished_total", state="failed") == 1
    assert more("pipeloom_runs_finished_total", state="abnormal") == 1
    assert more("pipeloom_queue_wait_seconds_count") == 3
    assert more("pipeloom_dispatch_seconds_count") == 3
    assert more("pipeloom_apply_seconds_count") >= 6
    assert value(after, "pipeloom_runs", state="running") == 0
    assert str(run.pk) not in Client().get("/metrics").content.decode()


@pytest.mark.django_db(transaction=True)
def test_it_counts_what_was_lost_and_what_was_mended(redis_url: str) -> None:
    host()
    run = start(chain(1))
    before = read()

    services.attempt_lost(token=token_of(run, "s0"), reason="order.lease_over")
    things = ["broken"]
    Reconciler([Rule("of the test", lambda: list(things), lambda item: things.remove(item) is None)]).run_once()

    after = read()
    name, reason = "pipeloom_attempts_lost_total", "order.lease_over"
    assert value(after, name, reason=reason) - value(before, name, reason=reason) == 1
    assert value(after, "pipeloom_reconciler_repairs_total", rule="of the test") == 1


@pytest.mark.django_db(transaction=True)
def test_it_does_not_count_what_is_rolled_back(redis_url: str) -> None:
    """A figure of something that did not happen would be worse than none."""
    before = read()
    with pytest.raises(RuntimeError, match="no"):
        _start_and_fail()

    after = read()

    assert value(after, "pipeloom_queue_wait_seconds_count") == value(before, "pipeloom_queue_wait_seconds_count")


def _start_and_fail() -> None:
    host()
    with transaction.atomic():
        start(chain(1))
        raise RuntimeError("no")


@pytest.mark.django_db
def test_it_names_routes_and_never_addresses() -> None:
    client = Client()
    client.get("/api/runs/0197c0de-0000-7000-8000-000000000000/")
    client.get("/no/such/place/0197c0de-0000-7000-8000-000000000000")
    client.generic("BREW", "/healthz")

    text = client.get("/metrics").content.decode()

    assert not UUID.search(text)
    found = samples(text)
    assert value(found, "pipeloom_http_request_seconds_count", method="GET", route="/api/runs/<uuid:id>/", status="4xx")
    assert value(found, "pipeloom_http_request_seconds_count", method="other", route="/healthz", status="4xx")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "sent", "status"),
    [
        ("", {}, 200),
        ("", {"x-forwarded-for": "203.0.113.9"}, 403),
        ("", {"forwarded": "for=203.0.113.9"}, 403),
        ("right", {}, 403),
        ("right", {"authorization": "Bearer wrong"}, 403),
        ("right", {"authorization": "Basic right"}, 403),
        ("right", {"authorization": "Bearer right"}, 200),
        ("right", {"authorization": "Bearer right", "x-forwarded-for": "203.0.113.9"}, 200),
    ],
)
def test_it_answers_this_machine_or_the_holder_of_the_token(
    token: str, sent: dict[str, str], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIPELOOM_METRICS_TOKEN", token)

    assert Client().get("/metrics", headers=sent).status_code == status


@pytest.mark.django_db
def test_it_does_not_answer_other_machines() -> None:
    assert Client(REMOTE_ADDR="192.0.2.7").get("/metrics").status_code == 403
    assert Client(REMOTE_ADDR="not an address").get("/metrics").status_code == 403


@pytest.mark.django_db
def test_it_says_that_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scrape itself goes on: that is when somebody needs it."""
    monkeypatch.setattr("backend.config.metrics.stored._RUNS", "SELECT nonsense")

    assert [(each.name, each.samples[0].value) for each in Stored().collect()] == [("pipeloom_database_up", 0.0)]


@pytest.fixture
def exporter() -> Iterator[str]:
    server = serve("127.0.0.1:0")
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def fetch(url: str, **headers: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=headers), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_it_serves_the_figures_of_other_processes(exporter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    telemetry.count("pipeloom_publish_failures")
    status, text = fetch(f"{exporter}/metrics")
    assert status == 200
    assert samples(text)["pipeloom_publish_failures_total", ()] >= 1
    assert fetch(f"{exporter}/secrets")[0] == 404

    monkeypatch.setenv("PIPELOOM_METRICS_TOKEN", "right")
    assert fetch(f"{exporter}/metrics")[0] == 403
    assert fetch(f"{exporter}/metrics", Authorization="Bearer right")[0] == 200


@pytest.mark.parametrize("address", ["nonsense", "127.0.0.1:", "127.0.0.1:99999"])
def test_it_says_what_an_address_is(address: str) -> None:
    with pytest.raises(AddressError, match="HOST:PORT"):
        serve(address)


def test_it_takes_what_pool_processes_hand_over(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    before = telemetry.registry().get_sample_value("pipeloom_finish_seconds_count") or 0
    thread = telemetry.gather(ours)
    for message in (
        b"not json",
        b'["no_such_figure", "inc", 1, {}]',
        b'["pipeloom_finish_seconds", "observe", 0.5, {}]',
        b"",
    ):
        theirs.send(message)
    thread.join(10)

    assert not thread.is_alive(), "an empty message is the end"
    assert telemetry.registry().get_sample_value("pipeloom_finish_seconds_count") == before + 1
    ours.close()
    theirs.close()


def exported() -> dict[str, set[str]]:
    """Every name that can be asked for, with its labels; nothing is looked up."""
    names: dict[str, set[str]] = {"up": {"job", "instance"}}
    for family in (*telemetry.registry().collect(), *Stored().collect()):
        for sample in family.samples:
            names.setdefault(sample.name, set()).update(sample.labels)
    for each in telemetry.INSTRUMENTS:
        suffixes = {"counter": ["_total"], "gauge": [""], "histogram": ["_count", "_sum", "_bucket"]}[each.kind]
        for suffix in suffixes:
            labels = names.setdefault(each.name + suffix, set())
            labels.update(each.labels, {"le"} if suffix == "_bucket" else ())
    return names


def selectors(expression: Any) -> Iterator[Any]:
    if isinstance(expression, promql_parser.VectorSelector):
        yield expression
    for name in ("expr", "lhs", "rhs", "param", "vector_selector"):
        inner = getattr(expression, name, None)
        if inner is not None:
            yield from selectors(inner)
    for inner in getattr(expression, "args", None) or ():
        yield from selectors(inner)


def queries() -> Iterator[tuple[str, str]]:
    board = json.loads((MONITORING / "grafana" / "pipeloom.json").read_text())
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield f"panel {panel['title']}", target["expr"].replace("$__rate_interval", "5m")
    for group in yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]:
        for rule in group["rules"]:
            yield f"alert {rule['alert']}", rule["expr"]


@pytest.mark.django_db
def test_it_exports_every_figure_that_the_dashboard_and_the_alerts_ask_for() -> None:
    known = exported()
    asked = set()
    for where, query in queries():
        found = list(selectors(promql_parser.parse(query)))
        assert found, f"{where}: {query}"
        for selector in found:
            assert selector.name in known, f"{where}: {selector.name} is not exported"
            labels = {matcher.name for matcher in selector.matchers.matchers}
            assert labels <= known[selector.name] | {"job", "instance"}, f"{where}: {labels}"
            asked.add(selector.name)
    drawn, all_of_them = ({re.sub(r"_(bucket|count|sum)$", "", name) for name in names} for names in (asked, known))
    assert all_of_them - drawn - {"up"} == set(), "drawn nowhere"


def test_it_has_a_dashboard_that_grafana_takes() -> None:
    board = json.loads((MONITORING / "grafana" / "pipeloom.json").read_text())
    numbers = [panel["id"] for panel in board["panels"]]
    boxes = [panel["gridPos"] for panel in board["panels"]]

    assert len(set(numbers)) == len(numbers)
    assert all(box["x"] + box["w"] <= 24 for box in boxes)
    cells = [(x, y) for b in boxes for x in range(b["x"], b["x"] + b["w"]) for y in range(b["y"], b["y"] + b["h"])]
    assert len(set(cells)) == len(cells), "panels lie over each other"
