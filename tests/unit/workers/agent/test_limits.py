"""What the agent tells a launcher about limits and fences, and how a step that broke one is told."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend.domain.run.messages import StepOrder
from tests.unit.workers.orders import order
from workers.agent.config import Config, config_read
from workers.attempt.ending import judge
from workers.attempt.folder import FIXED_FILES
from workers.attempt.spec import spec_make
from workers.steps.failure import StepFailure


def job_order(folder: Path) -> StepOrder:
    return order(folder, argv=["/bin/true"], environment={})


@pytest.fixture
def config(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    settings.PIPELOOM_HOME = tmp_path
    monkeypatch.setenv("PIPELOOM_FENCES", json.dumps({"processes": "cgroup", "network": True, "files": True}))
    monkeypatch.setenv("PIPELOOM_ISOLATION", "namespaces")
    return config_read()


def test_it_limits_processes_and_disk_of_every_step(config: Config, tmp_path: Path) -> None:
    found = spec_make(job_order(tmp_path), config)

    assert found["limits"]["processes"] == 4096
    assert found["limits"]["processes_by"] == "cgroup"
    assert found["limits"]["disk_mb"] > 0
    assert [Path(path).name for path in found["isolation"]["fixed"]] == list(FIXED_FILES)
    assert found["isolation"]["network"] == "open"


def test_it_takes_limits_of_the_host(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("DISK_MB", "500"), ("PROCESSES", "64"), ("NETWORK", "closed")):
        monkeypatch.setenv(f"PIPELOOM_STEP_{name}", value)

    found = spec_make(job_order(tmp_path), config_read())

    assert (found["limits"]["disk_mb"], found["limits"]["processes"]) == (500, 64)
    assert found["isolation"]["network"] == "closed"
    assert config_read().fences() == {
        "processes": {"by": "cgroup", "most": 64}, "disk": {"most_mb": 500},
        "network": {"now": "closed", "possible": True}, "files": True,
    }  # fmt: skip


def test_it_starts_no_step_whose_network_it_cannot_close(config: Config, tmp_path: Path) -> None:
    with pytest.raises(StepFailure) as refused:
        spec_make(job_order(tmp_path), replace(config, network="closed", network_possible=False))

    assert refused.value.problem.code == "step.network_fence"


def test_it_hides_files_with_secrets(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "handed" / "redis_password"
    secret.parent.mkdir()
    secret.write_text("secret")
    monkeypatch.setenv("REDIS_PASSWORD_FILE", str(secret))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "handed"))

    assert {str(secret), str(secret.parent)} <= set(config.hidden())


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        ({"reason": "crowd", "limits": {"processes": 5000, "disk_mb": 1.0}}, "step.too_many_processes"),
        ({"reason": "disk", "limits": {"processes": 3, "disk_mb": 512.4}}, "step.disk_limit"),
        ({"reason": "signal", "signal": 25}, "step.file_too_large"),
    ],
)
def test_it_says_which_limit_a_step_broke(ended: dict[str, Any], code: str, tmp_path: Path) -> None:
    outcome, reason = judge(job_order(tmp_path), {"code": None, "signal": None, **ended})

    assert (outcome, reason.code) == ("failed", code)
