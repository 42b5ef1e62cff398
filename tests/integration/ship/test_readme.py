"""The README's words against what is there: every setting, every command, every file."""

import ast
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.integration.ship.images import DOCKER, REPOSITORY, compose, stages
from tests.integration.ship.readme import README, blocks

OPERATIONS = README[README.index("## Run it for others") : README.index("## Where to look next")]
SETTING = re.compile(r"PIPELOOM_[A-Z_]+[A-Z]|(?:DATABASE|REDIS)_(?:URL|PASSWORD)")
OF_NOTICES = ("PIPELOOM_SMTP_", "PIPELOOM_WEBHOOK_", "PIPELOOM_NOTICE_")
"""Read where mail and webhooks are sent."""
# Set by one process of ours for another, or for tests; no person sets them.
INTERNAL = {
    "PIPELOOM_ATTEMPT", "PIPELOOM_FAILPOINTS", "PIPELOOM_FAILPOINT_LOG", "PIPELOOM_FENCES", "PIPELOOM_READY_FILE",
    "PIPELOOM_READY_PID", "PIPELOOM_ROLE", "PIPELOOM_RUN", "PIPELOOM_STEP_ORDER", "PIPELOOM_WORKER_QUEUE",
    "PIPELOOM_WORKER_SLOTS", "PIPELOOM_FAILPOINT_FOLDER", "PIPELOOM_CONTAINERS_FOUND",
}  # fmt: skip


def settings_read() -> set[str]:
    """Names that our programs ask the environment for: whole strings that are nothing else."""
    found = set()
    for folder in ("backend", "workers", "docker"):
        for path in (REPOSITORY / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and SETTING.fullmatch(node.value):
                    found.add(node.value)
    # Attributes of Django's settings that are computed have such names too.
    computed = {"PIPELOOM_STORAGE", "PIPELOOM_VERSION"}
    return {name for name in found if not name.endswith("_FILE")} - INTERNAL - computed


def test_it_explains_every_setting_and_no_other() -> None:
    table = OPERATIONS[OPERATIONS.index("settings:begin") : OPERATIONS.index("settings:end")]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    explained = {name for row in rows for name in SETTING.findall(row)}

    assert settings_read() - explained == set()
    assert {name for name in explained - settings_read() if not name.startswith(OF_NOTICES)} == set()


@pytest.mark.parametrize("line", [each for block in blocks(OPERATIONS) for each in block.strip().splitlines()])
def test_it_names_only_commands_and_files_that_are_there(line: str) -> None:
    """What Docker, systemd and root would do cannot be done here; that everything they are given exists, can."""
    words = shlex.split(line, comments=True)
    for command in " ".join(words).split(" && "):
        program, *rest = command.split()
        if program == "make":
            targets = re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text() + _fragment(), re.MULTILINE)
            assert set(rest) <= set(targets)
        elif program == "docker":
            _check_compose(rest)
        elif program == ".venv/bin/python":
            assert rest[0] == "manage.py"
            assert rest[1] in {*_commands(), "up"}
        else:
            assert program in {"cd", "install", "cp", "systemctl", "docker/make-secrets.sh"}
        for word in (program, *rest):
            if word.startswith("docker/"):
                assert list(REPOSITORY.glob(word)), word


def _fragment() -> str:
    return (REPOSITORY / "frontend" / "frontend.mk").read_text()


def _commands() -> set[str]:
    return {path.stem for path in (REPOSITORY / "backend/config/management/commands").glob("*.py")}


def _check_compose(words: list[str]) -> None:
    assert words[:3] == ["compose", "-f", "docker/compose.yaml"]
    if words[3] == "exec":
        assert words[4] in compose()["services"]
        assert stages()["server"].said("WORKDIR") == "/opt/pipeloom"
        assert words[5] == "docker/entrypoint.sh"
        assert words[6] == "manage"
        assert words[7] in _commands()


def test_it_names_profiles_and_files_that_are_there() -> None:
    profiles = {each for service in compose()["services"].values() for each in service.get("profiles", [])}
    assert set(re.findall(r"--profile (\w+)", OPERATIONS)) == profiles
    for path in set(re.findall(r"`(docker/[a-z./-]+)", OPERATIONS)) - {"docker/.env"}:
        assert (REPOSITORY / path).exists(), path
    for unit in re.findall(r"`(pipeloom-\w+\.service)`", OPERATIONS):
        assert (DOCKER / "systemd" / unit).is_file()


SCRIPTS = sorted({*DOCKER.glob("*.sh"), DOCKER / "systemd" / "pipeloom"})


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_it_has_scripts_that_a_shell_can_read(script: Path) -> None:
    assert subprocess.run(["sh", "-n", script], capture_output=True).returncode == 0
    assert os.access(script, os.X_OK)
