"""Settings of an installation for others: Django's own list, the doctor's, and what the environment may say."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from pytest_django.fixtures import Settings

from backend.config.checklist import settings_findings
from backend.config.findings import BAD
from backend.config.secret_files import SecretFileError, secret_setting, with_password

REPOSITORY = Path(__file__).resolve().parents[3]
PRODUCTION = {
    "PIPELOOM_PUBLIC_URL": "https://pipeloom.example.org",
    "PIPELOOM_BEHIND_PROXY": "1",
    "PIPELOOM_SECRET_KEY": "kX9-" * 16 + "only for this test",
    "DATABASE_URL": "postgresql://pipeloom@db.example.org/pipeloom",
    "REDIS_URL": "rediss://redis.example.org:6379/0",
    "PIPELOOM_ROLE": "web",
}
SHOW = """
import json
from django.conf import settings as s
names = "SECURE_SSL_REDIRECT SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_HSTS_SECONDS ALLOWED_HOSTS DEBUG".split()
print(json.dumps({name: getattr(s, name) for name in names} | {"password": s.DATABASES["default"]["PASSWORD"],
    "key": s.SECRET_KEY, "redis": s.REDIS_URL, "broker": s.CELERY_BROKER_URL}))
"""


def manage(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """With nothing of this machine's settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=REPOSITORY, env={**kept, **environment},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def shown(**environment: str) -> dict[str, Any]:
    done = manage("shell", "-v", "0", "-c", SHOW, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_it_passes_djangos_list_for_deployments(tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, PIPELOOM_HOME=str(tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


def test_it_fails_that_list_where_it_should(tmp_path: Path) -> None:
    """Otherwise the test above would prove nothing."""
    wrong = {**PRODUCTION, "PIPELOOM_DEBUG": "1", "PIPELOOM_HOME": str(tmp_path)}

    assert manage("check", "--deploy", "--fail-level", "WARNING", **wrong).returncode == 1


def test_it_takes_secrets_from_files(tmp_path: Path) -> None:
    files = {}
    for name in ("PIPELOOM_SECRET_KEY", "DATABASE_PASSWORD", "REDIS_PASSWORD"):
        (tmp_path / name).write_text(f"of {name} with @ and /\n")
        files[f"{name}_FILE"] = str(tmp_path / name)
    given = {name: value for name, value in PRODUCTION.items() if name != "PIPELOOM_SECRET_KEY"}

    found = shown(**given, **files, PIPELOOM_HOME=str(tmp_path / "home"))

    assert found["key"] == "of PIPELOOM_SECRET_KEY with @ and /"
    assert found["password"] == "of DATABASE_PASSWORD with @ and /"
    assert found["redis"] == found["broker"]
    assert found["redis"].startswith("rediss://:of%20REDIS_PASSWORD%20with%20%40%20and%20%2F@redis.example.org")
    assert (found["SECURE_SSL_REDIRECT"], found["SESSION_COOKIE_SECURE"], found["CSRF_COOKIE_SECURE"]) == (True,) * 3


def test_it_says_which_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SecretFileError, match=r"REDIS_PASSWORD_FILE names .*missing"):
        secret_setting("REDIS_PASSWORD", {"REDIS_PASSWORD_FILE": str(tmp_path / "missing")})


def test_it_keeps_a_password_that_the_address_has() -> None:
    assert with_password("postgresql://u:mine@h/d", "other") == "postgresql://u:mine@h/d"
    assert with_password("", "other") == ""


def test_it_trusts_no_star(tmp_path: Path) -> None:
    found = shown(**{**PRODUCTION, "PIPELOOM_ALLOWED_HOSTS": "*, web ,", "PIPELOOM_HOME": str(tmp_path)})

    assert sorted(found["ALLOWED_HOSTS"]) == ["127.0.0.1", "[::1]", "localhost", "pipeloom.example.org", "web"]


def told(level: str = BAD) -> str:
    return " ".join(each.text for each in settings_findings() if each.level == level)


@pytest.fixture
def production(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings.PIPELOOM_PUBLIC_URL = "https://pipeloom.example.org"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    settings.SECURE_HSTS_PRELOAD = True
    settings.SECRET_KEY = "kX9-" * 16 + "only for this test"
    settings.PIPELOOM_HOME = tmp_path
    tmp_path.chmod(0o700)
    monkeypatch.setenv("PIPELOOM_SECRET_KEY", settings.SECRET_KEY)
    return settings


def test_it_finds_a_good_installation_good(production: Settings) -> None:
    assert told() == ""


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEBUG", True, "PIPELOOM_DEBUG"),
        ("PIPELOOM_PUBLIC_URL", "http://pipeloom.example.org", "not https"),
        ("SECURE_PROXY_SSL_HEADER", None, "PIPELOOM_BEHIND_PROXY"),
        ("SESSION_COOKIE_SECURE", False, "security.W012"),
        ("SECRET_KEY", "short", "security.W009"),
    ],
)
def test_it_says_what_is_wrong_with_others(production: Settings, name: str, value: Any, said: str) -> None:
    setattr(production, name, value)

    assert said in told()


def test_it_warns_of_failpoints_and_of_an_open_home(production: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPELOOM_FAILPOINTS", "claim.after_commit")
    Path(production.PIPELOOM_HOME).chmod(0o755)

    assert "PIPELOOM_FAILPOINTS" in told()
    assert "chmod 0700" in told()


def test_it_asks_for_little_on_a_machine_of_ones_own() -> None:
    assert "127.0.0.1" in django_settings.PIPELOOM_PUBLIC_URL
    assert told() == ""
