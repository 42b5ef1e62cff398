"""login, logout, release, start, schedule, schedules, watch, logs, stop: each one call or two, and what it answered."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable
from typing import Any, Final

from pipeloom.client import Client, CredentialsError, PipeloomError
from pipeloom.client.credentials import TOKEN, URL, cleaned, forget, is_open_to_listeners, remember
from pipeloom.client.view import TERMINAL
from pipeloom.files import releasable
from pipeloom.remote.finding import document_of, run_of, values_of, version_of, workflow_of
from pipeloom.remote.watching import WRONG, watch

GOOD, FOUND, IMPOSSIBLE, INTERRUPTED = 0, 1, 2, 130
_ENDED: Final = WRONG | {"completed", "skipped", "stopped"}
Asked = argparse.Namespace
Action = Callable[[Asked], int]


def add_commands(commands: Any) -> None:
    login = _command(commands, "login", _login, "remember a server and a token for it")
    login.add_argument("url", nargs="?", help=f"where Pipeloom is; otherwise {URL}")
    logout = _command(commands, "logout", _logout, "forget a server's token")
    logout.add_argument("url", nargs="?", help="otherwise the server that is meant now")
    release = _command(commands, "release", _release, "make a version of a program's or a file's workflow")
    release.add_argument("file")
    release.add_argument("--project", help="its id; otherwise your own")
    start = _command(commands, "start", _start, "start a run of a workflow")
    start.add_argument("workflow", help="its name or id")
    start.add_argument("values", nargs="*", metavar="NAME=VALUE", help="of the placeholders")
    start.add_argument("--values", dest="values_file", metavar="FILE", help="a JSON object with values")
    start.add_argument("--version", type=int, help="otherwise the newest release")
    start.add_argument("--draft", action="store_true", help="run the draft")
    start.add_argument("--scene", help="only the steps of this scene")
    start.add_argument("--watch", action="store_true", help="and follow it")
    schedule = _command(commands, "schedule", _schedule, "run a workflow's newest release at certain times")
    schedule.add_argument("workflow", help="its name or id")
    schedule.add_argument("cron", help="second minute hour day month weekday, as in “0 0 3 * * ?” for every night")
    schedule.add_argument("--timezone", help="as Europe/Berlin; otherwise UTC")
    schedule.add_argument("--set", dest="values", action="append", default=[], metavar="NAME=VALUE", help="a value")
    schedule.add_argument("--scene", help="only the steps of this scene")
    schedule.add_argument("--name", help="of the schedule and its runs")
    schedules = _command(commands, "schedules", _schedules, "list schedules, when they fire and what came of it")
    schedules.add_argument("workflow", nargs="?", help="its name or id; otherwise all")
    following = _command(commands, "watch", _watch, "follow a run until it ends")
    logs = _command(commands, "logs", _logs, "print what a step said")
    stop = _command(commands, "stop", _stop, "stop a run, or one step of it")
    for each in (following, logs, stop):
        each.add_argument("run", help="its id, WORKFLOW#NUMBER, or WORKFLOW for its newest run")
    logs.add_argument("step")
    logs.add_argument("-f", "--follow", action="store_true", help="go on until the step ends")
    stop.add_argument("step", nargs="?")


def _command(commands: Any, name: str, action: Action, help_: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_)
    parser.add_argument("--json", action="store_true", help="answer with JSON")
    parser.set_defaults(action=_telling(action))
    return parser


def _telling(action: Action) -> Action:
    def told(asked: Asked) -> int:
        try:
            return action(asked)
        except PipeloomError as error:
            return _refused(asked, error)
        except KeyboardInterrupt:
            return INTERRUPTED

    return told


def _refused(asked: Asked, error: PipeloomError) -> int:
    if asked.json:
        body = {"error": str(error), "code": getattr(error, "code", ""), "problems": getattr(error, "problems", [])}
        _say(body, "", as_json=True)
    else:
        print(f"pipeloom: {error}", file=sys.stderr)
    return IMPOSSIBLE


def _login(asked: Asked) -> int:
    url = cleaned(asked.url or os.environ.get(URL) or "")
    if not url:
        raise CredentialsError(f"Name the server: `pipeloom login http://…`, or set {URL}.")
    token = os.environ.get(TOKEN) or _token_asked(url)
    client = Client(url, token)
    name = str(client.me()["username"])
    if is_open_to_listeners(url):
        print("pipeloom: without https, whoever listens on the way can read the token.", file=sys.stderr)
    path = remember(url, token, name)
    _say({"url": url, "user": name, "file": str(path)}, f"Signed in to {url} as {name}; kept in {path}", asked.json)
    return GOOD


def _token_asked(url: str) -> str:
    """Never on the command line, where everybody on the machine could read it."""
    token = getpass.getpass(f"Token for {url} (not shown): ") if sys.stdin.isatty() else sys.stdin.readline()
    if not token.strip():
        raise CredentialsError(f"There is no token: type it, pipe it in, or set {TOKEN}.")
    return token.strip()


def _logout(asked: Asked) -> int:
    url = forget(asked.url)
    if url is None:
        raise CredentialsError("Nothing to forget: no token is kept for it.")
    _say(
        {"url": url},
        f"Forgot the token for {url}; it stays valid until you remove it on the page “Tokens”.",
        asked.json,
    )
    return GOOD


def _release(asked: Asked) -> int:
    released = releasable(asked.file, project=asked.project).release()
    keys = ("workflow", "name", "version", "url", "created", "draft_kept", "missing")
    _say({key: getattr(released, key) for key in keys}, str(released), asked.json)
    return GOOD


def _start(asked: Asked) -> int:
    client = Client()
    workflow = workflow_of(client, asked.workflow)
    version = version_of(client, workflow, asked.version, draft=asked.draft)
    values = values_of(document_of(client, workflow, version), asked.values, asked.values_file)
    more = {"version": version, "scene": asked.scene}
    run = client.run_start(workflow["id"], values, **{key: value for key, value in more.items() if value is not None})
    if not (asked.json and asked.watch):
        _say(run, f"Started {workflow['name']}#{run['number']}: {client.api.url}/runs/{run['id']}", asked.json)
    return _followed(client, run["id"], asked) if asked.watch else GOOD


def _schedule(asked: Asked) -> int:
    client = Client()
    workflow = workflow_of(client, asked.workflow)
    document = document_of(client, workflow, version_of(client, workflow, None, draft=False))
    more = {name: getattr(asked, name) for name in ("timezone", "scene", "name")}
    row = client.schedule_create(
        workflow["id"],
        asked.cron,
        values_of(document, asked.values, None),
        **{name: value for name, value in more.items() if value is not None},
    )
    _say(row, f"{workflow['name']} runs next at {row['next_at']}.", asked.json)
    return GOOD


def _schedules(asked: Asked) -> int:
    client = Client()
    wanted = workflow_of(client, asked.workflow)["id"] if asked.workflow else None
    rows = list(client.schedules(wanted))
    lines = [f"{row['workflow_name']}  {row['cron']} {row['timezone']}  {_when(row)}" for row in rows]
    _say({"items": rows}, "\n".join(lines) or "There are none.", asked.json)
    return GOOD


def _when(row: dict[str, Any]) -> str:
    """The next time, and what came of the last."""
    then = f"next {row['next_at']}" if row["next_at"] else "off"
    last = row["last_fire"]
    if last is None:
        return then
    told = f"run {last['run_number']}" if last["outcome"] == "started" else (last["problem"] or {}).get("message", "")
    return f"{then}; {last['at']}: {last['outcome']}, {told}"


def _watch(asked: Asked) -> int:
    client = Client()
    return _followed(client, run_of(client, asked.run)["id"], asked)


def _followed(client: Client, run: str, asked: Asked) -> int:
    return GOOD if watch(client, run, as_json=asked.json).state == "completed" else FOUND


def _logs(asked: Asked) -> int:
    client = Client()
    run = run_of(client, asked.run)["id"]
    steps = client.snapshot(run).steps
    if asked.step not in steps:
        raise PipeloomError(f"The run has no step “{asked.step}”. It has: {', '.join(steps)}.")
    at = _printed(client, run, asked, 0)
    if asked.follow and steps[asked.step]["state"] not in _ENDED:
        for update in client.follow(run):
            at = _printed(client, run, asked, at)
            if update.view.state in TERMINAL or update.view.step(asked.step)["state"] in _ENDED:
                break
        _printed(client, run, asked, at)
    return GOOD


def _printed(client: Client, run: str, asked: Asked, at: int) -> int:
    """What the log has from this byte on, as it is; where it ends."""
    content = client.log(run, asked.step, at)
    if content and asked.json:
        _say({"step": asked.step, "at": at, "text": content.decode("utf-8", "replace")}, "", as_json=True)
    elif content:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    return at + len(content)


def _stop(asked: Asked) -> int:
    client = Client()
    run = run_of(client, asked.run)
    if asked.step:
        answer = client.step_action(run["id"], asked.step, "stop")
        told = f"Asked {asked.step} to stop."
    else:
        answer = client.run_action(run["id"], "stop")
        told = f"Asked run {run['number']} to stop."
    _say(answer, told, asked.json)
    return GOOD


def _say(value: Any, text: str, as_json: bool) -> None:
    print(json.dumps(value, ensure_ascii=False, default=list) if as_json else text, flush=True)
