"""Programs with a wrong thing in any place: every failure is told with a line of the program."""

from __future__ import annotations

import ast
import random
import traceback
from collections import Counter
from pathlib import Path

import pytest
from pipeloom.execution import ProgramFailed, execute
from pipeloom.workflow.made import ProgramError

from tests.unit.sdk.building import HOME_WRITTEN

TURNS = 120
"""Of each program."""
WRONG = (
    "None", "True", "-1", "3.5", "float('nan')", "10**400", "''", "'a name with spaces, and " + "very " * 20 + "long'",
    "'\\x00\\ud800'", "b'bytes'", "[]", "[None]", "[[[]]]", "{}", "{1: 2}", "{'$parameter': []}", "{'$storage': 1}",
    "object()", "object", "len", "wf", "wf.data", "wf.steps.JobStep", "(each for each in ())", "{1, 2}", "range(3)",
    "wf.Placeholder(name='odd', placeholder_type='odd')", "wf.Placeholder(name=[], placeholder_type=3)",
    "wf.data.OBSPath(obs_path=object())", "wf.data.Storage(name=3).join(4)", "wf.data.Storage(name='s').join('p')",
    "wf.steps.Condition(condition_type=1, left=object(), right=[])", "wf.SystemEnv(name=wf)", "wf.Literal(value=len)",
    "wf.steps.JobStep(name='odd', depend_steps=[3])", "wf.data.DataConsumptionSelector(data_list=7)",
    "(lambda a: (a.append(a), a)[1])([])",
)  # fmt: skip


class Spoiler(ast.NodeTransformer):
    """Does one thing to one argument of one call."""

    def __init__(self, at: int, rng: random.Random) -> None:
        self.at = at
        self.rng = rng
        self.calls = 0

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        self.calls += 1
        if self.calls != self.at:
            return node
        wrong: ast.expr = ast.parse(self.rng.choice(WRONG), mode="eval").body
        what = self.rng.choice(("put", "put", "put", "drop", "add", "replace", "unknown"))
        if what == "drop" and node.keywords:
            del node.keywords[self.rng.randrange(len(node.keywords))]
        elif what == "unknown":
            node.keywords.append(ast.keyword("no_such_thing", wrong))
        elif what == "add":
            node.args.append(wrong)
        elif what == "replace":
            return wrong
        elif node.keywords:
            self.rng.choice(node.keywords).value = wrong
        return node


def spoilt(text: str, rng: random.Random) -> str:
    calls = sum(isinstance(node, ast.Call) for node in ast.walk(ast.parse(text)))
    return ast.unparse(ast.fix_missing_locations(Spoiler(rng.randint(1, calls), rng).visit(ast.parse(text))))


@pytest.mark.parametrize("program", HOME_WRITTEN, ids=lambda each: each.stem)
def test_it_names_a_line_of_the_program_whatever_is_wrong(program: Path, tmp_path: Path, rng: random.Random) -> None:
    text = program.read_text(encoding="utf-8")
    file = tmp_path / "program.py"
    ended: Counter[str] = Counter()
    for _ in range(TURNS):
        changed = spoilt(text, rng)
        file.write_text(changed, encoding="utf-8")
        ended[_ending(file, changed)] += 1
    assert ended["told"], ended
    assert ended["checked"], ended


def _ending(file: Path, text: str) -> str:
    try:
        for workflow in execute(str(file), check_only=True).workflows:
            for finding in workflow.check():
                str(finding)
    except ProgramError as error:
        return _told(error, file, text)
    except ProgramFailed as failed:
        return _its_own(failed, file, text)
    return "checked"


def _told(error: ProgramError, file: Path, text: str) -> str:
    assert error.line is not None, text
    assert error.line.file == str(file), text
    return "told"


def _its_own(failed: ProgramFailed, file: Path, text: str) -> str:
    """The program's own mistake, made in the program itself: Python has said so with the line."""
    assert failed.__cause__ is not None
    frames = traceback.extract_tb(failed.__cause__.__traceback__)
    assert frames[-1].filename == str(file), f"{failed}\n{text}"
    return "its own"
