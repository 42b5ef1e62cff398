"""Steps that are runs of other workflows, without a server: the same rules, the same records."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pipeloom import local
from pipeloom.files import converted
from pipeloom.local.home import home_of_environment
from pipeloom.local.runs import RefusedError, Session
from pipeloom.local.shown import Lines

from tests.integration.sdk_local.terminal import Terminal

Json = dict[str, Any]
WRITE = 'for given in "$@"; do case $given in --out=*) echo "$0 $*" > "${given#--out=}made";; esac; done'


def job(name: str, command: str = WRITE, **more: Any) -> Json:
    properties = {"algorithm": {"command": ["/bin/sh", "-c", command, name], **more.pop("algorithm", {})}}
    place = {"$storage": {"name": "runs", "path": f"{name}/"}}
    out = {"name": "out", "type": "obs", "config": {"obs_path": place}}
    return {"name": name, "kind": "job", "properties": properties, "outputs": [out], **more}


def document(name: str, *steps: Json, **more: Any) -> Json:
    runs = {"name": "runs", "default": f"/default/{name}/", "with_execution_id": True, "create_dir": True}
    listed = [{"id": f"s{at}", **step} for at, step in enumerate(steps, 1)]
    return {"schema": 1, "name": name, "steps": listed, "storages": [runs], **more}


def nested(name: str, workflow: str, version: int = 1, **more: Any) -> Json:
    properties = {"release": {"workflow": workflow, "version": version}, "parameters": more.pop("parameters", [])}
    return {"name": name, "kind": "workflow", "properties": properties, **more}


MEASURE = "import sys; from pipeloom import metrics; metrics.log(accuracy=0.9); sys.exit({})"


def inner(more: str = "0", **also: Any) -> Json:
    """Trains with `epochs` on the data called `raw`; measures what it has."""
    parameters = {"parameters": [{"name": "epochs", "value": {"$parameter": "epochs"}}]}
    train = job("train", algorithm=parameters, inputs=[{"name": "data", "data": {"$data": "raw"}}])
    measured = {"name": "metrics", "type": "metrics", "config": {"metric_files": ["/default/inner/m.json"]}}
    measure = job("measure", f"{sys.executable} -c '{MEASURE.format(more)}'", outputs=[measured], depends_on=["train"])
    given = {"id": "p", "name": "epochs", "type": "INT", **also}
    data = {"id": "d", "name": "raw", "type": "obs"}
    return document("inner", train, measure, parameters=[given], data=[data])


def until(file: Path) -> str:
    """The exit status of a step that goes wrong until the file is there."""
    return f'int(not __import__("os").path.exists("{file}"))'


def outer(release: str = "inner", **more: Any) -> Json:
    """Makes data, lets the other workflow train on it, and uses what that made."""
    fit = nested(
        "fit",
        release,
        depends_on=["make"],
        parameters=[{"name": "epochs", "value": {"$parameter": "rounds"}}],
        inputs=[{"name": "raw", "data": {"$output": {"step": "make", "output": "out"}}}],
        outputs=[
            {"name": "weights", "type": "obs", "config": {"step": "train", "output": "out"}},
            {"name": "scores", "type": "metrics", "config": {"step": "measure", "output": "metrics"}},
        ],
    )
    worse = {
        "type": "LT",
        "left": {"$metric": {"step": "fit", "output": "scores", "key": "accuracy"}},
        "right": 0.5,
    }
    given = [{"name": "data", "data": {"$output": {"step": "fit", "output": "weights"}}}]
    use = job("use", depends_on=["fit"], inputs=given, policy={"skip_conditions": [worse]})
    rounds = {"id": "p", "name": "rounds", "type": "INT", "default": 3}
    return document("outer", job("make"), {**fit, **more}, use, parameters=[rounds])


class Heard(Lines):
    def __init__(self) -> None:
        self.lines: list[str] = []
        super().__init__(self.lines.append)


def session(raw: Json, **more: Any) -> tuple[Session, Heard]:
    heard = Heard()
    made = Session(raw, home_of_environment(), heard, **more)
    made.fill()
    made.open()
    return made, heard


def test_it_runs_with_the_values_and_data_of_the_step_and_hands_its_outputs_on(here: Path) -> None:
    local.add_workflow("inner", inner())
    asked, heard = session(outer(), values={"rounds": 7}, experiment_id="tried")
    run = asked.run()

    assert {name: each.state for name, each in run.items()} == dict.fromkeys(("make", "fit", "use"), "completed")
    trained = Path(run["fit"].places["weights"], "made").read_text()
    assert "--epochs=7" in trained
    assert f"--data={run['make'].places['out']}" in trained
    assert run["fit"].metrics.value("accuracy") == 0.9
    assert f"--data={run['fit'].places['weights']}" in Path(run["use"].places["out"], "made").read_text()
    assert "  fit › train: completed" in heard.lines
    found = {each.experiment_id: each for each in local.experiments()}
    inside = found["tried.fit"]
    assert (inside.workflow, inside.number, inside.state) == ("inner", 1, "completed")
    assert found["tried"].state == "completed"
    assert run["fit"].outputs["weights"]["made_by"]["run"] == inside.run


def test_a_failure_inside_is_told_outside_and_the_rest_runs_on_what_was_made(here: Path) -> None:
    local.add_workflow("inner", inner(until(here / "mended")))
    asked, heard = session(outer(), experiment_id="tried")
    run = asked.run()

    assert {name: each.state for name, each in run.items()} == {"make": "completed", "fit": "failed", "use": "init"}
    assert "Run 1 of the workflow “inner” went wrong at step “measure”" in str(run["fit"].reason)
    assert any("fit is failed: Run 1" in line for line in heard.lines)

    (here / "mended").touch()
    again, heard = session(outer(), steps=("fit", "use"), experiment_id="tried")
    assert again.run().ok
    assert any(line.startswith("  make: taken over") for line in heard.lines)


def test_x05_it_debugs_a_step_that_is_a_workflow_and_repeats_only_what_failed(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    local.add_workflow("inner", inner(until(here / "mended")))
    (here / "outer.json").write_text(json.dumps(outer()))
    from_file = _made_from(here / "outer.json")

    from_file.debug(experiment_id="slowly")
    from_file.next()
    failed = from_file.next()
    assert failed["fit"].state == "failed"
    (here / "mended").touch()
    ended = from_file.next()
    assert ended["fit"].state == "completed"
    told = capsys.readouterr().out
    assert told.count("fit › train: running") == 1
    assert "fit › train: taken over" in told
    assert from_file.next().ok
    assert [each.number for each in local.experiments("slowly.fit")] == [1, 2]


def _made_from(file: Path) -> Any:
    found: dict[str, Any] = {}
    exec(converted(str(file), "python")[0], found)
    return found["workflow"]


def test_it_refuses_before_anything_runs_what_does_not_fit(here: Path) -> None:
    with pytest.raises(RefusedError, match="Release 1 of the workflow “inner” is not to be had here") as refused:
        session(outer())
    assert "pipeloom.local.add_workflow()" in str(refused.value)

    local.add_workflow("inner", inner())
    with pytest.raises(RefusedError, match="has nothing called “epoch”"):
        session(document("wrong", nested("fit", "inner", parameters=[{"name": "epoch", "value": 1}])))
    local.add_workflow("self", document("other", nested("again", "self")))
    with pytest.raises(RefusedError, match="leads back to this workflow: self"):
        session(document("self", nested("again", "self")))
    with pytest.raises(ValueError, match="is known here and is another: take the next number"):
        local.add_workflow("inner", inner("1"))


@pytest.mark.parametrize(("levels", "fits"), [(4, True), (5, False)])
def test_it_goes_five_workflows_deep_and_no_further(here: Path, levels: int, fits: bool) -> None:
    local.add_workflow("w1", document("w1", job("last", "true")))
    for level in range(2, levels + 1):
        local.add_workflow(f"w{level}", document(f"w{level}", nested("deeper", f"w{level - 1}")))
    top = document("top", nested("deeper", f"w{levels}"))

    if fits:
        asked, heard = session(top)
        assert asked.run().ok
        assert "  deeper › deeper › deeper › deeper › last: completed" in heard.lines
    else:
        with pytest.raises(RefusedError, match="more than 5 workflows are inside each other"):
            session(top)


def test_it_ends_when_it_takes_longer_than_its_step_may(here: Path) -> None:
    local.add_workflow("slow", document("slow", job("last", "while :; do sleep 0.1; done")))
    asked, _ = session(document("top", nested("slowly", "slow", policy={"max_execution_minutes": 1})))
    steps: Any = asked.engine.plan.steps
    steps["slowly"] = replace(steps["slowly"], timeout_seconds=1)

    run = asked.run()

    assert run["slowly"].state == "timeout"
    assert [each.state for each in local.experiments(f"{run.experiment_id}.slowly")] == ["stopped"]


def test_x06_it_asks_for_what_a_step_inside_waits_for(here: Path) -> None:
    program = """
import json
from pathlib import Path
from pipeloom import local
from pipeloom.command import main
local.add_workflow("inner", json.loads(Path("inner.json").read_text()))
main(["run", "outer.json"])
"""
    (here / "inner.json").write_text(json.dumps(inner(delay=True)))
    raw = outer()
    raw["steps"][1]["properties"]["parameters"] = []
    (here / "outer.json").write_text(json.dumps(raw))
    (here / "program.py").write_text(program)
    with Terminal(here / "program.py") as terminal:
        terminal.until("The step “train” of “inner” waits for input.")
        terminal.until("epochs = ")
        terminal.type("5")
        terminal.until("The run is completed.")
        terminal.rest()


def test_x05_it_stops_what_runs_inside(here: Path) -> None:
    measured = {"name": "m", "type": "metrics", "config": {"metric_files": ["/default/inner/m.json"]}}
    stubborn = f"{sys.executable} -c 'from pipeloom import metrics; metrics.log(begun=1)'; while :; do sleep 0.1; done"
    (here / "inner.json").write_text(json.dumps(document("inner", {**job("first", stubborn), "outputs": [measured]})))
    (here / "outer.json").write_text(json.dumps(document("outer", nested("fit", "inner"))))
    (here / "program.py").write_text(
        "import json\nfrom pathlib import Path\nfrom pipeloom import local\nfrom pipeloom.command import main\n"
        "local.add_workflow('inner', json.loads(Path('inner.json').read_text()))\n"
        "print('ENDED', main(['run', 'outer.json', '--plain', '--experiment', 'e']))\n"
    )
    with Terminal(here / "program.py") as terminal:
        terminal.until("begun")
        terminal.interrupt()
        told = terminal.rest()

    assert "The run is stopped." in told
    assert {each.experiment_id: each.state for each in local.experiments() if each.experiment_id[0] == "e"} == {
        "e": "stopped",
        "e.fit": "stopped",
    }
