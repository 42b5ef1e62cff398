"""Rules about files that no linter has: sizes, names, and what the domain may import."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "misc.py", "common.py"}
# What is pure in the standard library. Adding a module here is a decision: it must do no input or
# output, know no clock and no chance.
PURE_MODULES = {
    "__future__", "abc", "ast", "base64", "bisect", "codecs", "collections", "contextlib", "copy", "dataclasses",
    "datetime", "decimal", "difflib", "enum", "fractions", "functools", "graphlib", "hashlib", "heapq", "itertools",
    "json", "keyword", "math", "numbers", "operator", "re", "statistics", "string", "struct", "textwrap", "types",
    "typing", "unicodedata", "pydantic", "pydantic_core", "yaml", "backend",
}  # fmt: skip


def python_files(*folders: str) -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        if name.endswith(".py") and (REPOSITORY / name).is_file():
            yield REPOSITORY / name


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_it_keeps_every_file_short() -> None:
    long = {
        str(path.relative_to(REPOSITORY)): lines
        for path in python_files()
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }

    assert long == {}, f"split these files by what they are for (limit {LONGEST_FILE} lines)"


def test_it_has_no_drawer_for_everything() -> None:
    found = [str(path.relative_to(REPOSITORY)) for path in python_files() if path.name in FORBIDDEN_NAMES]

    assert found == [], "name a file after what it is for"


def test_it_says_in_every_module_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(REPOSITORY))
        for path in python_files("backend", "workers", "tests", "manage.py")
        if path.read_text().strip()
        and "migrations" not in path.parts
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == [], "begin these modules with a docstring"


def test_it_keeps_the_domain_to_the_pure_part_of_the_standard_library() -> None:
    found = {
        f"{path.relative_to(REPOSITORY)}: {name}"
        for path in python_files("backend/domain")
        for name in imported(path)
        if name.split(".")[0] not in PURE_MODULES
        or (name.startswith("backend") and not name.startswith("backend.domain"))
    }

    assert found == set(), "the domain gets time, chance and input as arguments"


def test_it_starts_no_framework_when_the_domain_is_imported() -> None:
    modules = sorted(
        ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")
        for path in python_files("backend/domain")
    )
    program = (
        f"import sys\nfor name in {modules!r}: __import__(name)\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert not {"django", "rest_framework", "celery", "channels", "redis", "psycopg"} & set(done.stdout.split())


@pytest.mark.parametrize("package", ["backend", "backend/apps", "workers"])
def test_it_keeps_package_roots_empty(package: str) -> None:
    """Importing one part must never start another."""
    assert (REPOSITORY / package / "__init__.py").read_text() == ""
