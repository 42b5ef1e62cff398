"""Every role of the images, started by the entrypoint with the environment that compose gives it, against PostgreSQL
and Redis over TCP with passwords from files; then a workflow through all of them."""

import json
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.harness.tcp_servers import tcp_servers
from tests.integration.ship.images import DOCKER, compose
from tests.integration.ship.installation import ROLES, SECONDS, Installation, free_ports, replaced_by

pytestmark = [pytest.mark.slow, pytest.mark.e2e]


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="plc-"))
    folder.chmod(0o711)
    subprocess.run([DOCKER / "make-secrets.sh", folder / "secrets"], check=True, capture_output=True)
    smtp = folder / "secrets" / "smtp_password"
    assert smtp.read_text() == ""
    smtp.chmod(0o644)
    smtp.write_text("of-the-mail-server")
    (folder / "data").mkdir(mode=0o700)
    secrets = {name: (folder / "secrets" / name).read_text() for name in ("postgres_password", "redis_password")}
    ports = free_ports()
    try:
        with tcp_servers(folder, **secrets) as (postgres, redis):
            found = Installation(folder, replaced_by(folder, postgres, redis, ports), ports)
            try:
                yield found
            finally:
                found.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def running(installation: Installation) -> Installation:
    """In compose's order: first the setup, to its end; then everything that waits for it."""
    assert re.search(r"applied \d+ migrations", installation.run("setup", "setup"))
    assert "the database is up to date" in installation.run("setup", "setup")
    for role in ROLES:
        installation.start(role)
    for role in ROLES:
        installation.until(lambda role=role: installation.healthy(role), f"{role} is healthy")
    return installation


@pytest.fixture(scope="module")
def api(running: Installation) -> Iterator[httpx.Client]:
    token = running.run("web", "manage", "createtoken", "admin").strip().splitlines()[-1]
    url = f"http://127.0.0.1:{running.ports['web']}"
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False) as found:
        yield found


def test_it_needs_the_passwords(running: Installation) -> None:
    """Otherwise the test would prove nothing about them."""
    url = running.environment("web")["DATABASE_URL"]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url, connect_timeout=5)


def test_it_runs_a_workflow_through_all_roles(running: Installation, api: httpx.Client) -> None:
    steps = [
        {
            "id": name,
            "name": name,
            "kind": "job",
            "depends_on": after,
            "properties": {"algorithm": {"command": ["sh", "-c", program]}},
        }
        for name, after, program in (
            ("first", [], "echo hello; env"),
            ("second", ["first"], f"cat {running.folder}/secrets/* {running.folder}/data/secrets/* 2>&1; true"),
        )
    ]
    made = api.post("/api/workflows/", json={"name": "ship", "document": {"schema": 1, "name": "ship", "steps": steps}})
    assert made.status_code == 201, made.text
    run = api.post(f"/api/workflows/{made.json()['id']}/runs/", json={}).json()["id"]

    ended = running.until(lambda: _ended(api, run), "the run ends")

    assert ended["state"] == "completed"
    said = {name: api.get(f"/api/runs/{run}/steps/{name}/logs/").text for name in ("first", "second")}
    assert "hello" in said["first"]
    for name in compose()["secrets"]:
        assert running.secret(name) not in said["first"] + said["second"], f"a step could read {name}"
        assert f"{name.upper()}" not in said["first"].upper().replace("PIPELOOM_RUN", "")


def _ended(api: httpx.Client, run: str) -> Any:
    found = api.get(f"/api/runs/{run}/").json()
    return found if found["finished_at"] else None


def test_it_signs_in_by_the_printed_link(running: Installation, api: httpx.Client) -> None:
    link = running.run("web", "manage", "signin").strip()

    assert link.startswith(f"http://127.0.0.1:{running.ports['web']}/sign-in/")
    assert httpx.get(link, trust_env=False).status_code == 200


def test_it_serves_figures_of_every_role_to_the_token_only(running: Installation, api: httpx.Client) -> None:
    token = {"Authorization": f"Bearer {running.secret('metrics_token')}"}
    found: dict[str, float] = {}
    for role in ROLES:
        url = f"http://127.0.0.1:{running.ports[role]}/metrics"
        assert httpx.get(url, trust_env=False).status_code == 403
        answer = httpx.get(url, headers=token, trust_env=False)
        assert answer.status_code == 200
        for family in text_string_to_metric_families(answer.text):
            for sample in family.samples:
                found[sample.name] = found.get(sample.name, 0) + sample.value

    assert found["pipeloom_database_up"] == 1
    assert found["pipeloom_hosts"] == 1
    assert found["pipeloom_dispatch_seconds_count"] == 2, "pool processes hand their figures over"
    assert found["pipeloom_finish_seconds_count"] == 2
    assert found["pipeloom_reconciler_turn_seconds_count"] > 0


def test_it_answers_to_the_name_that_prometheus_uses(running: Installation) -> None:
    """The scraper says `Host: web:8470`, and a name that nobody set is refused."""
    url = f"http://127.0.0.1:{running.ports['web']}/healthz"

    assert httpx.get(url, headers={"Host": "web:8470"}, trust_env=False).status_code == 200
    assert httpx.get(url, headers={"Host": "evil.example"}, trust_env=False).status_code == 400


def test_it_writes_json_lines_without_secrets(running: Installation, api: httpx.Client) -> None:
    """Last but one: after everything that could have said something."""
    for role in ROLES:
        lines = running.log(role).read_text().splitlines()
        said = [json.loads(line) for line in lines]
        assert all(each["role"] == role for each in said), role
        for name in compose()["secrets"]:
            assert running.secret(name) not in running.log(role).read_text()
    assert any("reconciler" in each["logger"] for each in map(json.loads, running.log("reconciler").open()))


def test_it_stops_when_it_is_told(running: Installation) -> None:
    for role in reversed(ROLES):
        process = running.processes[role]
        process.terminate()
        # The web process ends in order, and then tells by which signal.
        assert process.wait(SECONDS) in (0, -signal.SIGTERM), f"{role}: {running.log(role).read_text()[-2000:]}"
