"""Waiting for a database that may have fallen silent: what is short is given up, what is in work is waited for."""

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from backend.shared import patience as patience_module
from backend.shared.patience import patience
from tests.harness.silent_proxy import SilentProxy


def sleep(seconds: float) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s), 7", [seconds])
        return cursor.fetchone()[1]


@pytest.fixture(autouse=True)
def _fresh_connection() -> Iterator[None]:
    yield
    connection.close()


def test_it_gives_up_an_answer_that_takes_too_long() -> None:
    with pytest.raises(OperationalError), patience(0.3):
        sleep(30)
    connection.close()
    assert sleep(0) == 7


def test_it_waits_for_work_that_the_server_says_it_is_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience_module, "PROBE_SECONDS", 1.0)
    with patience(0.2, ask=True):
        assert sleep(1.5) == 7


def test_it_does_not_disturb_who_does_something_else_meanwhile() -> None:
    done = threading.Event()
    with patience(0.1, ask=True):
        sleep(0)
        done.wait(0.5)
        assert sleep(0) == 7


def test_it_gives_up_a_connection_of_which_the_server_hears_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked over another connection, the server has been idle on this one."""
    monkeypatch.setattr(patience_module, "PROBE_SECONDS", 1.0)
    server = Path(str(connection.settings_dict["HOST"]))
    with (
        tempfile.TemporaryDirectory(prefix="proxy-") as folder,
        SilentProxy(Path(folder), server) as proxy,
        monkeypatch.context() as through,
    ):
        connection.close()
        through.setitem(connection.settings_dict, "HOST", folder)
        assert sleep(0) == 7
        proxy.fall_silent()
        proxy.speak()
        with pytest.raises(OperationalError), patience(0.3, ask=True):
            sleep(0)
        connection.close()
        assert sleep(0) == 7
        connection.close()
