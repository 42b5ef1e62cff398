"""`make demo`, as somebody runs it who has only Python and make."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from tests.e2e.places import Place, Traces, clean_clone, working_tree

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]
SETTLE_SECONDS = 20.0


@pytest.fixture(params=["working tree", "clean clone"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "clean clone":
        if not (os.environ.get("CI") or os.environ.get("PIPELOOM_CLEAN_CLONE")):
            pytest.skip("installs everything anew: only in CI, or with PIPELOOM_CLEAN_CLONE=1")
        with clean_clone() as cloned:
            yield cloned
    else:
        with working_tree() as here:
            yield here


def settled(place: Place, before: Traces) -> Traces:
    """A process that ends needs a moment to be gone; what it held goes with it."""
    ending = []
    for each in place.traces().processes - before.processes:
        with suppress(psutil.NoSuchProcess):
            ending.append(psutil.Process(int(each.split()[0])))
    psutil.wait_procs(ending, timeout=SETTLE_SECONDS)
    return place.traces()


def test_it_goes_from_json_to_a_registered_model_and_leaves_no_trace(place: Place) -> None:
    before = place.traces()
    process = place.start("make", "demo")
    seen: set[str] = set()
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "live update" in line and not seen:
            during = place.traces()
            seen = set(during.processes)
            assert during.listeners, "the product listens while the demo runs"
    _, errors = process.communicate(timeout=120)
    output = "".join(lines)
    assert process.returncode == 0, f"{output}\n{errors}"
    assert len(seen) >= 6, "up, postgres, redis, web, reconciler, worker"

    for title in ("Create dataset", "Release 80/20", "Train", "Register model"):
        assert re.search(rf"{title}\s+completed\s.*\d\.\d\d s", output), f"state and time of {title}:\n{output}"
    updates = re.search(r"Metrics of train \((\d+) updates arrived over the socket while it ran\)", output)
    assert updates, output
    assert int(updates[1]) >= 10
    assert output.count("live update") == int(updates[1])
    accuracy = re.search(r"accuracy\s+float\s+(0\.\d+)", output)
    assert accuracy, output
    assert float(accuracy[1]) > 0.95
    for kind in ("line chart", "histogram", "table", "one-dimensional-table"):
        assert kind in output
    lineage = output[output.index("Model handwritten-digits") :]
    assert re.search(r"← run \d+, step register", lineage), lineage
    assert re.search(r"← dataset version handwritten-digits V\d+", lineage), lineage
    assert "epochs=30" in lineage

    assert settled(place, before) == before


def test_it_says_what_is_wrong_with_a_workflow_and_ends_with_1() -> None:
    with working_tree() as place:
        (place.temporary / "bad.json").write_text('{"schema": 1, "name": "bad", "steps": [{"name": "s"}]}')
        before = place.traces()
        process = place.start("make", "demo", f"ARGS={place.temporary}/bad.json --yes")
        output, errors = process.communicate(timeout=300)
        assert process.returncode != 0
        assert "/steps/0" in output, output
        assert re.search(r"make demo: the workflow is not valid: \d+ problem", errors), errors
        assert settled(place, before) == before
