"""Programs of ModelArts authors on a server, unmodified: what they name is registered under the very ids."""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path

import pytest
from pipeloom.client import Client, ProblemError
from pipeloom.execution import execute
from pipeloom.workflow.made import ProgramError

from tests.harness import containers
from tests.integration.sdk_server.conftest import HERE, Person
from tests.unit.sdk.building import PROGRAMS

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]

_FOLDER = os.environ.get("PIPELOOM_SEED_PROGRAMS", "")
SEED = {path.stem: path for path in Path(_FOLDER).glob("s[0-9]*.py")} if _FOLDER else {}
HOME = {path.stem: path for path in (HERE / "programs").glob("*.py")}
VALUES = ("input_dataset=letters/V001", 'train_flavor={"flavor_id": "cpu.1"}', "storage_name=/default/sdk-runs/")


def programs(number: str) -> list[pytest.ParameterSet]:
    """The home-written one, and the published one where it is to hand."""
    named = [path for stem, path in {**HOME, **SEED}.items() if stem.startswith(f"{number}_")]
    return [pytest.param(path, id=path.stem) for path in sorted(named)]


def runs(author: Person, program: Path) -> str:
    """Released and run by commands; what its step said."""
    released = author.did("release", str(program))
    assert "To be given before it can start: train_flavor, input_dataset, storage_name." in released
    done = author.pipeloom("start", "job-step-demo", *VALUES, "--watch")
    assert done.returncode == 0, (done.stdout, done.stderr)
    started = re.search(r"Started (job-step-demo#\d+): ", done.stdout)
    assert started, done.stdout
    assert re.search(r"^\d\d:\d\d:\d\d training_job completed", done.stdout, re.MULTILINE), done.stdout
    return author.did("logs", started[1], "training_job")


@pytest.mark.parametrize("program", programs("s09"))
def test_s09_it_runs_an_algorithm_of_the_gallery(author: Person, program: Path) -> None:
    said = runs(author, program)

    assert "[('parameter_name', 'fake_value'), ('unlisted', '7')]" in said, "its defaults, and one value of the job"
    assert "manifest: True" in said


@pytest.mark.parametrize("program", programs("s10"))
def test_s10_it_runs_a_saved_algorithm(author: Person, program: Path) -> None:
    assert "[('parameter_name', 'fake_value'), ('unlisted', '7')]" in runs(author, program)


@pytest.mark.parametrize("program", programs("s11"))
def test_s11_it_runs_a_boot_file_on_an_engine(author: Person, program: Path) -> None:
    assert "[('parameter_name', 'fake_value')]" in runs(author, program)


@pytest.mark.parametrize("program", programs("s12"))
def test_s12_it_runs_a_command_in_the_container_or_says_that_it_cannot(author: Person, program: Path) -> None:
    """The image is registered under the id that the program names; without a container engine the run is refused."""
    able = containers.found().engine is not None
    reference = containers.image_ready(Path(tempfile.gettempdir())) if able else "team/image:1"
    if not any(row["name"] == "fake_image_url" for row in author.client.images()):
        author.client.image_register("fake_image_url", reference)
    if able:
        assert "[('parameter_name', 'fake_value')]" in runs(author, program)
        assert not containers.containers_of_ours()
        return
    author.did("release", str(program))

    done = author.pipeloom("start", "job-step-demo", *VALUES)

    assert (done.returncode, done.stdout) == (2, "")
    assert "/steps/0/properties/algorithm/engine/image_url" in done.stderr
    assert "no host has a container engine" in done.stderr


def test_s12_it_names_the_images_that_there_are_where_one_is_not(author: Person, tmp_path: Path) -> None:
    program = tmp_path / "misspelt.py"
    text = (HERE / "programs" / "s12_image.py").read_text().replace("fake_image_url", "team/resnet:2")
    program.write_text(text.replace("job-step-demo", "misspelt"))
    author.client.image_register("team/resnet:1")
    author.did("release", str(program))

    done = author.pipeloom("start", "misspelt", *VALUES)

    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no image “team/resnet:2” in this project." in done.stderr
    assert "one of these: team/resnet:1" in done.stderr


@pytest.mark.skipif("s02_release_and_run" not in SEED, reason="PIPELOOM_SEED_PROGRAMS names no folder with programs")
def test_s02_it_lists_the_defaults_that_the_published_program_lacks(author: Person) -> None:
    program = SEED["s02_release_and_run"]

    done = author.pipeloom("exec", str(program))

    assert (done.returncode, done.stdout) == (2, "")
    lacking = re.findall(rf"{re.escape(str(program))}:(\d+): “(\w+)” has no default", done.stderr)
    lines = program.read_text(encoding="utf-8").splitlines()
    assert [name for _, name in lacking] == ["training_flavor", "input_data", "output_storage"]
    for number, name in lacking:
        made = "\n".join(lines[int(number) - 1 : int(number) + 2])
        assert name in made


def test_s02_x09_it_releases_and_runs_by_name(author: Person) -> None:
    """Each time a version, a run, and one more version of the model."""
    program = str(HERE / "programs" / "x09_training_again.py")

    told = [author.did("exec", program) for _ in range(2)]

    assert [re.findall(r"as version (\d+)", each) for each in told] == [["1"], ["2"]]
    assert [re.findall(r"Started run (\d+)", each) for each in told] == [["1"], ["2"]]
    client = author.client
    for number in (1, 2):
        done = author.pipeloom("watch", f"training-again#{number}")
        assert done.returncode == 0, (done.stdout, done.stderr)
    workflow = client.workflow_named("training-again")
    assert workflow is not None
    assert [row["version"]["number"] for row in client.runs_of(workflow["id"])] == [2, 1]
    model = next(row for row in client.models() if row["name"] == "again")
    assert [row["version"] for row in client.model_versions(model["id"])] == ["0.0.2", "0.0.1"]


def test_s03_it_releases_and_lets_nobody_start_it_before_it_has_its_values(author: Person) -> None:
    author.did("release", str(HOME["s10_saved"]))

    refused = author.pipeloom("start", "job-step-demo", "--json")

    told = json.loads(refused.stdout)
    assert refused.returncode == 2
    assert sorted(each["path"] for each in told["problems"]) == [
        "/values/input_dataset",
        "/values/storage_name",
        "/values/train_flavor",
    ]


def test_x06_it_waits_for_a_value_and_goes_on_with_it(author: Person) -> None:
    author.did("exec", str(HERE / "programs" / "x06_asked_on_the_way.py"))
    client = author.client
    workflow = client.workflow_named("asked-on-the-way")
    assert workflow is not None
    run = next(client.runs_of(workflow["id"]))["id"]
    answered = False
    for update in client.follow(run):
        if update.view.step("say")["state"] == "wait_inputs" and not answered:
            waiting = [row for row in client.api.get("todo/")["items"] if row["run"] == run]
            assert [row["step"] for row in waiting] == ["say"]
            client.step_action(run, "say", "continue", values={"word": "hello"})
            answered = True
    assert answered
    assert client.snapshot(run).state == "completed"
    assert "--word=hello" in client.log(run, "say").decode()


@pytest.mark.skipif(not SEED, reason="PIPELOOM_SEED_PROGRAMS names no folder with programs")
def test_it_releases_every_published_program_unmodified(
    author: Person, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIPELOOM_URL", author.stack.url)
    monkeypatch.setenv("PIPELOOM_TOKEN", author.token)
    released = {}
    for stem, path in SEED.items():
        if stem in ("s08_create_dataset_labelled", "s18_resource_queries"):
            continue
        (workflow,) = execute(str(path), check_only=True).workflows
        made = workflow.release()
        assert made is not None
        released[stem] = made
    client = author.client
    for made in released.values():
        shown = client.api.get(f"workflows/{made.workflow}/versions/{made.version}/")
        assert shown["released_at"]
    assert len(released) >= 12


@pytest.mark.skipif(not SEED, reason="PIPELOOM_SEED_PROGRAMS names no folder with programs")
def test_s08_it_names_both_places_of_the_conflict(author: Person) -> None:
    program = SEED["s08_create_dataset_labelled"]

    done = author.pipeloom("release", str(program))

    assert done.returncode == 2
    lines = re.findall(r":(\d+): |line (\d+)", done.stderr)
    assert len({number for pair in lines for number in pair if number}) >= 2, done.stderr
    with pytest.raises(ProgramError):
        execute(str(program), check_only=True).workflows[0].publisher()


@pytest.mark.skipif(not SEED, reason="PIPELOOM_SEED_PROGRAMS names no folder with programs")
def test_s18_it_answers_the_published_questions(author: Person) -> None:
    """The pair of keys is the token; the program prints two of the answers."""
    keys = {"HUAWEICLOUD_SDK_AK": "anything", "HUAWEICLOUD_SDK_SK": author.token, "PIPELOOM_URL": author.stack.url}

    done = author.pipeloom("exec", str(SEED["s18_resource_queries"]), **keys)

    assert done.returncode == 0, done.stderr
    assert "'flavor_id': 'cpu.1'" in done.stdout
    assert "'engine_name': 'fake_engine_name'" in done.stdout


def test_it_never_sends_the_secret_key_of_a_cloud(somebody: Person) -> None:
    keys = {"HUAWEICLOUD_SDK_AK": "AKIA", "HUAWEICLOUD_SDK_SK": "a cloud's own", "PIPELOOM_URL": somebody.stack.url}

    done = somebody.pipeloom("release", str(HOME["s10_saved"]), **keys)

    assert done.returncode == 2
    assert "Where is Pipeloom?" in done.stderr


def test_x10_it_offers_a_workflow_to_others_who_take_it(author: Person, tmp_path: Path) -> None:
    """A new asset, a second version, a white list, and somebody else who makes a workflow of it."""
    lines = [
        "made = workflow.release_to_gallery(title='Trees', visibility='group', group_users=['sdk-taker'])",
        "more = workflow.release_to_gallery(content_id=made.content_id, desc='again')",
        "print(made.content_id, more.version)",
        "wf.delete_whitelist_users(made.content_id, version_num=more.version, user_groups=['sdk-taker'])",
        "wf.add_whitelist_users(made.content_id, version_num='1.0.0', user_groups='somebody-else')",
    ]
    (tmp_path / "offering.py").write_text("\n".join([HOME["s10_saved"].read_text(), *lines]))

    told = author.did("exec", str(tmp_path / "offering.py")).splitlines()

    asset, version = told[-1].split()
    assert told[0] == f"Offered Trees 1.0.0 in the gallery (group): {asset}"
    assert version == "1.0.1"
    versions = author.client.api.get(f"gallery/assets/{asset}/versions/")["items"]
    assert {each["version"]: each["users"] for each in versions} == {
        "1.0.0": ["sdk-taker", "somebody-else"],
        "1.0.1": [],
    }
    author.stack.sign_in_link("sdk-taker")
    taker = Client(author.stack.url, author.stack.manage("createtoken", "sdk-taker").strip().splitlines()[-1])
    taken = taker.subscribe(asset)
    assert (taken["name"], taken["released"]) == ("job-step-demo", 1)
    with pytest.raises(ProblemError):
        taker.subscribe(asset, version="1.0.1")


@pytest.mark.parametrize("program", ["s01_whole_way", "x06_to_x09_others"])
def test_s01_x07_x08_it_releases_what_a_later_version_runs(author: Person, program: str) -> None:
    """Shown as it is; a run is refused in words before anything begins."""
    path = PROGRAMS / f"{program}.py"
    told = author.did("release", str(path))
    found = re.search(r"Released (.+) as version (\d+): ", told)
    assert found, told
    workflow = author.client.workflow_named(found[1])
    assert workflow is not None
    shown = author.client.api.get(f"workflows/{workflow['id']}/versions/{found[2]}/")["document"]
    assert {each["kind"] for each in shown["steps"]} & {"labeling", "service", "mrs_job"}

    begun = author.pipeloom("start", found[1])

    assert begun.returncode == 2
    assert "cannot be run here yet" in begun.stderr, begun.stderr
    assert list(author.client.runs_of(workflow["id"])) == []


def test_it_runs_here_what_was_released_there_as_a_step(author: Person, tmp_path: Path) -> None:
    """A release that nobody made known on this machine is asked of the server that somebody is signed in to."""
    inner = """
from pipeloom import workflow as wf
who = wf.Placeholder(name="who", placeholder_type=wf.PlaceholderType.STR, default="nobody")
said = wf.AlgorithmParameters(name="who", value=who)
say = wf.steps.JobStep(name="say", algorithm=wf.BaseAlgorithm(command="echo hello", parameters=[said]))
wf.Workflow(name="told by a step", desc="", steps=say)
"""
    (author.folder / "inner.py").write_text(inner)
    version = re.search(r"as version (\d+): ", author.did("release", "inner.py"))
    assert version
    step = {
        "id": "s1",
        "name": "outer",
        "kind": "workflow",
        "properties": {
            "release": {"workflow": "told by a step", "version": int(version[1])},
            "parameters": [{"name": "who", "value": "you"}],
        },
    }
    (author.folder / "outer.json").write_text(json.dumps({"schema": 1, "name": "outer", "steps": [step]}))

    done = author.pipeloom("run", "outer.json", PIPELOOM_LOCAL_HOME=str(tmp_path / "home"))

    assert done.returncode == 0, done.stdout + done.stderr
    (log,) = (tmp_path / "home" / "experiments").glob("*.outer/1/attempts/say-1/log")
    assert log.read_text() == "hello --who=you\n"
    unknown = step["properties"] | {"release": {"workflow": "told by a step", "version": 99}}
    (author.folder / "unknown.json").write_text(
        json.dumps({"schema": 1, "name": "outer", "steps": [{**step, "properties": unknown}]})
    )
    refused = author.pipeloom("run", "unknown.json", PIPELOOM_LOCAL_HOME=str(tmp_path / "home"))
    assert refused.returncode == 2
    assert f"{author.stack.url} " in refused.stderr


def test_it_says_what_the_server_refuses_with_the_line(author: Person, tmp_path: Path) -> None:
    """Everything has a value, and the algorithm is not there."""
    lines = [
        "from pipeloom import workflow as wf",
        "step = wf.steps.JobStep(",
        "    name='train',",
        "    algorithm=wf.Algorithm(algorithm_id='nobody registered it'))",
        "wf.Workflow(name='refused', desc='', steps=step).release_and_run()",
    ]
    program = tmp_path / "program.py"
    program.write_text("\n".join(lines))

    done = author.pipeloom("exec", str(program))

    assert done.returncode == 2
    assert done.stderr.startswith(f"{program}:5: ")
    assert f"{program}:4: There is no algorithm “nobody registered it” in this project." in done.stderr
