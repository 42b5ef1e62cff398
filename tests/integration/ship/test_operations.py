"""README's part for those who run it for others, pasted: every command from its own text, in one shell a section, with
addresses and paths alone replaced. Docker, systemd and what changes users are stand-ins (stand_ins.py) that do what
the compose file and the units say."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.harness.live_stack import READY, SHARED_ENGINES, LiveStack, clean_environment
from tests.harness.tcp_servers import tcp_servers
from tests.integration.ship.images import REPOSITORY
from tests.integration.ship.installation import free_ports, replaced_by
from tests.integration.ship.readme import section, shell
from tests.integration.ship.stand_ins import GROUND, Ground, stand_ins_write

pytestmark = [pytest.mark.slow, pytest.mark.e2e, pytest.mark.timeout(900)]
DOCKER, SYSTEMD, BACKUP = "### With Docker", "### With systemd", "### Backup and restore"
SERVERS = {"postgres_password": "of-postgres", "redis_password": "of-redis"}
SECONDS = 600
PASTED = (DOCKER, SYSTEMD, BACKUP)


def checkout(folder: Path) -> Path:
    """The sources as somebody has them who has just got them: docker/ is theirs to write into."""
    source = folder / "src"
    source.mkdir()
    for entry in REPOSITORY.iterdir():
        if entry.name not in ("docker", ".git", "test-results"):
            (source / entry.name).symlink_to(entry)
    shutil.copytree(REPOSITORY / "docker", source / "docker", ignore=shutil.ignore_patterns("secrets"))
    return source


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Ground]:
    """Nothing is installed yet; PostgreSQL and Redis are there, with their passwords."""
    folder = Path(tempfile.mkdtemp(prefix="plo-"))
    ports = free_ports()
    try:
        with tcp_servers(folder, **SERVERS) as (postgres, redis):
            source = checkout(folder)
            here = {
                **replaced_by(folder, postgres, redis, ports),
                "/run/secrets": str(source / "docker" / "secrets"),
                "/etc/systemd/system/": f"{folder}/units/",
                "/etc/pipeloom": f"{folder}/etc",
                "/var/lib/pipeloom": f"{folder}/var",
                "/opt/pipeloom": str(source),
            }
            (folder / "units").mkdir()
            stand_ins_write(folder / "bin", REPOSITORY)
            found = Ground(folder, folder / "units", here, ports)
            found.write(folder / "ground.json")
            yield found
            _end(found)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _end(place: Ground) -> None:
    for pid in place.pids.read_text().split() if place.pids.exists() else []:
        with suppress(ProcessLookupError):
            os.killpg(int(pid), signal.SIGKILL)


def paste(place: Ground, script: str, **more: str) -> str:
    """What it says; every line must do what it should."""
    environment = clean_environment(place.folder / "unused")
    del environment["PIPELOOM_HOME"]
    environment |= {GROUND: str(place.folder / "ground.json"), **more}
    environment["PATH"] = f"{place.folder}/bin:{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-c", f"set -e\n{script}"],
        cwd=place.folder / "src", env=environment, capture_output=True, text=True, timeout=SECONDS,
    )  # fmt: skip
    logs = "".join(f"--- {log.name}\n{log.read_text()[-1500:]}" for log in place.folder.glob("*.log"))
    assert done.returncode == 0, f"{done.stdout[-1500:]}\n{done.stderr[-2500:]}\n{logs}"
    return done.stdout


def give_passwords(folder: Path) -> None:
    """ "Then give both servers these passwords": they have theirs already, so the files get those."""
    folder.mkdir(parents=True, mode=0o700)
    for name, password in SERVERS.items():
        (folder / name).write_text(password)


def until(condition: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def healthy(place: Ground, **headers: str) -> Any:
    with suppress(httpx.HTTPError):
        answer = httpx.get(f"http://127.0.0.1:{place.ports['web']}/healthz", headers=headers, trust_env=False)
        return answer.status_code == 200 and answer.json()["status"] == "ok"
    return False


def test_it_pastes_every_block_of_the_part() -> None:
    part = section("## Run it for others")
    assert part.count("```sh") == sum(section(each).count("```sh") for each in PASTED)


def test_it_starts_with_docker_as_pasted(place: Ground) -> None:
    give_passwords(place.folder / "src" / "docker" / "secrets")
    said = paste(place, shell(DOCKER))

    link = said.strip().splitlines()[-1]
    assert link.startswith(f"http://127.0.0.1:{place.ports['web']}/sign-in/")
    assert httpx.get(link, trust_env=False).status_code == 200
    # Upgrade: "run the second line again". Another setup finds everything done.
    _end(place)
    assert "the database is up to date" in paste(place, shell(DOCKER).splitlines()[1])


def test_it_starts_with_systemd_as_pasted(place: Ground) -> None:
    (place.folder / "etc").mkdir()
    give_passwords(place.folder / "etc" / "secrets")
    settings_file = f"{place.folder}/etc/pipeloom.env"
    edits = [f"sed -i 's|{old}|{place.here(old)}|' {settings_file}" for old in ("127.0.0.1:5432", "127.0.0.1:6379")]
    edits.append(f"echo PIPELOOM_ENGINES={SHARED_ENGINES} >> {settings_file}")
    script = place.here(shell(SYSTEMD))
    assert "# and edit it" in script
    paste(place, script.replace("# and edit it", "\n" + "\n".join(edits)))

    asked = {"Host": "pipeloom.example.org", "X-Forwarded-Proto": "https"}
    until(lambda: healthy(place, **asked), "the web process is healthy")
    settings = {"PIPELOOM_SETTINGS": str(place.folder / "etc")}
    assert "`docker/systemd/pipeloom signin` prints a link" in section(SYSTEMD)
    link = paste(place, "docker/systemd/pipeloom signin", **settings).strip()
    assert link.startswith("https://pipeloom.example.org/sign-in/")
    path = link.removeprefix("https://pipeloom.example.org")
    url = f"http://127.0.0.1:{place.ports['web']}"
    assert httpx.get(url + path, headers=asked, trust_env=False).status_code == 200
    paste(place, "docker/systemd/pipeloom check --deploy --fail-level WARNING", **settings)
    # "for this machine or, with PIPELOOM_METRICS_TOKEN, for whoever sends it as a bearer token"
    token = (place.folder / "etc" / "secrets" / "metrics_token").read_text()
    for role in place.ports:
        url = f"http://127.0.0.1:{place.ports[role]}/metrics"
        figures = f"curl -fsS -H 'Host: localhost' -H 'Authorization: Bearer {token}' {url} || true"
        until(lambda figures=figures: "# HELP" in paste(place, figures), f"figures of {role}")
    # The upgrade's restart: the setup finds all that done.
    assert (place.folder / "pipeloom-setup.service.log").read_text().count("migrations") == 1


def test_it_backs_up_and_restores_as_pasted(live_stack: LiveStack, place: Ground) -> None:
    """The last line goes on running, as `up` does: it gets a port of its own, and is ended when it says that it is
    ready."""
    script = shell(BACKUP).replace("2026-11-20", "$(date +%F)")
    *lines, last = script.strip().splitlines()
    assert last == ".venv/bin/python manage.py up --home restored"
    paste(place, "\n".join(lines), PIPELOOM_HOME=str(live_stack.home))

    process = subprocess.Popen(
        ["bash", "-c", f"exec {last} --port 0"],
        cwd=place.folder / "src", env=clean_environment(place.folder / "src" / "restored"), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = next(line for line in process.stdout if READY.match(line))
        link = said.rsplit(" ", 1)[1].strip()
        assert httpx.get(link, trust_env=False).status_code == 200
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS)
        process.stdout.close()


def test_it_takes_the_tour_as_pasted(live_stack: LiveStack, tmp_path: Path) -> None:
    """In one shell, as a person does; only the address differs, which was another stack's by chance."""
    script = "set -e\n" + shell("## A tour in five minutes")
    script = script.replace("http://127.0.0.1:8470", live_stack.url).replace(".venv/bin/python manage.py", "manage")
    manage = f'manage() {{ (cd {REPOSITORY} && .venv/bin/python manage.py "$@"); }}\n'

    # Not this process's own environment: other tests have servers of theirs in it.
    done = subprocess.run(
        ["bash", "-c", manage + script],
        cwd=tmp_path, env=live_stack.environment, capture_output=True, text=True, timeout=SECONDS,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2000:]
    assert '{"valid":true,"problems":[]}' in done.stdout
    assert "hello --who=you" in done.stdout
