"""What an author is told of the mistakes that are easily made: the line, what is wrong in it, and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest
from pipeloom.command import FOUND, IMPOSSIBLE, main

HEAD = """from modelarts import workflow as wf
T = wf.PlaceholderType
store = wf.data.OutputStorage(name="store", default="/default/x/")
say = wf.BaseAlgorithm(command="true")
kept = lambda: wf.steps.JobOutput(name="kept", obs_config=wf.data.OBSOutputConfig(obs_path=store.join("a/")))
job = wf.steps.JobStep
first = job(name="first", algorithm=say, outputs=kept())
"""
LINE = HEAD.count("\n") + 1
REFUSED = {
    'job(name="a", algoritm=say)': "JobStep cannot be made of this: got an unexpected keyword argument 'algoritm'. "
    "Did you mean “algorithm”?",
    'wf.AlgorithmParameters(name="p", value=1, qqqq=2)': "AlgorithmParameters cannot be made of this: "
    "got an unexpected keyword argument 'qqqq'. It takes: name, value.",
    "wf.steps.JobSteps()": "steps has no “JobSteps”. Did you mean “JobStep”?",
    "wf.BaseAlgoritm()": "workflow has no “BaseAlgoritm”. Did you mean “BaseAlgorithm”?",
    "T.INTEGER": "PlaceholderType has no “INTEGER”. Did you mean “INT”?",
    'first.output["kept"]': "JobStep has no “output”. Did you mean “outputs”?",
    'job(name="a", algorithm=say, inputs=wf.steps.JobInput("i", first.outputs["kept"]))': "“i” takes what an output "
    "gives, not the output: write .as_input() behind it.",
    'job(name="a", algorithm=say, inputs=wf.steps.JobInput("i", first))': "“i” takes data, not a JobStep. "
    'Give wf.data.OBSPath(obs_path="/bucket/folder/"), a placeholder of wf.data, or an output\'s as_input().',
    'job(name="a", algorithm=say, inputs=wf.steps.ModelInput("i", wf.data.OBSPath("/default/a/")))': "“i” is "
    "a ModelInput. Write JobInput for an input of the step “a”.",
    'job(name="a", algorithm=say, outputs=wf.steps.ModelOutput("o", wf.steps.ModelConfig()))': "“o” is "
    "a ModelOutput. Write JobOutput for an output of the step “a”.",
    'job(name="a", algorithm=say, depend_steps=[first.outputs["kept"]])': "Here should be a step or the name of one, "
    "not a JobOutput.",
    'job(name="a", algorithm=wf.BaseAlgorithm(command=[(lambda a: (a.append(a), a)[1])([])]))': "BaseAlgorithm cannot "
    "be written: it holds itself, or is nested too deeply.",
    'job(name="a", algorithm=wf.BaseAlgorithm(command=["echo", {1}]))': "A set cannot stand in a workflow. "
    "Write a text, a number, True, False, None, a list or a dict.",
}
TOLD = {
    'job(name="a", algorithm="train.py")': "algorithm: Here should be an object, not a text. Write an object.",
    'job(name="a", algorithm=say, depend_steps=["frist"])': "depend_steps[0]: There is no step called “frist”. "
    "Did you mean “first”? Add it, or choose another.",
    'job(name="a", algorithm=say, inputs=wf.steps.JobInput("i", wf.data.OBSPath("obs://b/x/")))': "obs_path: “obs://b/x"
    "/” does not have the right form. Write it like /bucket/folder/ or /bucket/folder/file, without “..”, empty parts "
    "or backslashes.",
    'job(name="a", algorithm=say, inputs=wf.steps.JobInput("i", "/default/a/"))': "data: This is no data. "
    'Give wf.data.OBSPath(obs_path="/bucket/folder/"), a placeholder of wf.data, or an output\'s as_input().',
    'job(name="a", algorithm=say, policy=wf.steps.StepPolicy(skip_conditions=T.INT == 3))': "skip_conditions[0]: Here "
    "should be an object, not true or false. Give wf.steps.Condition(condition_type=…, left=…, right=…): what Python "
    "has compared already knows no values.",
    'job(name="a", algorithm=say, inputs=wf.steps.JobInput("i", wf.data.DataConsumptionSelector([])))': "“$any"
    "_of” is not written as a reference is. Give data_list the outputs to choose among: "
    '[step.outputs["name"].as_input(), …].',
}


def run(tmp_path: Path, statement: str) -> int:
    """The statement makes a step, or something else altogether."""
    file = tmp_path / "program.py"
    end = f"second = {statement}\nwf.Workflow(name='w', steps=[first, second], storages=store).release()\n"
    file.write_text(HEAD + end, encoding="utf-8")
    return main(["exec", "--check-only", str(file)])


@pytest.mark.parametrize("statement", REFUSED)
def test_it_refuses_what_no_document_can_say(
    statement: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, statement) == IMPOSSIBLE
    assert capsys.readouterr().err.strip() == f"{tmp_path / 'program.py'}:{LINE}: {REFUSED[statement]}"


@pytest.mark.parametrize("statement", TOLD)
def test_it_names_the_part_of_the_line_that_is_wrong(
    statement: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, statement) == FOUND
    assert f"{tmp_path / 'program.py'}:{LINE}: {TOLD[statement]}" in capsys.readouterr().out.splitlines()[1].strip()


def test_it_says_that_a_class_is_no_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "job") == IMPOSSIBLE
    assert capsys.readouterr().err.strip().endswith("Among steps is the class JobStep, which is no Step.")
