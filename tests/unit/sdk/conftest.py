"""No test meets the servers and tokens of the person who runs it."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def nobodys_credentials(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("PIPELOOM_URL", "PIPELOOM_TOKEN", "HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path_factory.mktemp("person") / "credentials.json"
    monkeypatch.setenv("PIPELOOM_CREDENTIALS", str(path))
    return path
