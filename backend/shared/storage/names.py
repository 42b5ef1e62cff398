"""Path rules: how a person names a place in a storage, and what is no such name."""

import re
from dataclasses import dataclass

from backend.domain.problems import problem
from backend.shared.errors import ProductError

# What we make on the way to a finished file. Nobody can name it, and no listing shows it.
PRIVATE = ".pipeloom-"
LONGEST_NAME = 255
LONGEST_PATH = 3_500
DEEPEST = 64
_FORBIDDEN = re.compile("[\x00-\x1f\x7f\\\\\ud800-\udfff]")
_STATUS = {
    "storage.missing": 404,
    "storage.unknown_root": 404,
    "storage.read_only": 403,
    "storage.exists": 409,
    "storage.not_empty": 409,
    "storage.upload_offset": 409,
    "storage.upload_busy": 409,
    "storage.changed": 412,
    "storage.too_large": 413,
    "storage.full": 507,
}


class StorageError(ProductError):
    """A place that cannot be read or written, with the reason in words."""

    def __init__(self, code: str, **params: object) -> None:
        found = problem(code, "", **params)
        super().__init__(found.code, found.message, [found], status=_STATUS.get(code, 422))


@dataclass(frozen=True, slots=True)
class Logical:
    """`/root/a/b` taken apart. `folder` says that it was written with a slash at its end."""

    root: str
    parts: tuple[str, ...]
    folder: bool

    def __str__(self) -> str:
        text = "/" + "/".join((self.root, *self.parts))
        return text + "/" if self.folder or not self.parts else text


def logical_path(text: str) -> Logical:
    """The path that the text names; a StorageError for anything that could mean two things."""
    if not text.startswith("/"):
        raise StorageError("storage.path_form", place=text, reason="it does not begin with a slash")
    if len(text.encode("utf-8", "replace")) > LONGEST_PATH:
        raise StorageError("storage.path_form", place=text, reason="it is too long")
    names = text[1:].removesuffix("/").split("/")
    if len(names) > DEEPEST:
        raise StorageError("storage.path_form", place=text, reason="it has too many levels")
    for name in names:
        check_name(name, text)
    return Logical(names[0], tuple(names[1:]), text.endswith("/"))


def check_name(name: str, path: str) -> None:
    """One part of a path, in the words of POSIX and of Windows alike."""
    if not name:
        raise StorageError("storage.path_form", place=path, reason="a part of it is empty")
    if name in {".", ".."}:
        raise StorageError("storage.path_form", place=path, reason=f"“{name}” is not a name")
    if name.startswith(PRIVATE):
        raise StorageError("storage.path_form", place=path, reason=f"names that begin with “{PRIVATE}” are reserved")
    if _FORBIDDEN.search(name):
        raise StorageError("storage.path_form", place=path, reason="it holds a backslash or a control character")
    if len(name.encode()) > LONGEST_NAME:
        raise StorageError("storage.path_form", place=path, reason=f"a part of it is longer than {LONGEST_NAME} bytes")
