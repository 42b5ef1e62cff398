"""Tests that concern every fence run once for each that this machine has."""

import pytest

from tests.unit.workers.sandbox.launched import levels


@pytest.fixture(params=levels())
def level(request: pytest.FixtureRequest) -> str:
    return request.param
