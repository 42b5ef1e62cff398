"""Draws the diagrams of backend/domain/run/README.md anew: `python -m tests.unit.domain.run.readme`."""

from __future__ import annotations

from pathlib import Path

from backend.domain.run.diagrams import with_diagrams

README = Path(__file__).parents[4] / "backend" / "domain" / "run" / "README.md"

if __name__ == "__main__":
    README.write_text(with_diagrams(README.read_text(encoding="utf-8")), encoding="utf-8")
