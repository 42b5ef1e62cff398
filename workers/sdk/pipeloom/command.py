"""The command line. exec, check, convert, diff, run and experiments need no server; the others are in `remote`.

Exit status: 0 good, 1 problems were found (diff: there are changes; run, exec, watch: a run did not complete), 2
nothing could be done.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

from pipeloom.execution import COMPATIBLE, ProgramFailed, execute
from pipeloom.files import FileError, change_told, checked, converted, differences
from pipeloom.local_commands import add_local_commands
from pipeloom.remote.commands import add_commands
from pipeloom.workflow.made import ProgramError
from pipeloom.workflow.program import Recorder

GOOD, FOUND, IMPOSSIBLE = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.action(asked))
    except FileError as error:
        print(error, file=sys.stderr)
        return IMPOSSIBLE
    except ProgramError as error:
        print(error, file=sys.stderr)
        return IMPOSSIBLE
    except BrokenPipeError:
        # Whoever read what we print has gone away; that is their right.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pipeloom", description="Workflows, here and on a server.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("exec", help="run a program with the packages of other products on its path")
    run.add_argument("--check-only", action="store_true", help="check its workflows; a release is only checked")
    run.add_argument("program")
    run.add_argument("arguments", nargs=argparse.REMAINDER)
    run.set_defaults(action=_exec)
    check = commands.add_parser("check", help="tell what is wrong with a workflow: a program or a file")
    check.add_argument("--json", action="store_true", help="answer with JSON")
    check.add_argument("file")
    check.set_defaults(action=_check)
    convert = commands.add_parser("convert", help="write a workflow in another form")
    convert.add_argument(
        "file", help="a program, a document, or a file of ModelArts, Elyra (.pipeline) or Kubeflow (.yaml)"
    )
    convert.add_argument("--to", choices=("json", "python", "modelarts"), default="json")
    convert.add_argument("-o", "--output", help="a file; otherwise it is printed")
    convert.set_defaults(action=_convert)
    diff = commands.add_parser("diff", help="say what changed between two workflows")
    diff.add_argument("--json", action="store_true", help="answer with JSON")
    diff.add_argument("before")
    diff.add_argument("after")
    diff.set_defaults(action=_diff)
    add_local_commands(commands)
    add_commands(commands)
    return parser


def run() -> None:
    """What `pipeloom` starts."""
    sys.exit(main(sys.argv[1:]))


def _exec(asked: argparse.Namespace) -> int:
    try:
        recorder = execute(asked.program, check_only=asked.check_only, arguments=asked.arguments)
        if asked.check_only:
            return _told(recorder)
        return GOOD if all(run.ok for run in recorder.runs) else FOUND
    except ProgramFailed as error:
        print(error, file=sys.stderr)
        if isinstance(error.__cause__, ModuleNotFoundError) and (error.__cause__.name or "").startswith("modelarts"):
            print(f"“{error.__cause__.name}” is not there yet; {COMPATIBLE} holds what is.", file=sys.stderr)
    except ProgramError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{asked.program} cannot be read: {error.strerror}.", file=sys.stderr)
    return IMPOSSIBLE


def _told(recorder: Recorder) -> int:
    wrong = False
    for workflow in recorder.workflows:
        found = workflow.check()
        wrong = wrong or any(each.problem.severity == "error" for each in found)
        steps = len(workflow.document().get("steps", ()))
        print(f"{workflow.name}: {_counted(steps, 'step')}, {_counted(len(found), 'problem')}")
        for each in found:
            print(f"  {each}")
    for workflow, what, line in recorder.asked:
        print(f"{line}: {what}() of {workflow.name} was only checked")
    if not recorder.workflows:
        print("The program makes no workflow.")
    return FOUND if wrong else GOOD


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _check(asked: argparse.Namespace) -> int:
    found = checked(asked.file)
    if asked.json:
        print(json.dumps({"valid": not found.wrong, "problems": found.problems}, ensure_ascii=False))
    else:
        print("\n".join(found.lines) or "Nothing is wrong.")
    return FOUND if found.wrong else GOOD


def _convert(asked: argparse.Namespace) -> int:
    text, notes = converted(asked.file, asked.to)
    for note in notes:
        print(note, file=sys.stderr)
    if asked.output is None:
        print(text)
    else:
        with open(asked.output, "w", encoding="utf-8") as file:
            file.write(text if text.endswith("\n") else text + "\n")
    return GOOD


def _diff(asked: argparse.Namespace) -> int:
    changes = differences(asked.before, asked.after)
    if asked.json:
        print(json.dumps({"changes": [each.as_json() for each in changes]}, ensure_ascii=False))
    else:
        print("\n".join(change_told(each) for each in changes) or "They mean the same.")
    return FOUND if changes else GOOD
