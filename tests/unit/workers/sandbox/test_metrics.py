"""metrics.json as a stranger writes it: torn, huge, of the wrong kind, or well, and live."""

import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backend.domain.metrics import MAX_BYTES, apply_delta
from tests.unit.workers.sandbox.launched import Launched
from workers.sandbox import metrics_file
from workers.sandbox.metrics_file import look
from workers.sandbox.spec import MetricsFile
from workers.sandbox.watch import INTERVAL, Watcher

NAME = "storages/default/run/metrics.json"


def number(value: float, key: str = "loss") -> dict[str, Any]:
    return {"key": key, "title": key, "type": "float", "data": {"value": value}}


def declared(launched_root: Path, *, realtime: bool = True) -> list[dict[str, Any]]:
    path = str(launched_root / NAME)
    return [{"output": "metrics", "path": path, "shown": "/default/run/metrics.json", "realtime": realtime}]


def launch(folder: Path, program: str, *, realtime: bool = True, **more: Any) -> Launched:
    (folder / "attempt" / NAME).parent.mkdir(parents=True)
    path = repr(str(folder / "attempt" / NAME))
    begin = f"import json, os, time\npath = {path}\nzero = {number(0)}\n"
    begin += "def number(v): return json.dumps([dict(zero, data={'value': v})])\n"
    return Launched(folder, begin + program, metrics=declared(folder / "attempt", realtime=realtime), **more)


# ------------------------------------------------------------------------------------------ live


def test_it_tells_every_replaced_value_with_a_delta_that_fits(tmp_path: Path, level: str) -> None:
    program = (
        "for i in range(12):\n"
        "    axis = [{'title': 'a', 'value': list(range(i + 1))}]\n"
        "    curve = {'key': 'c', 'title': 'c', 'type': 'line chart', 'data': {'x_axis': axis, 'y_axis': axis}}\n"
        "    open(path + '.new', 'w').write(json.dumps([curve])); os.replace(path + '.new', path)\n"
        "    time.sleep(0.15)\n"
    )
    with launch(tmp_path, program, level=level) as launched:
        launched.wait()
    updates = launched.updates()
    assert len(updates) >= 6
    value: Any = None
    for update in updates:
        assert update["problem"] is None
        if value is not None:
            assert apply_delta(value, update["delta"]) == update["value"]
        value = update["value"]
    assert value[0]["data"]["y_axis"][0]["value"] == list(range(12))
    assert any(op["op"] == "splice" for update in updates if update["delta"] for op in update["delta"]["ops"])


def test_it_tells_at_most_ten_changes_a_second_and_the_last_one_always(tmp_path: Path) -> None:
    program = (
        "end = time.monotonic() + 1.5\ni = 0\n"
        "while time.monotonic() < end:\n"
        "    open(path + '.new', 'w').write(number(i)); os.replace(path + '.new', path); i += 1\n"
        "open(path, 'w').write(number(-1))"
    )
    with launch(tmp_path, program) as launched:
        ended = launched.wait()
    updates = launched.updates()
    assert 2 <= len(updates) <= ended["usage"]["seconds"] / INTERVAL + 2
    assert updates[-1]["value"][0]["data"]["value"] == -1


def test_it_is_told_long_before_the_step_ends(tmp_path: Path) -> None:
    program = "open(path + '.new', 'w').write(number(1)); os.replace(path + '.new', path)\ntime.sleep(600)"
    with launch(tmp_path, program) as launched:
        launched.until(launched.updates, "the value arrives while the step runs")
        assert launched.process.poll() is None


def test_it_waits_for_the_end_where_nothing_is_live(tmp_path: Path) -> None:
    program = "open(path, 'w').write(number(1))\nprint('written')\ntime.sleep(0.5)\nopen(path, 'w').write(number(2))"
    with launch(tmp_path, program, realtime=False) as launched:
        launched.until_log("written")
        assert launched.updates() == []
        launched.wait()
    assert [update["value"][0]["data"]["value"] for update in launched.updates()] == [2]


def test_it_sees_files_in_folders_that_are_made_later(tmp_path: Path) -> None:
    program = (
        "folder = os.path.dirname(path)\nos.rmdir(folder)\ntime.sleep(0.3)\nos.mkdir(folder)\n"
        "open(path, 'w').write(number(1))\ntime.sleep(600)"
    )
    with launch(tmp_path, program) as launched:
        launched.until(launched.updates, "the value arrives")


# ------------------------------------------------------------------------------------------ M01


def test_it_shows_no_error_while_a_file_is_torn_a_hundred_times_a_second(tmp_path: Path) -> None:
    """Written byte by byte over itself, so that every possible half is there at some moment."""
    program = (
        "end = time.monotonic() + 2\ni = 0\n"
        "while time.monotonic() < end:\n"
        "    with open(path, 'wb', buffering=0) as f:\n"
        "        for byte in number(i).encode(): f.write(bytes([byte]))\n"
        "    i += 1\n"
        "open(path, 'w').write(number(-1))"
    )
    with launch(tmp_path, program) as launched:
        launched.wait()
    updates = launched.updates()
    assert all(update["problem"] is None and update["value"] for update in updates)
    assert updates[-1]["value"][0]["data"]["value"] == -1


def test_it_keeps_the_last_good_value_at_every_byte_boundary(tmp_path: Path) -> None:
    whole = json.dumps([number(1.5)]).encode()
    path = tmp_path / "metrics.json"
    file = MetricsFile({"output": "m", "path": str(path), "shown": "m", "realtime": True})
    path.write_bytes(json.dumps([number(1)]).encode())
    watcher = Watcher(str(tmp_path), [file], metrics_file, bad_after=1000)
    at = 100.0
    assert len(watcher.changes(at)) == 1
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        at += 1
        assert watcher.changes(at) == [], whole[:length]
    path.write_bytes(whole)
    (update,) = watcher.changes(at + 1)
    assert update["value"][0]["data"]["value"] == 1.5


def test_it_tells_once_that_a_file_stays_wrong_and_again_when_it_is_right(tmp_path: Path) -> None:
    path = tmp_path / "metrics.json"
    file = MetricsFile({"output": "m", "path": str(path), "shown": "m", "realtime": True})
    watcher = Watcher(str(tmp_path), [file], metrics_file, bad_after=3)
    path.write_text(json.dumps([number(1)]))
    assert watcher.changes(100)[0]["value"]
    path.write_text("[{")
    assert watcher.changes(101) == []
    assert watcher.changes(103.9) == []
    (told,) = watcher.changes(104.1)
    assert told["problem"]["code"] == "json.torn"
    assert told["value"] is None
    for at in range(105, 120):
        path.write_text("[{" + " " * at)
        assert watcher.changes(at) == []
    path.write_text(json.dumps([number(2)]))
    (right,) = watcher.changes(121)
    assert right["problem"] is None
    assert right["value"][0]["data"]["value"] == 2


def test_it_tells_at_the_end_what_is_wrong_without_waiting(tmp_path: Path) -> None:
    with launch(tmp_path, "open(path, 'w').write(number(1)); time.sleep(0.5); open(path, 'w').write('[')") as launched:
        launched.wait()
    assert launched.updates()[0]["value"]
    assert launched.updates()[-1]["problem"]["code"] == "json.torn"
    assert launched.updates()[-1]["value"] is None


def test_it_tells_that_a_declared_file_was_never_written(tmp_path: Path) -> None:
    with launch(tmp_path, "") as launched:
        launched.wait()
    assert [update["problem"]["code"] for update in launched.updates()] == ["metrics.missing"]


# ------------------------------------------------------------------------------------------ M02


def _oversized(path: Path) -> None:
    path.write_bytes(b"[" + b" " * MAX_BYTES + b"]")


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10_000_000_000)


def _link_to_shadow(path: Path) -> None:
    path.symlink_to("/etc/shadow")


def _link_to_good_file(path: Path) -> None:
    (path.parent / "real").write_text(json.dumps([number(1)]))
    path.symlink_to("real")


def _socket(path: Path) -> None:
    # The path of a socket is limited; the folder of the test may be too deep.
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


def _growing(path: Path) -> None:
    path.write_bytes(b" " * (MAX_BYTES + 1))


REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "more than 1 MiB": (_oversized, "json.too_large"),
    "sparse, 10 GB": (_sparse, "json.too_large"),
    "one byte too many": (_growing, "json.too_large"),
    "a pipe": (os.mkfifo, "metrics.not_a_file"),
    "a link to /etc/shadow": (_link_to_shadow, "metrics.not_a_file"),
    "a link to a good file": (_link_to_good_file, "metrics.not_a_file"),
    "a folder": (Path.mkdir, "metrics.not_a_file"),
    "a socket": (_socket, "metrics.not_a_file"),
}


@pytest.fixture(params=REFUSED)
def refused(request: pytest.FixtureRequest) -> tuple[Callable[[Path], None], str]:
    return REFUSED[request.param]


def test_it_refuses_what_is_no_small_ordinary_file_without_waiting(
    tmp_path: Path, refused: tuple[Callable[[Path], None], str]
) -> None:
    make, code = refused
    make(tmp_path / "metrics.json")
    begun = time.thread_time()
    seen = look(str(tmp_path), str(tmp_path / "metrics.json"))
    assert time.thread_time() - begun < 1
    assert seen.items is None
    assert seen.wrong is not None
    assert seen.wrong.code == code


def test_it_refuses_a_device(tmp_path: Path) -> None:
    seen = look("/dev", "/dev/zero")
    assert seen.wrong is not None
    assert seen.wrong.code == "metrics.not_a_file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_it_refuses_what_it_may_not_read(tmp_path: Path) -> None:
    path = tmp_path / "metrics.json"
    path.write_text("[]")
    path.chmod(0)
    seen = look(str(tmp_path), str(path))
    assert seen.wrong is not None
    assert seen.wrong.code == "metrics.unreadable"


def test_it_follows_no_link_in_the_folders_above(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "metrics.json").write_text(json.dumps([number(1)]))
    (tmp_path / "attempt").mkdir()
    (tmp_path / "attempt" / "run").symlink_to(tmp_path / "elsewhere")
    seen = look(str(tmp_path / "attempt"), str(tmp_path / "attempt" / "run" / "metrics.json"))
    assert seen.items is None
    assert seen.wrong is not None


def test_it_goes_on_draining_and_watching_beside_a_pipe_and_a_huge_file(tmp_path: Path) -> None:
    program = (
        "os.mkfifo(path)\nprint('pipe')\ntime.sleep(0.4)\nos.unlink(path)\n"
        "f = open(path, 'wb'); f.truncate(10_000_000_000); f.close()\nprint('huge')\ntime.sleep(0.4)\nos.unlink(path)\n"
        "print('good')\nopen(path, 'w').write(number(7))\ntime.sleep(600)"
    )
    with launch(tmp_path, program, limits={"metrics_bad_after": 0.2}) as launched:
        launched.until(lambda: any(update["value"] for update in launched.updates()), "the good value arrives")
        launched.until(lambda: launched.log().split() == ["pipe", "huge", "good"], "every line of its output arrives")
        problems = [update["problem"]["code"] for update in launched.updates() if update["problem"]]
        assert set(problems) <= {"metrics.not_a_file", "json.too_large"}
        assert len(problems) == len(set(problems)) >= 1


# ------------------------------------------------------------------------------------------ M03


HOSTILE = {
    "NaN": ('[{"key":"k","title":"t","type":"float","data":{"value":NaN}}]', None),
    "Infinity": ('[{"key":"k","title":"t","type":"float","data":{"value":-Infinity}}]', None),
    "1e999": ('[{"key":"k","title":"t","type":"float","data":{"value":1e999}}]', None),
    "5,000 digits": ("[" + "9" * 5000 + "]", "json.number_too_large"),
    "depth 10,000": ("[" * 10_000, "json.too_deep"),
    "duplicate keys": ('[{"key":"a","key":"b"}]', "json.duplicate_key"),
    "lone surrogate": ('["\\ud800"]', "json.bad_text"),
    "NUL": ('["\\u0000"]', "json.bad_text"),
    "byte order mark": ("\ufeff[]", "json.encoding"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_stores_hostile_json_in_normal_form_or_refuses_it(tmp_path: Path, name: str) -> None:
    text, code = HOSTILE[name]
    path = tmp_path / "metrics.json"
    path.write_text(text)
    seen = look(str(tmp_path), str(path))
    if code is None:
        assert seen.items is not None
        assert seen.items[0]["data"]["value"] is None
        json.dumps(seen.items, allow_nan=False)
    else:
        assert seen.wrong is not None
        assert (seen.items, seen.wrong.code) == (None, code)


def test_it_refuses_utf_16(tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_bytes("[]".encode("utf-16"))
    seen = look(str(tmp_path), str(tmp_path / "metrics.json"))
    assert seen.wrong is not None
    assert seen.wrong.code == "json.encoding"


def test_it_answers_50000_keys_with_a_problem_and_the_ones_it_can_show(tmp_path: Path) -> None:
    path = tmp_path / "metrics.json"
    path.write_text(json.dumps([{"key": str(n), "type": "float", "data": {}} for n in range(20_000)])[:MAX_BYTES])
    seen = look(str(tmp_path), str(path))
    assert seen.wrong is not None
