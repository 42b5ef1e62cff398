"""Celery carries hints. What would make it carry truth (delays, chains, results, retries) is not used anywhere."""

import ast

from tests.architecture.test_structure import REPOSITORY, python_files
from workers.app import app

FORBIDDEN_NAMES = {"chord", "chain", "group", "chunks", "AsyncResult", "crontab"}
FORBIDDEN_KEYWORDS = {"eta", "countdown", "link", "link_error", "chain", "chord"}
FORBIDDEN_METHODS = {"revoke", "retry", "apply_async_on_commit", "delay_on_commit"}
SENDING = {"apply_async", "send_task", "delay", "signature", "s", "si"}


def findings(source: str) -> list[str]:
    tree = ast.parse(source)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "celery":
            found += [f"imports {alias.name}" for alias in node.names if alias.name in FORBIDDEN_NAMES]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in SENDING:
                found += [f"{node.func.attr}({word.arg}=)" for word in node.keywords if word.arg in FORBIDDEN_KEYWORDS]
            owner = ast.unparse(node.func.value)
            if node.func.attr in FORBIDDEN_METHODS and ("control" in owner or owner in ("self", "task")):
                found.append(ast.unparse(node.func))
    return found


def test_it_uses_nothing_of_celery_that_only_works_when_no_message_is_lost() -> None:
    found = {
        str(path.relative_to(REPOSITORY)): findings(path.read_text()) for path in python_files("backend", "workers")
    }

    assert {name: what for name, what in found.items() if what} == {}


def test_it_would_see_such_a_use() -> None:
    """So that the rule above cannot pass by being blind."""
    program = "from celery import chord\ntask.apply_async(countdown=3)\napp.control.revoke('x')\nself.retry()\n"

    assert findings(program) == ["imports chord", "apply_async(countdown=)", "app.control.revoke", "self.retry"]


def test_it_keeps_the_broker_a_hint() -> None:
    conf = app.conf

    assert conf.result_backend is None
    assert conf.accept_content == ["json"]
    assert conf.worker_prefetch_multiplier == 1
    assert conf.worker_disable_prefetch is True
    assert (conf.task_acks_late, conf.task_ignore_result) == (False, True)
    assert (conf.worker_enable_remote_control, conf.worker_send_task_events) == (False, False)
    assert conf.worker_cancel_long_running_tasks_on_connection_loss is False
    assert not conf.beat_schedule
