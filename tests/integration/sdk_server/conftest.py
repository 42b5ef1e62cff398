"""A person with a token, and what the programs name: code, an engine, algorithms, a dataset."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pipeloom.client import Client

from tests.harness.live_stack import REPOSITORY, LiveStack

HERE = Path(__file__).parent
CODE = """
import sys
from pathlib import Path
given = dict(each.removeprefix("--").split("=", 1) for each in sys.argv[1:])
print(sorted((name, value) for name, value in given.items() if not name.endswith("_url")))
print("manifest:", Path(given["data_url"], "manifest.jsonl").is_file())
Path(given["train_url"]).mkdir(parents=True, exist_ok=True)
Path(given["train_url"], "weights").write_text("w")
"""
ENGINE = {"engine_name": "fake_engine_name", "engine_version": "fake_engine_version"}


def picture(grey: int) -> bytes:
    """A PNG of one point."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(bytes([0, grey]))), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@dataclass(frozen=True)
class Person:
    """Somebody at a terminal of their own."""

    stack: LiveStack
    token: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("PIPELOOM_", "HUAWEI"))}
        return {
            **kept,
            "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'workers' / 'sdk'}",
            "PIPELOOM_CREDENTIALS": str(self.folder / "credentials.json"),
        }

    def pipeloom(self, *words: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """A command, as typed by somebody who has signed in."""
        return subprocess.run(
            [sys.executable, "-m", "pipeloom", *words],
            input=given,
            env={**self.environment, **more},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=150,
        )

    def did(self, *words: str) -> str:
        done = self.pipeloom(*words)
        assert done.returncode == 0, (done.stdout, done.stderr)
        return done.stdout

    @property
    def client(self) -> Client:
        return Client(self.stack.url, self.token)

    def put(self, place: str, content: bytes) -> None:
        with httpx.Client(base_url=self.stack.url, headers=self.client.api.headers, timeout=30) as web:
            web.put("/api/storage/file/", params={"path": place}, content=content).raise_for_status()


@pytest.fixture(scope="session")
def somebody(live_stack: LiveStack, tmp_path_factory: pytest.TempPathFactory) -> Person:
    """Not signed in yet."""
    live_stack.sign_in_link("sdk-author")
    token = live_stack.manage("createtoken", "sdk-author").strip().splitlines()[-1]
    return Person(live_stack, token, tmp_path_factory.mktemp("somebody"))


@pytest.fixture(scope="session")
def author(somebody: Person, tmp_path_factory: pytest.TempPathFactory) -> Person:
    """Signed in, with everything there that the programs name."""
    person = Person(somebody.stack, somebody.token, tmp_path_factory.mktemp("author"))
    signed = person.pipeloom("login", person.stack.url, given=person.token)
    assert signed.returncode == 0, signed.stderr
    person.stack.manage("engine", *ENGINE.values(), sys.executable)
    person.put("/default/fake_code_dir/fake_boot_file", CODE.encode())
    for label in "ab":
        person.put(f"/default/sdk-letters/{label}/1.png", picture(ord(label)))
    definition = {
        "code_dir": "/default/fake_code_dir/",
        "boot_file": "fake_boot_file",
        "engine": ENGINE,
        "parameters": [{"name": "parameter_name", "value": "own"}, {"name": "unlisted", "value": 7}],
    }
    person.client.algorithm_register("algorithm_id", definition)
    person.client.algorithm_register("subscription_id", definition, "item_version_id")
    person.did("exec", str(HERE / "data.py"))
    person.did("watch", "letters")
    return person
