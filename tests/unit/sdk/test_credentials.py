"""Where the server is: what is given needs no file, and no home folder."""

from pathlib import Path

import pytest
from pipeloom.client.credentials import FILE, TOKEN, URL, CredentialsError, credentials


@pytest.fixture(autouse=True)
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a process of a user that the machine does not know."""
    for name in (FILE, TOKEN, URL, "XDG_CONFIG_HOME", "HUAWEICLOUD_SDK_SK"):
        monkeypatch.delenv(name, raising=False)

    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)


def test_what_is_given_is_enough_without_a_home() -> None:
    assert credentials("http://here:1/", "plm_x") == ("http://here:1", "plm_x")


def test_the_environment_is_enough_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL, "http://here:1")
    monkeypatch.setenv(TOKEN, "plm_x")
    assert credentials() == ("http://here:1", "plm_x")


def test_it_says_where_the_file_could_be() -> None:
    with pytest.raises(CredentialsError, match=FILE):
        credentials()
