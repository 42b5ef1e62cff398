"""Dockerfile, compose file, units and proxies: valid for those who will read them, and true about this repository."""

import ast
import configparser
import fnmatch
import json
import re
import subprocess
from pathlib import Path

import pytest
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema import Draft7Validator

from tests.integration.ship.images import APPLICATION, DOCKER, REPOSITORY, Stage, compose, environment_of, stages

ROLES = ("setup", "web", "reconciler", "worker", "gpu-worker")
OURS = re.compile(r"\b(?:PIPELOOM_[A-Z_]+|(?:DATABASE|REDIS)_(?:URL|PASSWORD)(?:_FILE)?)\b")


def tracked() -> list[str]:
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


def in_context(path: str) -> bool:
    """Whether .dockerignore lets it through: the last rule that fits counts, as Docker has it."""
    sent = True
    for line in (REPOSITORY / ".dockerignore").read_text().splitlines():
        rule = line.strip()
        if not rule or rule.startswith("#"):
            continue
        back, pattern = rule.startswith("!"), rule.removeprefix("!").rstrip("/")
        parts = path.split("/")
        above = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        anywhere = pattern.removeprefix("**/")
        fits = any(fnmatch.fnmatch(each, pattern) for each in above) or (
            anywhere != pattern and any(fnmatch.fnmatch(part, anywhere) for part in parts)
        )
        sent = back if fits else sent
    return sent


def test_it_builds_what_compose_asks_for() -> None:
    assert list(stages()) == ["frontend", "packages", "base", "server", "engines", "worker", "gpu-worker"]
    for name in ROLES:
        assert compose()["services"][name]["build"]["target"] in stages()
        assert (DOCKER / compose()["services"][name]["build"]["context"] / "docker" / "Dockerfile").is_file()


@pytest.mark.parametrize("stage", stages().values(), ids=lambda stage: stage.name)
def test_it_copies_what_is_there_and_what_may_travel(stage: Stage) -> None:
    for source, names, _ in stage.copies:
        if source is not None:
            assert source in stages()
            continue
        for name in names:
            files = [each for each in tracked() if each == name.rstrip("/") or each.startswith(name.rstrip("/") + "/")]
            assert files, f"{name} is not in the repository"
            assert any(in_context(each) for each in files), f".dockerignore keeps {name} back"


def test_it_sends_no_secret_home_or_build_to_the_builder() -> None:
    kept = (
        ".git/config", ".venv/bin/python", ".pipeloom/secrets/django_key", "docker/secrets/redis_password",
        "docker/.env",
        "frontend/node_modules/react/index.js", "frontend/dist/app/index.js", ".cache/node/x", "tests/conftest.py",
        "backend/config/__pycache__/settings.cpython-312.pyc",
    )  # fmt: skip
    assert [path for path in kept if in_context(path)] == []
    assert in_context("backend/config/settings.py")
    assert in_context("frontend/src/main.tsx")


def test_it_gives_the_browsers_build_all_that_it_reads() -> None:
    """What frontend/ imports from beside it must be copied into that stage at the same distance."""
    copied = {target.rstrip("/") for _, _, target in stages()["frontend"].copies}
    outside = set()
    for name in tracked():
        if name.startswith("frontend/") and name.endswith((".ts", ".tsx")) and ".test." not in name:
            path = REPOSITORY / name
            for found in re.findall(r"""(?:from|glob(?:<[^>]*>)?\(|import\()\s*["'](\.[^"'*]*)""", path.read_text()):
                place = (path.parent / found).resolve()
                if not place.is_relative_to(REPOSITORY / "frontend"):
                    outside.add(f"/src/{place.relative_to(REPOSITORY)}")
    assert {each for each in outside if not any(each.rstrip("/").startswith(target) for target in copied)} == set()


@pytest.mark.parametrize("name", ["server", "worker", "gpu-worker"])
def test_it_runs_as_a_user_without_rights(name: str) -> None:
    stage = stages()[name]

    assert stage.said("USER") == "10001:10001"
    entry = json.loads(stage.said("ENTRYPOINT") or "")[0]
    script = REPOSITORY / entry.removeprefix(APPLICATION + "/")
    assert script.is_file()
    assert script.stat().st_mode & 0o111
    assert json.loads(stage.said("VOLUME") or "") == [stage.environment["PIPELOOM_HOME"]]
    check = json.loads((stage.said("HEALTHCHECK") or "").partition("CMD ")[2])
    assert (REPOSITORY / check[-1]).is_file()


def test_it_is_a_compose_file() -> None:
    schema = get_builtin_schema("vendor.compose-spec")

    errors = [f"{list(error.path)}: {error.message}" for error in Draft7Validator(schema).iter_errors(compose())]

    assert errors == []


def test_it_mounts_names_and_waits_for_what_there_is() -> None:
    file = compose()
    for name, service in file["services"].items():
        for volume in service.get("volumes", []):
            source, _, rest = volume.partition(":")
            if source.startswith("."):
                assert (DOCKER / source).exists(), f"{name}: {source}"
                assert rest.endswith(":ro")
            else:
                assert source in file["volumes"], f"{name}: {source}"
        assert set(service.get("secrets", [])) <= set(file["secrets"])
        for other, when in service.get("depends_on", {}).items():
            target = file["services"][other]
            if when["condition"] == "service_healthy":
                stage = stages().get(target.get("build", {}).get("target", ""))
                assert "healthcheck" in target or (stage and stage.said("HEALTHCHECK")), f"{name} waits for {other}"
    for secret in file["secrets"].values():
        assert Path(secret["file"]).name in (DOCKER / "make-secrets.sh").read_text()


@pytest.mark.parametrize("name", ROLES)
def test_it_confines_its_own_containers(name: str) -> None:
    service = compose()["services"][name]

    assert service["read_only"] is True
    assert service["init"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["volumes"] == ["data:/data"]
    assert not [value for value in service["environment"].values() if "password@" in str(value)]


def test_it_publishes_ports_that_somebody_listens_at() -> None:
    services = compose()["services"]
    assert services["web"]["ports"] == ["127.0.0.1:8470:8470"]
    assert environment_of("web")["PIPELOOM_BIND"].endswith(":8470")
    exposed = set((stages()["server"].said("EXPOSE") or "").split()) | set(
        (stages()["worker"].said("EXPOSE") or "").split()
    )
    asked = set(re.findall(r"\b(?:web|reconciler):(\d+)", (DOCKER / "monitoring" / "prometheus.yml").read_text()))
    listening = {
        environment_of("web")["PIPELOOM_BIND"],
        environment_of("reconciler")["PIPELOOM_RECONCILER_METRICS"],
        environment_of("worker")["PIPELOOM_WORKER_METRICS"],
    }
    assert asked <= {each.rpartition(":")[2] for each in listening} == exposed
    assert "127.0.0.1" in services["grafana"]["ports"][0]
    assert not services["postgres"].get("ports")
    assert not services["redis"].get("ports")


def known_to_the_code() -> set[str]:
    """Every variable of ours that a program or script here reads."""
    found: set[str] = set()
    for path in (
        *(REPOSITORY / "backend").rglob("*.py"),
        *(REPOSITORY / "workers").rglob("*.py"),
        DOCKER / "healthcheck.py",
    ):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and OURS.fullmatch(node.value):
                found.add(node.value)
    found |= set(OURS.findall((DOCKER / "entrypoint.sh").read_text()))
    return found | {f"{name}_FILE" for name in found}


@pytest.mark.parametrize("file", ["Dockerfile", "compose.yaml", "env.example", "systemd/pipeloom.env"])
def test_it_sets_no_variable_that_nobody_reads(file: str) -> None:
    text = (DOCKER / file).read_text()
    compose_only = set(re.findall(r"\$\{(\w+)", (DOCKER / "compose.yaml").read_text()))

    assert set(OURS.findall(text)) - known_to_the_code() - compose_only == set()


def test_it_explains_every_variable_of_the_compose_file() -> None:
    explained = set(OURS.findall((DOCKER / "env.example").read_text()))

    assert set(re.findall(r"\$\{(PIPELOOM_\w+)", (DOCKER / "compose.yaml").read_text())) == explained


@pytest.mark.parametrize("unit", sorted((DOCKER / "systemd").glob("*.service")), ids=lambda path: path.name)
def test_it_has_units_that_start_what_there_is(unit: Path) -> None:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(unit)
    command = parser["Service"]["ExecStart"].split()

    assert command[:2] == ["/opt/pipeloom/.venv/bin/python", "manage.py"]
    commands = {path.stem for path in (REPOSITORY / "backend/config/management/commands").glob("*.py")}
    assert command[2] in commands
    assert unit.name in (unit.parent / "pipeloom.target").read_text()
    text = unit.read_text()
    assert set(OURS.findall(text)) <= known_to_the_code()
    credentials = set(re.findall(r"LoadCredential=(\w+):", text))
    assert set(re.findall(r"%d/(\w+)", text)) == credentials
    assert "NoNewPrivileges=yes" in text


def test_it_makes_each_secret_once_and_keeps_it(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    script = DOCKER / "make-secrets.sh"
    subprocess.run([script, folder], check=True, capture_output=True)
    first = {path.name: path.read_text() for path in folder.iterdir()}

    subprocess.run([script, folder], check=True, capture_output=True)

    assert {path.name: path.read_text() for path in folder.iterdir()} == first
    assert set(first) == set(compose()["secrets"])
    # Of a mail server that somebody has: theirs to write.
    assert first.pop("smtp_password") == ""
    assert all(re.fullmatch(r"[0-9a-f]{72}", text) for text in first.values())
    assert len(set(first.values())) == len(first)
    assert oct(folder.stat().st_mode & 0o777) == "0o700"


def test_it_says_which_roles_there_are(tmp_path: Path) -> None:
    done = subprocess.run(
        [DOCKER / "entrypoint.sh", "wbe"], env={"PIPELOOM_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 64
    assert "web, reconciler, worker, setup" in done.stderr


def test_it_lets_sockets_and_addresses_through_the_proxies() -> None:
    nginx, caddy = ((DOCKER / "proxy" / name).read_text() for name in ("nginx.conf", "Caddyfile"))
    assert nginx.count("{") == nginx.count("}")
    for line in ("proxy_set_header Upgrade $http_upgrade;", "proxy_set_header X-Forwarded-Proto https;"):
        assert line in nginx
    assert "location = /metrics { return 404; }" in nginx
    assert "reverse_proxy web:8470" in caddy
    assert "path /metrics" in caddy
