"""`make check`: every check, all of them even when one fails, and one line each that says how it went."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "workers" / "sdk")])}
CHECKS = (
    ("lint", [sys.executable, "-m", "ruff", "check", "--quiet", "."], "`make format` corrects much of it"),
    ("format", [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "."], "run `make format`"),
    ("types", [sys.executable, "-m", "mypy"], "the strict part is backend/domain, workers/sandbox and the SDK"),
    ("imports", [str(BIN / "lint-imports"), "--cache-dir", ".cache/import-linter"], "the arrows are in .importlinter"),
    ("structure", [sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/architecture"], "see tests/architecture"),
    ("contract", [sys.executable, "manage.py", "contract", "--check"], "run `make contract`"),
    ("tsc", [sys.executable, ".ci/frontend.py", "types"], "the types of frontend/src"),
    ("eslint", [sys.executable, ".ci/frontend.py", "lint"], "lint, import zones and file sizes of frontend/src"),
    ("vitest", [sys.executable, ".ci/frontend.py", "test"], "unit tests beside what they test in frontend/src"),
    ("api types", [sys.executable, ".ci/frontend.py", "api-check"], "run `make contract`"),
)


def main() -> int:
    failed = []
    for name, argv, hint in CHECKS:
        started = time.monotonic()
        done = subprocess.run(argv, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        took = time.monotonic() - started
        good = done.returncode == 0
        print(f"  {'ok  ' if good else 'FAIL'}  {name:<10} {took:5.1f} s", flush=True)
        if not good:
            failed.append(name)
            text = (done.stdout + done.stderr).rstrip()
            print(text + f"\n  -> {name}: {hint}\n", flush=True)
    if failed:
        print(f"make check: {', '.join(failed)} failed; what to do stands above.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
