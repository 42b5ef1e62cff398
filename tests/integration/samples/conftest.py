"""The sample's own engine, built once and shared with the end-to-end tests."""

import os
from pathlib import Path

import pytest

from backend.config.embedded.preparation import ENGINE_NAME, ENGINE_REQUIREMENTS, ENGINE_VERSION
from backend.config.engine_build import BuiltEngine, ensure_engine
from tests.harness.live_stack import SHARED_ENGINES


@pytest.fixture(scope="session")
def sample_engine(tmp_path_factory: pytest.TempPathFactory) -> BuiltEngine:
    before = os.environ.get("PIPELOOM_ENGINES")
    os.environ["PIPELOOM_ENGINES"] = str(SHARED_ENGINES)
    try:
        return ensure_engine(tmp_path_factory.getbasetemp(), ENGINE_NAME, ENGINE_VERSION, Path(ENGINE_REQUIREMENTS))
    finally:
        if before is None:
            del os.environ["PIPELOOM_ENGINES"]
        else:
            os.environ["PIPELOOM_ENGINES"] = before
