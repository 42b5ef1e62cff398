"""Log lines: which form, what they carry, and what they never carry."""

import io
import json
import logging
import os
from pathlib import Path

import pytest

from backend.shared import logs
from backend.shared.logs import HIDDEN, JsonLines, TextLines, formatter_name, log_context, redacted

CANARY = "c4n4ry-secret-of-this-test"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets are looked up once a process."""
    logs._known_secrets.cache_clear()
    yield
    logs._known_secrets.cache_clear()


def said(formatter: logging.Formatter, message: str, *args: object, error: Exception | None = None) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.getLogger("of.the.test")
    logger.propagate, logger.handlers = False, [handler]
    logger.warning(message, *args, exc_info=error)
    return stream.getvalue()


def test_it_says_in_json_what_a_line_is_about() -> None:
    with log_context(run="r1", step="train"), log_context(attempt="a1", request=""):
        found = json.loads(said(JsonLines(), "epoch %d", 3))
    outside = json.loads(said(JsonLines(), "quiet"))

    assert (found["message"], found["level"], found["logger"]) == ("epoch 3", "warning", "of.the.test")
    assert (found["run"], found["step"], found["attempt"]) == ("r1", "train", "a1")
    assert "request" not in found
    assert "run" not in outside


def test_it_keeps_one_line_a_message() -> None:
    lines = said(JsonLines(), "first\nsecond", error=ValueError("third\nfourth")).splitlines()

    assert len(lines) == 1
    assert "ValueError: third" in json.loads(lines[0])["trace"]


def test_it_obeys_no_terminal_sequence() -> None:
    evil = "\x1b]0;title\x07\x1b[2J\r\nINFO forged line \u202e reversed"

    line = said(TextLines(), "%s", evil)

    assert line.count("\n") == 1
    assert "\x1b" not in line
    assert "\\x1b[2J" in line
    assert "\u202e" not in line


@pytest.mark.parametrize("form", [JsonLines(), TextLines()], ids=["json", "text"])
@pytest.mark.parametrize("name", ["PIPELOOM_SECRET_KEY", "PIPELOOM_METRICS_TOKEN", "DATABASE_PASSWORD"])
def test_it_hides_secrets_it_was_given(form: logging.Formatter, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, CANARY)

    line = said(form, "connecting with %s", CANARY, error=RuntimeError(f"refused: {CANARY}"))

    assert CANARY not in line
    assert HIDDEN in line


def test_it_hides_secrets_of_files_and_of_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "django_key").write_text(f"{CANARY}-1\n")
    (tmp_path / "password").write_text(f"{CANARY}-2 with space\n")
    monkeypatch.setenv("PIPELOOM_HOME", str(tmp_path))
    monkeypatch.setenv("REDIS_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("DATABASE_URL", f"postgresql://u:{CANARY}%2F3@db/p")

    line = redacted(f"{CANARY}-1 {CANARY}-2 with space {CANARY}-2%20with%20space {CANARY}/3 {CANARY}%2F3")

    assert line.split() == [HIDDEN] * 5


@pytest.mark.parametrize(
    "text",
    [
        "GET /sign-in/{}/",
        "Authorization: Bearer {}",
        "{{'authorization': 'Bearer {}'}}",
        "token plm_{}",
        "redis://:{}@host:6379/0 refused",
        "postgresql://pipeloom:{}@db/p",
        "Cookie: pipeloom_session_8470={}",
    ],
)
def test_it_hides_what_has_the_form_of_a_secret(text: str) -> None:
    secret = "Ab3" * 10

    assert secret not in redacted(text.format(secret))


def test_it_leaves_ordinary_words_alone() -> None:
    text = "attempt 0197c0de-0000-7000-8000-000000000000: the bearer of bad news; see https://example.org/a:b@c"

    assert redacted(text) == text


@pytest.mark.parametrize(
    ("wanted", "role", "form"),
    [("json", "command", "json"), ("text", "web", "text"), ("auto", "web", "json"), ("auto", "command", "text")],
)
def test_it_speaks_json_where_no_person_reads(
    wanted: str, role: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIPELOOM_LOG_FORMAT", wanted)
    monkeypatch.setenv("PIPELOOM_ROLE", role)

    assert formatter_name() == form


def test_it_speaks_to_people_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    leader, follower = os.openpty()
    with open(follower, "w") as terminal:
        monkeypatch.setattr("sys.stderr", terminal)
        monkeypatch.setenv("PIPELOOM_LOG_FORMAT", "auto")
        monkeypatch.setenv("PIPELOOM_ROLE", "web")
        assert formatter_name() == "text"
    os.close(leader)
