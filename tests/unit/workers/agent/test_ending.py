"""What people are told when a step does not end well."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.unit.workers.orders import order
from workers.attempt.ending import judge

LIBRARY = "/engines/e/lib/python3.11/site-packages/numpy/core.py"


def ended(reason: str = "exit", **more: Any) -> dict[str, Any]:
    return {"reason": reason, "code": None, "signal": None, "usage": {"max_rss_mb": 812.4}, **more}


def told(tmp_path: Path, log: str, **more: Any) -> Any:
    made = order(tmp_path, memory_mb=500)
    Path(made.log_path).write_text(log.replace("WORK", made.work_dir))
    return judge(made, ended(**more))


def test_it_says_nothing_about_success(tmp_path: Path) -> None:
    assert told(tmp_path, "", code=0) == ("succeeded", None)


def test_it_shows_the_users_own_line_of_an_exception_inside_a_library(tmp_path: Path) -> None:
    log = (
        "epoch 1\n"
        "Traceback (most recent call last):\n"
        '  File "WORK/train.py", line 41, in <module>\n    main()\n'
        '  File "WORK/parts/net.py", line 7, in main\n    np.dot(a, b)\n'
        f'  File "{LIBRARY}", line 9, in dot\n    raise ValueError\n'
        "ValueError: shapes (2,3) and (2,3) not aligned\n"
    )
    outcome, reason = told(tmp_path, log, code=1)
    assert outcome == "failed"
    assert reason.code == "step.exception"
    assert reason.message == "parts/net.py:7: ValueError: shapes (2,3) and (2,3) not aligned"
    assert reason.log_offset == len("epoch 1\n")
    assert reason.params["code"] == 1
    assert reason.hint


def test_it_takes_the_last_of_several_exceptions(tmp_path: Path) -> None:
    one = 'Traceback (most recent call last):\n  File "WORK/a.py", line {}, in f\n    x\nKeyError: {}\n'
    log = one.format(1, "'first'") + "\nDuring handling of the above exception:\n\n" + one.format(2, "'second'")
    assert told(tmp_path, log, code=1)[1].message == "a.py:2: KeyError: 'second'"


def test_it_names_an_exception_without_a_text(tmp_path: Path) -> None:
    log = 'Traceback (most recent call last):\n  File "WORK/a.py", line 3, in f\n    assert x\nAssertionError\n'
    assert told(tmp_path, log, code=1)[1].message == "a.py:3: AssertionError"


def test_it_shows_where_the_log_ends_when_there_is_only_an_exit_code(tmp_path: Path) -> None:
    _, reason = told(tmp_path, "starting\nno such option: --x\n", code=2)
    assert (reason.code, reason.params, reason.log_offset) == ("step.exit_code", {"code": 2}, len("starting\n"))


@pytest.mark.parametrize(
    ("how", "outcome", "code", "part"),
    [
        ({"reason": "exit", "code": 137}, "failed", "step.exit_code", "137"),
        ({"reason": "signal", "signal": 9}, "failed", "step.killed", "SIGKILL"),
        ({"reason": "signal", "signal": 11}, "failed", "step.signal", "SIGSEGV"),
        ({"reason": "oom", "signal": 9}, "failed", "step.out_of_memory", "812 MB"),
        ({"reason": "timeout", "signal": 15}, "timeout", "step.timeout", "60 seconds"),
        ({"reason": "stopped", "code": 0}, "cancelled", "step.stopped", "request"),
        (
            {"reason": "not_started", "stage": "start", "error": "Exec format error"},
            "failed",
            "step.not_started",
            "Exec",
        ),
        ({"reason": "not_started", "stage": "isolate", "error": "unshare"}, "failed", "step.isolation", "unshare"),
    ],
)
def test_it_tells_one_way_of_ending_from_another(
    tmp_path: Path, how: dict[str, Any], outcome: str, code: str, part: str
) -> None:
    found, reason = told(tmp_path, "", **how)
    assert (found, reason.code) == (outcome, code)
    assert part in reason.message


def test_it_survives_a_log_that_is_not_there_or_is_no_text(tmp_path: Path) -> None:
    assert judge(order(tmp_path), ended(code=1))[1].code == "step.exit_code"
    made = order(tmp_path)
    Path(made.log_path).write_bytes(b"\xff\xfe\x00Traceback (most recent call last):\n" * 3)
    assert judge(made, ended(code=1))[1].code == "step.exit_code"


@pytest.mark.parametrize("kind", ["pipe", "link", "nothing"])
def test_it_waits_for_nothing_where_the_step_has_replaced_its_log(tmp_path: Path, kind: str) -> None:
    made = order(tmp_path)
    (tmp_path / "secret").write_text(
        'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: secret\n'
    )
    if kind == "pipe":
        os.mkfifo(made.log_path)
    if kind == "link":
        Path(made.log_path).symlink_to(tmp_path / "secret")
    _, reason = judge(made, ended(code=1))
    assert reason is not None
    assert (reason.code, reason.log_offset) == ("step.exit_code", 0)
