"""What follows a commit has a name: Django tells the name of what failed, and fails itself where there is none."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMELESS = re.compile(r"\bon_commit\(\s*(functools\.)?partial\(")


def test_it_gives_no_partial_to_a_commit() -> None:
    found = [
        str(path.relative_to(ROOT))
        for folder in ("backend", "workers")
        for path in (ROOT / folder).rglob("*.py")
        if NAMELESS.search(path.read_text())
    ]
    assert found == [], "use backend.shared.db.afterwards"
    assert NAMELESS.search("transaction.on_commit(partial(x), robust=True)")
