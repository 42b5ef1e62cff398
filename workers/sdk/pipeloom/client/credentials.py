"""Where the server is, and the token that opens it: given, from the environment, or from what `pipeloom login` kept.

The file is for its owner alone, and is not read when others could.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from pipeloom.client.errors import PipeloomError

URL, TOKEN, FILE = "PIPELOOM_URL", "PIPELOOM_TOKEN", "PIPELOOM_CREDENTIALS"
SECRET_KEY: Final = "HUAWEICLOUD_SDK_SK"  # noqa: S105 - the name of a variable
TOKEN_BEGINS: Final = "plm_"  # noqa: S105 - tells the kind of a secret
"""Ours begin so. Nothing else is ever sent to a server: the secret key of a cloud is none of its business."""
_PRIVATE: Final = 0o600
_LOCAL: Final = ("localhost", "127.0.0.1", "::1")


class Credentials(NamedTuple):
    url: str
    token: str


class CredentialsError(PipeloomError):
    """There is no address, no token, or a file that must not be read."""


def credentials(url: str | None = None, token: str | None = None) -> Credentials:
    """What is given comes first, then the environment, then the file."""
    address = cleaned(url or os.environ.get(URL) or "")
    secret = token or os.environ.get(TOKEN) or of_secret_key(os.environ.get(SECRET_KEY))
    kept = {} if address and secret else _read()
    servers = kept.get("servers", {})
    address = address or cleaned(kept.get("current") or "")
    if not secret and address in servers:
        secret = str(servers[address].get("token", ""))
    if urlsplit(address).scheme not in ("http", "https") or not secret:
        raise CredentialsError(
            f"Where is Pipeloom? Use `pipeloom login ADDRESS`, or set {URL} to its address (http://…) and {TOKEN} to "
            "a token (`manage.py createtoken USER` makes one, and the page “Tokens” lists them)."
        )
    return Credentials(address, secret)


def of_secret_key(secret: str | None) -> str:
    """The token, where a pair of access key and secret key holds one of ours in the place of the secret."""
    return secret if secret and secret.startswith(TOKEN_BEGINS) else ""


def cleaned(url: str) -> str:
    return url.strip().rstrip("/")


def is_open_to_listeners(url: str) -> bool:
    """Whether a token sent there could be read on the way."""
    parts = urlsplit(url)
    return parts.scheme == "http" and (parts.hostname or "") not in _LOCAL


def remember(url: str, token: str, user: str) -> Path:
    """This server becomes the one that is meant where none is named."""
    kept = _read()
    servers = {**kept.get("servers", {}), url: {"token": token, "user": user}}
    return _write({"current": url, "servers": servers})


def forget(url: str | None = None) -> str | None:
    """The address that was forgotten: the one named, or the one that was meant."""
    kept = _read()
    servers = dict(kept.get("servers", {}))
    address = cleaned(url or kept.get("current") or "")
    if servers.pop(address, None) is None:
        return None
    current = kept.get("current")
    if current not in servers:
        current = next(iter(servers), "")
    if servers:
        _write({"current": current, "servers": servers})
    else:
        file().unlink()
    return address


def file() -> Path:
    """Raises CredentialsError for somebody without a home folder, who has named no other place."""
    named = os.environ.get(FILE)
    if named:
        return Path(named)
    try:
        base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    except RuntimeError:
        raise CredentialsError(f"There is no home folder for the file with tokens: set {FILE} to a place.") from None
    return Path(base) / "pipeloom" / "credentials.json"


def _read() -> Mapping[str, Any]:
    path = file()
    try:
        with open(path, encoding="utf-8") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            if mode & 0o077:
                raise CredentialsError(f"{path} can be read by others (mode {mode:o}): chmod 600 {path}")
            kept = json.load(opened)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CredentialsError(f"{path} cannot be read: {error}. Remove it, and use `pipeloom login` again.") from None
    if not isinstance(kept, dict) or not isinstance(kept.get("servers"), dict):
        raise CredentialsError(f"{path} holds no credentials. Remove it, and use `pipeloom login` again.")
    return kept


def _write(kept: Mapping[str, Any]) -> Path:
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _replacing(path) as unfinished:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        with open(handle, "w", encoding="utf-8") as opened:
            json.dump(kept, opened, indent=2)
    return path


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    unfinished.unlink(missing_ok=True)
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
