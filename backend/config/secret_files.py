"""Secrets from the environment or, better, from files: NAME or NAME_FILE, as containers and systemd hand them over.

What stands in a file is in nobody's `docker inspect`, in no crash report and in no child's environment.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit


class SecretFileError(ValueError):
    """A file of a secret cannot be read; the text says which and what to do."""


def secret_setting(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """The secret, or nothing where none was given."""
    given = environment.get(name)
    file = environment.get(f"{name}_FILE")
    if given or not file:
        return given or ""
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        raise SecretFileError(
            f"{name}_FILE names {file}, which cannot be read ({error.strerror}). Correct the path, let this user "
            f"read the file, or give {name} itself."
        ) from error


def with_password(url: str | None, password: str) -> str:
    """The address with the password in its place; one that has a password already keeps it."""
    if not url or not password:
        return url or ""
    parts = urlsplit(url)
    if parts.password:
        return url
    user = parts.username or ""
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{user}:{quote(password, safe='')}@{place}").geturl()
