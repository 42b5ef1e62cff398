"""Jobs that name an algorithm: what they run, and what is said where it is not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from backend.apps.accounts.models import User
from backend.apps.accounts.services import token_create
from backend.apps.assets.models import Algorithm
from backend.apps.assets.services import algorithm_register, engine_register, storage_roots
from backend.apps.runs import services
from backend.apps.workflows.services import workflow_create
from backend.domain.run.messages import StepOrder, StepReport
from tests.harness.runs import FakeAgent, document, host, job, person, report

pytestmark = pytest.mark.django_db(transaction=True)
SUBSCRIBED = {"subscription_id": "resnet", "item_version_id": "10.0.0"}
ENGINE = {"engine_name": "digits", "engine_version": "1.0"}


@pytest.fixture
def ada() -> User:
    host(cpu=4)
    user = person()
    storage_roots(project=user.personal_project).write("/default/code/train.py", [b"print()"], max_bytes=100)
    engine_register(name="digits", version="1.0", interpreter="/opt/python")
    return user


def _register(user: User, definition: dict[str, Any], version: str = "10.0.0") -> Algorithm:
    registered, _ = algorithm_register(
        project=user.personal_project, user=user, algorithm_id="resnet", version=version, definition=definition
    )
    return registered


def _ordered(user: User, algorithm: dict[str, Any]) -> StepOrder:
    made = job("train")
    made["properties"]["algorithm"] = algorithm
    workflow = workflow_create(project=user.personal_project, user=user, name="w", document=document(made))
    found: list[StepOrder] = []

    def outcome(order: StepOrder) -> StepReport:
        found.append(order)
        return report(order.token)

    client = Client(headers={"authorization": f"Bearer {token_create(user=user, name='t')}"})
    answer = client.post(f"/api/workflows/{workflow.pk}/runs/", data={}, content_type="application/json")
    assert answer.status_code == 201, answer.content
    FakeAgent(outcome=outcome).work()
    return found[0]


def test_it_fills_in_what_the_job_does_not_list(ada: User) -> None:
    parameters = [{"name": "epochs", "value": 3}, {"name": "rate", "value": 0.5}, {"name": "unset", "value": None}]
    environments = {"A": "algorithm", "B": "algorithm"}
    _register(
        ada,
        {
            "code_dir": "/default/code/",
            "boot_file": "train.py",
            "engine": ENGINE,
            "parameters": parameters,
            "environments": environments,
        },
    )

    order = _ordered(
        ada,
        {
            **SUBSCRIBED,
            "parameters": [{"name": "extra", "value": "x"}, {"name": "epochs", "value": 9}],
            "environments": {"B": "job"},
        },
    )

    assert list(order.parameters.items()) == [("epochs", 9), ("rate", 0.5), ("unset", None), ("extra", "x")]
    assert order.code is not None
    assert (order.code.boot_file, order.engine and order.engine.interpreter) == ("train.py", "/opt/python")
    assert order.environment == {"A": "algorithm", "B": "job"}


@pytest.mark.parametrize("engine", ["digits-1.0", "key"])
def test_it_finds_code_in_the_projects_own_storage_and_an_engine_by_its_id(ada: User, engine: str) -> None:
    key = str(engine_register(name="digits", version="1.0", interpreter="/opt/python").pk)
    given = {"code_dir": "code", "boot_file": "train.py", "engine": {"engine_id": key if engine == "key" else engine}}

    order = _ordered(ada, given)

    assert order.code is not None
    assert order.code.dir.endswith("/code")
    assert order.engine is not None


@pytest.mark.parametrize(
    ("code_dir", "boot_file"),
    [
        ("code", "code/train.py"),
        ("code/", "./train.py"),
        ("./code/", "code/train.py"),
        ("/default/code", "/default/code/train.py"),
        (".", "code/train.py"),
    ],
)
def test_it_finds_a_boot_file_with_its_folder_before_it_or_without(ada: User, code_dir: str, boot_file: str) -> None:
    order = _ordered(ada, {"code_dir": code_dir, "boot_file": boot_file, "engine": {"engine_id": "digits-1.0"}})

    assert order.code is not None
    assert (Path(order.code.dir) / order.code.boot_file).is_file()


def test_it_says_which_algorithm_is_not_there(ada: User) -> None:
    _register(ada, {"command": ["true"]}, version="9.0.0")
    made = job("train")
    made["properties"]["algorithm"] = SUBSCRIBED
    place = services.Place(workflow_id=ada.pk, project=ada.personal_project)

    found = services.run_plan(place=place, document=document(made), values={})
    told = found["problems"]

    assert [(each["code"], each["path"]) for each in told] == [
        ("asset.algorithm_unknown", "/steps/0/properties/algorithm/subscription_id")
    ]
    assert found["steps"]["train"]["verdict"] == "cannot_run"
    assert told[0]["params"] == {"algorithm": "resnet 10.0.0", "known": "resnet 9.0.0"}


def test_it_takes_no_result_of_an_algorithm_that_was_replaced(ada: User) -> None:
    first = _register(ada, {"command": ["true"]})
    order = _ordered(ada, SUBSCRIBED)
    assert order.context["algorithm"] == str(first.pk)
    workflow = order.workflow
    client = Client(headers={"authorization": f"Bearer {token_create(user=ada, name='t2')}"})
    draft = client.get(f"/api/workflows/{workflow}/draft/").json()
    second = job("after", ["train"])
    body = {"document": {**draft["document"], "steps": [*draft["document"]["steps"], second]}, "revision": 1}
    client.put(f"/api/workflows/{workflow}/draft/", data=body, content_type="application/json")

    def verdict() -> str:
        asked = {"steps": ["after"]}
        told = client.post(f"/api/workflows/{workflow}/plan/", data=asked, content_type="application/json")
        return str(told.json()["steps"]["train"]["verdict"])

    assert verdict() == "reuse"
    first.delete()
    _register(ada, {"command": ["false"]})
    assert verdict() == "run"
