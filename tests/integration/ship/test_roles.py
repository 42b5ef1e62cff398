"""Every role of the images, started by the entrypoint with the environment that compose gives it, against PostgreSQL
and Redis over TCP with passwords from files; then a workflow through all of them."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.harness.tcp_servers import free_port, tcp_servers
from tests.integration.ship.images import APPLICATION, DOCKER, REPOSITORY, compose, environment_of

pytestmark = [pytest.mark.slow, pytest.mark.e2e]
SECONDS = 90.0
ROLES = ("web", "reconciler", "worker")
PORTS = (8470, 9471, 9472)


@dataclass
class Installation:
    """As on the machine of whoever runs `docker compose up`, with folders in place of volumes."""

    folder: Path
    replaced: dict[str, str]
    ports: dict[str, int]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def secret(self, name: str) -> str:
        return (self.folder / "secrets" / name).read_text()

    def environment(self, service: str) -> dict[str, str]:
        """No variable of this machine gets in, as none gets into a container."""
        given = {name: self._here(value) for name, value in environment_of(service).items()}
        given["PATH"] = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
        return given

    def _here(self, value: str) -> str:
        for theirs, ours in self.replaced.items():
            value = value.replace(theirs, ours)
        return value

    def argv(self, *command: str) -> list[str]:
        return [str(REPOSITORY / "docker" / "entrypoint.sh"), *command]

    def run(self, service: str, *command: str) -> str:
        done = subprocess.run(
            self.argv(*command), env=self.environment(service), capture_output=True, text=True, timeout=SECONDS, cwd="/"
        )
        assert done.returncode == 0, f"{command}: {done.stderr[-3000:]}"
        return done.stdout

    def start(self, service: str) -> None:
        with open(self.log(service), "ab") as log:
            self.processes[service] = subprocess.Popen(
                self.argv(*compose()["services"][service]["command"]),
                env=self.environment(service), stdout=log, stderr=log, cwd="/", start_new_session=True,
            )  # fmt: skip

    def log(self, service: str) -> Path:
        return self.folder / f"{service}.log"

    def healthy(self, service: str) -> bool:
        assert self.processes[service].poll() is None, self.log(service).read_text()[-3000:]
        argv = [sys.executable, str(DOCKER / "healthcheck.py")]
        return subprocess.run(argv, env=self.environment(service), capture_output=True).returncode == 0

    def until(self, condition: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + SECONDS
        while not (found := condition()):
            logs = "".join(f"--- {name}\n{self.log(name).read_text()[-2000:]}" for name in self.processes)
            assert time.monotonic() < deadline, f"not within {SECONDS:.0f} s: {what}\n{logs}"
            time.sleep(0.05)
        return found

    def end(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="plc-"))
    folder.chmod(0o711)
    subprocess.run([DOCKER / "make-secrets.sh", folder / "secrets"], check=True, capture_output=True)
    (folder / "data").mkdir(mode=0o700)
    secrets = {name: (folder / "secrets" / name).read_text() for name in ("postgres_password", "redis_password")}
    ports = {role: free_port() for role in ROLES}
    try:
        with tcp_servers(folder, **secrets) as (postgres, redis):
            replaced = {
                "postgres:5432": f"127.0.0.1:{postgres}",
                "redis:6379": f"127.0.0.1:{redis}",
                "/run/secrets": str(folder / "secrets"),
                "/data": str(folder / "data"),
                "/opt/engines": str(folder / "engines"),
                APPLICATION: str(REPOSITORY),
                "127.0.0.1:8470": f"127.0.0.1:{ports['web']}",
                **{f"0.0.0.0:{port}": f"127.0.0.1:{ports[role]}" for role, port in zip(ROLES, PORTS, strict=True)},
            }
            found = Installation(folder, replaced, ports)
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
