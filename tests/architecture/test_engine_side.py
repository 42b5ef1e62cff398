"""What is loaded inside a user's engine fits any Python there: the standard library and nothing else."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SDK = REPOSITORY / "workers" / "sdk"
# Loaded by user code in an engine, or by the shim that starts it.
ENGINE_MODULES = ("pipeloom.metrics", "pipeloom.context")


def loads(module: str, *flags: str) -> subprocess.CompletedProcess[str]:
    program = (
        f"import sys; sys.path[:0] = [{str(SDK)!r}, {str(REPOSITORY)!r}]\n"
        f"import {module}\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    return subprocess.run(
        [sys.executable, "-I", "-S", *flags, "-c", program], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("module", ENGINE_MODULES)
def test_it_imports_in_a_bare_interpreter(module: str) -> None:
    """`-I -S`: without site-packages, so that anything but the standard library is missing."""
    done = loads(module)

    assert done.returncode == 0, done.stderr
    foreign = set(done.stdout.split()) - set(sys.stdlib_module_names) - {"__main__", "pipeloom", "backend"}
    assert foreign == set()


@pytest.mark.parametrize("module", ENGINE_MODULES)
def test_it_stays_readable_for_the_oldest_python_of_an_engine(module: str) -> None:
    """Engines may be older than the server; 3.9 is the oldest that we accept."""
    done = loads(module)
    program = (
        "import sys; print(*[m.__file__ for n, m in sys.modules.items() if n.split('.')[0] in ('pipeloom', 'backend')])"
    )
    listed = subprocess.run(
        [
            sys.executable, "-I", "-S", "-c",
            f"import sys; sys.path[:0] = [{str(SDK)!r}, {str(REPOSITORY)!r}]\nimport {module}\n{program}",
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.returncode == 0
    for name in listed.stdout.split():
        ast.parse(Path(name).read_text(), filename=name, feature_version=(3, 9))
