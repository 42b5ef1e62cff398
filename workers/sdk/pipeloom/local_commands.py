"""run and experiments: workflows of programs and files, run on this machine."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from backend.domain.design.check import check
from pipeloom import local
from pipeloom.files import FileError, converted
from pipeloom.local.asking import MissingValuesError, read_answer
from pipeloom.local.compared import compared, table_of
from pipeloom.local.home import LocalError, home_of_environment
from pipeloom.local.runs import RefusedError, Session
from pipeloom.local.shown import Lines, view_for_here

GOOD, FOUND, IMPOSSIBLE = 0, 1, 2


def add_local_commands(commands: Any) -> None:
    run = commands.add_parser("run", help="run a workflow here, without a server: a program or a file")
    run.add_argument("file")
    run.add_argument("values", nargs="*", metavar="NAME=VALUE", help="written as at the console")
    run.add_argument("--steps", help="only these, with commas, on what earlier runs of the experiment left")
    run.add_argument("--experiment", help="the id under which runs are kept together")
    run.add_argument("--plain", action="store_true", help="lines instead of a table")
    run.set_defaults(action=_run)
    listed = commands.add_parser("experiments", help="list the runs that were made here")
    listed.add_argument("experiment", nargs="?", help="those of this one, with parameters and metrics side by side")
    listed.add_argument("--json", action="store_true", help="answer with JSON")
    listed.set_defaults(action=_experiments)


def _run(asked: argparse.Namespace) -> int:
    raw = json.loads(converted(asked.file, "json")[0])
    wrong = [each for each in check(raw) if each.severity == "error"]
    if wrong:
        print("\n".join(f"{asked.file}: {each.path}: {each.message} {each.hint}" for each in wrong), file=sys.stderr)
        return FOUND
    steps = None if asked.steps is None else tuple(each.strip() for each in asked.steps.split(","))
    view = Lines() if asked.plain else view_for_here()
    try:
        session = Session(raw, home_of_environment(), view, steps=steps, experiment_id=asked.experiment)
        session.values.update(_values(session, asked.values))
        session.fill()
        session.open()
    except (RefusedError, MissingValuesError, LocalError, ValueError) as refused:
        raise FileError(str(refused)) from None
    except EOFError:
        raise FileError("The answers ended before all values were given.") from None
    return GOOD if session.run().ok else FOUND


def _values(session: Session, given: list[str]) -> dict[str, Any]:
    values = {}
    for each in given:
        name, sign, text = each.partition("=")
        if not sign:
            raise ValueError(f"“{each}” is not NAME=VALUE.")
        values[name] = read_answer(session.document, name, text)
    return values


def _experiments(asked: argparse.Namespace) -> int:
    found = local.experiments(asked.experiment)
    if asked.json:
        told = [
            {**each._asdict(), "folder": str(each.folder), "parameters": beside.parameters, "metrics": beside.metrics}
            for each, beside in zip(found, compared(found), strict=True)
        ]
        print(json.dumps(told, ensure_ascii=False))
        return GOOD
    if not found:
        of = "" if asked.experiment is None else f" of “{asked.experiment}”"
        print(f"No run{of} was made in {home_of_environment().root} yet.")
    elif asked.experiment is None:
        for each in found:
            print(f"{each.created_at[:19]}  {each.state:<10} {each.experiment_id} {each.number}  {each.workflow}")
    else:
        _print_aligned(table_of(compared(found)))
    return GOOD


def _print_aligned(rows: list[list[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
