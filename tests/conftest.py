"""Fixtures for everybody: real servers, seeded randomness, Hypothesis profiles.

`db` / `django_db` marks bring PostgreSQL by themselves; `redis_url` brings Redis; `live_stack`
brings the whole product. See tests/harness/.
"""

import os
import random
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from hypothesis import HealthCheck, settings

from tests.harness.live_stack import LiveStack, StackStarter, live_stacks
from tests.harness.plugin import OWNER_VARIABLE, ROOT_VARIABLE
from tests.harness.servers import servers_ensure

settings.register_profile("dev", max_examples=50, deadline=None, print_blob=True)
settings.register_profile(
    "ci", max_examples=500, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("PIPELOOM_HYPOTHESIS", "ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session")
def servers() -> Path:
    """The session's PostgreSQL and Redis are up; returns their folder."""
    return servers_ensure()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(servers: Path, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """pytest-django asks for this before it makes the worker's own database."""


@pytest.fixture
def redis_url(servers: Path) -> Iterator[str]:
    """An empty Redis database of this xdist worker, as settings.REDIS_URL names it."""
    url = os.environ["REDIS_URL"]
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Seeded by PIPELOOM_SEED or by chance; a failing test's report says which seed it had."""
    seed = int(os.environ.get("PIPELOOM_SEED") or secrets.randbits(32))
    request.node.add_report_section("call", "seed", f"repeat with PIPELOOM_SEED={seed}")
    return random.Random(seed)


@pytest.fixture(scope="session")
def live_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStack]:
    """The running product, shared by the tests of one worker: leave it as you found it."""
    with live_stacks(tmp_path_factory) as start:
        yield start()


@pytest.fixture
def live_stack_factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackStarter]:
    """For tests that kill, stop or configure the product: `stack = live_stack_factory(workers=2, env={…})`."""
    with live_stacks(tmp_path_factory) as start:
        yield start


HEAVY = ("slow", "e2e", "fault")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with heavy tests go first, so that no core ends the session alone with the longest of them."""
    heavy = {item.path for item in items if any(item.get_closest_marker(name) for name in HEAVY)}
    items.sort(key=lambda item: item.path not in heavy)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Without servers there is no guardian to remove the session's folder."""
    root = os.environ.get(ROOT_VARIABLE)
    if root and os.environ.get(OWNER_VARIABLE) == str(os.getpid()) and not (Path(root) / "start.lock").exists():
        shutil.rmtree(root, ignore_errors=True)
