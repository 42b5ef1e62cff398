"""What `pip install .` brings: the package `pipeloom`, and nothing else beside it.

The library needs some of the product's own code (the pure domain, and what carries out an attempt). Its packages are
called `backend` and `workers` here, names that other projects use too; in an installed library they lie below
`pipeloom._core`, and their imports say so. Everything else of the build is in pyproject.toml.
"""

import ast
import sys
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

HOME = "pipeloom._core"
SDK = "workers/sdk"
PARTS = ["backend", "backend.domain*", "workers", "workers.attempt*", "workers.steps*", "workers.sandbox*"]
MOVED = find_packages(".", include=PARTS)
TOPS = {name.partition(".")[0] for name in MOVED}


class Moved(build_py):
    """Copies modules as they are, but for the names of packages that have moved."""

    def find_package_modules(self, package: str, package_dir: str) -> list[tuple[str, str, str]]:
        """What lies in `workers` itself belongs to the server."""
        found = super().find_package_modules(package, package_dir)
        top = package in {f"{HOME}.{name}" for name in TOPS}
        return [each for each in found if each[1] == "__init__" or not top]

    def build_module(self, module: str, module_file: str, package: str | list[str]) -> tuple[str, bool]:
        written, copied = super().build_module(module, module_file, package)
        target = Path(written)
        source = target.read_bytes().decode("utf-8")
        target.write_bytes(moved(source, module_file).encode("utf-8"))
        return written, copied


def moved(source: str, name: str) -> str:
    """The same lines, so that tracebacks stay right."""
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import) and any(each.name.partition(".")[0] in TOPS for each in node.names):
            raise SystemExit(f"{name}:{node.lineno}: say `from … import …`: only that can be moved into {HOME}.")
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in TOPS:
            line = lines[node.lineno - 1]
            lines[node.lineno - 1] = line.replace(f"from {node.module}", f"from {HOME}.{node.module}", 1)
    return "".join(lines)


if __name__ == "__main__":
    found = find_packages(SDK, include=["pipeloom*"])
    if "editable_wheel" in sys.argv:
        # Sources that are worked on stay where they are, under their own names.
        setup(packages=[*found, *MOVED], package_dir={"pipeloom": f"{SDK}/pipeloom"})
    else:
        places = {f"{HOME}.{name}": name.replace(".", "/") for name in MOVED}
        setup(
            packages=[*found, *places],
            package_dir={"pipeloom": f"{SDK}/pipeloom", **places},
            cmdclass={"build_py": Moved},
        )
