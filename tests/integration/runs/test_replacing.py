"""What an output takes the place of: kept for a while, and refused where it is another step's result."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from backend.apps.assets.services import storage_roots
from backend.apps.runs import services
from backend.apps.runs.models import Run, StepRun
from backend.domain.run.messages import StepOrder
from backend.shared.storage import Roots, promotion
from tests.harness.runs import FakeAgent, document, host, job, person, report, start, states, token_of, version_of
from workers.attempt.folder import folder_clear


@pytest.fixture
def roots() -> Roots:
    return storage_roots(project=person().personal_project)


def obs(name: str, path: str) -> dict[str, Any]:
    return {"name": name, "type": "obs", "config": {"obs_path": path}}


def claimed(run: Run, step: str) -> StepOrder:
    order = FakeAgent().claim(token_of(run, step))
    assert order is not None, StepRun.objects.get(run=run, name=step).reason
    return order


def written(folder: str, name: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    Path(folder, name).write_text("x")


def kept_aside() -> dict[str, list[str]]:
    """Where each tree that had to make room was, and what is in it."""
    folders = (Path(settings.PIPELOOM_HOME) / "replaced").iterdir()
    return {
        json.loads((folder / "where.json").read_text())["was"]: sorted(
            path.name for path in (folder / "tree").iterdir()
        )
        for folder in folders
    }


def put_out(run: Run, step: str, content: str) -> StepRun:
    order = claimed(run, step)
    written(order.outputs["out"].path, content)
    assert services.attempt_finish(token=order.token, report=report(order.token))
    folder_clear(Path(order.attempt_dir))
    return StepRun.objects.get(run=run, name=step)


def test_it_keeps_for_a_while_what_had_to_make_room(roots: Roots) -> None:
    host()
    raw = document(job("a", outputs=[obs("out", "/default/fixed/")]))
    for content in ("old", "new"):
        assert put_out(start(raw), "a", content).state == "completed"
    assert kept_aside() == {str(roots.local("/default/fixed")): ["old"]}
    services.replaced_sweep(keep_seconds=3_600)
    assert kept_aside()
    services.replaced_sweep(keep_seconds=0)
    assert kept_aside() == {}
    assert roots.local("/default/fixed/new").exists()


def test_it_keeps_what_had_to_make_room_on_another_disk(roots: Roots, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where names cannot be exchanged, the older tree stays beside its place, under a name that no listing shows."""
    host()
    monkeypatch.setattr(promotion, "_libc", None)
    raw = document(job("a", outputs=[obs("out", "/default/fixed/")]))
    for content in ("old", "new"):
        put_out(start(raw), "a", content)
    beside = [each for each in roots.local("/default/fixed").parent.iterdir() if each.name != "fixed"]
    assert [[path.name for path in each.iterdir()] for each in beside] == [["old"]]
    services.replaced_sweep(keep_seconds=0)
    assert [each.name for each in roots.local("/default/fixed").parent.iterdir()] == ["fixed"]


@pytest.mark.parametrize("together", [True, False], ids=["of the same run", "of another workflow's run"])
def test_it_refuses_to_take_away_what_another_step_wrote(roots: Roots, together: bool) -> None:
    host()
    inner = job("inner", outputs=[obs("out", "/default/nest/inner/")])
    outer = job("outer", ["inner"] if together else [], outputs=[obs("out", "/default/nest/")])
    first = start(document(inner, outer) if together else document(inner))
    assert put_out(first, "inner", "precious").state == "completed"
    second = first if together else start(document(outer))
    refused = put_out(second, "outer", "file")
    assert (refused.state, refused.reason["code"]) == ("failed", "storage.would_replace")
    told = refused.reason["params"]
    assert (told["step"], told["run"], told["inside"]) == ("inner", first.number, "/default/nest/inner/")
    assert roots.local("/default/nest/inner/precious").exists()
    roots.delete("/default/nest/inner/", recursive=True)
    third = start(document(outer))
    assert put_out(third, "outer", "file").state == "completed"


def test_it_lets_a_step_replace_what_it_wrote_in_an_earlier_run(roots: Roots) -> None:
    host()
    both = [obs("out", "/default/nest/"), obs("deep", "/default/nest/deep/")]
    version = version_of(document(job("a", outputs=both)))
    for content in ("old", "new"):
        run = services.run_create(version=version, values={}, by=person())
        order = claimed(run, "a")
        written(order.outputs["deep"].path, content)
        assert services.attempt_finish(token=order.token, report=report(order.token))
        assert states(run)["a"] == "completed"
    assert roots.local("/default/nest/deep/new").exists()
